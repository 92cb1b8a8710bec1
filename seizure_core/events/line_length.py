"""Line-length detector, a baseline for models.

Line length (Esteller and others, "Line length: an efficient feature for seizure onset detection",
2001) is the sum of absolute differences of neighbouring samples: it grows with amplitude and
frequency. Each channel is divided by its median over the recording; the median over channels then
tells how much longer than usual the lines are in most of the head. Nothing is learned, and no
number was tuned.
"""

from __future__ import annotations

import warnings
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.trace import ProbabilityTrace, n_seconds
from seizure_core.recording import Recording
from seizure_core.signals.blocks import RateGroup, rate_groups, signal_blocks

TIMES_USUAL: Final = 2.0

LINE_LENGTH_POINT: Final = PostProcessing(
    threshold=TIMES_USUAL / (1.0 + TIMES_USUAL),
    smoothing_s=5.0,
    min_duration_s=10.0,
    merge_gap_s=20.0,
)
"""Twice the usual line length for 10 s, averaged over 5 s."""


def line_length_events(recording: Recording) -> tuple[Event, ...]:
    """Return the intervals with at least twice the usual line length.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    return events_from_trace(line_length_trace(recording), LINE_LENGTH_POINT)


def line_length_trace(recording: Recording) -> ProbabilityTrace:
    """Return the relative line length of a recording, second by second.

    Returns
    -------
    ProbabilityTrace
        r / (1 + r), where r is the line length relative to its median: not a probability, but
        between 0 and 1 and increasing with r. NaN without signal.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    voltages = [i for i, channel in enumerate(recording.channels) if channel.is_voltage]
    channels = voltages or [i for i, channel in enumerate(recording.channels) if not channel.unit]
    length = n_seconds(recording.duration_s)
    sums: dict[int, NDArray[np.float64]] = {i: np.zeros(length) for i in channels}
    counts: dict[int, NDArray[np.float64]] = {i: np.zeros(length) for i in channels}
    before: dict[int, NDArray[np.float32]] = {}
    starts: dict[int, int] = {}
    for group, block in signal_blocks(recording, rate_groups(recording, channels)):
        first = group.channel_indices[0]
        joined = np.concatenate([before.get(first, block[:, :1]), block], axis=1)
        before[first] = block[:, -1:]
        _add(group, starts.get(first, 0), np.abs(np.diff(joined, axis=1)), sums, counts)
        starts[first] = starts.get(first, 0) + block.shape[1]
    ratios = [_times_usual(sums[i], counts[i]) for i in channels]
    return ProbabilityTrace(
        probabilities=_squeezed(ratios, length), duration_s=recording.duration_s
    )


def _add(
    group: RateGroup,
    start: int,
    steps: NDArray[np.float32],
    sums: dict[int, NDArray[np.float64]],
    counts: dict[int, NDArray[np.float64]],
) -> None:
    """Add the differences of a block to the seconds they end in."""
    samples = np.arange(start, start + steps.shape[1])
    seconds = np.floor(samples / group.sampling_rate_hz).astype(np.int64)
    defined = np.isfinite(steps)
    for row, channel in enumerate(group.channel_indices):
        length = len(sums[channel])
        inside = defined[row] & (seconds < length)
        at = seconds[inside]
        sums[channel] += np.bincount(at, weights=steps[row, inside], minlength=length)
        counts[channel] += np.bincount(at, minlength=length)


def _times_usual(
    sums: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return a channel's line length relative to its median; None if the median is 0."""
    lengths = np.where(counts > 0, sums / np.maximum(counts, 1.0), np.nan)
    defined = lengths[np.isfinite(lengths)]
    usual = float(np.median(defined)) if len(defined) else 0.0
    return lengths / usual if usual > 0.0 else None


def _squeezed(ratios: list[NDArray[np.float64] | None], length: int) -> NDArray[np.float32]:
    known = [ratio for ratio in ratios if ratio is not None]
    if not known:
        return np.full(length, np.nan, dtype=np.float32)
    with warnings.catch_warnings():
        # Seconds in a gap on all channels are NaN on purpose.
        warnings.simplefilter("ignore", RuntimeWarning)
        middle = np.nanmedian(np.stack(known), axis=0)
    return np.asarray(middle / (1.0 + middle), dtype=np.float32)
