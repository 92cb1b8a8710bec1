"""The bar at the top: the app's name, its tabs, the recording that is open, language and help."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import gradio as gr
from markupsafe import Markup

from seizure_core.recording import Recording
from ui.i18n.translation import languages, tr, words_of
from ui.i18n.wording import count_words, duration_words
from ui.opening.recordings import OpenRecording
from ui.widgets import markup, views

ANALYSIS: Final = "analysis"
PREDICT: Final = "predict"
TRAIN: Final = "train"
ZOO: Final = "zoo"

TABS: Final = {
    ANALYSIS: "Analysis",
    PREDICT: "Predict",
    TRAIN: "Train",
    ZOO: "Model Zoo",
}
"""Titles of the tabs by their names in addresses; Gradio's own heads of tabs are not shown."""

RESEARCH_USE = (
    "For research use only. This is not a medical device: never use it for diagnosis or treatment.",
)
HELP = (
    "1. Open an EEG recording (EDF, BDF, CSV, TXT), or the demo.",
    "2. Choose a model in Predict and press Find seizures.",
    "3. Check each event by eye, and export the reviewed list.",
    "Predict is what the field calls detection: finding seizures that are in the recording, not "
    "forecasting those to come.",
    "Model Zoo says what each model is good for; Train makes a model of your own.",
    "The keys of the EEG are listed under the question mark above it.",
)
LABELS = {"tabs": "Parts of the app", "language": "Language", "help": "Help"}
RESEARCH_USE_TITLE = "Research use only"


def build_top_bar() -> tuple[gr.HTML, gr.HTML]:
    """Build the bar.

    Returns
    -------
    tabs : gr.HTML
        Its event `NAME_shown` follows a change to that tab, once the tab can be seen.
    about : gr.HTML
        Tells which recording is open.
    """
    with gr.Row(elem_id="top-bar", equal_height=False):
        tabs = _fixed(_tabs_html(), "app-tabs", _script())
        about = _fixed(opening_html(), "facts", _script())
        _fixed(_right_html(), "app-controls", _script())
    return tabs, about


def _fixed(trusted_html: str, elem_id: str, script: str) -> gr.HTML:
    return gr.HTML(
        trusted_html,
        elem_id=elem_id,
        js_on_load=script,
        padding=False,
        apply_default_css=False,
    )


def _script() -> str:
    return Path(__file__).with_name("top_bar.js").read_text(encoding="utf-8")


def _tabs_html() -> str:
    tab = Markup(
        '<button type="button" role="tab" data-tab="{name}" aria-controls="{name}-tab" '
        'aria-selected="{chosen}" data-say>{title}</button>'
    )
    tabs = markup.joined(
        tab.format(name=name, title=title, chosen="true" if name == ANALYSIS else "false")
        for name, title in TABS.items()
    )
    return Markup(
        '<h1 class="app-name">Seizure Zoo</h1><div role="tablist" aria-label="{}" data-say>{}</div>'
    ).format(LABELS["tabs"], tabs)


def _right_html() -> str:
    choices = markup.joined(
        Markup('<option value="{}">{}</option>').format(code, words_of(code).name)
        for code in languages()
    )
    return Markup(
        '<button type="button" popovertarget="research-use" data-say>{research}</button>'
        '<div popover id="research-use">{research_use}</div>'
        '<select id="language" aria-label="{language}" data-say>{choices}</select>'
        '<button type="button" popovertarget="app-help" aria-label="{help}" data-say>?</button>'
        '<div popover id="app-help">{steps}</div>'
    ).format(
        research=RESEARCH_USE_TITLE,
        research_use=_paragraphs(RESEARCH_USE),
        language=LABELS["language"],
        choices=choices,
        help=LABELS["help"],
        steps=_paragraphs(HELP),
    )


def _paragraphs(texts: tuple[str, ...]) -> Markup:
    return markup.each("<p data-say>{}</p>", texts)


def opening_html(opened: OpenRecording | None = None) -> str:
    """Return the line of the recording that is open, and what opens another one."""
    line = "" if opened is None else _about_html(opened)
    return Markup('{}<details id="open-again"><summary data-say>{}</summary></details>').format(
        line, tr("Open…")
    )


def _about_html(opened: OpenRecording) -> Markup:
    recording = opened.recording
    grave = any(finding.severity != "info" for finding in recording.findings)
    notes = Markup(' <span class="notes{}">{}</span>').format(
        " grave" if grave else "", count_words(len(recording.findings), "note")
    )
    changeable = markup.paragraph("How this file is read can be checked and corrected under Open…")
    return Markup(
        '<button type="button" popovertarget="about-file" class="recording-open" title="{title}">'
        "<b>{name}</b> <span>{facts}</span>{notes}</button>"
        '<div popover id="about-file">{about}{changeable}</div>'
    ).format(
        title=tr("About this file"),
        name=recording.file_name,
        facts=" · ".join(_short_facts(recording)),
        notes=notes if recording.findings else "",
        about=views.recording_html(recording),
        changeable=changeable if opened.layout or opened.report else "",
    )


def _short_facts(recording: Recording) -> list[str]:
    rates = sorted({channel.sampling_rate_hz for channel in recording.channels})
    return [
        recording.format,
        count_words(len(recording.channels), "channel"),
        *([f"{rates[-1]:g} Hz"] if rates else []),
        duration_words(recording.duration_s),
    ]
