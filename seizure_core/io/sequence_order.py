"""In which order files follow each other, and whether they do."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from pathlib import Path

from seizure_core.errors import ReferenceFileError
from seizure_core.messages import Message
from seizure_core.recording import Finding, Recording
from seizure_core.references.readers.chbmit import read_summary

# Most files give their start in whole seconds.
CLOCK_ROUNDING_S = 1.0
DAY_S = 86_400.0


def in_order(
    opened: Sequence[Recording], places: Sequence[Path]
) -> list[tuple[Recording, float | None]]:
    """Return files in order of time, each with the seconds between it and the file ahead.

    These are negative where the two overlap; None for the first file and where starts are not
    known. Within `CLOCK_ROUNDING_S` a file follows the one ahead, as far as clocks say.

    Parameters
    ----------
    opened : sequence of Recording
        The files, in any order.
    places : sequence of Path
        Where they lie: a CHB-MIT summary beside them may know their clock times.
    """
    starts_s, _ = starts_of(opened, places)
    if starts_s is None:
        return [(one, None) for one in opened]
    timed = sorted(zip(starts_s, opened, strict=True), key=itemgetter(0))
    gaps_s = [
        round(start_s - before_s - before.duration_s, 6)
        for (before_s, before), (start_s, _) in pairwise(timed)
    ]
    return [(one, gap_s) for (_, one), gap_s in zip(timed, [None, *gaps_s], strict=True)]


def starts_of(
    opened: Sequence[Recording], places: Sequence[Path]
) -> tuple[list[float] | None, list[Finding]]:
    """Return the start of each file in seconds of some common clock, None where unknown.

    Start times of the files count; where not all give one, the clock times of a CHB-MIT summary
    beside them. Findings say which, and what was assumed.
    """
    times = [recording.start_time for recording in opened]
    known = [time for time in times if time is not None]
    if len(known) == len(times):
        return [(time - min(known)).total_seconds() for time in known], []
    clocks = _summary_clocks(places)
    if clocks is not None:
        message = "The files are ordered by the clock times of the summary beside them."
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
    """Return start times out of CHB-MIT summaries (`chbNN-summary.txt`) in the files' folders."""
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
            # Clock times start again at midnight; the list is in order of time.
            if recording.start_clock_s + day_s < before_s:
                day_s += DAY_S
            before_s = recording.start_clock_s + day_s
            clocks[recording.file_name] = before_s
    if not all(place.name in clocks for place in places):
        return None
    return [clocks[place.name] for place in places]
