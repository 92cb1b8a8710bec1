"""The stages of a training: one, or a fold for each patient and a last one on all of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from training.data.dataset import Dataset
from training.data.splits import Split, everything, split_dataset
from training.fit.settings import TrainSettings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainingStage:
    """A part of a training that begins with fresh weights.

    Attributes
    ----------
    split : Split
        What it trains and validates on.
    epochs : int
        Passes at most.
    """

    split: Split
    epochs: int


def n_stages(splits: Sequence[Split]) -> int:
    """Return how many stages the folds of a dataset make."""
    return len(splits) + 1 if splits[0].method == "leave-one-patient-out" else 1


def splits_of(dataset: Dataset, settings: TrainSettings) -> tuple[Split, ...]:
    """Return the folds a training has.

    Raises
    ------
    SplitError
        The dataset cannot be split that way.
    """
    return split_dataset(
        dataset,
        settings.split,
        validation_fraction=settings.validation_fraction,
        seed=settings.seed,
    )


def stage_of(
    dataset: Dataset,
    splits: Sequence[Split],
    settings: TrainSettings,
    number: int,
    bests: Sequence[dict[str, Any]],
) -> TrainingStage:
    """Return a stage by its number.

    The last stage of leave-one-patient-out trains on all windows, for as many epochs as were
    best in the middle of the folds; its net is the one that is kept.
    """
    if number < len(splits):
        return TrainingStage(split=splits[number], epochs=settings.epochs)
    epochs = [int(best["epoch"]) for best in bests[: len(splits)]]
    return TrainingStage(split=everything(dataset), epochs=max(1, round(statistics.median(epochs))))
