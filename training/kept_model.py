"""The net of a run made ready to be kept: calibrated, with its operating points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import Score
from training.data.dataset import Dataset
from training.data.splits import Split
from training.errors import RunError
from training.evaluate.calibration import Calibrated, calibrate
from training.evaluate.explorer import TracedFile, explore
from training.evaluate.operating_points import ChosenPoints, PointGrid, choose_operating_points
from training.fit.settings import TrainSettings
from training.fit.stages import n_stages
from training.fit.validation import judges_events, traced_recordings, window_logits
from training.runs.folder import RunFolder
from training.runs.worker import starting_network

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, kw_only=True, eq=False)
class KeptNet:
    """The best net of a run.

    Attributes
    ----------
    network : torch.nn.Sequential
        In eval mode, with its best weights, rescaled.
    best : dict
        Figures of the epoch the weights are from.
    folds : list of dict
        Figures of the best epoch of each fold of leave-one-patient-out.
    calibrated : Calibrated or None
        None where nothing was rescaled.
    traced : tuple of TracedFile
        Whole validation recordings; empty where there are none fit to score events.
    points : ChosenPoints or None
        Chosen on those.
    start : PostProcessing
        What training saw as the best; the operating point where there are no others.
    """

    network: torch.nn.Sequential
    best: dict[str, Any]
    folds: list[dict[str, Any]]
    calibrated: Calibrated | None
    traced: tuple[TracedFile, ...]
    points: ChosenPoints | None
    start: PostProcessing

    def at(self, name: str) -> PostProcessing:
        """Return the numbers of an operating point; those of the start where there is none."""
        return self.start if self.points is None else self.points.point(name).settings

    def score(self, settings: PostProcessing) -> Score | None:
        """Return the pooled score on the validation recordings; None without any."""
        return explore(self.traced, settings)[0] if self.traced else None


def kept_net(
    run: RunFolder,
    dataset: Dataset,
    settings: TrainSettings,
    splits: Sequence[Split],
    *,
    with_calibration: bool = True,
) -> KeptNet:
    """Make the best net of a run ready.

    Parameters
    ----------
    run : RunFolder
        It may still be under way.
    dataset : Dataset
        What it trains on.
    settings : TrainSettings
        Of the run.
    splits : sequence of Split
        Its folds.
    with_calibration : bool
        Rescale the logits by what suits the validation windows best.

    Raises
    ------
    RunError
        It has no net yet.
    """
    import torch

    if not run.checkpoints.has_best:
        raise RunError(
            "{run_id} has no net to keep yet: no epoch was completed.", run_id=run.run_id
        )
    network = starting_network(run)
    assert isinstance(network, torch.nn.Sequential)
    best = run.checkpoints.load_best(network)
    network.eval()
    # After leave-one-patient-out the kept net has seen every patient: nothing can validate it.
    split = splits[0] if n_stages(splits) == 1 else None
    calibrated = None
    if split is not None and with_calibration:
        calibrated = calibrate(
            network, *window_logits(network, dataset, split.validation, run.request()["n_steps"])
        )
    folds = [] if split is not None else run.checkpoints.state().bests[: len(splits)]
    start = _start(settings, best, folds)
    traced: Sequence[TracedFile] = ()
    if split is not None and judges_events(dataset, split):
        traced = traced_recordings(network, dataset, split.validation_recordings, settings)
    return KeptNet(
        network=network,
        best=best,
        folds=folds,
        calibrated=calibrated,
        traced=tuple(traced),
        # Smoothing and the like are settings of the run, by which its epochs were judged.
        points=choose_operating_points([traced], grid=PointGrid.of_shape(start)),
        start=start,
    )


def _start(
    settings: TrainSettings, best: dict[str, Any], folds: Sequence[dict[str, Any]]
) -> PostProcessing:
    """Return the operating point that training saw as the best; the folds' middle if there are."""
    threshold = best.get("threshold")
    seen = sorted(one["threshold"] for one in folds if one.get("threshold") is not None)
    if threshold is None and seen:
        threshold = seen[(len(seen) - 1) // 2]
    return settings.post_processing(0.5 if threshold is None else float(threshold))
