"""Calibration, operating points and second stage of a recipe's model, on held-out EEG."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.recording import Recording
from training.evaluate.calibration import calibrate
from training.evaluate.explorer import TracedFile
from training.evaluate.finders import KnownRecording, ictal_seconds
from training.evaluate.operating_points import PointGrid, choose_operating_points
from training.patients import patient_of
from training.recipes.found_in_people import (
    TRAINING_PEOPLE,
    VALIDATION_PEOPLE,
    TracedPerson,
    traced_people,
)
from training.recipes.stage_making import make_second_stage, stage_metrics
from zoo.card.schema import SCHEMA_VERSION
from zoo.detector import Detector

if TYPE_CHECKING:
    from torch import nn

# Simulated recordings are easier than real ones, so a minimum duration is set beforehand.
GRID = PointGrid(smoothings_s=(3.0, 5.0, 9.0), min_durations_s=(5.0, 10.0))

# Bound for logits, where float32 probabilities are 0 or 1.
_SURE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPeople:
    """Simulated people as a model sees them, to train a second stage and to choose on."""

    training: Sequence[TracedPerson]
    validation: Sequence[TracedPerson]


def people_seen_by(
    detectors: Sequence[Detector],
    work: Path,
    n_people: int,
    report: Callable[[str], None] = print,
) -> list[SeenPeople]:
    """Return people as each model sees them, half as many to choose on as to train on."""
    parts = [
        list(traced_people(detectors, range(first, first + n), work, report))
        for first, n in ((TRAINING_PEOPLE, n_people), (VALIDATION_PEOPLE, n_people // 2))
    ]
    return [
        SeenPeople(
            training=[row[index] for row in parts[0]], validation=[row[index] for row in parts[1]]
        )
        for index in range(len(detectors))
    ]


def chosen_output(
    document: Mapping[str, Any], groups: Sequence[Sequence[TracedFile]], people: SeenPeople
) -> dict[str, Any]:
    """Return what is to change in a card: operating points, and a second stage if it helps.

    It helps if event F1 with it, as the mean over all groups, is not smaller than without.

    Parameters
    ----------
    groups : sequence of sequence of TracedFile
        Recordings to choose on, besides people.
    """
    groups = [*groups, [person.traced for person in people.validation]]
    points = choose_operating_points(groups, grid=GRID)
    if points is None:
        return {}
    without = {"output": document["output"] | points.output()}
    stage = make_second_stage(people.training, people.validation, points.balanced.settings)
    if stage is None:
        return without
    judged = [[replace(one, second_stage=stage) for one in group] for group in groups]
    with_stage = choose_operating_points(judged, grid=GRID)
    if with_stage is None or with_stage.f1 < points.f1:
        return without
    metrics = stage_metrics(people.validation, with_stage.balanced.settings, stage)
    second_stage = {**stage.model_dump(mode="json"), "metrics": metrics}
    output = document["output"] | with_stage.output() | {"second_stage": second_stage}
    return {"schema_version": SCHEMA_VERSION, "output": output}


def traced_groups(
    detector: Detector, groups: Sequence[Sequence[KnownRecording]]
) -> list[list[TracedFile]]:
    """Return traces, signs and references of groups of recordings."""
    return [[_traced(detector, *known) for known in group] for group in groups]


def _traced(detector: Detector, recording: Recording, events: Sequence[Event]) -> TracedFile:
    trace = detector.detect(recording, second_stage=False).trace
    return TracedFile(
        file_name=recording.file_name,
        patient=patient_of(recording.file_name),
        trace=trace,
        reference=clip_events(seizures_of(events), recording.duration_s),
        signs=detector.signs(recording, trace),
    )


def calibrated_on_seconds(
    network: nn.Sequential, traced: Sequence[Sequence[TracedFile]]
) -> dict[str, Any] | None:
    """Calibrate a network on the seconds of complete recordings.

    Not on balanced windows, because the model will see far more background than seizure.

    Returns
    -------
    dict or None
        The card's `training.calibration`; None if nothing was changed.
    """
    import torch

    rows = [member for group in traced for member in group]
    said = np.concatenate([row.trace.probabilities for row in rows]).astype(np.float64)
    true = np.concatenate(
        [ictal_seconds(row.reference, len(row.trace.probabilities)) for row in rows]
    )
    sure = np.clip(said, _SURE, 1.0 - _SURE)
    lead = np.log(sure / (1.0 - sure))
    logits = torch.from_numpy(np.stack([np.zeros_like(lead), lead], axis=1))
    calibration = calibrate(
        network,
        logits,
        torch.from_numpy(true.astype(np.int64)),
        fitted_on=f"{len(true)} seconds of {len(rows)} validation recordings, {int(true.sum())} of "
        "them seizure; real recordings have far fewer",
    )
    return None if calibration is None else calibration.model_dump(mode="json")
