"""Files of a review; each says whether it was reviewed, by which reader, and how far."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark
from seizure_core.events.mark_files import annotations_of, with_extent
from seizure_core.events.types import EVENT_TYPES
from seizure_core.io.edf.copying import Check, write_recording_edf
from seizure_core.io.edf.writer import write_edf_annotations
from seizure_core.json_document import write_json
from seizure_core.recording import Annotation, Recording
from seizure_core.references.readers.edf_annotations import END_OF_RECORDING
from seizure_core.references.writing import write_szcore_tsv
from seizure_core.review.folder import ReviewFolder
from seizure_core.review.model import ReviewItem, event_json
from seizure_core.review.stamp import NOTHING_MORE, Printed, kept_items, stamp_of

KINDS: Final = {
    "tsv": "reviewed_events.tsv",
    "edf": "reviewed_events.edf",
    "recording": "reviewed.edf",
    "csv": "reviewed_events.csv",
    "json": "review.json",
    "report": "review.pdf",
}
"""Kinds of files, and the ends of their names."""

_COLUMNS = (
    "recording",
    "onset_s",
    "duration_s",
    "event_type",
    "hed",
    "side",
    "channels",
    "confidence",
    "text",
    "source",
    "decision",
    "reviewed_by",
    "reviewed_at",
    "item",
)


def write_review(
    folder: Path,
    review: ReviewFolder,
    recording_id: str,
    kind: str,
    *,
    recording: Recording | None = None,
    start_s: float = 0.0,
    stop_s: float | None = None,
    printed: Printed = NOTHING_MORE,
    check: Check | None = None,
) -> Path:
    """Write one file about a recording of a review, and return it.

    Parameters
    ----------
    kind : str
        One of `KINDS`; "recording" is the recording itself as EDF+ with annotations, or a cut.
    recording : Recording, optional
        Needed for "recording"; also gives the start to TSV and EDF+.
    start_s, stop_s : float
        The cut.
    printed : Printed
        Further contents of a report.

    Raises
    ------
    ParameterError
        The kind is unknown, or the recording is needed and not at hand.
    """
    if kind not in KINDS:
        raise ParameterError(
            "Reviews are exported as {kinds}; not as {kind!r}.", kinds=", ".join(KINDS), kind=kind
        )
    place = review.places()[recording_id]
    path = folder / f"{Path(place.file_name).stem}_{KINDS[kind]}"
    writers: dict[str, Callable[[], None]] = {
        "tsv": lambda: _write_tsv(path, review, recording_id, recording),
        "edf": lambda: _write_edf(path, review, recording_id, recording),
        "csv": lambda: write_table(path, review, [recording_id]),
        "json": lambda: write_json(path, review_json(review, [recording_id])),
    }
    if kind in writers:
        writers[kind]()
        return path
    if recording is None:
        raise ParameterError(
            "{name} is not where it was when the review began; add it again.", name=place.file_name
        )
    if kind == "report":
        # Imported here: other files need not wait for matplotlib.
        from seizure_core.figures.review_report import write_review_report

        write_review_report(path, review, recording_id, recording, printed=printed)
        return path
    is_cut = start_s > 0 or stop_s is not None
    if is_cut:
        end_s = recording.duration_s if stop_s is None else stop_s
        path = path.with_name(f"{path.stem}_{start_s:g}-{end_s:g}s.edf")
    write_recording_edf(
        path,
        recording,
        _annotations(review, recording_id, start_s),
        start_s=start_s,
        stop_s=stop_s,
        check=check,
    )
    return path


def review_json(review: ReviewFolder, recording_ids: Iterable[str]) -> dict[str, Any]:
    """Return recordings of a review with all events and decisions, as plain data."""
    state, places = review.state, review.places()
    return {
        "app_version": __version__,
        **asdict(stamp_of(review)),
        "sources": [
            {"source": one.source_id, "role": one.role, "name": one.name, **one.details}
            for one in state.sources.values()
        ],
        "recordings": [
            {
                "recording": recording_id,
                "file_name": places[recording_id].file_name,
                "duration_s": state.durations_s[recording_id],
                **asdict(stamp_of(review, recording_id)),
                "events": [item_json(item) for item in state.items_of(recording_id)],
            }
            for recording_id in recording_ids
        ],
    }


def item_json(item: ReviewItem) -> dict[str, Any]:
    """Return an event of a review as plain data, with the decision that counts."""
    return {
        "item": item.item_id,
        "recording": item.recording_id,
        "source": item.source_id,
        "decision": item.decision,
        "reviewed_by": item.who,
        "reviewed_at": item.judgements[-1].when if item.is_decided else "",
        "found": event_json(item.event),
        "event": None if item.final is None else event_json(item.final),
        "judgements": [
            {"decision": one.decision, "who": one.who, "when": one.when} for one in item.judgements
        ],
    }


def write_table(path: Path, review: ReviewFolder, recording_ids: Iterable[str]) -> None:
    """Write all events of recordings, rejected ones included, as CSV."""
    state, places = review.state, review.places()
    hed = {one.code: one.hed for one in (*EVENT_TYPES, *state.types.values())}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for recording_id in recording_ids:
        for item in state.items_of(recording_id):
            event = item.final or item.event
            writer.writerow(
                [
                    _cell(places[recording_id].file_name),
                    repr(round(event.onset_s, 6)),
                    repr(round(event.duration_s, 6)),
                    event.event_type,
                    hed.get(event.event_type, ""),
                    event.side,
                    _cell(",".join(event.channels)),
                    "" if event.confidence is None else repr(event.confidence),
                    _cell(event.text),
                    _cell(state.sources[item.source_id].name),
                    item.decision,
                    _cell(item.who),
                    item.judgements[-1].when if item.is_decided else "",
                    item.item_id,
                ]
            )
    with atomic_path(path) as temporary:
        temporary.write_text(text.getvalue(), encoding="utf-8", newline="")


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _write_tsv(
    path: Path, review: ReviewFolder, recording_id: str, recording: Recording | None
) -> None:
    state = review.state
    duration_s = state.durations_s[recording_id]
    cells: dict[Event, tuple[str, str]] = {}
    for item in kept_items(state, recording_id):
        event = item.final
        if event is not None and event.is_seizure:
            cells[with_extent(event, duration_s)] = (item.decision, item.who or "n/a")
    stamp = stamp_of(review, recording_id)
    # Without seizures the one row says whether a reader states that there is none.
    none_left = (f"reviewed: {stamp.reviewed}", ", ".join(stamp.reviewed_by) or "n/a")
    write_szcore_tsv(
        path,
        cells,
        duration_s=duration_s,
        start_time=None if recording is None else recording.start_time,
        more_columns=("decision", "reviewedBy"),
        cells_of=lambda event: none_left if event is None else cells[event],
    )


def _write_edf(
    path: Path, review: ReviewFolder, recording_id: str, recording: Recording | None
) -> None:
    annotations = _annotations(review, recording_id)
    duration_s = review.state.durations_s[recording_id]
    annotations.append(Annotation(onset_s=duration_s, duration_s=None, text=END_OF_RECORDING))
    start_time = None if recording is None else recording.start_time
    write_edf_annotations(path, annotations, start_time=start_time)


def _annotations(review: ReviewFolder, recording_id: str, start_s: float = 0.0) -> list[Annotation]:
    kept = kept_items(review.state, recording_id)
    marks = [Mark.of_event(item.final) for item in kept if item.final is not None]
    stamp = stamp_of(review, recording_id)
    said = Annotation(onset_s=start_s, duration_s=None, text=stamp.sentence)
    return [said, *annotations_of(marks)]
