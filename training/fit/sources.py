"""Where the windows of a training come from: the stages it has, and the batches of an epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from training.fit.augmentation import Augmenter
from training.fit.mixture import WindowMixer
from training.fit.randomness import Purpose, generator
from training.fit.validation import ValidationResult

if TYPE_CHECKING:
    import torch

Batch = tuple["torch.Tensor", "torch.Tensor"]
Place = tuple[int, int, int]
"""Seed, stage and epoch, on which everything that is drawn depends, and on nothing before."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Epoch:
    """The batches of one pass.

    Attributes
    ----------
    n_batches : int
    batches_from : callable
        Yields signals and labels from the batch of that number on; signals hold until the next
        batch is asked for.
    class_counts : tuple of float
        Background and seizure windows, or their shares.
    """

    n_batches: int
    batches_from: Callable[[int], Iterator[Batch]]
    class_counts: tuple[float, float]


class WindowSource(Protocol):
    """Gives the windows of a stage, and judges the network they train."""

    def epoch(self, place: Place, background: Sequence[int] | None) -> Epoch:
        """Return an epoch's batches; `background` is what `hard_background` returned last."""
        ...

    def hard_background(self, network: torch.nn.Module, place: Place) -> list[int] | None:
        """Return the background to train on from this epoch on; None leaves it."""
        ...

    def validate(
        self, network: torch.nn.Module, should_stop: Callable[[], bool]
    ) -> ValidationResult:
        """Measure a network, which is put into eval mode."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingStage:
    """A part of a training that begins with fresh weights.

    Attributes
    ----------
    source : WindowSource
        What it trains and validates on.
    epochs : int
        Passes at most.
    name, description : str
        Of the split; the name is "" where there is one.
    """

    source: WindowSource
    epochs: int
    name: str = ""
    description: str = ""


class TrainingPlan(Protocol):
    """The stages of a training."""

    @property
    def n_stages(self) -> int:
        """How many there are."""
        ...

    @property
    def augmenter(self) -> Augmenter:
        """How their windows are changed."""
        ...

    def stage(self, number: int, bests: Sequence[dict[str, Any]]) -> TrainingStage:
        """Return a stage; the best epochs of those before it are known."""
        ...


def mixed_epoch(mixer: WindowMixer, place: Place, n_batches: int, batch_size: int) -> Epoch:
    """Return an epoch of windows drawn by chance; each batch has random numbers of its own."""
    import torch

    def batches_from(first: int) -> Iterator[Batch]:
        for number in range(first, n_batches):
            rng = generator(Purpose.ORDER, *place, number)
            signals, labels = mixer.batch(batch_size, rng)
            yield torch.from_numpy(signals), torch.from_numpy(labels)

    share = mixer.seizure_share
    return Epoch(n_batches=n_batches, batches_from=batches_from, class_counts=(1.0 - share, share))
