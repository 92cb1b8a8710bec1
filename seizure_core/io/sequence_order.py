"""Order of consecutive files, and the gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.messages import Message
from seizure_core.recording import Finding, Recording
from seizure_core.references.readers.chbmit import read_summary

# Most files state their start in whole seconds.
CLOCK_ROUNDING_S = 1.0
DAY_S = 86_400.0


def in_order(
    opened: Sequence[Recording], places: Sequence[Path]
) -> list[tuple[Recording, float | None]]:
    """Return files in order of time, each with the seconds since the end of the previous one.

    Negative for an overlap; None for the first file and for unknown starts. Within
    `CLOCK_ROUNDING_S` a file is taken to follow directly.

    Parameters
    ----------
    opened : sequence of Recording
        In any order.
    places : sequence of Path
        Their paths; a CHB-MIT summary in the folder may have their clock times.
    """
    starts_s, _ = starts_of(opened, places)
    if starts_s is None:
        return [(recording, None) for recording in opened]
    timed = sorted(zip(starts_s, opened, strict=True), key=itemgetter(0))
    gaps_s = [
        round(start_s - before_s - before.duration_s, 6)
        for (before_s, before), (start_s, _) in pairwise(timed)
    ]
    return [
        (recording, gap_s) for (_, recording), gap_s in zip(timed, [None, *gaps_s], strict=True)
    ]


def starts_of(
    opened: Sequence[Recording], places: Sequence[Path]
) -> tuple[list[float] | None, list[Finding]]:
    """Return the start of each file in seconds of a common clock, None if unknown.

    From the files' start times; if not all have one, from the clock times of a CHB-MIT summary in
    their folder. Findings tell which, and assumptions.
    """
    times = [recording.start_time for recording in opened]
    known = [time for time in times if time is not None]
    if len(known) == len(times):
        return [(time - min(known)).total_seconds() for time in known], []
    clocks = _summary_clocks(places)
    if clocks is not None:
        message = "The files are ordered by the clock times in the summary in their folder."
        return clocks, [Finding.info(message)]
    n_unknown = len(times) - len(known)
    message = Message(
        "{n_unknown} of {n_times} files give no start time: they are taken to follow each "
        "other in the order given, without gaps.",
        n_unknown=n_unknown,
        n_times=len(times),
    )
    return None, [Finding.warning(message)]


def _summary_clocks(places: Sequence[Path]) -> list[float] | None:
    """Return start times from CHB-MIT summaries (`chbNN-summary.txt`) in the files' folders."""
    clocks: dict[str, float] = {}
    folders = sorted({place.parent for place in places})
    for path in (p for folder in folders for p in sorted(folder.glob("*-summary.txt"))[:50]):
        try:
            summary = read_summary(path)
        except ReferenceFileError:
            continue
        day_s, before_s = 0.0, 0.0
        for recording in summary.recordings:
            if recording.start_clock_s is None:
                continue
            # Clock times restart at midnight; the list is in order of time.
            if recording.start_clock_s + day_s < before_s:
                day_s += DAY_S
            before_s = recording.start_clock_s + day_s
            clocks[recording.file_name] = before_s
    if not all(place.name in clocks for place in places):
        return None
    return [clocks[place.name] for place in places]
