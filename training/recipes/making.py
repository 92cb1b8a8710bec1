"""Making of a model by a recipe, from EEG to a sealed card.

Models differ in their settings files only, see `RecipeSettings`. All choices are made on held-out
simulated recordings and held-out records of chb02 and chb03. Test-only data is read by
`add_test_results` alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from seizure_core.events.event import clip_events, seizures_of
from training.detectors import unsaved_detector
from training.evaluate.calibration import calibrate
from training.evaluate.explorer import TracedFile
from training.evaluate.finders import KnownRecording, ictal_seconds
from training.evaluate.operating_points import PointGrid, choose_operating_points
from training.fit.augmentation import Augmenter
from training.fit.checkpoints import CheckpointFolder
from training.fit.loop import Trainer
from training.fit.mixture import WindowForm, WindowMixer, draws_of_pieces
from training.fit.pool import RealFile, stored_pool
from training.fit.randomness import Purpose, torch_generator
from training.fit.sources import Batch, Epoch, Place, TrainingStage, mixed_epoch
from training.fit.validation import ValidationResult, network_logits, window_figures
from training.patients import patient_of
from training.recipes.card import recipe_card
from training.recipes.held_out import FULL, TRAINING_SEEDS, VALIDATION_SEEDS, Amounts
from training.recipes.measuring import measure_held_out, validation_groups
from training.recipes.real_pieces import resting_files, seizure_pieces
from training.recipes.settings import RecipeSettings
from training.recipes.stage_making import make_second_stage
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.layers.network import build_network
from zoo.store.sealing import write_model

if TYPE_CHECKING:
    import torch
    from torch import nn

Report = Callable[[str], None]

# Simulated recordings are easier than real ones, so a minimum duration is set beforehand.
GRID = PointGrid(smoothings_s=(3.0, 5.0, 9.0), min_durations_s=(5.0, 10.0))

_VALIDATION_BATCH = 64
# Bound for logits, where float32 probabilities are 0 or 1.
_SURE = 1e-6


@dataclass(frozen=True, kw_only=True, eq=False)
class RecipePlan:
    """The single stage of a recipe, which is also its source of windows.

    Attributes
    ----------
    data : Path
        Folder with `chbmit` and `eegmat`.
    work : Path
        Folder for prepared EEG.
    """

    recipe: RecipeSettings
    data: Path
    work: Path
    n_stages: int = 1

    @cached_property
    def augmenter(self) -> Augmenter:
        """Augmentation of the windows."""
        recipe = self.recipe
        return Augmenter.of(recipe.settings.augmentation, recipe.input, recipe.n_steps)

    def stage(self, number: int, bests: Sequence[dict[str, Any]]) -> TrainingStage:
        """Return the stage."""
        return TrainingStage(source=self, epochs=self.recipe.settings.epochs)

    def epoch(self, place: Place, background: Sequence[int] | None) -> Epoch:
        """Return randomly drawn windows."""
        settings = self.recipe.settings
        n_batches = settings.mixture.batches_per_epoch or 1
        return mixed_epoch(self._training, place, n_batches, settings.batch_size)

    def hard_background(self, network: nn.Module, place: Place) -> None:
        """Return None: hard background is part of the mixture."""

    def validate(self, network: nn.Module, should_stop: Callable[[], bool]) -> ValidationResult:
        """Measure loss and accuracy on the validation windows."""
        network.eval()
        return window_figures(*network_logits(network, self._validation_batches()))

    def _validation_batches(self) -> Iterator[Batch]:
        signals, labels = self._validation
        for first in range(0, len(signals), _VALIDATION_BATCH):
            stop = first + _VALIDATION_BATCH
            yield signals[first:stop], labels[first:stop]

    @cached_property
    def _training(self) -> WindowMixer:
        n_simulated = self.recipe.settings.mixture.n_simulated
        used = seizure_pieces(self.data, held_out=False)
        return self._mixer(TRAINING_SEEDS, n_simulated, used + resting_files(self.data))

    @cached_property
    def _validation(self) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        recipe = self.recipe
        seed = recipe.settings.seed
        kept = seizure_pieces(self.data, held_out=True)
        mixer = self._mixer(VALIDATION_SEEDS, recipe.n_validation_simulated, kept)
        signals, labels = mixer.batch(recipe.n_validation_windows, np.random.default_rng(seed))
        chance = torch_generator(Purpose.AUGMENTATION, seed)
        return self.augmenter(torch.from_numpy(signals), torch.from_numpy(labels), chance)

    def _mixer(self, first_seed: int, n_simulated: int, real: list[RealFile]) -> WindowMixer:
        recipe = self.recipe
        pool = stored_pool(
            self.work / "pools",
            recipe.input,
            first_seed=first_seed,
            n_simulated=n_simulated,
            real=real,
        )
        form = WindowForm(n_samples=recipe.input.window_samples, n_steps=recipe.n_steps)
        return WindowMixer(recipe.settings.mixture, form, pool, draws_of_pieces(pool, form))


class _Reporter:
    """Reports the epochs of a recipe's training."""

    def __init__(self, report: Report, epochs: int) -> None:
        self._report, self._epochs = report, epochs

    def log(self, text: str) -> None:
        """Report a line."""
        if text:
            self._report(text)

    def on_progress(self, epoch: int, fraction: float) -> None:
        """Ignore progress between epochs."""

    def on_epoch(self, row: dict[str, Any]) -> None:
        """Report the figures of an epoch."""
        self.log(
            f"epoch {row['epoch']} of {self._epochs}: loss {row['train_loss']:.3f}, "
            f"validation loss {row['validation_loss']:.3f}, "
            f"accuracy {row['validation_accuracy']:.1%}"
        )

    def should_stop(self) -> bool:
        """Return False."""
        return False


def train_network(
    recipe: RecipeSettings, *, data: Path, work: Path, report: Report = print
) -> tuple[nn.Sequential, list[dict[str, Any]]]:
    """Train a network; an interrupted training is resumed exactly.

    Parameters
    ----------
    data : Path
        Folder with `chbmit` and `eegmat`.
    work : Path
        Folder for prepared EEG and checkpoints.
    report : callable
        Called with a line of progress.

    Returns
    -------
    network : torch.nn.Sequential
        In eval mode, with the weights of its best epoch.
    history : list of dict
        A row per epoch.

    Raises
    ------
    RecordingError
        The real EEG is missing or unreadable.
    TrainingError, RunError
        The training diverged, or its checkpoint is damaged.
    """
    import torch

    # The number of threads determines the order of sums; the settings' number gives the same
    # network.
    torch.set_num_threads(recipe.settings.threads or 1)
    contract = recipe.input

    def fresh() -> nn.Sequential:
        return build_network(recipe.network, contract.build_channels, contract.window_samples)

    report("simulating and reading ...")
    plan = RecipePlan(recipe=recipe, data=data, work=work)
    digest = hashlib.sha256(recipe.identity()).hexdigest()[:12]
    checkpoints = CheckpointFolder(folder=work / "trainings" / f"{recipe.model_id}-{digest}")
    checkpoints.folder.mkdir(parents=True, exist_ok=True)
    Trainer(
        plan, fresh, recipe.settings, checkpoints, _Reporter(report, recipe.settings.epochs)
    ).run()
    network = fresh()
    checkpoints.load_best(network)
    return network.eval(), checkpoints.state().history


def make_model(
    recipe: RecipeSettings,
    *,
    data: Path,
    folder: Path,
    work: Path,
    amounts: Amounts = FULL,
    report: Report = print,
) -> ArchitectureCard:
    """Train, calibrate and measure a model, choose operating points, write its folder.

    Parameters
    ----------
    recipe, data, work, report
        See `train_network`.
    folder : Path
        Folder of the model; its files are replaced.

    Returns
    -------
    ArchitectureCard
        Test-only data was not used.
    """
    network, history = train_network(recipe, data=data, work=work, report=report)
    pieces = seizure_pieces(data, held_out=False)
    document = recipe_card(recipe, history, pieces=pieces, resting=resting_files(data))

    report("calibrating and choosing operating points ...")
    groups = validation_groups(data, amounts)
    traced = traced_groups(unsaved_detector(document, network), groups)
    document["training"]["calibration"] = calibrated_on_seconds(network, traced)
    traced = traced_groups(unsaved_detector(document, network), groups)
    points = choose_operating_points(traced, grid=GRID)
    if points is not None:
        document["output"] |= points.output()

    if amounts.n_people:
        report("training the second stage ...")
        detector = unsaved_detector(document, network)
        stage = make_second_stage(detector, work, n_people=amounts.n_people, report=report)
        if stage is not None:
            document["schema_version"] = 2
            document["output"]["second_stage"] = stage.model_dump(mode="json")

    report("measuring on what was held out ...")
    detector = unsaved_detector(document, network)
    document["results"] = measure_held_out(detector, data, amounts=amounts)
    return write_model(folder, document=document, network=network)


def traced_groups(
    detector: Detector, groups: Sequence[Sequence[KnownRecording]]
) -> list[list[TracedFile]]:
    """Return traces and references of groups of recordings."""
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
