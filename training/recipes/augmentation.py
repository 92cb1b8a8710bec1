"""Changes that leave the truth of a window as it is: size, polarity, sides, lost channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.fit.mirror import mirror_plan

Windows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Augmentation:
    """How much windows are changed.

    Attributes
    ----------
    gain_spread : float
        Standard deviation of the logarithm of the factor each window is multiplied by.
    lost_fraction, max_lost : float, int
        Share of windows that lose channels, and how many at most.
    no_low_temporal_fraction : float
        Share of windows without FT9 and FT10, which most recordings lack.
    """

    gain_spread: float = 0.35
    lost_fraction: float = 0.2
    max_lost: int = 6
    no_low_temporal_fraction: float = 0.25

    def apply(
        self, windows: Windows, channels: Sequence[str] | None, rng: np.random.Generator
    ) -> Windows:
        """Return changed windows, shape (n_windows, n_channels, n_samples); may reuse them.

        Without `channels` (any montage) nothing has a side and nothing is lost: batches have
        few rows anyway.
        """
        n_windows, n_channels, _ = windows.shape
        factors = np.exp(rng.normal(0.0, self.gain_spread, (n_windows, 1, 1)))
        factors *= rng.choice([-1.0, 1.0], (n_windows, 1, 1))
        windows *= factors.astype(np.float32)
        if channels is None:
            return windows
        swapped = rng.random(n_windows) < 0.5
        sources, signs = mirror_plan(channels)
        windows[swapped] = windows[swapped][:, sources] * signs[:, None]
        low_temporal = [row for row, name in enumerate(channels) if "FT" in name]
        for number in np.flatnonzero(rng.random(n_windows) < self.no_low_temporal_fraction):
            windows[number, low_temporal] = 0.0
        for number in np.flatnonzero(rng.random(n_windows) < self.lost_fraction):
            n_lost = int(rng.integers(1, self.max_lost + 1))
            windows[number, rng.choice(n_channels, min(n_lost, n_channels), replace=False)] = 0.0
        return windows
