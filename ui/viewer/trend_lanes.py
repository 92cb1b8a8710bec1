"""Trends of the night for a viewer: made in the background, sent as columns of the screen."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.recording import Recording
from seizure_core.signals.blocks import WorkCancelledError
from seizure_core.stats.night_trends import NightTrends, night_trends
from ui.viewer.encoding import decibels, encode, whole

SHARE_STEPS = 10_000
"""The integer that is sent for a share of 1."""


class TrendJob:
    """The trends of one recording, which the first question for them begins to make.

    Parameters
    ----------
    recording : Recording
        Whose trends.
    turn : Semaphore
        Bounds how many recordings a server reads through at a time.

    Attributes
    ----------
    fraction : float
        How much is done, 0 to 1.
    """

    def __init__(self, recording: Recording, turn: threading.Semaphore) -> None:
        self.fraction = 0.0
        self._recording, self._turn = recording, turn
        self._found: NightTrends | None = None
        self._error: RecordingError | None = None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def ask(self) -> NightTrends | None:
        """Return the trends, None while they are made.

        Raises
        ------
        RecordingError
            There can be none; the message says why.
        """
        with self._lock:
            if self._thread is None and not self._stop.is_set():
                self._thread = threading.Thread(target=self._make, name="eeg-trends", daemon=True)
                self._thread.start()
        if self._error is not None:
            raise self._error
        return self._found

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return whether the trends are there."""
        if self._thread is not None:
            self._thread.join(timeout_s)
        return self._found is not None

    def close(self) -> None:
        """Ask the thread to end; it does before its next block."""
        self._stop.set()

    def _make(self) -> None:
        with self._turn:
            try:
                self._found = night_trends(
                    self._recording, progress=self._note, cancelled=self._stop.is_set
                )
            except WorkCancelledError:
                return
            except RecordingError as error:  # told to the user with the next question
                self._error = error

    def _note(self, fraction: float) -> None:
        self.fraction = fraction


def describe_trends(trends: NightTrends, n_columns: int) -> dict[str, Any]:
    """Return trends as columns of the screen.

    Spectra are decibels above 1 uV^2; of shares each column has the largest, of the asymmetry the
    value furthest from 0, so that what is short can be seen.
    """
    n_steps = len(trends.asymmetry)
    edges = np.linspace(0, n_steps, min(n_columns, n_steps) + 1).astype(np.int64)[:-1]
    sides = {
        name: {
            "amplitude": encode([whole(10 * _means(side.amplitude_uv, edges))]),
            "spectrum": encode([decibels(_means(side.power_uv2, edges))]),
            "rhythmicity": encode([_shares(side.rhythmicity, edges, np.fmax)]),
            "suppression": encode([_shares(side.suppression, edges, np.fmax)]),
        }
        for name, side in trends.sides.items()
    }
    high = _shares(trends.asymmetry, edges, np.fmax)
    low = _shares(trends.asymmetry, edges, np.fmin)
    return {
        "n": len(edges),
        "highest_hz": float(trends.frequencies_hz[-1]),
        "n_frequencies": len(trends.frequencies_hz),
        "sides": sides,
        "asymmetry": encode([np.where(np.abs(low) > np.abs(high), low, high)]),
    }


def _means(values: NDArray[np.float32], edges: NDArray[np.int64]) -> NDArray[np.floating]:
    known = np.isfinite(values)
    sums = np.add.reduceat(np.where(known, values, 0), edges, axis=-1)
    counts = np.add.reduceat(known, edges, axis=-1, dtype=np.int64)
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / counts)


def _shares(
    values: NDArray[np.float32],
    edges: NDArray[np.int64],
    largest: Callable[..., Any],
) -> NDArray[np.int16]:
    reduced = largest.reduceat(values, edges)  # type: ignore[attr-defined]
    return whole(SHARE_STEPS * reduced, lowest=-32767)
