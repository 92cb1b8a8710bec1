"""In which order files follow each other, and whether they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from seizure_core.errors import ReferenceFileError
from seizure_core.messages import Message
from seizure_core.recording import Finding, Recording
from seizure_core.references.readers.chbmit import read_summary

# Most files give their start in whole seconds.
CLOCK_ROUNDING_S = 1.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInOrder:
    """One of several files, in order of time.

    Attributes
    ----------
    file_name : str
        Without folder.
    start_time : datetime or None
        As the file gives it.
    duration_s : float
        Length of the file.
    gap_s : float or None
        Seconds between the end of the file ahead and its start, negative where they overlap;
        None for the first one and where starts are not known.
    """

    file_name: str
    start_time: datetime | None
    duration_s: float
    gap_s: float | None

    @property
    def follows(self) -> bool:
        """Whether it begins where the file ahead ends, as far as clocks say."""
        return self.gap_s is None or abs(self.gap_s) < CLOCK_ROUNDING_S

    @property
    def overlaps(self) -> bool:
        """Whether it begins before the file ahead ends."""
        return self.gap_s is not None and self.gap_s <= -CLOCK_ROUNDING_S


def in_order(opened: Sequence[Recording], places: Sequence[Path]) -> list[FileInOrder]:
    """Return files in order of time, each with the gap before it.

    Parameters
    ----------
    opened : sequence of Recording
        The files, in any order.
    places : sequence of Path
        Where they lie: a CHB-MIT summary beside them may know their clock times.
    """
    starts_s, _ = starts_of(opened, places)
    order = list(range(len(opened)))
    if starts_s is not None:
        order = [int(i) for i in np.argsort(starts_s, kind="stable")]
    files = []
    end_s: float | None = None
    for index in order:
        one = opened[index]
        gap_s = None
        if starts_s is not None:
            gap_s = None if end_s is None else round(starts_s[index] - end_s, 6)
            end_s = starts_s[index] + one.duration_s
        files.append(
            FileInOrder(
                file_name=one.file_name,
                start_time=one.start_time,
                duration_s=one.duration_s,
                gap_s=gap_s,
            )
        )
    return files


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
