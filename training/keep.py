"""Keeps the net of a run: a complete card, and the net in the zoo, usable at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.errors import ParameterError
from seizure_core.postprocessing import PostProcessing
from seizure_core.scoring import Score
from training.calibration import apply_temperature, fit_temperature
from training.card_document import KeptFacts, card_document
from training.dataset import Dataset
from training.dataset_store import open_dataset
from training.errors import RunError
from training.explorer import best_point, threshold_curve
from training.run_folder import RunFolder, find_run
from training.splits import Split
from training.stages import n_stages, splits_of
from training.train_settings import TrainSettings, train_settings
from training.validation import judges_events, traced_recordings, window_logits
from training.worker import starting_network
from zoo.card import MODEL_ID_RULE, ArchitectureCard, is_model_id
from zoo.detector import Detector
from zoo.net_folder import load_net, write_net
from zoo.user_nets import add_net

if TYPE_CHECKING:
    import torch

FINE_THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 20))


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
        Scale the logits by the temperature that suits the validation windows best.
    threshold, threshold_off, smoothing_s, min_duration_s, merge_gap_s : float or None
        Operating point; None takes what was best on validation recordings.
    replace : bool
        Whether a user's net of the same id may be replaced.
    """

    title: str = ""
    authors: tuple[str, ...] = ("unknown",)
    license: str = "unspecified"
    notes: str = ""
    version: str = "1.0.0"
    calibrate: bool = True
    threshold: float | None = None
    threshold_off: float | None = None
    smoothing_s: float | None = None
    min_duration_s: float | None = None
    merge_gap_s: float | None = None
    replace: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class _Kept:
    """A run's net made ready."""

    network: torch.nn.Sequential
    best: dict[str, Any]
    temperature: float | None
    settings: PostProcessing
    score: Score | None


def save_model(run_id: str, model_id: str, choices: KeepChoices | None = None) -> ArchitectureCard:
    """Save the best net of a run to the zoo.

    Parameters
    ----------
    run_id : str
        Which run; it may still be under way.
    model_id : str
        Id of the new net.
    choices : KeepChoices, optional
        What is said about it.

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
    if not is_model_id(model_id):
        raise ParameterError(f"{model_id[:80]!r} is no id for a net: {MODEL_ID_RULE}.")
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder:
        card = _write(Path(folder) / model_id, run_id, choices)
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
        _write(Path(folder) / run_id, run_id, KeepChoices())
        net = load_net(Path(folder) / run_id)
    return Detector(card=net.card, network=net.network, weights_sha256=net.card.weights.sha256)


def _write(folder: Path, run_id: str, choices: KeepChoices) -> ArchitectureCard:
    """Write the best net of a run into a folder, whose name is the net's id."""
    run = find_run(run_id)
    request = run.request()
    if not run.checkpoints.has_best:
        raise RunError(f"{run_id} has no net to keep yet: no epoch was completed.")
    dataset = open_dataset(str(request["dataset_id"]))
    settings = train_settings(request["settings"])
    splits = splits_of(dataset, settings)
    kept = _prepare(run, dataset, settings, splits, choices)
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
            folds=_folds(run, splits),
            history=run.history(),
            operating_point=kept.settings,
            score=kept.score,
            temperature=kept.temperature,
            threads=run.written_state().get("threads"),
            device=run.written_state().get("device"),
        ),
    )
    return write_net(folder, document=document, network=kept.network)


def _prepare(
    run: RunFolder,
    dataset: Dataset,
    settings: TrainSettings,
    splits: Sequence[Split],
    choices: KeepChoices,
) -> _Kept:
    import torch

    network = starting_network(run)
    assert isinstance(network, torch.nn.Sequential)
    best = run.checkpoints.load_best(network)
    network.eval()
    # After leave-one-patient-out the kept net has seen every patient: nothing can validate it.
    split = splits[0] if n_stages(splits) == 1 else None
    temperature = None
    if split is not None and choices.calibrate:
        n_steps = run.request()["n_steps"]
        logits, classes = window_logits(network, dataset, split.validation, n_steps)
        temperature = fit_temperature(logits, classes)
        if temperature is not None and not apply_temperature(network, temperature):
            temperature = None
    point = _starting_point(settings, best, run, splits)
    if split is not None and judges_events(dataset, split):
        traced = traced_recordings(network, dataset, split.validation_recordings, settings)
        if choices.threshold is None:
            found = best_point(threshold_curve(traced, point, FINE_THRESHOLDS))
            point = found.settings if found is not None else point
        chosen = chosen_point(point, choices)
        score = threshold_curve(traced, chosen, [chosen.threshold])[0].score
        return _Kept(
            network=network, best=best, temperature=temperature, settings=chosen, score=score
        )
    return _Kept(
        network=network,
        best=best,
        temperature=temperature,
        settings=chosen_point(point, choices),
        score=None,
    )


def chosen_point(point: PostProcessing, choices: KeepChoices) -> PostProcessing:
    """Return an operating point with what a person chose instead.

    Raises
    ------
    ParameterError
        A number is out of its bounds.
    """
    threshold = point.threshold if choices.threshold is None else choices.threshold
    if not 0.0 < threshold < 1.0:
        raise ParameterError(f"The threshold must lie between 0 and 1; {threshold:g} was given.")
    ratio = point.lower_threshold / point.threshold
    lower = round(ratio * threshold, 6) if choices.threshold_off is None else choices.threshold_off
    if not 0.0 < lower <= threshold:
        raise ParameterError(
            f"threshold_off must be more than 0 and at most the threshold {threshold:g}; "
            f"{lower:g} was given."
        )
    point = replace(point, threshold=threshold, threshold_off=lower)
    for name in ("smoothing_s", "min_duration_s", "merge_gap_s"):
        value = getattr(choices, name)
        if value is not None:
            point = replace(point, **{name: value})
    return point


def _starting_point(
    settings: TrainSettings, best: dict[str, Any], run: RunFolder, splits: Sequence[Split]
) -> PostProcessing:
    """Return the operating point that training saw as the best; the folds' middle if there are."""
    folds = [one["threshold"] for one in _folds(run, splits) if one.get("threshold") is not None]
    threshold = best.get("threshold")
    if threshold is None and folds:
        threshold = sorted(folds)[(len(folds) - 1) // 2]
    return settings.post_processing(0.5 if threshold is None else float(threshold))


def _folds(run: RunFolder, splits: Sequence[Split]) -> list[dict[str, Any]]:
    if n_stages(splits) == 1:
        return []
    return run.checkpoints.state().bests[: len(splits)]
