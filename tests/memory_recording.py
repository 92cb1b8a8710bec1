"""A recording held in memory, for tests that need channels but no file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from seizure_core.recording import Channel, Recording, Segment

HEADSET = ["AF3", "F7", "F3", "FC5", "T7", "P7", "O1", "O2", "P8", "T8", "FC6", "F4", "F8", "AF4"]
"""The electrodes of a consumer headset, recorded at 128 Hz."""


class MemoryReader:
    """Serves samples from arrays and counts how many it served."""

    def __init__(self, signals: Sequence[NDArray[np.float32]]) -> None:
        self.signals = signals
        self.calls: list[tuple[tuple[int, ...], int, int]] = []

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        self.calls.append((tuple(channel_indices), start, stop))
        return np.stack([self.signals[i][start:stop] for i in channel_indices])


def memory_recording(
    labels: Sequence[str],
    signals: Sequence[ArrayLike] | None = None,
    *,
    units: str | Sequence[str] = "uV",
    sampling_rates_hz: float | Sequence[float] = 256.0,
    duration_s: float = 2.0,
    file_name: str = "made.edf",
) -> Recording:
    """Return a recording of these channels; seeded noise by label where no signals are given."""
    n = len(labels)
    rates = [float(r) for r in _each(sampling_rates_hz, n)]
    if signals is None:
        signals = [
            np.random.default_rng([*label.encode()]).normal(scale=50, size=round(duration_s * r))
            for label, r in zip(labels, rates, strict=True)
        ]
    arrays = [np.asarray(s, dtype=np.float32) for s in signals]
    channels = tuple(
        Channel(
            label=label,
            unit=unit,
            stored_unit=unit,
            sampling_rate_hz=rate,
            n_samples=len(array),
            minimum=-3276.8,
            maximum=3276.7,
        )
        for label, unit, rate, array in zip(labels, _each(units, n), rates, arrays, strict=True)
    )
    lengths = [len(a) / r for a, r in zip(arrays, rates, strict=True)]
    duration = max(lengths, default=duration_s)
    return Recording(
        file_name=file_name,
        format="EDF",
        duration_s=duration,
        start_time=None,
        channels=channels,
        annotations=(),
        segments=(Segment(start_s=0.0, duration_s=duration),),
        findings=(),
        reader=MemoryReader(arrays),
    )


def _each(value: object, n: int) -> list:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    return [value] * n
