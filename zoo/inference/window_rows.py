"""Probabilities of a model over a whole recording, one per window or step, with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.signals.blocks import Cancelled, Progress, WorkCancelledError
from seizure_core.signals.model_input import InputBlock, ModelInput, Watch
from seizure_core.signals.windows import WindowGrid
from zoo.inference.sliding import side_by_side, stretch_function

if TYPE_CHECKING:
    import torch

# Block length: small enough for any machine, large enough that the overlap between blocks does not
# matter.
BLOCK_S = 180.0

# With less real signal than this, a window has no defined probability.
MIN_SIGNAL_FRACTION = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowRows:
    """Probabilities of all windows, or of all steps for models with several per window.

    Attributes
    ----------
    length_s : float
        Length of a window or step.
    probabilities : ndarray of float32, shape (n_rows,)
        NaN where a row is mostly in a gap.
    """

    starts_s: NDArray[np.float64]
    length_s: float
    probabilities: NDArray[np.float32]

    @property
    def centres_s(self) -> NDArray[np.float64]:
        """Middles, shape (n_rows,)."""
        return self.starts_s + self.length_s / 2


@dataclass(frozen=True, kw_only=True, eq=False)
class _EvaluatedBlock:
    """Position, gaps and complete windows of a block."""

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
    grid : WindowGrid
        At least one window, with no gap between windows.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Called before every block; the work stops when it returns True.
    watch : callable, optional
        Called with the samples as they are read.

    Raises
    ------
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    rate_hz = model_input.sampling_rate_hz
    probabilities_of = stretch_function(
        network,
        model_input.n_channels,
        window_samples=grid.window_samples,
        stride_samples=grid.stride_samples,
    )

    spare: list[NDArray[np.float32]] = []

    def work(block: InputBlock) -> _EvaluatedBlock:
        found = None
        if block.signals.shape[1] >= grid.window_samples:
            found = probabilities_of(block.signals)
        spare.append(block.signals)
        return _EvaluatedBlock(stop=block.stop, gap=block.gap, probabilities=found)

    def blocks() -> Iterator[InputBlock]:
        block_samples, lead_samples = _block_and_lead(grid, round(BLOCK_S * rate_hz))
        for block in model_input.blocks_with_gaps(
            block_samples, lead_samples, watch=watch, spare=spare
        ):
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
    """Return the number of new samples per block, and of earlier samples to prepend to each.

    Blocks are whole strides, so that each starts with the next window.
    """
    window, stride = grid.window_samples, grid.stride_samples
    block = -(-max(least_samples, window) // stride) * stride
    n_windows = (block - window) // stride + 1
    return block, block - n_windows * stride


def _mostly_in_gaps(
    gap: NDArray[np.bool_], starts: NDArray[np.int64], length: int
) -> NDArray[np.bool_]:
    """Return for each row whether it has less than the minimum fraction of real signal."""
    if not gap.any():
        return np.zeros(len(starts), dtype=np.bool_)
    missing_before = np.concatenate([[0], np.cumsum(gap)])
    # Steps of the last window may exceed the end by less than a sample.
    stops = np.minimum(starts + length, len(gap))
    n_present = (stops - starts) - (missing_before[stops] - missing_before[starts])
    return np.asarray(n_present < MIN_SIGNAL_FRACTION * length, dtype=np.bool_)


def average_steps(
    outputs: NDArray[np.float32], window_starts: NDArray[np.int64], step: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Average the outputs of overlapping windows for each step.

    If the stride is not a multiple of the step, an output counts for the nearest step.

    Parameters
    ----------
    outputs : ndarray of float32, shape (n_windows, n_steps)
        Probabilities.
    window_starts : ndarray of int64, shape (n_windows,)
        First sample of each window.
    step : int
        Samples per step.

    Returns
    -------
    means : ndarray of float64, shape (n_all_steps,)
        From the start of the recording.
    starts : ndarray of int64, shape (n_all_steps,)
        First sample of each step.
    """
    first_steps = np.round(window_starts / step).astype(np.int64)
    positions = first_steps[:, None] + np.arange(outputs.shape[1])
    n_steps = int(positions.max()) + 1
    sums = np.bincount(positions.ravel(), weights=outputs.ravel(), minlength=n_steps)
    counts = np.bincount(positions.ravel(), minlength=n_steps)
    return sums / np.maximum(counts, 1), np.arange(n_steps) * step
