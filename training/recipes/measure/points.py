"""Calibration and operating points of a recipe's net, on validation recordings alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from seizure_core.events.event import clip_events, seizures_of
from training.evaluate.calibration import calibrate
from training.evaluate.explorer import TracedFile
from training.evaluate.operating_points import ChosenPoints, PointGrid, choose_operating_points
from training.patients import patient_of
from training.recipes.measure.event_figures import ictal_seconds
from training.recipes.measure.measuring import KnownRecording
from zoo.detector import Detector

if TYPE_CHECKING:
    from torch import nn

Groups = Sequence[Sequence[KnownRecording]]

# Simulated recordings are kinder than real ones: that shorter blips are no seizures is known
# beforehand and need not be found out on them.
GRID = PointGrid(smoothings_s=(3.0, 5.0, 9.0), min_durations_s=(5.0, 10.0))

# Where float32 says 0 or 1, the logit is no more than this.
_SURE = 1e-6


def traced_groups(detector: Detector, groups: Groups) -> list[list[TracedFile]]:
    """Return what a net says about groups of recordings, with what is true."""
    return [
        [
            TracedFile(
                file_name=recording.file_name,
                patient=patient_of(recording.file_name),
                trace=detector.detect(recording).trace,
                reference=clip_events(seizures_of(events), recording.duration_s),
            )
            for recording, events in group
        ]
        for group in groups
    ]


def points_on_validation(detector: Detector, groups: Groups) -> ChosenPoints | None:
    """Choose the three operating points; None where no seizure is ever found."""
    return choose_operating_points(traced_groups(detector, groups), grid=GRID)


def calibrated_on_validation(
    network: nn.Sequential, traced: Sequence[Sequence[TracedFile]]
) -> dict[str, Any] | None:
    """Rescale a network's logits so that each second's probability means what it says.

    Seconds of whole recordings are used, not windows drawn half and half, because that is what
    the net will see: far more background than seizure.

    Returns
    -------
    dict or None
        The card's `training.evaluate.calibration`; None where nothing was changed.
    """
    import torch

    rows = [one for group in traced for one in group]
    said = np.concatenate([one.trace.probabilities for one in rows]).astype(np.float64)
    true = np.concatenate(
        [ictal_seconds(one.reference, len(one.trace.probabilities)) for one in rows]
    )
    sure = np.clip(said, _SURE, 1.0 - _SURE)
    lead = np.log(sure / (1.0 - sure))
    logits = torch.from_numpy(np.stack([np.zeros_like(lead), lead], axis=1))
    calibrated = calibrate(network, logits, torch.from_numpy(true.astype(np.int64)))
    if calibrated is None:
        return None
    return calibrated.section(
        f"{len(true)} seconds of {len(rows)} validation recordings, {int(true.sum())} of them "
        "seizure; real recordings have far less of it"
    )
