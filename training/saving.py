"""Keeps the model of a run: a complete card, and the model in the zoo, usable at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seizure_core.errors import ParameterError
from training.card_document import run_card
from training.detectors import unsaved_detector
from training.evaluate.evaluation import Evaluation
from training.evaluate.tested_result import is_test_of, outside_result
from training.runs.folder import all_runs
from training.trained_model import SaveOptions, TrainedModel, trained_model
from zoo.card.history import MODEL_ID_RULE, is_model_id
from zoo.card.output import POINT_NAMES
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.hub.access import HubAccess
from zoo.loading import load_detector
from zoo.store.sealing import seal, write_model
from zoo.store.user_models import add_sealed


def save_model(
    run_id: str,
    model_id: str,
    choices: SaveOptions | None = None,
    *,
    tested: Evaluation | None = None,
) -> ArchitectureCard:
    """Save the best model of a run to the zoo.

    Parameters
    ----------
    run_id : str
        Which run; it may still be under way.
    model_id : str
        Id of the new model.
    choices : SaveOptions, optional
        What is said about it.
    tested : Evaluation, optional
        A test of this run's model on other recordings; it stands on the card if it was of the
        weights that are kept.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It has no model yet, or its folder is damaged.
    ParameterError
        The id or the operating point is not possible.
    CardError, WeightsError, RegistryError
        The model cannot be saved: the id is taken, a text is too long, the disk is full.
    """
    choices = choices or SaveOptions()
    if choices.operating_point not in POINT_NAMES:
        raise ParameterError(
            "There is no operating point {operating_point!r}. It is one of: {point_names}.",
            operating_point=choices.operating_point[:40],
            point_names=", ".join(POINT_NAMES),
        )
    if not is_model_id(model_id):
        raise ParameterError(
            "{model_id!r} is no id for a model: {model_id_rule}.",
            model_id=model_id[:80],
            model_id_rule=MODEL_ID_RULE,
        )
    kept, document = _kept_with_card(run_id, model_id, choices, tested)
    card, weights = seal(document, kept.network)
    add_sealed(card, weights, replace=choices.replace)
    return card


def run_detector(run_id: str) -> Detector:
    """Return the best model of a run, as saving it would give it, without saving it.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It has no model yet, or its folder is damaged.
    """
    kept, document = _kept_with_card(run_id, run_id, SaveOptions())
    return unsaved_detector(document, kept.network)


def is_run(model_id: str) -> bool:
    """Whether an id is that of a run."""
    return any(run.run_id == model_id for run in all_runs())


def any_detector(model_id: str, access: HubAccess | None = None) -> Detector:
    """Return a model of the zoo, or the best one so far of a run."""
    return run_detector(model_id) if is_run(model_id) else load_detector(model_id, access=access)


def write_run_model(folder: Path, run_id: str, choices: SaveOptions) -> ArchitectureCard:
    """Write the best model of a run into a folder, whose name is the model's id.

    Raises
    ------
    SeizureZooError
        As `save_model`.
    """
    kept, document = _kept_with_card(run_id, folder.name, choices)
    return write_model(folder, document=document, network=kept.network)


def _kept_with_card(
    run_id: str, model_id: str, choices: SaveOptions, tested: Evaluation | None = None
) -> tuple[TrainedModel, dict[str, Any]]:
    kept = trained_model(run_id, with_calibration=choices.calibrate)
    point = choices.changed(kept.at(choices.operating_point))
    test = None
    if tested is not None and is_test_of(tested, kept.network):
        test = outside_result(tested, point)
    return kept, run_card(model_id, kept, choices, point, test)
