"""PDF report of a reviewed recording: facts, decisions, burden, trends, EEG of each event.

Nothing identifies the patient unless the reader types it or asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.display.rows import DisplayRow
from seizure_core.errors import RecordingError
from seizure_core.events.event import Event, seizures_of
from seizure_core.events.trace import probability_words
from seizure_core.figures.night import night_figure
from seizure_core.figures.paper import Paper
from seizure_core.figures.report import DEFAULT_EVENT_PAGES, pages_of, write_event_page
from seizure_core.figures.report_facts import RESEARCH_USE
from seizure_core.recording import Recording
from seizure_core.review.folder import ReviewFolder
from seizure_core.review.model import ReviewItem
from seizure_core.review.stamp import NOTHING_MORE, Printed, kept_items, stamp_of
from seizure_core.signals.quality_report import clock
from seizure_core.stats.night_trends import (
    BURDEN_LINE_S,
    burden_s,
    largest_burden_s,
    night_trends,
)

_FOOT = "For research use only, not for diagnosis or treatment"
_TIMES = ("Onset (h:mm:ss)", "End (h:mm:ss)", "Duration (s)")
_WIDTHS = (0.4, 1.3, 1.3, 1.0, 1.3, 0.9, 1.0, 1.2, 2.5)


def write_review_report(
    path: str | Path,
    review: ReviewFolder,
    recording_id: str,
    recording: Recording,
    *,
    printed: Printed = NOTHING_MORE,
    max_event_pages: int = DEFAULT_EVENT_PAGES,
    made: datetime | None = None,
) -> int:
    """Write the report of a reviewed recording as PDF, and return its number of sheets.

    Parameters
    ----------
    recording : Recording
        Source of the trends and pages of EEG.
    printed : Printed
        What is printed beyond the review.
    max_event_pages : int
        Number of accepted events with pages of EEG; the others are only listed.
    made : datetime, optional
        Date of the report.

    Raises
    ------
    RecordingError
        The recording can no longer be read.
    """
    items = review.state.items_of(recording_id)
    kept = [item.final for item in kept_items(review.state, recording_id) if item.final]
    foot = f"{_FOOT}  \u00b7  Seizure Zoo {__version__}"
    with closing(Paper(title="Reviewed EEG recording", foot=foot, made=made)) as paper:
        _write_facts(paper, review, recording_id, recording, printed)
        _write_burden(paper, seizures_of(kept), recording.duration_s)
        _write_events(paper, review, items)
        _write_trends(paper, recording, seizures_of(kept), with_date=printed.with_file_name)
        accepted = [
            item.final
            for item in items
            if item.decision in ("accepted", "changed") and item.final is not None
        ]
        _write_pages(paper, recording, accepted, max_event_pages)
        with atomic_path(path) as temporary:
            paper.output(str(temporary))
        return int(paper.pages_count)


def _write_facts(
    paper: Paper,
    review: ReviewFolder,
    recording_id: str,
    recording: Recording,
    printed: Printed,
) -> None:
    stamp, start = stamp_of(review, recording_id), recording.start_time
    if stamp.reviewed != "yes":
        left = stamp.n_candidates - stamp.n_decided
        paper.paragraph(f"Not reviewed to the end: {left} candidates are undecided.", warning=True)
    paper.ln(0.1)
    top_in, half_in = paper.get_y(), paper.epw / 2
    start_format = "%Y-%m-%d %H:%M:%S" if printed.with_file_name else "%H:%M:%S"
    typed = [("Patient", printed.patient), ("Case", printed.case)]
    facts = [pair for pair in typed if pair[1]]
    if printed.with_file_name:
        facts.append(("File", recording.file_name))
    facts += [
        ("Start", "not in the file" if start is None else f"{start:{start_format}}"),
        ("Duration", clock(recording.duration_s)),
        ("Channels", str(len(recording.channels))),
        ("Recording (hash)", recording_id),
    ]
    paper.facts("Recording", facts, left_in=0.0, width_in=half_in)
    reached_in = paper.get_y()
    paper.set_y(top_in)
    counts = f"{stamp.n_decided} of {stamp.n_candidates} candidates decided"
    decided = [
        ("Reviewer", printed.reviewer or ", ".join(stamp.reviewed_by) or "\u2013"),
        ("Decisions", f"{counts}: {stamp.n_accepted} accepted, {stamp.n_rejected} rejected"),
        ("Added", f"{stamp.n_own} by the reader"),
        ("Last decision", stamp.last_decision or "\u2013"),
        ("Log", f"{stamp.log_entries} entries, sha256 {stamp.log_sha256[:32]}"),
        *_sources(review, recording_id),
    ]
    paper.facts("Review", decided, left_in=half_in, width_in=half_in)
    paper.set_y(max(paper.get_y(), reached_in) + 0.1)


def _sources(review: ReviewFolder, recording_id: str) -> list[tuple[str, str]]:
    """Return the models and experts with their operating points."""
    state, facts = review.state, []
    for source in state.sources.values():
        if source.role == "self" or (recording_id, source.source_id) not in state.looked_at:
            continue
        details = [source.name]
        if source.details.get("threshold") is not None:
            details.append(f"threshold {source.details['threshold']:g}")
        if source.details.get("operating_point"):
            details.append(str(source.details["operating_point"]))
        facts.append((source.role.capitalize(), ", ".join(details)))
    return facts


def _write_burden(paper: Paper, seizures: Sequence[Event], duration_s: float) -> None:
    paper.heading("Seizure burden")
    hours_s = burden_s(seizures, duration_s)
    most_s, start_s = largest_burden_s(seizures, duration_s)
    above = int((hours_s > BURDEN_LINE_S).sum())
    paper.paragraph(
        f"{hours_s.sum() / 60:.1f} min of seizure in all; at most {most_s / 60:.1f} min in 60 "
        f"minutes, from {clock(start_s)} on. {above} of {len(hours_s)} hours above "
        f"{BURDEN_LINE_S / 60:g} min. Undecided candidates count."
    )


def _write_events(paper: Paper, review: ReviewFolder, items: Sequence[ReviewItem]) -> None:
    paper.heading("Events and decisions")
    if not items:
        paper.paragraph("None was found or marked.")
        return
    sources = review.state.sources
    rows = []
    for number, item in enumerate(items, 1):
        event = item.final or item.event
        sure = "" if event.confidence is None else probability_words(event.confidence)
        where = ", ".join([event.side] * bool(event.side) + list(event.channels))
        rows.append(
            (
                str(number),
                clock(event.onset_s),
                clock(event.offset_s),
                f"{event.duration_s:.6g}",
                event.event_type,
                sure,
                item.decision,
                item.who or "\u2013",
                "; ".join(filter(None, (where, event.text, sources[item.source_id].name))),
            )
        )
    header = ("No.", *_TIMES, "Type", "Probability", "Decision", "Reader", "Where, remark, source")
    paper.grid(header, rows, _WIDTHS)
    paper.ln(0.1)
    paper.paragraph(RESEARCH_USE)


def _write_trends(
    paper: Paper, recording: Recording, seizures: Sequence[Event], *, with_date: bool
) -> None:
    paper.add_page()
    try:
        trends = night_trends(recording)
    except RecordingError as error:
        paper.heading("Trends")
        paper.paragraph(f"There are none: {error.reason}")
        return
    paper.figure(
        night_figure(
            trends,
            events=seizures,
            start_time=recording.start_time,
            size_in=(paper.epw, paper.room_in),
        )
    )


def _rows(recording: Recording) -> Sequence[DisplayRow]:
    """Return the double banana where enough of it can be derived, else the recorded channels."""
    recorded, banana = (fit_montage(recording, montage) for montage in BUILT_IN[:2])
    return recorded.rows if len(banana.missing) > len(banana.rows) else banana.rows


def _write_pages(
    paper: Paper, recording: Recording, events: Sequence[Event], max_event_pages: int
) -> None:
    rows = _rows(recording) if events else ()
    for number, event in enumerate(events[:max_event_pages], 1):
        words = (
            f"Accepted event {number} of {len(events)}, {event.event_type}: "
            f"{clock(event.onset_s)} to {clock(event.offset_s)}"
        )
        for shown in pages_of(event, recording.duration_s):
            write_event_page(paper, recording, rows, shown, events, words)
