"""The start section above the tabs: what this is, three steps, a demo recording, the language."""

from __future__ import annotations

import gradio as gr

from ui.i18n.translation import languages, words_of

CHOOSE_LANGUAGE = """\
const { shown, choose } = window.seizureZooLanguage;
for (const button of element.querySelectorAll("button")) {
  button.setAttribute("aria-pressed", button.lang === shown);
  button.addEventListener("click", () => choose(button.lang));
}
"""


def build_start() -> gr.Button:
    """Build the section and return the button that opens the demo recording."""
    with gr.Row(elem_id="introduction", equal_height=False):
        with gr.Column(scale=3, min_width=280):
            gr.Markdown(
                "# Seizure Zoo\n**Find epileptic seizures in scalp EEG: look at a recording, let "
                "a model of the zoo search it, and check what it found.**\n"
            )
            gr.Markdown(
                "1. **Open** an EEG recording (EDF, BDF, CSV, TXT) in *Analysis*, or take the "
                "demo.\n2. **Search** it with a model in *Predict*.\n3. **Check** the events by "
                "eye and take the results with you. *Model Zoo* says what each model is good for.\n"
            )
        with gr.Column(scale=2, min_width=280):
            gr.Markdown(
                "**For research use only. This is not a medical device**: never use it for "
                "diagnosis or treatment.\n*Prediction* here is what the field calls *detection*: "
                "finding seizures that are in the recording, not forecasting those to come.\n",
                elem_id="not-clinical",
            )
            button = gr.Button("Open the demo recording", variant="secondary", elem_id="open-demo")
            gr.Markdown("Simulated EEG with seizures, no patient.", elem_classes="remark")
            _build_languages()
    return button


def _build_languages() -> None:
    """Build a button for each language, in its own words, so that everybody finds theirs."""
    buttons = "".join(
        f'<button type="button" lang="{code}">{words_of(code).name}</button>'
        for code in languages()
    )
    gr.HTML(
        f'<div role="group" aria-label="{"Language"}">{buttons}</div>',
        js_on_load=CHOOSE_LANGUAGE,
        elem_id="languages",
    )


def build_upload(*, elem_id: str, height: int) -> gr.File:
    """Build a box for recordings inside the current Blocks context."""
    return gr.File(
        label="EEG recording, or the files of one: EDF, BDF, CSV, TXT; .gz",
        file_count="multiple",
        height=height,
        elem_id=elem_id,
    )


class FolderDoor:
    """The server's folder of recordings.

    Attributes
    ----------
    one : gr.Dropdown
        Opens the recording that is chosen.
    several : gr.Dropdown
        Files that follow each other.
    open_several : gr.Button
        Opens them as one recording.
    """

    def __init__(self) -> None:
        self.one = gr.Dropdown(
            choices=[],
            value=None,
            label="Or one from the server's folder",
            info="Opened where it lies, without an upload. Type to search.",
            elem_id="server-folder",
        )
        with gr.Accordion("Several files of one recording", open=False, elem_id="folder-sequence"):
            self.several = gr.Dropdown(
                choices=[],
                multiselect=True,
                label="Files that follow each other",
                elem_id="folder-several",
            )
            self.open_several = gr.Button(
                "Open them as one recording", elem_id="open-several", size="md"
            )
