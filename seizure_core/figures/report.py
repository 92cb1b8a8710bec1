"""PDF report of the events that a model found in a recording.

Contents: facts, model, operating point and probabilities; events with decisions, marks, sources of
channels, findings and limitations; EEG of the first events. Nothing identifies the patient; the
file's name and date are printed only on request.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import zip_longest
from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.bounds import MAX_DRAWN_CHANNELS
from seizure_core.display.rows import DisplayRow, derived_row
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark
from seizure_core.events.trace import probability_words
from seizure_core.figures.canvas import counted
from seizure_core.figures.eeg_page import page_figure
from seizure_core.figures.paper import Paper
from seizure_core.figures.probability import trace_figure
from seizure_core.figures.report_facts import (
    READING,
    RESEARCH_USE,
    DetectionReport,
    model_facts,
    recording_facts,
)
from seizure_core.recording import Finding, Recording
from seizure_core.review.page import non_seizure_marks, reviewed
from seizure_core.signals.blocks import Cancelled, Progress, WorkCancelledError
from seizure_core.signals.quality_report import clock

DEFAULT_EVENT_PAGES = 12
_BEFORE_S, _AFTER_S = 10.0, 5.0
_PAGE_S, _LONGER_PAGE_S = 30.0, 60.0
_MAX_PAGES_PER_EVENT = 4
_MIN_TRACE_IN, _MAX_TRACE_IN = 2.4, 3.4
_TIMES = ("Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)")
_FOOT = "For research use only, not for diagnosis or treatment"


def write_report(
    path: str | Path,
    report: DetectionReport,
    recording: Recording,
    *,
    with_file_name: bool = False,
    max_event_pages: int = DEFAULT_EVENT_PAGES,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Write a report as PDF, atomically.

    Parameters
    ----------
    recording : Recording
        Source of the pages of EEG.
    with_file_name : bool
        Whether to print file name and date of the recording, which may identify the patient.
    max_event_pages : int
        Number of events with pages of EEG; the others are only listed.
    progress : callable, optional
        Called with the fraction done, 0 to 1, after every sheet.
    cancelled : callable, optional
        Called before every sheet; the work stops when it returns True.

    Returns
    -------
    int
        Number of sheets.

    Raises
    ------
    ParameterError
        The number of pages is negative.
    RecordingError
        The recording can no longer be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    if max_event_pages < 0:
        raise ParameterError(
            "The number of EEG pages must be 0 or more; it is {n}.", n=max_event_pages
        )
    foot = f"{_FOOT}  \u00b7  {report.model.model_id} {report.model.version}"
    with closing(Paper(title="Seizure detection report", foot=foot, made=report.made)) as paper:
        parts: list[Callable[[], None]] = [
            partial(_write_facts, paper, report, recording, with_file_name=with_file_name),
            partial(_write_tables, paper, report, recording, max_event_pages),
            *_event_sheets(paper, report, recording, max_event_pages),
        ]
        for number, write in enumerate(parts, 1):
            if cancelled is not None and cancelled():
                raise WorkCancelledError(recording.file_name)
            write()
            if progress is not None:
                progress(number / len(parts))
        with atomic_path(path) as temporary:
            paper.output(str(temporary))
        return int(paper.pages_count)


def _write_facts(
    paper: Paper, report: DetectionReport, recording: Recording, *, with_file_name: bool
) -> None:
    """Write the first sheet: caveats, facts, and the probability over the whole recording."""
    paper.paragraph(RESEARCH_USE, warning=True)
    for finding in report.findings:
        if finding.is_caveat:
            paper.paragraph(_unnamed(finding, recording), warning=True)
    paper.ln(0.1)
    top_in, half_in = paper.get_y(), paper.epw / 2
    facts = recording_facts(report, recording, with_file_name=with_file_name)
    paper.facts("Recording", facts, left_in=0.0, width_in=half_in)
    reached_in = paper.get_y()
    paper.set_y(top_in)
    paper.facts("Model and operating point", model_facts(report), left_in=half_in, width_in=half_in)
    paper.set_y(max(paper.get_y(), reached_in) + 0.1)
    if paper.room_in < _MIN_TRACE_IN:
        paper.add_page()
    paper.figure(
        trace_figure(
            report.trace,
            threshold=report.settings.threshold,
            events=report.events_after,
            start_time=recording.start_time,
            heading="Seizure probability over the whole recording",
            width_in=paper.epw,
            height_in=min(paper.room_in, _MAX_TRACE_IN),
        )
    )


def _write_tables(
    paper: Paper, report: DetectionReport, recording: Recording, max_event_pages: int
) -> None:
    """Write events, marks, sources of channels, findings and limitations."""
    paper.add_page()
    _write_events(paper, report, max_event_pages)
    _write_channels(paper, report)
    paper.heading("Findings")
    for finding in report.findings:
        paper.paragraph(f"{finding.severity.capitalize()}: {_unnamed(finding, recording)}")
    if not report.findings:
        paper.paragraph("None.")
    paper.heading("Limits")
    for text in (RESEARCH_USE, *READING):
        paper.paragraph(text)
    for words, text in (
        ("Intended use", report.model.intended_use),
        ("Limitations", report.model.limitations),
    ):
        if text:
            paper.paragraph(f"{words} of the model: {text}")


def _write_events(paper: Paper, report: DetectionReport, max_event_pages: int) -> None:
    events = report.events_after
    paper.heading("Events after review" if report.review else "Events")
    if not events:
        paper.paragraph(
            "None is left: all that the model found was rejected. That is no proof that there is "
            "no seizure."
            if report.events
            else "None: the probability never met the operating point. That is no proof that there "
            "is no seizure."
        )
    elif len(events) > max_event_pages:
        left = len(events) - max_event_pages
        paper.paragraph(
            f"Pages of EEG follow for the first {max_event_pages}; {left:,} more are in this "
            "table only."
            if max_event_pages
            else "No pages of EEG were asked for."
        )
    if events:
        _write_event_table(paper, report)
    rejected = [
        event.found
        for event in reviewed(report.events, report.review)
        if event.decision == "rejected"
    ]
    if rejected:
        paper.heading("Rejected")
        paper.paragraph("Found by the model, and rejected by the reader.")
        rows = [(*_times(event), _sure(event.confidence)) for event in rejected]
        paper.grid((*_TIMES, "Largest probability"), rows, (1.6, 1.6, 1.4, 6.3))
    marks = non_seizure_marks(report.review.marks)
    if marks:
        paper.heading("Other marks")
        marked = [(*_times(mark), mark.kind, mark.text) for mark in marks]
        paper.grid((*_TIMES, "Kind", "Remark"), marked, (1.6, 1.6, 1.4, 1.4, 4.9))


def _write_event_table(paper: Paper, report: DetectionReport) -> None:
    decisions = {
        (event.kept.onset_s, event.kept.duration_s): event.decision
        for event in reviewed(report.events, report.review)
        if event.kept is not None
    }
    rows = []
    for number, event in enumerate(report.events_after, 1):
        row = [str(number), *_times(event), _sure(event.confidence)]
        if report.review:
            kind = "" if event.event_type == "sz" else event.event_type
            row.append(decisions.get((event.onset_s, event.duration_s), "marked by the reader"))
            row.append(" ".join(word for word in (kind, event.text) if word))
        else:
            row.append(", ".join(event.channels) or "all")
        rows.append(row)
    header = ("No.", *_TIMES, "Largest probability")
    if report.review:
        widths = (0.5, 1.5, 1.4, 1.2, 1.6, 1.7, 3.0)
        paper.grid((*header, "Decision", "Remark"), rows, widths)
    else:
        paper.grid((*header, "Channels"), rows, (0.6, 1.6, 1.6, 1.4, 1.8, 3.9))


def _times(event: Event | Mark) -> tuple[str, str, str]:
    return clock(event.onset_s), clock(event.onset_s + event.duration_s), f"{event.duration_s:.6g}"


def _sure(confidence: float | None) -> str:
    return "" if confidence is None else probability_words(confidence)


def _write_channels(paper: Paper, report: DetectionReport) -> None:
    paper.heading("Where the channels come from")
    missing = sum(not source.terms for source in report.channels)
    words = f"{counted(len(report.channels), 'channel')} of the model, {report.coverage:.0%} had"
    paper.paragraph(words + (f", {missing} missing and fed as zeros." if missing else "."))
    rows = [(source.target, source.how, source.source or "\u2013") for source in report.channels]
    half = -(-len(rows) // 2)
    halves = zip_longest(rows[:half], rows[half:], fillvalue=("", "", ""))
    header = ("Channel", "How", "In the file")
    paper.grid(header * 2, [left + right for left, right in halves], (1.3, 1.0, 3.15) * 2)


def _unnamed(finding: Finding, recording: Recording) -> str:
    """Return a finding without the file name, which may identify the patient."""
    return finding.message.replace(recording.file_name, "the recording")


def _event_sheets(
    paper: Paper, report: DetectionReport, recording: Recording, max_event_pages: int
) -> Iterator[Callable[[], None]]:
    """Yield functions that write a sheet of EEG each and read its signals only then."""
    rows = [
        derived_row(recording, source.target, source.terms, how=source.how, source=source.source)
        for source in report.channels
        if source.terms
    ]
    events = report.events_after
    for number, event in enumerate(events[:max_event_pages] if rows else (), 1):
        sure = ""
        if event.confidence is not None:
            sure = f", largest probability {probability_words(event.confidence)}"
        words = (
            f"Event {number} of {len(events)}: {clock(event.onset_s)} to "
            f"{clock(event.offset_s)} ({event.duration_s:.6g} s{sure})"
        )
        for shown in pages_of(event, recording.duration_s):
            yield partial(write_event_page, paper, recording, rows, shown, events, words)


def write_event_page(
    paper: Paper,
    recording: Recording,
    rows: Sequence[DisplayRow],
    shown: EventPage,
    events: Sequence[Event],
    words: str,
) -> None:
    """Write a page of EEG of an event, without texts of the file, under words of its own."""
    paper.add_page()
    paper.figure(
        page_figure(
            recording,
            rows=rows[:MAX_DRAWN_CHANNELS],
            start_s=shown.start_s,
            length_s=shown.length_s,
            events=events,
            heading=words + shown.said,
            with_annotation_texts=False,
            size_in=(paper.epw, paper.room_in),
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """A page of EEG of an event; `said` is its number if there are several."""

    start_s: float
    length_s: float
    said: str = ""


def pages_of(event: Event, duration_s: float) -> list[EventPage]:
    """Return the pages that show an event from before its start to after its end.

    Longer events have longer pages; of the longest only start and end are printed.
    """
    start_s = max(min(event.onset_s, duration_s) - _BEFORE_S, 0.0)
    if event.offset_s <= start_s + _PAGE_S:
        return [EventPage(start_s=start_s, length_s=_PAGE_S)]
    stop_s = max(min(event.offset_s + _AFTER_S, duration_s), start_s)
    length_s = _PAGE_S
    if stop_s - start_s > _MAX_PAGES_PER_EVENT * _PAGE_S:
        length_s = _LONGER_PAGE_S
    n_pages = max(math.ceil((stop_s - start_s) / length_s - 1e-9), 1)
    starts_s = [start_s + number * length_s for number in range(n_pages)]
    if n_pages == 1:
        return [EventPage(start_s=start_s, length_s=length_s)]
    if n_pages > _MAX_PAGES_PER_EVENT:
        starts_s = [*starts_s[: _MAX_PAGES_PER_EVENT - 1], stop_s - length_s]
    said = [f", page {number} of {len(starts_s)}" for number in range(1, len(starts_s) + 1)]
    if n_pages > _MAX_PAGES_PER_EVENT:
        left_out_s = starts_s[-1] - (starts_s[-2] + length_s)
        said[-1] += f", {left_out_s:.6g} s before it not printed"
    return [
        EventPage(start_s=start, length_s=length_s, said=words)
        for start, words in zip(starts_s, said, strict=True)
    ]
