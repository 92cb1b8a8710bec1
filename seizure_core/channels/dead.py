"""Finds channels that hold no value anywhere: one unchanging number, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from seizure_core.recording import Recording

_FIRST_BLOCK = 1 << 8  # nearly every channel shows within it that it lives
_BLOCK = 1 << 18

# A channel without value is read to its end to be sure, which nobody wants twice.
_known: WeakKeyDictionary[Recording, dict[int, bool]] = WeakKeyDictionary()


def channels_without_value(recording: Recording, indices: Iterable[int]) -> tuple[int, ...]:
    """Return which of these channels are flat or empty from start to end.

    Parameters
    ----------
    recording : Recording
        The file. Channels that live are left at their first change.
    indices : iterable of int
        Positions in its channels.
    """
    known = _known.setdefault(recording, {})
    asked = tuple(indices)
    shapes: dict[tuple[float, int], list[int]] = {}
    for index in asked:
        if index not in known:
            channel = recording.channels[index]
            shapes.setdefault((channel.sampling_rate_hz, channel.n_samples), []).append(index)
    for (_, n_samples), same in shapes.items():
        dead = _dead(recording, same, n_samples)
        known.update({index: index in dead for index in same})
    return tuple(index for index in asked if known[index])


def _dead(recording: Recording, indices: list[int], n_samples: int) -> set[int]:
    values: dict[int, float] = {}
    left, start, length = indices, 0, _FIRST_BLOCK
    while left and start < n_samples:
        stop = min(start + length, n_samples)
        block = recording.read_samples(left, start, stop)
        left = [i for i, row in zip(left, block, strict=True) if not _lives(i, row, values)]
        start, length = stop, min(16 * length, _BLOCK)
    return set(left) if n_samples else set()


def _lives(index: int, samples: NDArray[np.float32], values: dict[int, float]) -> bool:
    """Tell whether a channel has two different values, and note its first."""
    there = samples[np.isfinite(samples)]
    if not len(there):
        return False
    first = values.setdefault(index, float(there[0]))
    return bool((there != np.float32(first)).any())
