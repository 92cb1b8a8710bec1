"""Time axis of a recording's data records, with gaps.

A `TimeLine` groups the records into uninterrupted runs and maps samples on the recording's time
axis to stored samples.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.messages import counted, spans
from seizure_core.recording import Finding, Segment

MAX_DURATION_S = 40 * 86400
_MAX_OVERLAP_S = 1.0
_NOTABLE_DRIFT_S = 1.0
_NEGLIGIBLE_DRIFT_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPiece:
    """A range of stored samples and its position in the output.

    Attributes
    ----------
    start, stop : int
        Stored samples of a channel, counted through all data records.
    offset : int
        Position of the first one in the output.
    """

    start: int
    stop: int
    offset: int


@dataclass(frozen=True, kw_only=True, eq=False)
class TimeLine:
    """Runs of data records in time.

    Attributes
    ----------
    first_records : ndarray of int64, shape (n_runs,)
        First data record of each run.
    starts_s : ndarray of float64, shape (n_runs,)
        Start of each run in seconds from the start of the recording.
    """

    first_records: NDArray[np.int64]
    starts_s: NDArray[np.float64]
    n_records: int
    record_duration_s: Fraction

    @property
    def has_gaps(self) -> bool:
        """Whether there is more than one run."""
        return len(self.first_records) > 1

    @property
    def duration_s(self) -> float:
        """From the first to the last sample, gaps included."""
        last = Fraction(float(self.starts_s[-1]))
        n_last = self.n_records - int(self.first_records[-1])
        return float(last + n_last * self.record_duration_s)

    def segments(self) -> tuple[Segment, ...]:
        """Return the runs as segments."""
        counts = np.diff(self.first_records, append=self.n_records)
        return tuple(
            Segment(start_s=float(start), duration_s=float(int(count) * self.record_duration_s))
            for start, count in zip(self.starts_s, counts, strict=True)
        )

    def places_s(
        self, onsets_s: NDArray[np.float64], times_s: Sequence[float]
    ) -> NDArray[np.float64]:
        """Convert times of the time stamps' clock to this time axis.

        If the stamps drift relative to the samples, a time belongs to the last data record stamped
        before it.

        Parameters
        ----------
        onsets_s : ndarray of float64, shape (n_records,)
            Time stamps of the data records.
        times_s : sequence of float
            In seconds after the first stamp.
        """
        times = np.array(times_s, dtype=np.float64)
        if not len(times) or len(onsets_s) != self.n_records:
            return times
        stamps_s, _ = filled(onsets_s.copy(), float(self.record_duration_s))
        drifts_s = _drifts_s(self, stamps_s)
        is_rounded = are_rounded(stamps_s, self.record_duration_s)
        bound_s = _NOTABLE_DRIFT_S if is_rounded else _NEGLIGIBLE_DRIFT_S
        if np.abs(drifts_s).max() <= bound_s or (np.diff(stamps_s) <= 0).any():
            return times
        records = np.searchsorted(stamps_s - stamps_s[0], times, side="right") - 1
        moved: NDArray[np.float64] = times - drifts_s[np.maximum(records, 0)]
        return moved

    def run_starts(self, samples_per_record: int) -> NDArray[np.int64]:
        """Return the sample at which each run starts.

        Rounded to the channel's grid of samples, but never into the previous run.
        """
        stored = self.first_records * samples_per_record
        if not self.has_gaps or not self.record_duration_s:
            return stored
        rate_hz = float(samples_per_record / self.record_duration_s)
        gaps = np.rint(self.starts_s * rate_hz).astype(np.int64) - stored
        return stored + np.maximum.accumulate(np.maximum(gaps, 0))

    def n_samples(self, samples_per_record: int) -> int:
        """Return the number of samples of a channel, gaps included."""
        last_run = self.n_records - int(self.first_records[-1])
        return int(self.run_starts(samples_per_record)[-1]) + last_run * samples_per_record

    def pieces(self, samples_per_record: int, start: int, stop: int) -> Iterator[StoredPiece]:
        """Yield the stored ranges of samples `[start, stop)`."""
        starts = self.run_starts(samples_per_record)
        stored = self.first_records * samples_per_record
        stored_stops = np.append(stored[1:], self.n_records * samples_per_record)
        stops = starts + (stored_stops - stored)
        first = int(np.searchsorted(stops, start, side="right"))
        last = int(np.searchsorted(starts, stop, side="left"))
        for run in range(first, last):
            begin = max(start, int(starts[run]))
            end = min(stop, int(stops[run]))
            shift = int(stored[run]) - int(starts[run])
            if begin < end:
                yield StoredPiece(start=begin + shift, stop=end + shift, offset=begin - start)


def are_rounded(onsets_s: NDArray[np.float64], record_duration_s: Fraction) -> bool:
    """Return whether time stamps are whole seconds only because of rounding."""
    known_s = onsets_s[~np.isnan(onsets_s)]
    return record_duration_s.denominator > 1 and not (known_s % 1).any()


def continuous(n_records: int, record_duration_s: Fraction, file_name: str) -> TimeLine:
    """Return the time line of records without gaps.

    Raises
    ------
    RecordingError
        It is too long.
    """
    _check_length(float(n_records * record_duration_s), file_name)
    return TimeLine(
        first_records=np.zeros(1, dtype=np.int64),
        starts_s=np.zeros(1),
        n_records=n_records,
        record_duration_s=record_duration_s,
    )


def discontinuous(
    onsets_s: NDArray[np.float64], record_duration_s: Fraction, tolerance_s: float, file_name: str
) -> tuple[TimeLine, tuple[Finding, ...]]:
    """Return the time line of records with their own times.

    Parameters
    ----------
    onsets_s : ndarray of float64, shape (n_records,)
        Time of each record; the first one is the start of the recording. A record with NaN follows
        the previous one.
    tolerance_s : float
        Records this close to the end of the previous one are taken to follow it.

    Raises
    ------
    RecordingError
        Times run backwards or overlap by more than a record or a second, or the time line is too
        long.
    """
    n_records = len(onsets_s)
    length_s = float(record_duration_s)
    onsets_s, n_unknown = filled(onsets_s, length_s)
    steps = np.diff(onsets_s) - length_s
    bound_s = max(min(_MAX_OVERLAP_S, length_s), tolerance_s)
    _check_order(steps, onsets_s, bound_s, length_s, file_name)
    breaks = np.flatnonzero(steps > tolerance_s) + 1
    first_records = np.concatenate([[0], breaks]).astype(np.int64)
    starts_s = onsets_s[first_records] - onsets_s[0]
    lengths_s = np.diff(first_records, append=n_records) * length_s
    _check_length(float(starts_s[-1] + lengths_s[-1]), file_name)
    starts_s = _pushed(starts_s, lengths_s)
    line = TimeLine(
        first_records=first_records,
        starts_s=starts_s,
        n_records=n_records,
        record_duration_s=record_duration_s,
    )
    return line, tuple(_findings(line, onsets_s, steps, tolerance_s, n_unknown))


def filled(onsets_s: NDArray[np.float64], length_s: float) -> tuple[NDArray[np.float64], int]:
    """Replace missing times by those that follow from the record before."""
    unknown = np.isnan(onsets_s)
    if not unknown.any():
        return onsets_s, 0
    numbers = np.arange(len(onsets_s))
    if unknown[0]:
        onsets_s = np.where(numbers == 0, 0.0, onsets_s)
        unknown[0] = False
    last_known = np.maximum.accumulate(np.where(unknown, 0, numbers))
    return onsets_s[last_known] + (numbers - last_known) * length_s, int(unknown.sum())


def _pushed(starts_s: NDArray[np.float64], lengths_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Delay runs that would start before the previous one ends (small overlaps add up)."""
    before_s = np.concatenate([[0.0], np.cumsum(lengths_s)[:-1]])
    gaps_s = np.maximum.accumulate(np.maximum(starts_s - before_s, 0.0))
    return np.where(starts_s - before_s >= gaps_s, starts_s, before_s + gaps_s)


def _check_order(
    steps: NDArray[np.float64],
    onsets_s: NDArray[np.float64],
    bound_s: float,
    length_s: float,
    file_name: str,
) -> None:
    bad = np.flatnonzero(steps < -bound_s)
    if not len(bad):
        return
    record = int(bad[0]) + 1
    end_s = onsets_s[record - 1] + length_s
    raise RecordingError(
        file_name,
        "data record {record} of {n_onsets_s} starts at {onsets_s:g} s, before "
        "the record ahead of it ends ({end_s:g} s). Records that overlap cannot be put on one "
        "time line: repair the file's time stamps or export it again.",
        record=record + 1,
        n_onsets_s=len(onsets_s),
        onsets_s=onsets_s[record],
        end_s=end_s,
    )


def _check_length(duration_s: float, file_name: str) -> None:
    if not duration_s <= MAX_DURATION_S:
        raise RecordingError(
            file_name,
            "by its header and time stamps the recording would last {duration_s:.1f} days; up to "
            "{max_duration_s} are possible. They are damaged: export the file again.",
            duration_s=duration_s / 86400,
            max_duration_s=MAX_DURATION_S // 86400,
        )


def _findings(
    line: TimeLine,
    onsets_s: NDArray[np.float64],
    steps: NDArray[np.float64],
    tolerance_s: float,
    n_unknown: int,
) -> Iterator[Finding]:
    if n_unknown:
        yield Finding.warning(
            "{n_unknown} of {n_records} data records carry no time; they are "
            "taken to follow the record before.",
            n_unknown=n_unknown,
            n_records=line.n_records,
        )
    n_overlaps = int((steps < -tolerance_s).sum())
    if n_overlaps:
        yield Finding.warning(
            "{n_overlaps} data records start up to {min:.3g} s before "
            "the record ahead of them ends; they are placed right after it.",
            n_overlaps=n_overlaps,
            min=-float(steps.min()),
        )
    if line.has_gaps:
        yield gap_finding(line)
    drifts_s = _drifts_s(line, onsets_s)
    drift_s = float(drifts_s[np.abs(drifts_s).argmax()])
    if abs(drift_s) > _NOTABLE_DRIFT_S:
        yield Finding.warning(
            "The time stamps of the data records drift by {drift_s:+.3g} s against the number of "
            "samples. Annotations are placed at the samples of their data record.",
            drift_s=drift_s,
        )


def _drifts_s(line: TimeLine, onsets_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the difference of each record's stamp and its place on the time axis."""
    runs = np.searchsorted(line.first_records, np.arange(line.n_records), side="right") - 1
    inside = (np.arange(line.n_records) - line.first_records[runs]) * float(line.record_duration_s)
    drifts_s: NDArray[np.float64] = onsets_s - onsets_s[0] - line.starts_s[runs] - inside
    return drifts_s


def gap_finding(line: TimeLine) -> Finding:
    """Return a finding on the gaps of a recording; it must have some."""
    segments = line.segments()
    gaps = [(before.stop_s, after.start_s) for before, after in pairwise(segments)]
    return Finding.warning(
        "The recording was interrupted {times}; {missing_s:.6g} s are missing: {gaps}.",
        times=counted(len(gaps), "{n} time", "{n} times"),
        missing_s=sum(stop - start for start, stop in gaps),
        gaps=spans(gaps, at_most=5),
    )
