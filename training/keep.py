"""Keeps the net of a run: a complete card, and the net in the zoo, usable at once."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from training.card_document import KeptFacts, card_document
from training.data.store import open_dataset
from training.evaluate.evaluation import Evaluation
from training.evaluate.tested_result import is_test_of, outside_result
from training.fit.settings import train_settings
from training.fit.stages import splits_of
from training.kept_model import KeptNet, kept_net
from training.runs.folder import all_runs, find_run
from zoo.card.history import MODEL_ID_RULE, is_model_id
from zoo.card.output import POINT_NAMES
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.hub.access import HubAccess
from zoo.loading import load_detector
from zoo.store.model_folder import load_net
from zoo.store.sealing import write_net
from zoo.store.user_models import add_net


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepChoices:
    """What a person says about a net that is kept.

    Attributes
    ----------
    title : str
        Name for people; empty takes the run's.
    authors : tuple of str
        Who made it.
    license : str
        Under which it may be used.
    notes : str
        What else should be known; stands in the card.
    version : str
        "1.0.0".
    calibrate : bool
        Rescale the logits by what suits the validation windows best.
    operating_point : str
        Which of the points chosen on validation recordings the net is used at unless asked
        otherwise: "sensitive", "balanced" or "specific".
    threshold, threshold_off, smoothing_s, min_duration_s, merge_gap_s : float or None
        Other numbers for that; None leaves those of the point.
    replace : bool
        Whether a user's net of the same id may be replaced.
    """

    title: str = ""
    authors: tuple[str, ...] = ("unknown",)
    license: str = "unspecified"
    notes: str = ""
    version: str = "1.0.0"
    calibrate: bool = True
    operating_point: str = "balanced"
    threshold: float | None = None
    threshold_off: float | None = None
    smoothing_s: float | None = None
    min_duration_s: float | None = None
    merge_gap_s: float | None = None
    replace: bool = False


def save_model(
    run_id: str,
    model_id: str,
    choices: KeepChoices | None = None,
    *,
    tested: Evaluation | None = None,
) -> ArchitectureCard:
    """Save the best net of a run to the zoo.

    Parameters
    ----------
    run_id : str
        Which run; it may still be under way.
    model_id : str
        Id of the new net.
    choices : KeepChoices, optional
        What is said about it.
    tested : Evaluation, optional
        A test of this run's model on other recordings; it stands on the card if it was of the
        weights that are kept.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It has no net yet, or its folder is damaged.
    ParameterError
        The id or the operating point is not possible.
    CardError, WeightsError, RegistryError
        The net cannot be saved: the id is taken, a text is too long, the disk is full.
    """
    choices = choices or KeepChoices()
    if choices.operating_point not in POINT_NAMES:
        raise ParameterError(
            "There is no operating point {operating_point!r}. It is one of: {point_names}.",
            operating_point=choices.operating_point[:40],
            point_names=", ".join(POINT_NAMES),
        )
    if not is_model_id(model_id):
        raise ParameterError(
            "{model_id!r} is no id for a net: {model_id_rule}.",
            model_id=model_id[:80],
            model_id_rule=MODEL_ID_RULE,
        )
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        card = write_run_net(Path(folder) / model_id, run_id, choices, tested)
        add_net(Path(folder) / model_id, replace=choices.replace)
    return card


def run_detector(run_id: str) -> Detector:
    """Return the best net of a run, as saving it would give it, without saving it.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It has no net yet, or its folder is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        write_run_net(Path(folder) / run_id, run_id, KeepChoices())
        net = load_net(Path(folder) / run_id)
    return Detector(card=net.card, network=net.network, weights_sha256=net.card.weights.sha256)


def is_run(model_id: str) -> bool:
    """Whether an id is that of a run."""
    return any(run.run_id == model_id for run in all_runs())


def any_detector(model_id: str, access: HubAccess | None = None) -> Detector:
    """Return a model of the zoo, or the best one so far of a run."""
    return run_detector(model_id) if is_run(model_id) else load_detector(model_id, access=access)


def net_to_keep(run_id: str, *, with_calibration: bool = True) -> KeptNet:
    """Return the best net of a run with its calibration and operating points, to look at them.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        It has no net yet, or its folder is damaged.
    """
    run = find_run(run_id)
    request = run.request()
    dataset = open_dataset(str(request["dataset_id"]))
    settings = train_settings(request["settings"])
    return kept_net(
        run, dataset, settings, splits_of(dataset, settings), with_calibration=with_calibration
    )


def write_run_net(
    folder: Path, run_id: str, choices: KeepChoices, tested: Evaluation | None = None
) -> ArchitectureCard:
    """Write the best net of a run into a folder, whose name is the net's id.

    Raises
    ------
    SeizureZooError
        As `save_model`.
    """
    run = find_run(run_id)
    request = run.request()
    dataset = open_dataset(str(request["dataset_id"]))
    settings = train_settings(request["settings"])
    splits = splits_of(dataset, settings)
    kept = kept_net(run, dataset, settings, splits, with_calibration=choices.calibrate)
    point = chosen_point(kept.at(choices.operating_point), choices)
    test = None
    if tested is not None and is_test_of(tested, kept.network):
        test = outside_result(tested, point)
    document = card_document(
        folder.name,
        request,
        dataset,
        KeptFacts(
            title=choices.title or settings.title or f"Net of {run_id}",
            authors=choices.authors,
            license=choices.license,
            notes=choices.notes,
            version=choices.version,
            settings=settings,
            splits=splits,
            best=kept.best,
            folds=kept.folds,
            history=run.history(),
            operating_point=point,
            by_hand=point != kept.at(choices.operating_point),
            points=kept.points,
            score=kept.score(point),
            test=test,
            calibrated=kept.calibrated,
            threads=run.written_state().get("threads"),
            device=run.written_state().get("device"),
        ),
    )
    return write_net(folder, document=document, network=kept.network)


def chosen_point(point: PostProcessing, choices: KeepChoices) -> PostProcessing:
    """Return an operating point with what a person chose instead.

    Raises
    ------
    ParameterError
        A number is out of its bounds.
    """
    threshold = point.threshold if choices.threshold is None else choices.threshold
    if not 0.0 < threshold < 1.0:
        raise ParameterError(
            "The threshold must lie between 0 and 1; {threshold:g} was given.", threshold=threshold
        )
    ratio = point.lower_threshold / point.threshold
    lower = round(ratio * threshold, 6) if choices.threshold_off is None else choices.threshold_off
    if not 0.0 < lower <= threshold:
        raise ParameterError(
            "threshold_off must be more than 0 and at most the threshold {threshold:g}; "
            "{lower:g} was given.",
            threshold=threshold,
            lower=lower,
        )
    point = replace(point, threshold=threshold, threshold_off=lower)
    for name in ("smoothing_s", "min_duration_s", "merge_gap_s"):
        value = getattr(choices, name)
        if value is not None:
            point = replace(point, **{name: value})
    return point
