"""The best model of a run with calibration and operating points, ready to be saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import Score
from training.data.store import open_dataset
from training.errors import RunError
from training.evaluate.calibration import calibrate
from training.evaluate.explorer import TracedFile, explore
from training.evaluate.operating_points import ChosenPoints, PointGrid, choose_operating_points
from training.fit.dataset_source import DatasetPlan
from training.fit.settings import TrainSettings, train_settings
from training.fit.validation import traced_recordings
from training.runs.folder import RunFolder, find_run
from training.runs.worker import starting_network
from zoo.card.history import Calibration

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOptions:
    """Choices of the user when saving a model.

    Attributes
    ----------
    title : str
        Empty takes the run's title.
    notes : str
        Remarks for the card.
    calibrate : bool
        Rescale the logits by a fit on the validation windows.
    operating_point : str
        Default operating point: "sensitive", "balanced" or "specific".
    threshold, threshold_off, smoothing_s, min_duration_s, merge_gap_s : float or None
        Changes to the default operating point; None keeps its settings.
    replace : bool
        Whether a user model of the same id may be replaced.
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

    def changed(self, point: PostProcessing) -> PostProcessing:
        """Return an operating point with the user's changes.

        Raises
        ------
        ParameterError
            A setting is out of bounds.
        """
        threshold = point.threshold if self.threshold is None else self.threshold
        if not 0.0 < threshold < 1.0:
            raise ParameterError(
                "The threshold must lie between 0 and 1; {threshold:g} was given.",
                threshold=threshold,
            )
        lower = self.threshold_off
        if lower is None:
            lower = round(point.lower_threshold / point.threshold * threshold, 6)
        if not 0.0 < lower <= threshold:
            raise ParameterError(
                "threshold_off must be more than 0 and at most the threshold {threshold:g}; "
                "{lower:g} was given.",
                threshold=threshold,
                lower=lower,
            )
        others = {
            name: getattr(self, name)
            for name in ("smoothing_s", "min_duration_s", "merge_gap_s")
            if getattr(self, name) is not None
        }
        return replace(point, threshold=threshold, threshold_off=lower, **others)


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainedModel:
    """The best model of a run.

    Attributes
    ----------
    network : torch.nn.Sequential
        In eval mode, with its best weights, rescaled.
    best : dict
        Figures of the best epoch.
    folds : list of dict
        Figures of the best epoch of each fold of leave-one-patient-out.
    calibration : Calibration or None
        None without a rescaling.
    traced : tuple of TracedFile
        Complete validation recordings with references; may be empty.
    points : ChosenPoints or None
        Chosen on `traced`.
    start : PostProcessing
        Best operating point during training, used if there are no `points`.
    """

    run: RunFolder
    plan: DatasetPlan
    network: torch.nn.Sequential
    best: dict[str, Any]
    folds: list[dict[str, Any]]
    calibration: Calibration | None
    traced: tuple[TracedFile, ...]
    points: ChosenPoints | None
    start: PostProcessing

    def at(self, name: str) -> PostProcessing:
        """Return the settings of an operating point, or of `start` if there are none."""
        return self.start if self.points is None else self.points.point(name).settings

    def score(self, settings: PostProcessing) -> Score | None:
        """Return the pooled score on the validation recordings; None without any."""
        return explore(self.traced, settings)[0] if self.traced else None


def trained_model(run_id: str, *, with_calibration: bool = True) -> TrainedModel:
    """Return the best model of a run, which may be running, with its operating points.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        The run has no model yet, or its folder is damaged.
    """
    import torch

    run = find_run(run_id)
    request = run.request()
    plan = DatasetPlan(
        dataset=open_dataset(str(request["dataset_id"])),
        settings=train_settings(request["settings"]),
        n_steps=request["n_steps"],
    )
    if not run.checkpoints.has_best:
        raise RunError(
            "{run_id} has no model to keep yet: no epoch was completed.", run_id=run.run_id
        )
    network = starting_network(run)
    assert isinstance(network, torch.nn.Sequential)
    best = run.checkpoints.load_best(network)
    network.eval()
    calibration = None
    traced: list[TracedFile] = []
    folds: list[dict[str, Any]] = []
    if plan.n_stages > 1:
        # After leave-one-patient-out the model has seen every patient, so it cannot be validated.
        folds = run.checkpoints.state().bests[: len(plan.splits)]
    else:
        split = plan.splits[0]
        if with_calibration:
            n_background, n_seizure = plan.dataset.counts(split.validation)
            calibration = calibrate(
                network,
                *plan.source(split).logits(network, split.validation),
                fitted_on=f"{n_seizure} seizure and {n_background} background windows of the "
                "validation data; recordings have far more background than that",
            )
        traced = traced_recordings(network, plan.dataset, split, plan.settings)
    start = _start(plan.settings, best, folds)
    return TrainedModel(
        run=run,
        plan=plan,
        network=network,
        best=best,
        folds=folds,
        calibration=calibration,
        traced=tuple(traced),
        # Post-processing other than the threshold is fixed by the run's settings.
        points=choose_operating_points([traced], grid=PointGrid.of_shape(start)),
        start=start,
    )


def _start(
    settings: TrainSettings, best: dict[str, Any], folds: Sequence[dict[str, Any]]
) -> PostProcessing:
    """Return the best operating point during training; the median over folds if any."""
    threshold = best.get("threshold")
    seen = sorted(fold["threshold"] for fold in folds if fold.get("threshold") is not None)
    if threshold is None and seen:
        threshold = seen[(len(seen) - 1) // 2]
    return settings.post_processing(0.5 if threshold is None else float(threshold))
