"""What is shown when a file does not open as it is: why not, and how a text is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from seizure_core.errors import RecordingError, SeizureZooError
from seizure_core.io.opening import (
    inspect_text,
    is_text_name,
    open_recording,
    read_otherwise,
    why_not,
)
from seizure_core.io.sequence import open_sequence
from seizure_core.io.sequence_order import in_order
from seizure_core.io.text.layout import NO_TIMES, Role, TextCorrection, TextLayout
from ui.arguments import checked_number
from ui.i18n import text
from ui.i18n.translation import tr
from ui.opening.recordings import RecordingSources
from ui.opening.reports import preview_html, report_html, sequence_html
from ui.widgets import markup

DELIMITER_WORDS = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    " ": "spaces",
    "": "none: one value a line",
}
DECIMAL_WORDS = {".": "point", ",": "comma"}
ORIENTATION_WORDS = {"columns": "a column", "rows": "a line"}
N_TEXT_OUTPUTS = 9
UNITS_UV = {"V": 1e6, "mV": 1e3, "µV": 1.0, "nV": 1e-3}
AS_WRITTEN = "as-written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """What a session tries to open.

    Attributes
    ----------
    given : tuple of str
        Paths of uploads, or `data:NAME`; several for a sequence.
    layout : TextLayout or None
        How it is read, if it is a text; of several, the first text.
    """

    given: tuple[str, ...]
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
    decimal: gr.Dropdown
    header: gr.Checkbox
    orientation: gr.Dropdown
    times: gr.Dropdown
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
        return [
            self.preview,
            self.delimiter,
            self.decimal,
            self.header,
            self.orientation,
            self.times,
            self.rate,
            self.unit,
            self.signals,
        ]


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
            decimal = gr.Dropdown(
                choices=[(words, mark) for mark, words in DECIMAL_WORDS.items()],
                label="Decimal sign",
                elem_id="text-decimal",
                min_width=110,
            )
            orientation = gr.Dropdown(
                choices=[(words, name) for name, words in ORIENTATION_WORDS.items()],
                label=text.ORIENTATION,
                elem_id="text-orientation",
                min_width=160,
            )
            times = gr.Dropdown(
                choices=[], label=text.TIME_COLUMN, elem_id="text-times", min_width=160
            )
            header = gr.Checkbox(
                label=text.HAS_HEADER, elem_id="text-header", min_width=200, container=True
            )
        with gr.Row():
            rate = gr.Textbox(label="Sampling rate (Hz)", elem_id="text-rate", min_width=130)
            unit = gr.Dropdown(
                choices=[(text.AS_WRITTEN, AS_WRITTEN), *((unit, unit) for unit in UNITS_UV)],
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
        decimal=decimal,
        header=header,
        orientation=orientation,
        times=times,
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
        *[gr.skip() for _ in range(N_TEXT_OUTPUTS)],
    )


def help_with(sources: RecordingSources, given: Sequence[str], *, opened: bool) -> tuple[Any, ...]:
    """Return the values of `OpeningHelp.outputs` for what was tried to open.

    Parameters
    ----------
    sources : RecordingSources
        Where it lies.
    given : sequence of str
        Paths of uploads, or `data:NAME`; several for a sequence.
    opened : bool
        Whether it did open: then there is help only if it is a text, or can be repaired.
    """
    paths = [sources.path_of(one) for one in given]
    if not opened and len(paths) > 1:
        return _why_no_sequence(given, paths)
    layout = _layout_of(paths[0])
    if layout is not None:
        return _text_found(given, layout, is_open=not opened)
    if len(paths) > 1:
        return nothing()
    report = why_not(paths[0])
    if opened and not report.repair:
        return nothing()
    return _reported(given, report_html(report), can_repair=bool(report.repair))


def _why_no_sequence(given: Sequence[str], paths: Sequence[Path]) -> tuple[Any, ...]:
    """Explain the first file that does not open by itself, or how the files lie in time."""
    recordings = []
    for one, path in zip(given, paths, strict=True):
        try:
            recordings.append(open_recording(path))
        except RecordingError:
            layout = _layout_of(path)
            if layout is not None:
                return _text_found(given, layout, is_open=True)
            report = why_not(path)
            return _reported([one], report_html(report), can_repair=bool(report.repair))
    try:
        open_sequence(paths)
    except SeizureZooError as error:
        shown = sequence_html(str(error), in_order(recordings, paths))
        return _reported(given, shown, can_repair=False)
    return nothing()


def _reported(given: Sequence[str], report: str, *, can_repair: bool) -> tuple[Any, ...]:
    return (
        Pending(given=tuple(given)),
        gr.Column(visible=True),
        report,
        gr.Button(visible=can_repair),
        gr.DownloadButton(visible=False),
        gr.Accordion(visible=False),
        *[gr.skip() for _ in range(N_TEXT_OUTPUTS)],
    )


def _layout_of(path: Path) -> TextLayout | None:
    try:
        return inspect_text(path) if is_text_name(path.name) else None
    except RecordingError:
        return None


def _text_found(given: Sequence[str], layout: TextLayout, *, is_open: bool) -> tuple[Any, ...]:
    return (
        Pending(given=tuple(given), layout=layout),
        gr.Column(visible=False),
        "",
        gr.Button(visible=False),
        gr.DownloadButton(visible=False),
        gr.Accordion(visible=True, open=is_open),
        *text_values(layout),
    )


def text_values(layout: TextLayout, before: TextLayout | None = None) -> tuple[Any, ...]:
    """Return the values of `OpeningHelp.text_outputs` for a layout.

    Parameters
    ----------
    layout : TextLayout
        How the text is read.
    before : TextLayout, optional
        How it was read until now: what a user may have typed stays where nothing is different.
    """
    rate_hz = layout.sampling_rate_hz
    unit = next((u for u, uv in UNITS_UV.items() if uv == layout.scale_uv), AS_WRITTEN)
    named = [(f"{i + 1}: {column.label}", i) for i, column in enumerate(layout.columns)]
    has_times = layout.time_index is not None
    is_known = before is not None and before.sampling_rate_hz == rate_hz
    return (
        preview_html(layout),
        layout.delimiter,
        layout.decimal,
        layout.has_header,
        layout.orientation,
        gr.Dropdown(
            choices=[(tr(text.NO_TIME_COLUMN), NO_TIMES), *named],
            value=layout.time_index if has_times else NO_TIMES,
        ),
        gr.skip() if is_known else "" if rate_hz is None else f"{rate_hz:g}",
        gr.skip() if before is not None else unit,
        gr.Dropdown(choices=named, value=list(layout.signal_indices), multiselect=True),
    )


def read_anew(sources: RecordingSources, pending: Pending, correction: TextCorrection) -> Pending:
    """Return a text as a user corrected it.

    Raises
    ------
    ParameterError, RecordingError, FileNotFoundError
        It cannot be read so, or it is gone.
    """
    if pending.layout is None:
        return pending
    path = next(path for one in pending.given if is_text_name((path := sources.path_of(one)).name))
    return replace(pending, layout=read_otherwise(path, pending.layout, correction))


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
