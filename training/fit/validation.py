"""Metrics of a network on validation windows and recordings, computed as in detection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.event import UNCERTAIN, Event
from seizure_core.events.trace import ProbabilityTrace, trace_from_windows
from seizure_core.intervals import Spans, covered
from seizure_core.signals.windows import WindowGrid
from training.data.dataset import Dataset
from training.data.labelling import MIN_SIGNAL_FRACTION
from training.data.splits import Split
from training.evaluate.explorer import TracedFile, best_point, threshold_curve
from training.fit.settings import TrainSettings
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


_SHORTEST_S = 1.0  # Events are scored per second.


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationResult:
    """Metrics of an epoch; None if there is no data for them.

    Attributes
    ----------
    validation_loss, validation_accuracy : float or None
        On validation windows.
    event_f1, event_sensitivity, false_alarms_per_24h, sample_f1 : float or None
        On complete validation recordings, at `threshold`.
    threshold : float or None
        Threshold of the best event F1.
    n_seizures, scored_s : int, float or None
        Seizures and time these figures are from: little data, and they say little.
    """

    validation_loss: float | None = None
    validation_accuracy: float | None = None
    event_f1: float | None = None
    event_sensitivity: float | None = None
    false_alarms_per_24h: float | None = None
    sample_f1: float | None = None
    threshold: float | None = None
    n_seizures: int | None = None
    scored_s: float | None = None


def validate_events(
    figures: ValidationResult,
    network: torch.nn.Module,
    dataset: Dataset,
    split: Split,
    settings: TrainSettings,
) -> ValidationResult:
    """Add event metrics to those of windows."""
    traced = traced_recordings(network, dataset, split, settings)
    best = best_point(threshold_curve(traced, settings.post_processing(0.5)))
    if not traced or best is None:
        return figures
    event = best.score.event
    return replace(
        figures,
        event_f1=event.f1,
        event_sensitivity=event.sensitivity,
        false_alarms_per_24h=event.false_alarms_per_24h,
        sample_f1=best.score.sample.f1,
        threshold=best.settings.threshold,
        n_seizures=event.n_reference,
        scored_s=event.duration_s,
    )


def traced_recordings(
    network: torch.nn.Module, dataset: Dataset, split: Split, settings: TrainSettings
) -> list[TracedFile]:
    """Return traces and references of complete validation recordings.

    Empty if they contain no seizure.
    """
    long = [
        index
        for index in split.validation_recordings
        if dataset.recordings[index].duration_s >= _SHORTEST_S
    ]
    if not any(dataset.recordings[index].events for index in long):
        return []
    window_s, stride_s = dataset.settings.window_s, settings.validation_stride_s
    if stride_s is None:
        stride_s = max(window_s / 6, settings.stride_s)
    stride = max(1, round(min(stride_s, window_s) * dataset.settings.sampling_rate_hz))
    return [_traced(network, dataset, index, stride) for index in long]


def _traced(network: torch.nn.Module, dataset: Dataset, index: int, stride: int) -> TracedFile:
    stored = dataset.recordings[index]
    return TracedFile(
        file_name=stored.file_name,
        patient=stored.patient,
        trace=stored_trace(network, dataset, index, stride_samples=stride),
        reference=tuple(Event(onset_s=a, duration_s=b) for a, b in stored.events),
        uncertain=tuple(
            Event(onset_s=a, duration_s=b, event_type=UNCERTAIN) for a, b in stored.uncertain
        ),
    )


def network_logits(
    network: torch.nn.Module, batches: Iterable[tuple[torch.Tensor, torch.Tensor]]
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the concatenated logits and classes of batches, on the CPU."""
    import torch

    device = next(network.parameters()).device
    logits, classes = [], []
    with torch.inference_mode():
        for signals, labels in batches:
            # A copy, because a network may return its input, whose memory is reused.
            logits.append(network(signals.to(device)).float().cpu().clone())
            classes.append(labels)
    return torch.cat(logits), torch.cat(classes)


def window_figures(logits: torch.Tensor, classes: torch.Tensor) -> ValidationResult:
    """Return loss and accuracy on windows."""
    import torch

    loss = torch.nn.functional.cross_entropy(logits, classes)
    right = (logits.argmax(dim=1) == classes).double().mean()
    return ValidationResult(validation_loss=float(loss), validation_accuracy=float(right))
