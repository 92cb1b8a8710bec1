"""Export of detections: JSON, TSV, CSV and EDF+.

Names and meanings of the numbers are public; see the README.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark, clip_events
from seizure_core.events.mark_files import with_extent, write_marks_csv, write_marks_edf
from seizure_core.intervals import joined
from seizure_core.recording import Finding
from seizure_core.references.writing import write_szcore_tsv
from seizure_core.review.page import (
    NO_REVIEW,
    Review,
    events_after,
    non_seizure_marks,
    own_marks,
    reviewed,
)
from zoo.inference.detection import Detection


def detection_json(
    detection: Detection, review: Review = NO_REVIEW, *, with_windows: bool = True
) -> dict[str, Any]:
    """Return a detection as plain data, with or without its windows; undefined numbers are None.

    With a review, `events` are the accepted, changed and undecided ones and the reviewer's own,
    `decisions` lists the decisions and shifts, and `marks` the reviewer's marks.
    """
    if review:
        return _reviewed_json(detection, review)
    return {
        "file_name": detection.file_name,
        "model_id": detection.model_id,
        "model_version": detection.model_version,
        "weights_sha256": detection.weights_sha256,
        "app_version": __version__,
        "threshold": detection.threshold,
        "threshold_off": detection.threshold_off,
        "smoothing_s": detection.post_processing.smoothing_s,
        "min_duration_s": detection.post_processing.min_duration_s,
        "merge_gap_s": detection.post_processing.merge_gap_s,
        "operating_point": detection.operating_point,
        "stride_s": detection.stride_s,
        "window_s": detection.window_s,
        "duration_s": detection.duration_s,
        **({"windows": window_rows(detection)} if with_windows else {}),
        "events": [event_json(event) for event in detection.events],
        **_dropped_json(detection),
        "statistics": detection_statistics(detection),
        "channels": [
            {"target": source.target, "source": source.source, "how": source.how}
            for source in detection.channels
        ],
        "coverage": detection.coverage,
        "findings": findings_json(detection.findings),
    }


def _dropped_json(detection: Detection) -> dict[str, Any]:
    """Return the events that a second stage dropped; nothing if none was used."""
    if not detection.uses_second_stage:
        return {}
    dropped = [{**event_json(one.event), "reason": one.reason} for one in detection.dropped]
    return {"dropped_events": dropped}


def event_json(event: Event) -> dict[str, float | str | None]:
    """Return an event as plain data."""
    return {
        "onset_s": event.onset_s,
        "duration_s": event.duration_s,
        "confidence": event.confidence,
    }


def findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data."""
    return [
        {"severity": finding.severity, "message": finding.message, "caveat": finding.is_caveat}
        for finding in findings
    ]


def _reviewed_json(detection: Detection, review: Review) -> dict[str, Any]:
    events = events_after(detection.events, review)
    numbers = {"n_events": len(events), "seizure_s": _covered_s(events, detection.duration_s)}
    return detection_json(detection) | {
        "reviewed": True,
        "events": [
            event_json(event) | {"event_type": event.event_type, "text": event.text}
            for event in events
        ],
        "decisions": [
            {
                **event_json(event.found),
                "decision": event.decision,
                "shift_s": event.shift_s,
                "marked": None if event.mark is None else _mark_json(event.mark),
            }
            for event in reviewed(detection.events, review)
            if event.decision != "undecided" or event.shift_s
        ],
        "marks": [_mark_json(mark) for mark in own_marks(detection.events, review)],
        "statistics": detection_statistics(detection) | numbers,
    }


def _mark_json(mark: Mark) -> dict[str, Any]:
    return {
        "onset_s": mark.onset_s,
        "duration_s": mark.duration_s,
        "event_type": mark.kind,
        "confidence": mark.confidence,
        "origin": mark.origin,
        "text": mark.text,
    }


def _covered_s(events: Sequence[Event], duration_s: float) -> float:
    """Return the total duration of events, counting overlaps once."""
    spans_s = joined(event.span_s for event in clip_events(events, duration_s))
    return sum(stop_s - start_s for start_s, stop_s in spans_s)


def window_rows(detection: Detection) -> list[dict[str, Any]]:
    """Return a row per window: start, stop, probability (None if undefined), seizure."""
    return [
        {
            "start_s": float(start_s),
            "stop_s": float(start_s + detection.window_s),
            "probability": None if math.isnan(probability) else float(probability),
            "seizure": bool(seizure),
        }
        for start_s, probability, seizure in zip(
            detection.starts_s, detection.probabilities, detection.is_seizure, strict=True
        )
    ]


def detection_statistics(detection: Detection) -> dict[str, Any]:
    """Return counts and summary statistics of a detection."""
    defined = detection.probabilities[~np.isnan(detection.probabilities)].astype(np.float64)
    n_seizure = int(detection.is_seizure.sum())
    return {
        "n_windows": len(detection.probabilities),
        "n_seizure_windows": n_seizure,
        "seizure_fraction": n_seizure / len(defined) if len(defined) else None,
        "mean_probability": float(defined.mean()) if len(defined) else None,
        "max_probability": float(defined.max()) if len(defined) else None,
        "n_events": len(detection.events),
        "seizure_s": detection.seizure_s,
    }


def write_events_tsv(path: str | Path, detection: Detection, review: Review = NO_REVIEW) -> None:
    """Write the events as SzCORE TSV; after a review those that `events_after` leaves.

    Without events the table has one `bckg` row. If the reviewer rejected all events it has none,
    because the reviewer did not state that the rest is free of seizures.
    """
    write_szcore_tsv(
        path,
        [
            with_extent(event, detection.duration_s)
            for event in events_after(detection.events, review)
        ],
        duration_s=detection.duration_s,
        start_time=detection.start_time,
        with_background_row=not review,
    )


def write_events_edf(path: str | Path, detection: Detection, review: Review = NO_REVIEW) -> None:
    """Write the events as EDF+ annotations; after a review with the reviewer's other marks."""
    write_marks_edf(
        path,
        _as_marks(detection, review),
        duration_s=detection.duration_s,
        start_time=detection.start_time,
    )


def write_events_csv(path: str | Path, detection: Detection, review: Review = NO_REVIEW) -> None:
    """Write the events as a table with types, confidences and remarks, and the other marks."""
    write_marks_csv(path, _as_marks(detection, review))


def _as_marks(detection: Detection, review: Review) -> list[Mark]:
    """Return all that is left after a review, by onset: events, and the reviewer's other marks."""
    found = [event.kept for event in reviewed(detection.events, review)]
    marks = [Mark.of_event(event) for event in found if event is not None]
    marks += own_marks(detection.events, review)
    changed = non_seizure_marks(mark for mark in review.marks if mark not in marks)
    return sorted((*marks, *changed), key=lambda mark: (mark.onset_s, mark.duration_s))


def write_windows_csv(path: str | Path, detection: Detection) -> None:
    """Write the windows as CSV: start_s, stop_s, probability (empty if undefined), seizure."""
    columns = (
        detection.starts_s,
        detection.starts_s + detection.window_s,
        detection.probabilities,
        detection.is_seizure,
    )
    # The csv module takes twice as long: a day has 86,400 rows.
    lines = ["start_s,stop_s,probability,seizure\r\n"]
    for start_s, stop_s, value, seizure in zip(*(c.tolist() for c in columns), strict=True):
        probability = "" if math.isnan(value) else f"{value:.9g}"
        lines.append(f"{start_s:.10g},{stop_s:.10g},{probability},{seizure:d}\r\n")
    with atomic_path(path) as temporary:
        temporary.write_text("".join(lines), encoding="utf-8", newline="")


def read_windows_csv(path: Path) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return starts and probabilities of a file that `write_windows_csv` has written.

    Raises
    ------
    ParameterError
        It cannot be read.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = [(row["start_s"], row["probability"] or "nan") for row in csv.DictReader(file)]
        starts_s, values = np.array(rows, dtype=np.float64).reshape(-1, 2).T
    except (OSError, ValueError, KeyError, csv.Error):
        raise ParameterError(
            "{name} cannot be read. Search the recording again.", name=path.name
        ) from None
    return starts_s, values.astype(np.float32)


def write_detection(folder: Path, stem: str, detection: Detection) -> tuple[Path, Path]:
    """Write `STEM_events.tsv` and `STEM_windows.csv` into a folder and return both paths."""
    events, windows = folder / f"{stem}_events.tsv", folder / f"{stem}_windows.csv"
    write_events_tsv(events, detection)
    write_windows_csv(windows, detection)
    return events, windows
