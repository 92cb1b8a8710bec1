"""Joins the outputs of overlapping windows of nets that give one output a step."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def average_steps(
    outputs: NDArray[np.float32], window_starts: NDArray[np.int64], step: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Average what overlapping windows say of the same step.

    Windows start on multiples of the step only if the stride is one; else each output
    belongs to the step its start is nearest to.

    Parameters
    ----------
    outputs : ndarray of float32, shape (n_windows, n_steps)
        Probabilities.
    window_starts : ndarray of int64, shape (n_windows,)
        First sample of each window.
    step : int
        Samples of one step.

    Returns
    -------
    means : ndarray of float64, shape (n_all_steps,)
        From the start of the recording on.
    starts : ndarray of int64, shape (n_all_steps,)
        First sample of each step.
    """
    first_steps = np.round(window_starts / step).astype(np.int64)
    positions = first_steps[:, None] + np.arange(outputs.shape[1])
    n_steps = int(positions.max()) + 1
    sums = np.bincount(positions.ravel(), weights=outputs.ravel(), minlength=n_steps)
    counts = np.bincount(positions.ravel(), minlength=n_steps)
    return sums / np.maximum(counts, 1), np.arange(n_steps) * step
