"""Writing of any recording, or a cut of it, as EDF+ with annotations, block by block."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.edf.writer import (
    BLOCK_RECORDS,
    MAX_RECORD_BYTES,
    RECORD_DURATIONS_S,
    UNKNOWN_EDF_START,
    EdfColumn,
    annotation_column,
    edf_header,
    tal_records,
)
from seizure_core.recording import UNCALIBRATED, Annotation, Recording

Check = Callable[[float], None]

_LOWEST, _HIGHEST = -32768, 32767
_SHORTEST_S = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """A copy to be written: channels, and data records by their starts.

    Attributes
    ----------
    starts_s : tuple of Fraction
        Of each data record, from the start of the recording.
    """

    recording: Recording
    columns: tuple[EdfColumn, ...]
    scales: tuple[tuple[float, float], ...]
    duration: str
    starts_s: tuple[Fraction, ...]
    stop_s: float


def write_recording_edf(
    path: str | Path,
    recording: Recording,
    annotations: Sequence[Annotation],
    *,
    start_s: float = 0.0,
    stop_s: float | None = None,
    check: Check | None = None,
) -> None:
    """Write a recording, or a cut of it, as EDF+ of 16 bits per sample that names no patient.

    Samples of EDF files differ by less than half a step, those of other formats by half of
    1/65535 of the range that their channel uses. Gaps stay gaps (EDF+D).

    Parameters
    ----------
    path : str or Path
        Written atomically.
    annotations : sequence of Annotation
        Timed from the start of the recording; those outside the cut are left out.
    start_s, stop_s : float
        The cut; by default the whole recording.
    check : callable, optional
        Called with the fraction that is done; may raise to cancel.

    Raises
    ------
    ParameterError
        The cut is empty, or outside the recording.
    RecordingError
        It has no signal, or sampling rates that EDF cannot hold together.
    """
    end_s = recording.duration_s if stop_s is None else min(stop_s, recording.duration_s)
    if not 0 <= start_s <= end_s - _SHORTEST_S:
        raise ParameterError(
            "The cut must lie within the recording, from 0 to {duration_s:g} s; {start_s:g} to "
            "{stop_s:g} s was asked for.",
            duration_s=recording.duration_s,
            start_s=start_s,
            stop_s=end_s,
        )
    copy = _planned(recording, start_s, end_s)
    start = UNKNOWN_EDF_START
    if recording.start_time is not None:
        start = recording.start_time + timedelta(seconds=start_s)
    origin_s = Fraction(str(start_s))
    tals = tal_records(
        [begin_s - origin_s for begin_s in copy.starts_s],
        Fraction(start.microsecond, 10**6),
        _inside(annotations, start_s, end_s),
    )
    has_gaps = any(
        later - earlier != Fraction(copy.duration)
        for earlier, later in zip(copy.starts_s, copy.starts_s[1:], strict=False)
    )
    header = edf_header(
        start,
        len(copy.starts_s),
        copy.duration,
        [*copy.columns, annotation_column(tals)],
        kind="EDF+D" if has_gaps else "EDF+C",
    )
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        file.write(header)
        for first, block in _blocks(copy):
            remarks = np.frombuffer(b"".join(tals[first : first + len(block)]), dtype="<i2")
            rows = np.concatenate([block, remarks.reshape(len(block), -1)], axis=1)
            file.write(rows.tobytes())
            if check is not None:
                check(first / len(copy.starts_s))


def _planned(recording: Recording, start_s: float, stop_s: float) -> _Copy:
    if not recording.channels:
        raise RecordingError(recording.file_name, "it has no signal, only annotations.")
    duration = _record_duration(recording)
    length_s = Fraction(duration)
    starts_s: list[Fraction] = []
    for segment in recording.segments:
        begin_s = Fraction(str(max(segment.start_s, start_s)))
        if starts_s:
            begin_s = max(begin_s, starts_s[-1] + length_s)
        end_s = min(segment.stop_s, stop_s)
        n_records = math.ceil((Fraction(str(end_s)) - begin_s) / length_s)
        starts_s += [begin_s + number * length_s for number in range(n_records)]
    if not starts_s:
        raise ParameterError("There is no signal in this cut, only a gap.")
    ranges = _ranges(recording, start_s, stop_s)
    columns, scales = [], []
    for channel, (low, high) in zip(recording.channels, ranges, strict=True):
        lowest, highest = _limit(low, math.floor), _limit(high, math.ceil)
        label = "".join(c for c in channel.label if " " <= c <= "~")[:16]
        unit = "" if channel.unit == UNCALIBRATED else channel.unit[:8]
        n_samples = int(Fraction(str(channel.sampling_rate_hz)) * length_s)
        columns.append(EdfColumn(label, unit, lowest, highest, _LOWEST, _HIGHEST, n_samples))
        scales.append((float(lowest), (float(highest) - float(lowest)) / (_HIGHEST - _LOWEST)))
    return _Copy(
        recording=recording,
        columns=tuple(columns),
        scales=tuple(scales),
        duration=duration,
        starts_s=tuple(starts_s),
        stop_s=stop_s,
    )


def _record_duration(recording: Recording) -> str:
    """Return the length of a data record that holds whole samples of every channel."""
    rates = {Fraction(str(channel.sampling_rate_hz)) for channel in recording.channels}
    n_per_s = sum(channel.sampling_rate_hz for channel in recording.channels)
    for text in RECORD_DURATIONS_S:
        length_s = Fraction(text)
        is_whole = all((rate * length_s).denominator == 1 for rate in rates)
        if is_whole and 2 * n_per_s * float(length_s) < MAX_RECORD_BYTES:
            return text
    raise RecordingError(
        recording.file_name,
        "its sampling rates ({rates} Hz) do not fit into data records of EDF.",
        rates=", ".join(f"{float(rate):g}" for rate in sorted(rates)),
    )


def _ranges(recording: Recording, start_s: float, stop_s: float) -> list[tuple[float, float]]:
    """Return the range to write each channel in: the recorder's where it had 16 bits."""
    return [
        (channel.minimum, channel.maximum)
        if recording.format.startswith("EDF")
        and -math.inf < channel.minimum < channel.maximum < math.inf
        else _measured_range(recording, number, start_s, stop_s)
        for number, channel in enumerate(recording.channels)
    ]


def _measured_range(
    recording: Recording, number: int, start_s: float, stop_s: float
) -> tuple[float, float]:
    lowest, highest = math.inf, -math.inf
    for values in _pieces(recording, number, start_s, stop_s):
        known = values[np.isfinite(values)]
        if known.size:
            lowest = min(lowest, float(known.min()))
            highest = max(highest, float(known.max()))
    if lowest > highest:
        return -1.0, 1.0
    return (lowest, highest) if lowest < highest else (lowest - 1.0, highest + 1.0)


def _pieces(
    recording: Recording, number: int, start_s: float, stop_s: float
) -> Iterator[NDArray[np.float32]]:
    channel = recording.channels[number]
    rate_hz = channel.sampling_rate_hz
    step = max(int(600 * rate_hz), 1)
    last = min(round(stop_s * rate_hz), channel.n_samples)
    for begin in range(round(start_s * rate_hz), last, step):
        yield recording.read_samples([number], begin, min(begin + step, last))[0]


def _limit(value: float, rounded: Callable[[float], int]) -> str:
    """Return a limit of a range as text of at most 8 characters, never inside the range."""
    for decimals in range(6, -1, -1):
        if len(f"{value:.{decimals}f}") <= 8:
            exact = f"{value:.{decimals}f}"
            if float(exact) == value:
                return exact
            factor = 10**decimals
            text = f"{rounded(value * factor) / factor:.{decimals}f}"
            if len(text) <= 8:
                return text
    raise ParameterError("The value {value:g} does not fit into a header of EDF.", value=value)


def _inside(annotations: Sequence[Annotation], start_s: float, stop_s: float) -> list[Annotation]:
    found = []
    for annotation in annotations:
        length_s = annotation.duration_s or 0.0
        onset_s = max(annotation.onset_s, start_s)
        left_s = min(annotation.onset_s + length_s, stop_s) - onset_s
        if left_s < 0 or onset_s > stop_s:
            continue
        kept_s = None if annotation.duration_s is None else left_s
        found.append(Annotation(onset_s=onset_s - start_s, duration_s=kept_s, text=annotation.text))
    return found


def _blocks(copy: _Copy) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """Yield the number of the first data record of a block, and its records row by row."""
    length_s, first = Fraction(copy.duration), 0
    while first < len(copy.starts_s):
        stop = first + 1
        while (
            stop < min(first + BLOCK_RECORDS, len(copy.starts_s))
            and copy.starts_s[stop] - copy.starts_s[stop - 1] == length_s
        ):
            stop += 1
        columns = [
            _stored(copy, number, first, stop) for number in range(len(copy.recording.channels))
        ]
        yield first, np.concatenate(columns, axis=1)
        first = stop


def _stored(copy: _Copy, number: int, first: int, stop: int) -> NDArray[np.int16]:
    channel, per_record = copy.recording.channels[number], copy.columns[number].samples_per_record
    begin = round(copy.starts_s[first] * Fraction(str(channel.sampling_rate_hz)))
    wanted = (stop - first) * per_record
    last = min(round(copy.stop_s * channel.sampling_rate_hz), channel.n_samples)
    values = np.zeros(wanted, dtype=np.float64)
    end = min(begin + wanted, last)
    if end > begin:
        values[: end - begin] = copy.recording.read_samples([number], begin, end)[0]
    low, step = copy.scales[number]
    digits = np.rint((np.nan_to_num(values) - low) / step) + _LOWEST
    stored: NDArray[np.int16] = np.clip(digits, _LOWEST, _HIGHEST).astype("<i2")
    return stored.reshape(-1, per_record)
