"""A printable report of what a net found in a recording: a PDF of A4 sheets.

Sheets: facts, net and operating point with the probability over the whole recording; the
table of events with what was decided about them, marks, where every channel came from, findings
and limits; the EEG of the first events from their start to their end. Nothing of the patient
is on it; the file's name and date only if asked for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from seizure_core.atomic import atomic_path
from seizure_core.channels.sources import ChannelSource
from seizure_core.display.rows import DisplayRow, derived_row
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.trace import probability_words
from seizure_core.figures.canvas import EVENT, INK, counted, plain_frame
from seizure_core.figures.eeg_page import page_figure
from seizure_core.figures.printing import MARGIN_IN, PAPER_IN, add_foot, fit_to_paper
from seizure_core.figures.probability import Curve, draw_probability
from seizure_core.figures.report_text import (
    RESEARCH_USE,
    DetectionReport,
    ReportedNet,
    closing_lines,
    event_lines,
    net_facts,
    recording_facts,
    unnamed,
)
from seizure_core.figures.text_pages import (
    TextLine,
    blank_sheet,
    draw_lines,
    heading,
    paragraph,
    sheets,
)
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress, WorkCancelledError
from seizure_core.signals.quality_report import clock

__all__ = ["DEFAULT_EVENT_PAGES", "DetectionReport", "ReportedNet", "pages_of", "write_report"]

DEFAULT_EVENT_PAGES = 12
_BEFORE_S, _AFTER_S = 10.0, 5.0
_PAGE_S, _LONGER_PAGE_S = 30.0, 60.0
_MOST_PAGES_OF_EVENT = 4
_TRACE_IN, _TRACE_GAP_IN = 2.6, 0.3
_FOOT = "For research use only, not for diagnosis or treatment"

Sheet = Callable[[], Figure]


def write_report(
    path: str | Path,
    report: DetectionReport,
    recording: Recording,
    *,
    with_file_name: bool = False,
    most_event_pages: int = DEFAULT_EVENT_PAGES,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write a report as a PDF, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Where it goes.
    report : DetectionReport
        What was found, by which net.
    recording : Recording
        Where; pages of EEG are read from it.
    with_file_name : bool
        Whether the recording's file name and date are printed, which may tell who it is.
    most_event_pages : int
        Pages of EEG for so many events, the first; others are counted.
    progress : callable, optional
        Called with the fraction done, 0 to 1, after every sheet.
    cancelled : callable, optional
        Asked before every sheet; True ends the work.

    Returns
    -------
    int
        The number of sheets.

    Raises
    ------
    ParameterError
        The number of pages is negative.
    RecordingError
        The recording cannot be read (any more).
    WorkCancelledError
        `cancelled` said yes.
    """
    if most_event_pages < 0:
        raise ParameterError(
            "A report has 0 or more pages of EEG; {most_event_pages} were asked.",
            most_event_pages=most_event_pages,
        )
    planned = _sheets(report, recording, with_file_name, most_event_pages)
    net = report.net
    metadata = {"Title": "Seizure detection report", "Creator": "Seizure Zoo", "Producer": None}
    with atomic_path(path) as temporary:
        with PdfPages(temporary, metadata=metadata | {"CreationDate": report.made}) as pdf:
            for number, sheet in enumerate(planned, 1):
                if cancelled is not None and cancelled():
                    raise WorkCancelledError(recording.file_name)
                figure = sheet()
                page = f"{net.model_id} {net.version}, sheet {number} of {len(planned)}"
                add_foot(figure, _FOOT, page)
                pdf.savefig(figure)
                if progress is not None:
                    progress(number / len(planned))
    return len(planned)


def _sheets(
    report: DetectionReport, recording: Recording, with_file_name: bool, most_event_pages: int
) -> list[Sheet]:
    """Return what draws each sheet; pages of EEG are read only when they are drawn."""
    name = recording.file_name if with_file_name else None
    planned: list[Sheet] = [lambda: _first_sheet(report, recording, name)]
    lines = [*event_lines(report, most_event_pages), *closing_lines(report, recording)]
    planned += [_text_sheet(part) for part in sheets(lines)]
    rows = _rows(report.channels, recording)
    events = report.events_after
    for number, event in enumerate(events[:most_event_pages] if rows else (), 1):
        words = _event_words(number, len(events), event)
        planned += [
            _page_sheet(recording, rows, page, events, words)
            for page in pages_of(event, recording.duration_s)
        ]
    return planned


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One page of EEG of an event; `said` tells which of several it is."""

    start_s: float
    length_s: float
    said: str = ""


def pages_of(event: Event, duration_s: float) -> list[EventPage]:
    """Return the pages on which an event is seen from before its start to after its end.

    Longer events get longer pages; of the longest only the beginning and the end are printed.
    """
    start_s = max(min(event.onset_s, duration_s) - _BEFORE_S, 0.0)
    if event.offset_s <= start_s + _PAGE_S:
        return [EventPage(start_s=start_s, length_s=_PAGE_S)]
    stop_s = max(min(event.offset_s + _AFTER_S, duration_s), start_s)
    length_s = _PAGE_S
    if stop_s - start_s > _MOST_PAGES_OF_EVENT * _PAGE_S:
        length_s = _LONGER_PAGE_S
    n_pages = max(math.ceil((stop_s - start_s) / length_s - 1e-9), 1)
    starts_s = [start_s + number * length_s for number in range(n_pages)]
    if n_pages == 1:
        return [EventPage(start_s=start_s, length_s=length_s)]
    if n_pages > _MOST_PAGES_OF_EVENT:
        starts_s = [*starts_s[: _MOST_PAGES_OF_EVENT - 1], stop_s - length_s]
    said = [f", page {number} of {len(starts_s)}" for number in range(1, len(starts_s) + 1)]
    if n_pages > _MOST_PAGES_OF_EVENT:
        left_out_s = starts_s[-1] - (starts_s[-2] + length_s)
        said[-1] += f", {left_out_s:.6g} s before it not printed"
    return [
        EventPage(start_s=one, length_s=length_s, said=words)
        for one, words in zip(starts_s, said, strict=True)
    ]


def _text_sheet(lines: Sequence[TextLine]) -> Sheet:
    def draw() -> Figure:
        figure = blank_sheet()
        draw_lines(figure, lines)
        return figure

    return draw


def _first_sheet(report: DetectionReport, recording: Recording, name: str | None) -> Figure:
    figure = blank_sheet()
    title = TextLine(cells=((0.0, "Seizure detection report"),), size_pt=17, height_in=0.35)
    down_in = draw_lines(figure, [title], top_in=MARGIN_IN)
    caveats = [finding for finding in report.findings if finding.is_caveat]
    said = [RESEARCH_USE, *(unnamed(finding, recording) for finding in caveats)]
    warning = [
        TextLine(cells=line.cells, color=EVENT, height_in=line.height_in)
        for text in said
        for line in paragraph(text)
    ]
    down_in = draw_lines(figure, warning, top_in=down_in + 0.08)
    half_in = (PAPER_IN[0] - 2 * MARGIN_IN) / 2
    columns = (recording_facts(report, recording, name), net_facts(report))
    reached_in = []
    for column, (words, facts) in enumerate(columns):
        lines = [*heading(words)]
        for key, value in facts:
            parts = paragraph(value, width_in=half_in - 1.75)
            for level, part in enumerate(parts):
                value_cells = tuple((1.5, text) for _, text in part.cells)
                label = ((0.0, key),) if level == 0 else ()
                lines.append(TextLine(cells=label + value_cells))
        left_in = MARGIN_IN + column * half_in
        reached_in.append(draw_lines(figure, lines, top_in=down_in, left_in=left_in))
    _draw_trace(figure, report, recording, below_in=max(reached_in))
    return figure


def _draw_trace(
    figure: Figure, report: DetectionReport, recording: Recording, *, below_in: float
) -> None:
    width, height = PAPER_IN
    bottom_in = 1.3
    trace_in = min(_TRACE_IN, height - bottom_in - below_in - _TRACE_GAP_IN)
    axes = figure.add_axes(
        (
            (MARGIN_IN + 0.6) / width,
            bottom_in / height,
            1 - (2 * MARGIN_IN + 1.5) / width,
            trace_in / height - 0.055,
        )
    )
    plain_frame(axes)
    draw_probability(
        axes,
        [Curve(name="", step_s=1.0, values=report.trace.probabilities)],
        duration_s=report.trace.duration_s,
        levels=(report.settings.threshold,),
        events=report.events_after,
        start_time=recording.start_time,
    )
    n_events = counted(len(report.events_after), "event")
    figure.text(
        MARGIN_IN / width,
        (bottom_in + trace_in) / height,
        f"Seizure probability over the whole recording, {n_events}",
        fontsize=12,
        color=INK,
    )


def _rows(sources: Sequence[ChannelSource], recording: Recording) -> list[DisplayRow]:
    """Return the net's channels as rows of a page, those that could be had."""
    return [
        derived_row(recording, source.target, source.terms, how=source.how, source=source.source)
        for source in sources
        if source.terms
    ]


def _event_words(number: int, n_events: int, event: Event) -> str:
    sure = ""
    if event.confidence is not None:
        sure = f", largest probability {probability_words(event.confidence)}"
    return (
        f"Event {number} of {n_events}: {clock(event.onset_s)} to {clock(event.offset_s)} "
        f"({event.duration_s:.6g} s{sure})"
    )


def _page_sheet(
    recording: Recording,
    rows: Sequence[DisplayRow],
    page: EventPage,
    events: Sequence[Event],
    words: str,
) -> Sheet:
    def draw() -> Figure:
        figure = page_figure(
            recording,
            rows=rows,
            start_s=page.start_s,
            length_s=page.length_s,
            events=events,
            heading=words + page.said,
            with_remarks=False,
        )
        fit_to_paper(figure)
        return figure

    return draw
