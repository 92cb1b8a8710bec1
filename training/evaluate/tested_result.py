"""Results of tests on other recordings, for the cards of user models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from training.evaluate.card_results import SHORT_NAMES, result_row, score_metrics
from training.evaluate.evaluation import Evaluation
from zoo.card.evidence import FEW_SEIZURES
from zoo.loading import load_detector
from zoo.store.revision import revise_model
from zoo.store.weights import kept_tensors

if TYPE_CHECKING:
    from torch import nn

    from zoo.card.schema import ArchitectureCard

DATASET = "own test recordings"


def is_test_of(evaluation: Evaluation, network: nn.Module) -> bool:
    """Return whether a test was of exactly these weights."""
    import torch

    tested, kept = kept_tensors(evaluation.detector.network), kept_tensors(network)
    return tested.keys() == kept.keys() and all(
        torch.equal(tested[name], kept[name]) for name in kept
    )


def add_to_card(evaluation: Evaluation) -> ArchitectureCard:
    """Add a test to the card of a user model, which gets a new version.

    Parameters
    ----------
    evaluation : Evaluation
        Scored at the card's default operating point.

    Raises
    ------
    ParameterError
        All recordings were in training, the model's weights have changed, or the result is on the
        card already.
    RegistryError
        The model is not one of the user's.
    UnknownModelError, CardError, WeightsError
        The model does not exist any more, or is damaged.
    """
    model_id = evaluation.detector.card.model_id
    now = load_detector(model_id)
    if not is_test_of(evaluation, now.network):
        raise ParameterError(
            "{model_id} has other weights now than those that were tested. Test it again.",
            model_id=model_id,
        )
    row = outside_result(evaluation, now.card.output.at(None))
    if row is None:
        raise ParameterError(
            "No recording of this test is from outside the training, so it says nothing for the "
            "card."
        )
    if row in now.card.to_document()["results"]:
        raise ParameterError("This result is already on the card of {model_id}.", model_id=model_id)
    note = f"Tested on {row['n_recordings']} recordings of one's own; the result is on the card."
    return revise_model(model_id, note=note, results=[row])


def outside_result(evaluation: Evaluation, settings: PostProcessing) -> dict[str, Any] | None:
    """Return a test's result at an operating point, or None without unseen recordings.

    Recordings that were in training are left out; files and patients are not named.
    """
    outside = tuple(recording for recording in evaluation.recordings if not recording.in_training)
    if not outside:
        return None
    moved = replace(evaluation, recordings=outside).at(settings)
    summary = moved.summary()
    event = summary.pooled.event
    n_seizures = sum(len(recording.traced.reference) for recording in outside)
    counts = {
        "n_detected": event.n_detected,
        "n_missed": event.n_reference - event.n_detected,
        "n_false_alarms": event.n_false_alarms,
    }
    return result_row(
        dataset=DATASET,
        split="recordings outside training, by their signals",
        n_recordings=len(outside),
        n_seizures=n_seizures,
        duration_s=event.duration_s,
        metrics={
            **score_metrics(summary.pooled, SHORT_NAMES, summary.intervals),
            **{name: {"value": float(value)} for name, value in counts.items()},
        },
        interval=_interval(summary.unit, summary.n_units),
        note=_note(moved, n_seizures),
    )


def _interval(unit: str, n_units: int) -> str:
    if n_units < 2:
        return ""
    return f"95 % bootstrap over {n_units} {'people' if unit == 'patient' else 'recordings'}"


def _note(evaluation: Evaluation, n_seizures: int) -> str:
    people = {recording.traced.patient for recording in evaluation.recordings}
    with_seizures = {
        recording.traced.patient
        for recording in evaluation.recordings
        if recording.traced.reference
    }
    few = " So few seizures make an anecdote, no rate." if n_seizures < FEW_SEIZURES else ""
    return (
        f"Recordings of {len(people)} {'person' if len(people) == 1 else 'people'}, "
        f"{len(with_seizures)} of them with seizures.{few}"
    )
