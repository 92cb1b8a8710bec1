"""Windows of a dataset: batches from its memory map, folds, hard background, simulated EEG."""

from __future__ import annotations

import math
import statistics
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import CoverageError
from seizure_core.intervals import covered, union_of_windows
from training.data.dataset import Dataset
from training.data.labelling import SEIZURE_LABEL
from training.data.splits import Split, everything, split_dataset
from training.errors import TrainingError
from training.fit.augmentation import Augmenter
from training.fit.mixture import Draw, WindowForm, WindowMixer
from training.fit.pool import ALONE_S, Pool, build_pool, stored_pool
from training.fit.randomness import Purpose, generator
from training.fit.settings import SEIZURE_KINDS, MixtureSettings, TrainSettings
from training.fit.sources import Batch, Epoch, Place, TrainingStage, mixed_epoch
from training.fit.validation import (
    ValidationResult,
    network_logits,
    validate_events,
    window_figures,
)
from zoo.card.sections import InputSection

if TYPE_CHECKING:
    import torch

_VALIDATION_BATCH = 128


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetPlan:
    """A training on a dataset: one stage, or a fold for each patient and a last one on all.

    Attributes
    ----------
    dataset : Dataset
    settings : TrainSettings
    n_steps : int or None
        Outputs of the network for each window, None for a single one.
    folder : Path or None
        Where simulated EEG is kept; None makes it when it is needed.
    """

    dataset: Dataset
    settings: TrainSettings
    n_steps: int | None = None
    folder: Path | None = None

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The folds.

        Raises
        ------
        SplitError
            The dataset cannot be split that way.
        """
        return split_dataset(
            self.dataset,
            self.settings.split,
            validation_fraction=self.settings.validation_fraction,
            seed=self.settings.seed,
        )

    @property
    def n_stages(self) -> int:
        """Stages: one, or the folds and a last one on all patients."""
        splits = self.splits
        return len(splits) + 1 if splits[0].method == "leave-one-patient-out" else 1

    @cached_property
    def augmenter(self) -> Augmenter:
        """How windows are changed.

        Raises
        ------
        TrainingError
            The dataset's montage has no two sides to mirror.
        """
        return Augmenter.of(self.settings.augmentation, self.dataset.settings, self.n_steps)

    @cached_property
    def pool(self) -> Pool:
        """Simulated EEG for the dataset's input; nothing where none is drawn."""
        mixture = self.settings.mixture
        if not mixture.simulates:
            return {}
        contract = _contract(self.dataset)
        if self.folder is None:
            return build_pool(contract, first_seed=0, n_simulated=mixture.n_simulated)
        return stored_pool(self.folder, contract, first_seed=0, n_simulated=mixture.n_simulated)

    def source(self, split: Split) -> DatasetSource:
        """Return the windows of a split."""
        return DatasetSource(plan=self, split=split)

    def stage(self, number: int, bests: Sequence[dict[str, Any]]) -> TrainingStage:
        """Return a stage.

        The last one of leave-one-patient-out trains on all windows, for as many epochs as were
        best in the middle of the folds; its network is the one that is kept.
        """
        if number < len(self.splits):
            epochs, split = self.settings.epochs, self.splits[number]
        else:
            best = (int(row["epoch"]) for row in bests[: len(self.splits)])
            epochs, split = max(1, round(statistics.median(best))), everything(self.dataset)
        return TrainingStage(
            source=self.source(split),
            epochs=epochs,
            name=split.name,
            description=split.description,
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class DatasetSource:
    """The windows of a split of a dataset."""

    plan: DatasetPlan
    split: Split

    def epoch(self, place: Place, background: Sequence[int] | None) -> Epoch:
        """Return each training window once, or a mixture by chance."""
        settings, dataset = self.plan.settings, self.plan.dataset
        indices = self._training_windows(background)
        mixture = settings.mixture
        if mixture.shares:
            n_batches = mixture.batches_per_epoch or math.ceil(len(indices) / settings.batch_size)
            return mixed_epoch(self._mixer(indices), place, n_batches, settings.batch_size)
        plan = batch_plan(dataset, indices, settings.batch_size, generator(Purpose.ORDER, *place))
        return Epoch(
            n_batches=len(plan),
            batches_from=lambda first: batches(dataset, plan[first:], self.plan.n_steps),
            class_counts=dataset.counts(indices),
        )

    def hard_background(self, network: torch.nn.Module, place: Place) -> list[int] | None:
        """Exchange easy background windows for those the network mistakes for seizures.

        As many as before: some drawn by chance from the original ones, and the hardest of a
        pool of unused ones.
        """
        mining, epoch = self.plan.settings.mining, place[-1]
        if not mining.fraction or not epoch or epoch % mining.every_epochs:
            return None
        labels = self.plan.dataset.windows["label"]
        original = self.split.train[labels[self.split.train] != SEIZURE_LABEL]
        pool = mining_pool(self.plan.dataset, self.split)
        n_hard = min(round(mining.fraction * len(original)), len(pool))
        if not n_hard:
            return [int(index) for index in original]
        rng = generator(Purpose.MINING, *place)
        n_looked_at = max(round(mining.pool * len(original)), n_hard)
        looked_at = np.sort(rng.permutation(pool)[:n_looked_at])
        network.eval()
        logits, _ = self.logits(network, looked_at)
        lead = (logits[:, 1] - logits[:, 0]).numpy().reshape(len(looked_at), -1).max(axis=1)
        hardest = looked_at[np.argsort(-lead, kind="stable")[:n_hard]]
        kept = rng.permutation(original)[: len(original) - len(hardest)]
        return [int(index) for index in np.sort(np.concatenate([kept, hardest]))]

    def validate(
        self, network: torch.nn.Module, should_stop: Callable[[], bool]
    ) -> ValidationResult:
        """Measure a network on validation windows and on whole validation recordings."""
        network.eval()
        if not len(self.split.validation):
            return ValidationResult()
        figures = window_figures(*self.logits(network, self.split.validation))
        if should_stop():
            return figures
        return validate_events(figures, network, self.plan.dataset, self.split, self.plan.settings)

    def logits(
        self, network: torch.nn.Module, indices: NDArray[np.int64]
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return logits and classes of windows, on the CPU."""
        dataset = self.plan.dataset
        plan = batch_plan(dataset, indices, _VALIDATION_BATCH)
        return network_logits(network, batches(dataset, plan, self.plan.n_steps))

    def _training_windows(self, background: Sequence[int] | None) -> NDArray[np.int64]:
        train = self.split.train
        if background is None:
            return train
        seizure = train[self.plan.dataset.windows["label"][train] == SEIZURE_LABEL]
        return np.sort(np.concatenate([seizure, np.array(background, dtype=np.int64)]))

    def _mixer(self, indices: NDArray[np.int64]) -> WindowMixer:
        dataset = self.plan.dataset
        mixture = self.plan.settings.mixture
        if dataset.n_channels is None and mixture.n_channels is None:
            counts = [recording.n_channels for recording in dataset.recordings]
            mixture = mixture.model_copy(update={"n_channels": (min(counts), max(counts))})
        form = WindowForm(n_samples=dataset.settings.window_samples, n_steps=self.plan.n_steps)
        seizure = dataset.windows["label"][indices] == SEIZURE_LABEL
        ill = np.array([bool(recording.events) for recording in dataset.recordings])
        of_ill = ill[dataset.windows["recording"][indices]]
        kinds = {
            "real_seizure": indices[seizure],
            "real_background": indices[~seizure & of_ill],
            "resting": indices[~seizure & ~of_ill],
        }
        recorded = {kind: self._draw_of(some) for kind, some in kinds.items() if len(some)}
        return WindowMixer(mixture, form, self.plan.pool, recorded)

    def _draw_of(self, indices: NDArray[np.int64]) -> Draw:
        dataset = self.plan.dataset

        def draw(rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
            index = indices[rng.integers(len(indices))]
            labels = labels_of(dataset, np.array([index]), self.plan.n_steps)
            return np.array(dataset.window(int(index))), np.asarray(labels[0])

        return draw


def check_mixture(dataset: Dataset, mixture: MixtureSettings) -> None:
    """Refuse a mixture that cannot be drawn for a dataset's windows.

    Raises
    ------
    TrainingError
        It has one class only, it varies named channels, or it simulates and the windows are too
        long or the simulator lacks their channels.
    """
    shares = mixture.shares
    if shares and len({kind in SEIZURE_KINDS for kind in shares}) < 2:
        raise TrainingError(
            "A mixture needs a share of seizures and one of background: a model has to tell them "
            "apart."
        )
    if mixture.n_channels is not None and dataset.n_channels is not None:
        raise TrainingError(
            "mixture.n_channels is for datasets of any montage; this one has named channels. "
            "Leave it empty."
        )
    if not mixture.simulates:
        return
    if dataset.settings.window_s > ALONE_S:
        raise TrainingError(
            "Windows of {window_s:g} s cannot be drawn from simulated EEG, whose seizures come in "
            "{alone_s:g} s. Set the shares of simulated windows to 0, or make a dataset of shorter "
            "windows.",
            window_s=dataset.settings.window_s,
            alone_s=ALONE_S,
        )
    try:
        build_pool(_contract(dataset), first_seed=0, n_simulated=0, n_lone=1)
    except CoverageError as error:
        raise TrainingError(
            "There is no simulated EEG for the dataset's channels: {error} Set the shares of "
            "simulated windows to 0.",
            error=error,
        ) from error


def _contract(dataset: Dataset) -> InputSection:
    stride_s = dataset.settings.window_s
    return InputSection.model_validate(dataset.settings.input_section(stride_s=stride_s))


def mining_pool(dataset: Dataset, split: Split) -> NDArray[np.int64]:
    """Return the background windows that are not used and share no sample with validation."""
    windows = dataset.windows
    unused = np.flatnonzero(~windows["used"] & (windows["label"] != SEIZURE_LABEL))
    trained = np.unique(windows["recording"][split.train])
    pool = unused[np.isin(windows["recording"][unused], trained)]
    length = dataset.settings.window_samples
    kept = np.ones(len(pool), dtype=np.bool_)
    validation = windows[split.validation]
    for recording in np.unique(validation["recording"]):
        theirs = union_of_windows(
            validation["start"][validation["recording"] == recording],
            length,
            dataset.recordings[int(recording)].n_samples,
        )
        mine = windows["recording"][pool] == recording
        kept[mine] = covered(windows["start"][pool[mine]], length, theirs) == 0
    free: NDArray[np.int64] = pool[kept]
    return free


def batch_plan(
    dataset: Dataset,
    indices: NDArray[np.int64],
    batch_size: int,
    rng: np.random.Generator | None = None,
) -> list[NDArray[np.int64]]:
    """Cut windows, named by their positions in the index, into batches of one montage each.

    A generator shuffles windows, and batches where there are several numbers of channels. A
    last batch of a single window joins the one before: statistics over a batch need two.
    """
    order = indices if rng is None else rng.permutation(indices)
    counts = np.array([recording.n_channels for recording in dataset.recordings])
    n_channels = counts[dataset.windows["recording"][order]]
    kinds = np.unique(n_channels)
    plan: list[NDArray[np.int64]] = []
    for kind in kinds:
        mine = order[n_channels == kind]
        cuts = list(range(batch_size, len(mine), batch_size))
        if len(cuts) and len(mine) - cuts[-1] == 1:
            cuts.pop()
        plan += np.split(mine, cuts)
    if rng is not None and len(kinds) > 1:
        plan = [plan[i] for i in rng.permutation(len(plan))]
    return plan


def gather(
    dataset: Dataset, batch: NDArray[np.int64], out: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """Return windows, a copy, shape (n_windows, n_channels, window_samples).

    `out` is flat memory to copy them into, at least as large as they are.
    """
    import torch

    rows = dataset.windows[batch]
    length = dataset.settings.window_samples
    n_channels = dataset.signals(int(rows["recording"][0])).shape[0]
    size = len(batch) * n_channels * length
    memory = np.empty(size, dtype=np.float32) if out is None else out[:size]
    signals = memory.reshape(len(batch), n_channels, length)
    recordings = rows["recording"].tolist()
    sources = {number: _readable(dataset.signals(number)) for number in set(recordings)}
    # torch copies with the threads that have just trained; threads of our own would share
    # the processor with those, which go on waiting for work for a while.
    for window, number, start in zip(
        torch.from_numpy(signals), recordings, rows["start"].tolist(), strict=True
    ):
        window.copy_(sources[number][:, start : start + length])
    return signals


def _readable(signals: NDArray[np.float32]) -> torch.Tensor:
    """Return a view of signals that are only mapped for reading."""
    import torch

    with warnings.catch_warnings():
        # The view could be written to; here it is only read.
        warnings.simplefilter("ignore", UserWarning)
        return torch.from_numpy(signals)


def labels_of(dataset: Dataset, batch: NDArray[np.int64], n_steps: int | None) -> NDArray[np.int64]:
    """Return classes, shape (n_windows,), or (n_windows, n_steps) for networks with steps."""
    if n_steps is not None:
        return dataset.step_labels(batch, n_steps)
    return dataset.windows["label"][batch].astype(np.int64)


def batches(
    dataset: Dataset, plan: list[NDArray[np.int64]], n_steps: int | None
) -> Iterator[Batch]:
    """Yield signals and labels of each batch.

    Signals hold until the next batch is asked for: one piece of memory serves all, because
    fresh memory for every batch costs as much time as filling it. A thread that reads ahead
    was slower: it takes a core from the network.
    """
    import torch

    if not plan:
        return
    counts = np.array([recording.n_channels for recording in dataset.recordings])
    rows = max(len(batch) * int(counts[dataset.windows["recording"][batch[0]]]) for batch in plan)
    memory = np.empty(rows * dataset.settings.window_samples, dtype=np.float32)
    for batch in plan:
        yield (
            torch.from_numpy(gather(dataset, batch, memory)),
            torch.from_numpy(labels_of(dataset, batch, n_steps)),
        )
