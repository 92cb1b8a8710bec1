"""Streaming of recordings in blocks of bounded memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from seizure_core.recording import Recording
from seizure_core.signals.resampling import blocks_of

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

_BLOCK_VALUES = 1 << 21  # Of all channels together: 8 MiB.


class WorkCancelledError(SeizureZooError):
    """The user cancelled work on a recording."""

    def __init__(self, file_name: str) -> None:
        super().__init__(
            Message("{file_name}: stopped as asked, there is no result.", file_name=file_name)
        )
        self.file_name = file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class RateGroup:
    """Channels with the same sampling rate and length."""

    channel_indices: tuple[int, ...]
    sampling_rate_hz: float
    n_samples: int

    @property
    def block_samples(self) -> int:
        """Return the samples of a block: whole seconds, equal for all files with these channels."""
        second = max(round(self.sampling_rate_hz), 1)
        return max(_BLOCK_VALUES // (len(self.channel_indices) * second), 1) * second


def rate_groups(recording: Recording, channel_indices: Sequence[int]) -> list[RateGroup]:
    """Return the channels in groups of equal sampling rate and length, in order."""
    groups: dict[tuple[float, int], list[int]] = {}
    for index in channel_indices:
        channel = recording.channels[index]
        groups.setdefault((channel.sampling_rate_hz, channel.n_samples), []).append(index)
    return [
        RateGroup(channel_indices=tuple(indices), sampling_rate_hz=rate_hz, n_samples=n_samples)
        for (rate_hz, n_samples), indices in groups.items()
    ]


def part_of(progress: Progress | None, start: float, stop: float) -> Progress | None:
    """Return a progress function for a part of some work."""
    return None if progress is None else lambda done: progress(start + done * (stop - start))


def signal_blocks(
    recording: Recording,
    groups: Sequence[RateGroup],
    progress: Progress | None = None,
    *,
    cancelled: Cancelled | None = None,
) -> Iterator[tuple[RateGroup, NDArray[np.float32]]]:
    """Yield all samples of some channels, in order of time within each group.

    Parameters
    ----------
    groups : sequence of RateGroup
        From `rate_groups`.
    progress : callable, optional
        Called with the fraction done, 0 to 1, after every block.
    cancelled : callable, optional
        Called before every block; the work stops when it returns True.

    Yields
    ------
    (RateGroup, ndarray of float32 of shape (n_channels, n_samples))
        About 8 MiB each, in each channel's unit; NaN in gaps.

    Raises
    ------
    WorkCancelledError
        `cancelled` returned True.
    RecordingError
        The file cannot be read.
    """
    total = sum(group.n_samples * len(group.channel_indices) for group in groups)
    done = 0
    for group in groups:
        indices = group.channel_indices
        for start, stop in blocks_of(group.n_samples, group.block_samples):
            if cancelled is not None and cancelled():
                raise WorkCancelledError(recording.file_name)
            signals = recording.read_samples(indices, start, stop)
            yield group, signals
            done += signals.size
            if progress is not None:
                progress(done / total)
