"""Stretches of samples as sorted, disjoint, half-open pairs; arithmetic over many windows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import Event

Spans = NDArray[np.int64]
"""Shape (n, 2): first sample and the one after the last, sorted and disjoint."""


def merged(pairs: Iterable[tuple[int, int]], n_samples: int) -> Spans:
    """Return pairs clipped to `[0, n_samples)`, sorted and joined where they touch."""
    joined: list[list[int]] = []
    for start, stop in sorted((max(a, 0), min(b, n_samples)) for a, b in pairs):
        if stop <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], stop)
        else:
            joined.append([start, stop])
    return np.array(joined, dtype=np.int64).reshape(-1, 2)


def spans_of_events(
    events: Iterable[Event], sampling_rate_hz: float, n_samples: int, *, margin_s: float = 0.0
) -> Spans:
    """Return the samples of events, each widened by a margin on both sides."""
    return merged(
        (
            (
                round((event.onset_s - margin_s) * sampling_rate_hz),
                round((event.offset_s + margin_s) * sampling_rate_hz),
            )
            for event in events
        ),
        n_samples,
    )


def covered(starts: NDArray[np.int64], length: int, spans: Spans) -> NDArray[np.int64]:
    """Return how many samples of each window lie in spans, shape (n_windows,)."""
    return samples_before(starts + length, spans) - samples_before(starts, spans)


def samples_before(positions: NDArray[np.int64], spans: Spans) -> NDArray[np.int64]:
    """Return how many samples of spans lie before each position."""
    if not len(spans):
        return np.zeros(positions.shape, dtype=np.int64)
    lengths = spans[:, 1] - spans[:, 0]
    before = np.concatenate(([0], np.cumsum(lengths)))
    index = np.searchsorted(spans[:, 0], positions, side="right")
    last = np.maximum(index - 1, 0)
    inside = np.clip(positions - spans[last, 0], 0, lengths[last])
    return np.where(index > 0, before[last] + inside, 0)


def union_of_windows(starts: NDArray[np.int64], length: int, n_samples: int) -> Spans:
    """Return the samples that lie in any of some windows."""
    return merged(((int(start), int(start) + length) for start in np.sort(starts)), n_samples)
