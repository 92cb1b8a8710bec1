"""Recordings of a patient on a common time axis, for guards across files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations, permutations

from seizure_core.events.event import Event

# Files cut from one long recording may share a second.
_OVERLAP_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSpan:
    """Time and seizures of a recording.

    Attributes
    ----------
    events : tuple of Event
        In its own time.
    """

    patient: str
    start_time: datetime | None
    duration_s: float
    events: tuple[Event, ...]


def doubtful_starts(recordings: Sequence[FileSpan]) -> frozenset[int]:
    """Return the positions of recordings with implausible start times.

    Recordings of a patient that overlap in time cannot be consecutive: clips and anonymised files
    often have the same made-up start.
    """
    doubtful: set[int] = set()
    for places in _by_patient(recordings):
        for i, j in combinations(places, 2):
            gap_s = _gap_s(recordings[i], recordings[j])
            if gap_s is not None and gap_s < -_OVERLAP_S:
                doubtful |= {i, j}
    return frozenset(doubtful)


def neighbours_seizures(
    recordings: Sequence[FileSpan], *, within_s: float
) -> tuple[tuple[Event, ...], ...]:
    """Return for each recording the seizures of the patient's other recordings, in its own time.

    Parameters
    ----------
    within_s : float
        Maximum distance of a seizure from the recording.

    Returns
    -------
    tuple of tuple of Event
        Per recording; onsets may be negative or after its end.
    """
    doubtful = doubtful_starts(recordings)
    found: list[list[Event]] = [[] for _ in recordings]
    for places in _by_patient(recordings):
        for i, j in permutations(places, 2):
            recording, other = recordings[i], recordings[j]
            shift_s = _shift_s(recording, other)
            if shift_s is None or {i, j} & doubtful:
                continue
            for event in other.events:
                moved = replace(event, onset_s=event.onset_s + shift_s)
                if moved.offset_s > -within_s and moved.onset_s < recording.duration_s + within_s:
                    found[i].append(moved)
    return tuple(map(tuple, found))


def _by_patient(recordings: Sequence[FileSpan]) -> Iterable[list[int]]:
    """Return the positions of the recordings of each patient."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, recording in enumerate(recordings):
        places[recording.patient].append(place)
    return places.values()


def _shift_s(first: FileSpan, other: FileSpan) -> float | None:
    """Return the start of `other` on the time axis of `first`; None if unknown."""
    if first.start_time is None or other.start_time is None:
        return None
    return (other.start_time - first.start_time).total_seconds()


def _gap_s(first: FileSpan, other: FileSpan) -> float | None:
    shift_s = _shift_s(first, other)
    if shift_s is None:
        return None
    return max(shift_s - first.duration_s, -shift_s - other.duration_s)
