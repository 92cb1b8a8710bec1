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

from training.detectors import unsaved_detector
from training.fit.augmentation import Augmenter
from training.fit.checkpoints import CheckpointFolder
from training.fit.loop import Trainer
from training.fit.mining import hardest_background
from training.fit.mixture import WindowForm, WindowMixer, draws_of_pieces
from training.fit.pool import RealFile, stored_pool
from training.fit.randomness import Purpose, torch_generator
from training.fit.sources import Batch, Epoch, Place, TrainingStage, mixed_epoch
from training.fit.validation import ValidationResult, network_logits, window_figures
from training.recipes.card import recipe_card
from training.recipes.choosing import (
    calibrated_on_seconds,
    chosen_output,
    people_seen_by,
    traced_groups,
)
from training.recipes.held_out import FULL, TRAINING_SEEDS, VALIDATION_SEEDS, Amounts
from training.recipes.measuring import measure_held_out, validation_groups
from training.recipes.real_pieces import resting_files, seizure_pieces
from training.recipes.settings import RecipeSettings
from zoo.card.schema import ArchitectureCard
from zoo.layers.network import build_network
from zoo.store.sealing import write_model

if TYPE_CHECKING:
    import torch
    from torch import nn

Report = Callable[[str], None]

_VALIDATION_BATCH = 64


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
        return mixed_epoch(
            self._training,
            place,
            self._n_batches,
            settings.batch_size,
            hard=background or (),
            hard_share=settings.mining.fraction,
        )

    def hard_background(self, network: nn.Module, place: Place) -> list[int] | None:
        """Return the background that deceives the network most."""
        settings = self.recipe.settings
        share = 1.0 - self._training.seizure_share
        n_background = round(share * self._n_batches * settings.batch_size)
        return hardest_background(
            self._training, network, place, settings.mining, n_background=n_background
        )

    def validate(self, network: nn.Module, should_stop: Callable[[], bool]) -> ValidationResult:
        """Measure loss and accuracy on the validation windows."""
        network.eval()
        return window_figures(*network_logits(network, self._validation_batches()))

    def _validation_batches(self) -> Iterator[Batch]:
        signals, labels = self._validation
        for first in range(0, len(signals), _VALIDATION_BATCH):
            stop = first + _VALIDATION_BATCH
            yield signals[first:stop], labels[first:stop]

    @property
    def _n_batches(self) -> int:
        return self.recipe.settings.mixture.batches_per_epoch or 1

    @cached_property
    def _training(self) -> WindowMixer:
        mixture = self.recipe.settings.mixture
        used = seizure_pieces(self.data, held_out=False)
        used += resting_files(self.data, moving=mixture.people)
        return self._mixer(TRAINING_SEEDS, mixture.n_simulated, used)

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
            people=recipe.settings.mixture.people,
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
    resting = resting_files(data, moving=recipe.settings.mixture.people)
    document = recipe_card(recipe, history, pieces=pieces, resting=resting)

    report("calibrating ...")
    groups = validation_groups(data, amounts)
    traced = traced_groups(unsaved_detector(document, network), groups)
    document["training"]["calibration"] = calibrated_on_seconds(network, traced)
    detector = unsaved_detector(document, network)
    report("choosing operating points and training the second stage ...")
    (people,) = people_seen_by([detector], work, amounts.n_people, report)
    document |= chosen_output(document, traced_groups(detector, groups), people)

    report("measuring on what was held out ...")
    detector = unsaved_detector(document, network)
    document["results"] = measure_held_out(detector, data, amounts=amounts)
    return write_model(folder, document=document, network=network)
