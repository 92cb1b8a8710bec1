"""Changes that leave the truth of a window as it is: size, polarity, sides, lost channels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LOWEST_ODD_TO_EVEN = {"1": "2", "3": "4", "5": "6", "7": "8", "9": "10"}
_SIDES = _LOWEST_ODD_TO_EVEN | {even: odd for odd, even in _LOWEST_ODD_TO_EVEN.items()}

Windows = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideSwap:
    """How rows change when left and right are exchanged.

    Attributes
    ----------
    rows : ndarray of int, shape (n_channels,)
        Where each new row comes from.
    signs : ndarray of float32, shape (n_channels, 1)
        -1 where the montage only has the opposite derivation.
    """

    rows: NDArray[np.int64]
    signs: Windows

    def apply(self, windows: Windows) -> Windows:
        """Return windows, shape (..., n_channels, n_samples), with sides exchanged."""
        return np.asarray(windows[..., self.rows, :] * self.signs)


def side_swap(channels: Sequence[str]) -> SideSwap:
    """Work out the exchange of sides for a montage that is the same on both sides.

    Parameters
    ----------
    channels : sequence of str
        Derivations, "A-B" each.

    Raises
    ------
    ValueError
        The mirror image of a derivation is not in the montage: a mistake of the recipe.
    """
    rows, signs = [], []
    for channel in channels:
        plus, _, minus = channel.partition("-")
        mirrored, opposite = (
            f"{_other_side(plus)}-{_other_side(minus)}",
            f"{_other_side(minus)}-{_other_side(plus)}",
        )
        if mirrored in channels:
            rows.append(channels.index(mirrored))
            signs.append(1.0)
        else:
            rows.append(channels.index(opposite))
            signs.append(-1.0)
    return SideSwap(rows=np.array(rows), signs=np.array(signs, dtype=np.float32)[:, None])


def _other_side(electrode: str) -> str:
    letters = electrode.rstrip("0123456789")
    number = electrode[len(letters) :]
    return letters + _SIDES.get(number, number)


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

    def apply(self, windows: Windows, channels: Sequence[str], rng: np.random.Generator) -> Windows:
        """Return changed windows, shape (n_windows, n_channels, n_samples); may reuse them."""
        n_windows, n_channels, _ = windows.shape
        factors = np.exp(rng.normal(0.0, self.gain_spread, (n_windows, 1, 1)))
        factors *= rng.choice([-1.0, 1.0], (n_windows, 1, 1))
        windows *= factors.astype(np.float32)
        swapped = rng.random(n_windows) < 0.5
        windows[swapped] = side_swap(channels).apply(windows[swapped])
        low_temporal = [row for row, name in enumerate(channels) if "FT" in name]
        for number in np.flatnonzero(rng.random(n_windows) < self.no_low_temporal_fraction):
            windows[number, low_temporal] = 0.0
        for number in np.flatnonzero(rng.random(n_windows) < self.lost_fraction):
            n_lost = int(rng.integers(1, self.max_lost + 1))
            windows[number, rng.choice(n_channels, min(n_lost, n_channels), replace=False)] = 0.0
        return windows
