"""Help for a file that does not open: the reasons, and how a text is read, as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gradio as gr

from seizure_core.errors import RecordingError
from seizure_core.io.opening import RefusedFileError, is_text_name, read_otherwise
from seizure_core.io.refusal import RefusalReport
from seizure_core.io.sequence import SequenceError
from seizure_core.io.sequence_order import CLOCK_ROUNDING_S
from seizure_core.io.text.layout import NO_TIMES, Role, TextCorrection, TextLayout
from seizure_core.recording import Recording
from ui.arguments import checked_number
from ui.events import Updates
from ui.i18n.translation import grouped, tr, tr_message
from ui.i18n.wording import NOTHING, duration_words
from ui.opening.recordings import OpenRecording, RecordingSources
from ui.widgets import markup

_SEQUENCE_COLUMNS = ("File, in order of time", "Starts", "Lasts", "To the file before")
_BYTE_COLUMNS = ("What", "From byte", "Found", "Expected")

MAX_COLUMNS = 12
MAX_ROWS = 5


def preview_html(layout: TextLayout) -> str:
    """Return the first lines of a text as a table, and what was assumed about it."""
    labels = [column.label for column in layout.columns]
    if layout.orientation == "rows":
        labels = [
            tr("value {n}", n=i + 1) for i in range(len(layout.preview[0]) if layout.preview else 0)
        ]
    shown = labels[:MAX_COLUMNS]
    rows = [row[: len(shown)] for row in layout.preview[:MAX_ROWS]]
    size = (
        "{lines:,} lines, {n} columns. The first lines of values:"
        if layout.orientation == "columns"
        else "{lines:,} lines, {n} channels, one a line. The first lines of values:"
    )
    return (
        markup.paragraph(tr(size, lines=layout.n_lines, n=len(layout.columns)))
        + markup.table(shown, rows)
        + markup.findings(layout.findings)
    )


def report_html(report: RefusalReport) -> str:
    """Return why a file does not open, with its bytes."""
    heading = "Problems of this file" if report.opens else "Why this file does not open"
    rows = [
        (
            tr_message(fact.what),
            "" if fact.offset is None else grouped(fact.offset),
            tr_message(fact.found),
            tr("as it should be") if fact.is_right else tr_message(fact.expected),
        )
        for fact in report.facts
    ]
    reason = tr_message(report.reason) if report.reason else tr("It can be opened nevertheless.")
    repair = (
        tr(
            "A repaired copy can be made; the file itself is not changed. What differs in the "
            "copy: {change}",
            change=tr_message(report.repair),
        )
        if report.repair
        else ""
    )
    return (
        markup.heading(heading)
        + markup.paragraph(f"{report.file_name}: {reason}")
        + (markup.paragraph(repair) if repair else "")
        + markup.folded(
            "Fields of the file, by byte",
            markup.table(_BYTE_COLUMNS, rows),
        )
    )


def sequence_html(reason: str, files: Sequence[tuple[Recording, float | None]]) -> str:
    """Return why files do not open as one, and how each stands to the one before it."""
    rows = [
        (
            file.file_name,
            NOTHING if file.start_time is None else f"{file.start_time:%Y-%m-%d %H:%M:%S}",
            duration_words(file.duration_s),
            _between(gap_s) if number else NOTHING,
        )
        for number, (file, gap_s) in enumerate(files)
    ]
    return (
        markup.heading("Why these files do not open as one recording")
        + markup.paragraph(tr_message(reason))
        + markup.table(_SEQUENCE_COLUMNS, rows)
    )


def _between(gap_s: float | None) -> str:
    if gap_s is None:
        return tr("unknown: not all files give their start")
    if abs(gap_s) < CLOCK_ROUNDING_S:
        return tr("follows at once")
    length = duration_words(abs(gap_s))
    if gap_s < 0:
        return tr("overlaps it by {length}", length=length)
    return tr("{length} are missing between them", length=length)


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
UNITS_UV = {"V": 1e6, "mV": 1e3, "µV": 1.0, "nV": 1e-3}
AS_WRITTEN = "as-written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A session's last attempt to open files, and what can be done about it.

    Attributes
    ----------
    given : tuple of str
        Paths of uploads, or `data:NAME`; several for a sequence.
    layout : TextLayout or None
        How it is read, if it is a text; of several, the first text.
    report : str
        Why it does not open, as HTML.
    can_repair : bool
        Whether a repaired copy would open.
    """

    given: tuple[str, ...]
    layout: TextLayout | None = None
    report: str = ""
    can_repair: bool = False


def help_with(opened: OpenRecording, given: Sequence[str]) -> Pending | None:
    """Return what can be changed about files that did open: a text, or what can be repaired."""
    if opened.layout is not None:
        return Pending(given=tuple(given), layout=opened.layout)
    if opened.report is not None and opened.report.repair:
        return Pending(given=tuple(given), report=report_html(opened.report), can_repair=True)
    return None


def why_not_open(error: RecordingError | None, given: Sequence[str]) -> Pending | None:
    """Explain the file that did not open, or how the files lie in time.

    Parameters
    ----------
    error : RecordingError or None
        From opening them.
    given : sequence of str
        What was opened: paths of uploads, or `data:NAME`.
    """
    if isinstance(error, SequenceError):
        return Pending(given=tuple(given), report=sequence_html(error.message, error.files))
    if not isinstance(error, RefusedFileError):
        return None
    if error.layout is not None:
        return Pending(given=tuple(given), layout=error.layout)
    report = error.report
    return Pending(
        given=(given[error.number],),
        report=report_html(report),
        can_repair=bool(report.repair),
    )


def read_again(sources: RecordingSources, pending: Pending, correction: TextCorrection) -> Pending:
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


class OpeningHelp:
    """The components; all but the buttons of one part are hidden until they are needed.

    Attributes
    ----------
    pending : gr.State
        The session's `Pending`, or None.
    outputs : list
        What `offered` gives values for.
    corrections : dict of str to component
        What a text is read by, by the names in `TextCorrection`.
    """

    def __init__(self) -> None:
        self.pending = gr.State(None)
        with gr.Column(visible=False, elem_id="why-not") as self._report_part:
            self._report = gr.HTML("")
            with gr.Row():
                self.repair = gr.Button(
                    "Make a repaired copy and open it", elem_id="repair", size="md", visible=False
                )
                self._copy = gr.DownloadButton(
                    "Download the repaired copy", elem_id="repaired-copy", size="md", visible=False
                )
        self._text_part = gr.Accordion(
            "How this text is read: check and correct it",
            visible=False,
            elem_id="text-layout",
        )
        with self._text_part:
            self._build_text_part()
        self.text_outputs = [
            self.pending,
            self._preview,
            *self.corrections.values(),
            self.rate,
            self.unit,
            self.signals,
        ]
        self.outputs = [
            *self.text_outputs,
            self._report_part,
            self._report,
            self.repair,
            self._copy,
            self._text_part,
        ]

    def _build_text_part(self) -> None:
        self._preview = gr.HTML("")
        with gr.Row():
            self.corrections: dict[str, gr.Dropdown | gr.Checkbox] = {
                "delimiter": _choice("Values are separated by", DELIMITER_WORDS, "text-delimiter"),
                "decimal": _choice("Decimal sign", DECIMAL_WORDS, "text-decimal", min_width=110),
                "orientation": _choice("A channel is", ORIENTATION_WORDS, "text-orientation"),
                "time_column": _choice("Times are in", {}, "text-times"),
                "has_header": gr.Checkbox(
                    label="A line names the columns",
                    elem_id="text-header",
                    min_width=200,
                    container=True,
                ),
            }
        with gr.Row():
            self.rate = gr.Textbox(label="Sampling rate (Hz)", elem_id="text-rate", min_width=130)
            units = {AS_WRITTEN: "as the file says", **{unit: unit for unit in UNITS_UV}}
            self.unit = _choice("Unit of the values", units, "text-unit")
            self.signals = gr.Dropdown(
                choices=[],
                multiselect=True,
                label="Columns that are channels",
                elem_id="text-signals",
                scale=3,
                min_width=260,
            )
        self.read = gr.Button("Open it as set here", elem_id="text-open", size="md")

    def offered(
        self, pending: Pending | None, *, opened: bool = True, copy: Path | None = None
    ) -> Updates:
        """Offer help, or none; or a repaired copy that has been opened.

        Parameters
        ----------
        pending : Pending or None
            From `help_with`.
        opened : bool
            Whether the files did open: the settings of a text are folded up then.
        copy : Path, optional
            The repaired copy.
        """
        report = (
            pending.report
            if pending
            else markup.paragraph("A repaired copy is open now. The file itself was not changed.")
            if copy
            else ""
        )
        layout = pending.layout if pending else None
        return {
            self.pending: pending,
            self._report_part: gr.Column(visible=bool(report)),
            self._report: report,
            self.repair: gr.Button(visible=pending is not None and pending.can_repair),
            self._copy: gr.DownloadButton(
                value=str(copy) if copy else None, visible=copy is not None
            ),
            self._text_part: gr.Accordion(visible=layout is not None, open=not opened),
            **({} if layout is None else self._read_by(layout)),
        }

    def corrected(self, changed: Pending, before: Pending) -> Updates:
        """Show how a text is read now; what a user may have typed stays where it is the same."""
        updates: Updates = {self.pending: changed}
        if changed.layout is None or before.layout is None:
            return updates
        updates |= self._read_by(changed.layout)
        del updates[self.unit]
        if changed.layout.sampling_rate_hz == before.layout.sampling_rate_hz:
            del updates[self.rate]
        return updates

    def _read_by(self, layout: TextLayout) -> Updates:
        rate_hz, times = layout.sampling_rate_hz, layout.time_index
        named = [(f"{i + 1}: {column.label}", i) for i, column in enumerate(layout.columns)]
        return {
            self._preview: preview_html(layout),
            self.corrections["delimiter"]: layout.delimiter,
            self.corrections["decimal"]: layout.decimal,
            self.corrections["has_header"]: layout.has_header,
            self.corrections["orientation"]: layout.orientation,
            self.corrections["time_column"]: gr.Dropdown(
                choices=[(tr("no column"), NO_TIMES), *named],
                value=NO_TIMES if times is None else times,
            ),
            self.rate: "" if rate_hz is None else f"{rate_hz:g}",
            self.unit: next((u for u, uv in UNITS_UV.items() if uv == layout.scale_uv), AS_WRITTEN),
            self.signals: gr.Dropdown(
                choices=named, value=list(layout.signal_indices), multiselect=True
            ),
        }


def _choice(
    label: str, words: dict[str, str], elem_id: str, *, min_width: int = 160
) -> gr.Dropdown:
    choices = [(said, value) for value, said in words.items()]
    return gr.Dropdown(choices=choices, label=label, elem_id=elem_id, min_width=min_width)
