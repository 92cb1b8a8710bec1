"""How the preprocessing steps work on samples: state carried from block to block."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import scipy
from numpy.typing import NDArray

Rows = slice | NDArray[np.intp]


class StepRunner(Protocol):
    """One step at work on one recording; it carries its state from block to block."""

    def run(
        self,
        rows: Rows,
        signals: NDArray[np.floating[Any]],
        restart: NDArray[np.bool_],
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return processed signals.

        Parameters
        ----------
        rows : slice or ndarray of int
            The channels that `signals` holds.
        signals : ndarray of float64 or float32, shape (n_rows, n_samples)
            Finite samples that follow those of the last call, at least one.
        restart : ndarray of bool, shape (n_rows,)
            Rows whose first sample follows no other: the start, or the end of a gap.
        out : ndarray of float32, shape (n_rows, n_samples), optional
            Where the result may be written; then it is returned.
        """
        ...


class SectionsRunner:
    """A linear filter in second-order sections.

    It starts as if the first sample had always been there: a constant makes no transient.

    Parameters
    ----------
    sections : ndarray of float64, shape (n_sections, 6)
        As from `scipy.signal.butter(..., output="sos")`.
    n_channels : int
        Rows whose state is kept.
    """

    def __init__(self, sections: NDArray[np.float64], n_channels: int) -> None:
        self._sections = sections
        self._at_one = scipy.signal.sosfilt_zi(sections)[:, np.newaxis, :]
        self._state = np.zeros((len(sections), n_channels, 2))

    def run(
        self,
        rows: Rows,
        signals: NDArray[np.floating[Any]],
        restart: NDArray[np.bool_],
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return filtered signals."""
        state = self._state[:, rows]
        if restart.any():
            state = state.copy()
            state[:, restart] = self._at_one * signals[restart, :1]
        filtered, self._state[:, rows] = scipy.signal.sosfilt(
            self._sections, signals, axis=-1, zi=state
        )
        return np.asarray(filtered, dtype=np.float64)


class ScaleRunner:
    """Multiplies by a factor."""

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def run(
        self,
        rows: Rows,
        signals: NDArray[np.floating[Any]],
        restart: NDArray[np.bool_],
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return scaled signals."""
        return np.asarray(np.multiply(signals, self._factor, out=out, casting="same_kind"))


class ClipRunner:
    """Cuts at plus and minus a limit."""

    def __init__(self, limit: float) -> None:
        self._limit = limit

    def run(
        self,
        rows: Rows,
        signals: NDArray[np.floating[Any]],
        restart: NDArray[np.bool_],
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return signals that stay within the limit."""
        clipped = np.clip(signals, -self._limit, self._limit, out=out, casting="same_kind")
        return np.asarray(clipped)


class RunningScaleRunner:
    """Divides by the root mean square of the recent past.

    Parameters
    ----------
    keep : float
        Fraction of the mean square that is kept from one sample to the next, below 1.
    floor : float
        Least divisor.
    n_channels : int
        Rows whose state is kept.
    """

    def __init__(self, keep: float, floor: float, n_channels: int) -> None:
        self._keep = keep
        self._floor = floor
        self._section = np.array([[1.0 - keep, 0.0, 0.0, 1.0, -keep, 0.0]])
        self._state = np.zeros((1, n_channels, 2))
        self._seen = np.zeros(n_channels, dtype=np.int64)

    def run(
        self,
        rows: Rows,
        signals: NDArray[np.floating[Any]],
        restart: NDArray[np.bool_],
        out: NDArray[np.float32] | None = None,
    ) -> NDArray[np.floating[Any]]:
        """Return scaled signals."""
        state, seen = self._state[:, rows].copy(), self._seen[rows].copy()
        state[:, restart] = 0.0
        seen[restart] = 0
        squares, self._state[:, rows] = scipy.signal.sosfilt(
            self._section, np.square(signals), axis=-1, zi=state
        )
        self._seen[rows] = seen + signals.shape[1]
        # An average that began at zero holds 1 - keep**n of its weight after n samples.
        counts = seen[:, np.newaxis] + np.arange(1, signals.shape[1] + 1)
        weight = -np.expm1(counts * np.log(self._keep))
        divisors = np.maximum(np.sqrt(squares / weight), self._floor)
        return np.asarray(signals / divisors, dtype=np.float64)
