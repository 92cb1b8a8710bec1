"""Probability traces of a network over stored signals, computed as in detection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.trace import ProbabilityTrace, trace_from_windows
from seizure_core.intervals import Spans, covered
from seizure_core.signals.windows import WindowGrid
from training.data.dataset import Dataset
from training.data.labelling import MIN_SIGNAL_FRACTION
from zoo.inference.sliding import SEIZURE_CLASS, sliding_probabilities
from zoo.inference.window_rows import average_steps

if TYPE_CHECKING:
    import torch

_BLOCK_SAMPLES = 1 << 16
_GPU_BATCH = 256


def stored_trace(
    network: torch.nn.Module, dataset: Dataset, recording: int, *, stride_samples: int
) -> ProbabilityTrace:
    """Run a network over a recording of a dataset and return the trace.

    Parameters
    ----------
    network : torch.nn.Module
        In eval mode, on any device.
    recording : int
        Its index.
    """
    stored = dataset.recordings[recording]
    grid = WindowGrid(
        n_samples=stored.n_samples,
        window_samples=dataset.settings.window_samples,
        stride_samples=stride_samples,
    )
    signals = dataset.signals(recording)
    if next(network.parameters()).is_cuda:
        parts = _by_window(network, signals, grid)
    else:
        parts = sliding_probabilities(
            network,
            (
                signals[:, a : a + _BLOCK_SAMPLES]
                for a in range(0, stored.n_samples, _BLOCK_SAMPLES)
            ),
            window_samples=grid.window_samples,
            stride_samples=stride_samples,
        )
    outputs = np.concatenate(list(parts))
    starts, length = grid.starts, grid.window_samples
    if outputs.ndim == 2:
        length = grid.window_samples // outputs.shape[1]
        means, starts = average_steps(outputs, starts, length)
        outputs = means.astype(np.float32)
    outputs = _without_gaps(outputs, starts, length, stored.gaps)
    centres_s = (starts + length / 2) / dataset.settings.sampling_rate_hz
    return trace_from_windows(centres_s, outputs, stored.duration_s)


def _by_window(
    network: torch.nn.Module, signals: NDArray[np.float32], grid: WindowGrid
) -> Iterator[NDArray[np.float32]]:
    """Evaluate window by window on the network's device."""
    import torch

    device = next(network.parameters()).device
    view = np.lib.stride_tricks.sliding_window_view(signals, grid.window_samples, axis=1)
    for first in range(0, grid.n_windows, _GPU_BATCH):
        chosen = view[:, grid.starts[first : first + _GPU_BATCH]]
        windows = np.ascontiguousarray(chosen.transpose(1, 0, 2))
        with torch.inference_mode():
            logits = network(torch.from_numpy(windows).to(device)).float()
            yield torch.softmax(logits, dim=1)[:, SEIZURE_CLASS].cpu().numpy()


def _without_gaps(
    outputs: NDArray[np.float32], starts: NDArray[np.int64], length: int, gaps: Spans
) -> NDArray[np.float32]:
    if not len(gaps):
        return outputs
    mostly_gap = covered(starts, length, gaps) > (1.0 - MIN_SIGNAL_FRACTION) * length
    return np.where(mostly_gap, np.float32(np.nan), outputs).astype(np.float32)
