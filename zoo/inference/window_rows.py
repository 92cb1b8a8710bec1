"""A model slid over a whole recording: one probability a window, or a step, with its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.signals.blocks import Cancelled, Progress, WorkCancelledError
from seizure_core.signals.model_input import InputBlock, ModelInput, Watch
from seizure_core.signals.windows import WindowGrid
from zoo.inference.side_by_side import side_by_side
from zoo.inference.sliding import stretch_function

if TYPE_CHECKING:
    import torch

# Length of the pieces a recording streams through in: small enough for any machine, large
# enough that what two pieces do twice, one window less a stride, does not count.
BLOCK_S = 300.0

# A window with less real signal than this has no defined probability.
MIN_SIGNAL_FRACTION = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowRows:
    """One probability for every window, or for every step of models with several a window.

    Attributes
    ----------
    starts_s : ndarray of float64, shape (n_rows,)
    length_s : float
        Of a window, or of a step.
    probabilities : ndarray of float32, shape (n_rows,)
        NaN where a row lies mostly in a gap.
    """

    starts_s: NDArray[np.float64]
    length_s: float
    probabilities: NDArray[np.float32]

    @property
    def centres_s(self) -> NDArray[np.float64]:
        """Middles, shape (n_rows,)."""
        return self.starts_s + self.length_s / 2


@dataclass(frozen=True, kw_only=True, eq=False)
class _Piece:
    """What comes of a block: where it stops, its gaps, and its full windows if it has any."""

    stop: int
    gap: NDArray[np.bool_]
    probabilities: NDArray[np.float32] | None


def window_rows(
    network: torch.nn.Module,
    model_input: ModelInput,
    grid: WindowGrid,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    watch: Watch | None = None,
) -> WindowRows:
    """Evaluate a model on every window of a recording, in bounded memory.

    Parameters
    ----------
    network : torch.nn.Module
        In eval mode.
    model_input : ModelInput
        The recording as the model sees it.
    grid : WindowGrid
        At least one window, and no gap between neighbours.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Asked before every piece of the recording; True ends the work.
    watch : callable, optional
        Shown the samples as they are read.

    Raises
    ------
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` said yes.
    """
    rate_hz = model_input.sampling_rate_hz
    probabilities_of = stretch_function(
        network,
        model_input.n_channels,
        window_samples=grid.window_samples,
        stride_samples=grid.stride_samples,
    )

    def work(block: InputBlock) -> _Piece:
        found = None
        if block.signals.shape[1] >= grid.window_samples:
            found = probabilities_of(block.signals)
        return _Piece(stop=block.stop, gap=block.gap, probabilities=found)

    def blocks() -> Iterator[InputBlock]:
        block_samples, lead_samples = _block_and_lead(grid, round(BLOCK_S * rate_hz))
        for block in model_input.blocks_with_gaps(block_samples, lead_samples, watch=watch):
            if cancelled is not None and cancelled():
                raise WorkCancelledError(model_input.recording.file_name)
            yield block

    parts, gaps = [], []
    for part in side_by_side(work, blocks()):
        gaps.append(part.gap)
        if part.probabilities is not None:
            parts.append(part.probabilities)
        if progress is not None:
            progress(part.stop / model_input.n_samples)
    outputs: NDArray[np.floating[Any]] = np.concatenate(parts)
    if outputs.ndim == 1:
        starts, length = grid.starts, grid.window_samples
    else:
        length = grid.window_samples // outputs.shape[1]
        outputs, starts = average_steps(outputs, grid.starts, length)
    probabilities = outputs.astype(np.float32)
    probabilities[_mostly_in_gaps(np.concatenate(gaps), starts, length)] = np.nan
    return WindowRows(
        starts_s=starts / rate_hz, length_s=length / rate_hz, probabilities=probabilities
    )


def _block_and_lead(grid: WindowGrid, least_samples: int) -> tuple[int, int]:
    """Return new samples a block, and how many of those before each must begin with.

    Blocks of whole strides: so every one begins with the next window after those of the block
    before, whose windows end where it ends or less than a stride earlier.
    """
    window, stride = grid.window_samples, grid.stride_samples
    block = -(-max(least_samples, window) // stride) * stride
    n_windows = (block - window) // stride + 1
    return block, block - n_windows * stride


def _mostly_in_gaps(
    gap: NDArray[np.bool_], starts: NDArray[np.int64], length: int
) -> NDArray[np.bool_]:
    """For each row of samples, whether it has less than the least fraction of real signal."""
    if not gap.any():
        return np.zeros(len(starts), dtype=np.bool_)
    missing_before = np.concatenate([[0], np.cumsum(gap)])
    # Steps of the last window may reach past the end by less than a sample's rounding.
    stops = np.minimum(starts + length, len(gap))
    n_present = (stops - starts) - (missing_before[stops] - missing_before[starts])
    return np.asarray(n_present < MIN_SIGNAL_FRACTION * length, dtype=np.bool_)


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
