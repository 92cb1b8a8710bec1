"""What is shown when a file does not open as it is: why not, and how a text is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import RecordingError
from seizure_core.formats.refusal import RefusalReport, why_not
from seizure_core.formats.text_correction import TextCorrection, read_otherwise
from seizure_core.formats.text_layout import Role, TextLayout
from seizure_core.opening import inspect_text, is_text_name
from ui import markup, text
from ui.arguments import checked_number
from ui.recordings import RecordingSources

DELIMITER_WORDS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "spaces",
    "": "none: one value a line",
}
UNITS_UV = {"V": 1e6, "mV": 1e3, "µV": 1.0, "nV": 1e-3}
AS_WRITTEN = "as the file says"
MOST_COLUMNS = 12
MOST_ROWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A file that a session tries to open.

    Attributes
    ----------
    given : str
        Path of an upload, or `data:NAME`.
    layout : TextLayout or None
        How it is read, if it is a text.
    """

    given: str
    layout: TextLayout | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHelp:
    """The components; all but the buttons of one part are hidden until they are needed."""

    pending: gr.State
    report_part: gr.Column
    report: gr.HTML
    repair: gr.Button
    copy: gr.DownloadButton
    text_part: gr.Accordion
    preview: gr.HTML
    delimiter: gr.Dropdown
    rate: gr.Textbox
    unit: gr.Dropdown
    signals: gr.Dropdown
    read: gr.Button

    @property
    def outputs(self) -> list[Any]:
        """What `nothing` and `help_with` give values for."""
        return [
            self.pending,
            self.report_part,
            self.report,
            self.repair,
            self.copy,
            self.text_part,
            *self.text_outputs,
        ]

    @property
    def text_outputs(self) -> list[Any]:
        """What `text_values` gives values for."""
        return [self.preview, self.delimiter, self.rate, self.unit, self.signals]


def build_opening_help() -> OpeningHelp:
    """Build both parts inside the current Blocks context, hidden."""
    with gr.Column(visible=False, elem_id="why-not") as report_part:
        report = gr.HTML("")
        with gr.Row():
            repair = gr.Button(text.REPAIR_BUTTON, elem_id="repair", size="md", visible=False)
            copy = gr.DownloadButton(
                "Download the repaired copy", elem_id="repaired-copy", size="md", visible=False
            )
    with gr.Accordion(text.TEXT_LAYOUT, visible=False, elem_id="text-layout") as text_part:
        preview = gr.HTML("")
        with gr.Row():
            delimiter = gr.Dropdown(
                choices=[(words, mark) for mark, words in DELIMITER_WORDS.items()],
                label="Values are parted by",
                elem_id="text-delimiter",
                min_width=160,
            )
            rate = gr.Textbox(label="Sampling rate (Hz)", elem_id="text-rate", min_width=130)
            unit = gr.Dropdown(
                choices=[AS_WRITTEN, *UNITS_UV],
                label="Unit of the values",
                elem_id="text-unit",
                min_width=160,
            )
            signals = gr.Dropdown(
                choices=[],
                multiselect=True,
                label="Columns that are channels",
                elem_id="text-signals",
                scale=3,
                min_width=260,
            )
        read = gr.Button("Open it as set here", elem_id="text-open", size="md")
    return OpeningHelp(
        pending=gr.State(None),
        report_part=report_part,
        report=report,
        repair=repair,
        copy=copy,
        text_part=text_part,
        preview=preview,
        delimiter=delimiter,
        rate=rate,
        unit=unit,
        signals=signals,
        read=read,
    )


def nothing(*, copy: str | None = None) -> tuple[Any, ...]:
    """Return the values of `OpeningHelp.outputs` that hide all, but a repaired copy if given."""
    return (
        None,
        gr.Column(visible=copy is not None),
        "" if copy is None else markup.paragraph(text.REPAIRED),
        gr.Button(visible=False),
        gr.DownloadButton(value=copy, visible=copy is not None),
        gr.Accordion(visible=False),
        *[gr.skip() for _ in range(5)],
    )


def help_with(sources: RecordingSources, given: str, *, opened: bool) -> tuple[Any, ...]:
    """Return the values of `OpeningHelp.outputs` for a file that was tried to open.

    Parameters
    ----------
    sources : RecordingSources
        Where it lies.
    given : str
        Path of an upload, or `data:NAME`.
    opened : bool
        Whether it did open: then there is help only if it is a text, or can be repaired.
    """
    path = sources.path_of(given)
    layout = _layout_of(path)
    if layout is not None:
        return _text_found(given, layout, is_open=not opened)
    report = why_not(path)
    if opened and not report.repair:
        return nothing()
    return (
        Pending(given=given),
        gr.Column(visible=True),
        report_html(report),
        gr.Button(visible=bool(report.repair)),
        gr.DownloadButton(visible=False),
        gr.Accordion(visible=False),
        *[gr.skip() for _ in range(5)],
    )


def _layout_of(path: Path) -> TextLayout | None:
    try:
        return inspect_text(path) if is_text_name(path.name) else None
    except RecordingError:
        return None


def _text_found(given: str, layout: TextLayout, *, is_open: bool) -> tuple[Any, ...]:
    return (
        Pending(given=given, layout=layout),
        gr.Column(visible=False),
        "",
        gr.Button(visible=False),
        gr.DownloadButton(visible=False),
        gr.Accordion(visible=True, open=is_open),
        *text_values(layout),
    )


def text_values(layout: TextLayout) -> tuple[Any, ...]:
    """Return the values of `OpeningHelp.text_outputs` for a layout."""
    rate_hz = layout.sampling_rate_hz
    unit = next((u for u, uv in UNITS_UV.items() if uv == layout.scale_uv), AS_WRITTEN)
    return (
        preview_html(layout),
        layout.delimiter,
        "" if rate_hz is None else f"{rate_hz:g}",
        unit,
        gr.Dropdown(
            choices=[(f"{i + 1}: {column.label}", i) for i, column in enumerate(layout.columns)],
            value=list(layout.signal_indices),
            multiselect=True,
        ),
    )


def parted_anew(sources: RecordingSources, pending: Pending, delimiter: str) -> Pending:
    """Return a text with the columns that another delimiter makes.

    Raises
    ------
    ParameterError, RecordingError, FileNotFoundError
        It cannot be read so, or it is gone.
    """
    if pending.layout is None:
        return pending
    path = sources.path_of(pending.given)
    return replace(pending, layout=read_otherwise(path, pending.layout, TextCorrection(delimiter=delimiter)))


def corrected(layout: TextLayout, *, rate: str, unit: str, signals: Sequence[int]) -> TextLayout:
    """Return a layout with what a user set.

    Raises
    ------
    ParameterError
        A value is out of its bounds, or no column is left.
    """
    columns = tuple(
        replace(column, role=_role(column.role, chosen=i in signals))
        for i, column in enumerate(layout.columns)
    )
    return replace(
        layout,
        columns=columns,
        sampling_rate_hz=checked_number("The sampling rate", rate),
        scale_uv=UNITS_UV.get(unit, layout.scale_uv),
    )


def _role(role: Role, *, chosen: bool) -> Role:
    if chosen:
        return "signal"
    return "ignored" if role == "signal" else role


def preview_html(layout: TextLayout) -> str:
    """Return the first lines of a text as a table, and what was assumed about it."""
    labels = [column.label for column in layout.columns]
    if layout.orientation == "rows":
        labels = [f"value {i + 1}" for i in range(len(layout.preview[0]) if layout.preview else 0)]
    shown = labels[:MOST_COLUMNS]
    rows = [row[: len(shown)] for row in layout.preview[:MOST_ROWS]]
    size = f"{layout.n_lines:,} lines, {len(layout.columns)} " + (
        "columns" if layout.orientation == "columns" else "channels, one a line"
    )
    return (
        markup.paragraph(f"{size}. The first lines of values:")
        + markup.table(shown, rows)
        + markup.findings(layout.findings)
    )


def report_html(report: RefusalReport) -> str:
    """Return why a file does not open, with its bytes."""
    heading = "What is odd about this file" if report.opens else "Why this file does not open"
    rows = [
        (
            fact.what,
            "" if fact.offset is None else f"{fact.offset:,}",
            fact.found,
            "as it should be" if fact.is_right else fact.expected,
        )
        for fact in report.facts
    ]
    reason = report.reason or "It opens all the same."
    repair = text.REPAIR_OFFER.format(change=report.repair) if report.repair else ""
    return (
        markup.heading(heading)
        + markup.paragraph(f"{report.file_name}: {reason}")
        + (markup.paragraph(repair) if repair else "")
        + markup.folded(
            "What its bytes say",
            markup.table(("What", "From byte", "Found", "Expected"), rows),
        )
    )
