"""Saving of a run's model in the zoo, with a complete card."""

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
    options: SaveOptions | None = None,
    *,
    tested: Evaluation | None = None,
) -> ArchitectureCard:
    """Save the best model of a run to the zoo.

    Parameters
    ----------
    run_id : str
        May still be running.
    tested : Evaluation, optional
        Test of this run's model on other recordings, for the card; ignored unless it was of the
        saved weights.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        The run has no model yet, or its folder is damaged.
    ParameterError
        The id or the operating point is not valid.
    CardError, WeightsError, RegistryError
        The model cannot be saved: the id is taken, a text is too long, or the disk is full.
    """
    options = options or SaveOptions()
    if options.operating_point not in POINT_NAMES:
        raise ParameterError(
            "There is no operating point {operating_point!r}. It is one of: {point_names}.",
            operating_point=options.operating_point,
            point_names=", ".join(POINT_NAMES),
        )
    if not is_model_id(model_id):
        raise ParameterError(
            "{model_id!r} is not a valid model id: {model_id_rule}.",
            model_id=model_id,
            model_id_rule=MODEL_ID_RULE,
        )
    model, document = _model_with_card(run_id, model_id, options, tested)
    card, weights = seal(document, model.network)
    add_sealed(card, weights, replace=options.replace)
    return card


def run_detector(run_id: str) -> Detector:
    """Return the best model of a run as a detector, as saving would give it.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        The run has no model yet, or its folder is damaged.
    """
    model, document = _model_with_card(run_id, run_id, SaveOptions())
    return unsaved_detector(document, model.network)


def is_run(model_id: str) -> bool:
    """Return whether there is a run of this id."""
    return any(run.run_id == model_id for run in all_runs())


def any_detector(model_id: str, access: HubAccess | None = None) -> Detector:
    """Return a detector from a model id, or from a run id its best model so far."""
    return run_detector(model_id) if is_run(model_id) else load_detector(model_id, access=access)


def write_run_model(folder: Path, run_id: str, options: SaveOptions) -> ArchitectureCard:
    """Write the best model of a run to a folder named by the model's id.

    Raises
    ------
    SeizureZooError
        See `save_model`.
    """
    model, document = _model_with_card(run_id, folder.name, options)
    return write_model(folder, document=document, network=model.network)


def _model_with_card(
    run_id: str, model_id: str, options: SaveOptions, tested: Evaluation | None = None
) -> tuple[TrainedModel, dict[str, Any]]:
    model = trained_model(run_id, with_calibration=options.calibrate)
    point = options.changed(model.at(options.operating_point))
    test = None
    if tested is not None and is_test_of(tested, model.network):
        test = outside_result(tested, point)
    return model, run_card(model_id, model, options, point, test)
