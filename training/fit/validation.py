"""How good a network is on validation windows and on whole validation recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from training.data.dataset import Dataset
from training.data.splits import Split
from training.evaluate.explorer import TracedFile, best_point, threshold_curve
from training.fit.batches import batch_plan, batches
from training.fit.settings import TrainSettings
from training.fit.tracing import reference_events, stored_trace, uncertain_events

if TYPE_CHECKING:
    import torch

_BATCH_SIZE = 128
_SHORTEST_S = 1.0  # events are scored second by second


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationResult:
    """Figures of one epoch; None where there is nothing to measure them on.

    Attributes
    ----------
    loss, accuracy : float or None
        On validation windows.
    event_f1, event_sensitivity, false_alarms_per_24h, sample_f1 : float or None
        On whole validation recordings, at `threshold`.
    threshold : float or None
        The one of the best event F1.
    """

    loss: float | None = None
    accuracy: float | None = None
    event_f1: float | None = None
    event_sensitivity: float | None = None
    false_alarms_per_24h: float | None = None
    sample_f1: float | None = None
    threshold: float | None = None


def validate(
    network: torch.nn.Module,
    dataset: Dataset,
    split: Split,
    settings: TrainSettings,
    n_steps: int | None,
    should_stop: Callable[[], bool],
) -> ValidationResult:
    """Measure a network, which is put into eval mode.

    Event scores need whole recordings with at least one seizure that were not trained on.
    """
    network.eval()
    if not len(split.validation):
        return ValidationResult()
    loss, accuracy = _window_figures(network, dataset, split.validation, n_steps)
    if not judges_events(dataset, split) or should_stop():
        return ValidationResult(loss=loss, accuracy=accuracy)
    traced = traced_recordings(network, dataset, split.validation_recordings, settings)
    best = best_point(threshold_curve(traced, settings.post_processing(0.5)))
    if best is None:
        return ValidationResult(loss=loss, accuracy=accuracy)
    event = best.score.event
    return ValidationResult(
        loss=loss,
        accuracy=accuracy,
        event_f1=event.f1,
        event_sensitivity=event.sensitivity,
        false_alarms_per_24h=event.false_alarms_per_24h,
        sample_f1=best.score.sample.f1,
        threshold=best.settings.threshold,
    )


def judges_events(dataset: Dataset, split: Split) -> bool:
    """Whether there are whole validation recordings with seizures to score events on."""
    recordings = [dataset.recordings[index] for index in split.validation_recordings]
    return any(one.events and one.duration_s >= _SHORTEST_S for one in recordings)


def traced_recordings(
    network: torch.nn.Module,
    dataset: Dataset,
    recordings: tuple[int, ...],
    settings: TrainSettings,
) -> list[TracedFile]:
    """Return traces and seizures of recordings of a dataset."""
    stride = validation_stride(dataset, settings)
    return [
        TracedFile(
            file_name=dataset.recordings[index].file_name,
            patient=dataset.recordings[index].patient,
            trace=stored_trace(network, dataset, index, stride_samples=stride),
            reference=reference_events(dataset, index),
            uncertain=uncertain_events(dataset, index),
        )
        for index in recordings
        if dataset.recordings[index].duration_s >= _SHORTEST_S
    ]


def validation_stride(dataset: Dataset, settings: TrainSettings) -> int:
    """Return the step between windows on validation recordings, in samples."""
    window_s = dataset.settings.window_s
    stride_s = settings.validation_stride_s
    if stride_s is None:
        stride_s = max(window_s / 6, settings.stride_s)
    return max(1, round(min(stride_s, window_s) * dataset.settings.sampling_rate_hz))


def window_logits(
    network: torch.nn.Module, dataset: Dataset, indices: NDArray[np.int64], n_steps: int | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return logits and classes of windows, on the CPU, batch after batch joined."""
    import torch

    device = next(network.parameters()).device
    logits, classes = [], []
    with torch.inference_mode():
        plan = batch_plan(dataset, indices, _BATCH_SIZE)
        for signals, labels in batches(dataset, plan, n_steps):
            # A copy: a network may hand its input on, whose memory the next batch will use.
            logits.append(network(signals.to(device)).float().cpu().clone())
            classes.append(labels)
    return torch.cat(logits), torch.cat(classes)


def _window_figures(
    network: torch.nn.Module, dataset: Dataset, indices: NDArray[np.int64], n_steps: int | None
) -> tuple[float, float]:
    import torch

    logits, classes = window_logits(network, dataset, indices, n_steps)
    loss = torch.nn.functional.cross_entropy(logits, classes)
    right = (logits.argmax(dim=1) == classes).double().mean()
    return float(loss), float(right)
