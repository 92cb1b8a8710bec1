"""Interfaces of training material: plans, stages, sources of windows."""

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
"""Seed, stage and epoch; all random numbers depend on these only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Epoch:
    """The batches of one epoch.

    Attributes
    ----------
    batches_from : callable
        Yields signals and labels from a batch number on; signals are valid until the next batch.
    class_counts : tuple of float
        Background and seizure windows, or their shares.
    """

    n_batches: int
    batches_from: Callable[[int], Iterator[Batch]]
    class_counts: tuple[float, float]


class WindowSource(Protocol):
    """Provides the windows of a stage and validates its network."""

    def epoch(self, place: Place, background: Sequence[int] | None) -> Epoch:
        """Return an epoch; `background` is the last result of `hard_background`."""
        ...

    def hard_background(self, network: torch.nn.Module, place: Place) -> list[int] | None:
        """Return the background to train on from this epoch on; None changes nothing."""
        ...

    def validate(
        self, network: torch.nn.Module, should_stop: Callable[[], bool]
    ) -> ValidationResult:
        """Validate a network, which is put into eval mode."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingStage:
    """A part of a training that starts from the initial weights.

    Attributes
    ----------
    epochs : int
        Maximum number of epochs.
    name, description : str
        Of the split; the name is "" for a single one.
    """

    source: WindowSource
    epochs: int
    name: str = ""
    description: str = ""


class TrainingPlan(Protocol):
    """The stages of a training."""

    @property
    def n_stages(self) -> int:
        """Number of stages."""
        ...

    @property
    def augmenter(self) -> Augmenter:
        """Augmentation of the windows."""
        ...

    def stage(self, number: int, bests: Sequence[dict[str, Any]]) -> TrainingStage:
        """Return a stage; the best epochs of the previous stages are known."""
        ...


def mixed_epoch(
    mixer: WindowMixer,
    place: Place,
    n_batches: int,
    batch_size: int,
    *,
    hard: Sequence[int] = (),
    hard_share: float = 0.0,
) -> Epoch:
    """Return an epoch of randomly drawn windows, with a generator per batch."""
    import torch

    def batches_from(first: int) -> Iterator[Batch]:
        for number in range(first, n_batches):
            rng = generator(Purpose.ORDER, *place, number)
            signals, labels = mixer.batch(batch_size, rng, hard=hard, hard_share=hard_share)
            yield torch.from_numpy(signals), torch.from_numpy(labels)

    share = mixer.seizure_share
    return Epoch(n_batches=n_batches, batches_from=batches_from, class_counts=(1.0 - share, share))
