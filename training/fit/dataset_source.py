"""Windows of a dataset as training material: batches, folds, hard background, simulated EEG."""

from __future__ import annotations

import math
import statistics
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
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
    """A training on a dataset: one stage, or one per fold and a last one on all patients.

    Attributes
    ----------
    n_steps : int or None
        Outputs of the network per window, None for a single one.
    folder : Path or None
        Folder for simulated EEG; None simulates when needed.
    """

    dataset: Dataset
    settings: TrainSettings
    n_steps: int | None = None
    folder: Path | None = None

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The splits of the folds.

        Raises
        ------
        SplitError
            The dataset cannot be split this way.
        """
        return split_dataset(
            self.dataset,
            self.settings.split,
            validation_fraction=self.settings.validation_fraction,
            seed=self.settings.seed,
        )

    @property
    def n_stages(self) -> int:
        """One stage, or the folds and a last stage on all patients."""
        splits = self.splits
        return len(splits) + 1 if splits[0].method == "leave-one-patient-out" else 1

    @cached_property
    def augmenter(self) -> Augmenter:
        """Augmentation of the windows.

        Raises
        ------
        TrainingError
            Mirroring is on, but the dataset's montage is not symmetric.
        """
        return Augmenter.of(self.settings.augmentation, self.dataset.settings, self.n_steps)

    @cached_property
    def pool(self) -> Pool:
        """Simulated EEG for the dataset's input, empty if none is used."""
        mixture = self.settings.mixture
        if not mixture.simulates:
            return {}
        contract = _contract(self.dataset)
        make = build_pool if self.folder is None else partial(stored_pool, self.folder)
        return make(contract, first_seed=0, n_simulated=mixture.n_simulated, people=mixture.people)

    def source(self, split: Split) -> DatasetSource:
        """Return the windows of a split."""
        return DatasetSource(plan=self, split=split)

    def stage(self, number: int, bests: Sequence[dict[str, Any]]) -> TrainingStage:
        """Return a stage.

        The last stage of leave-one-patient-out trains on all windows, for the median number of best
        epochs of the folds; its network is the result.
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
    """Windows of one split of a dataset."""

    plan: DatasetPlan
    split: Split

    def epoch(self, place: Place, background: Sequence[int] | None) -> Epoch:
        """Return an epoch: each training window once, or a random mixture."""
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
        """Replace easy background windows by false positives of the network.

        The number stays the same: some are drawn from the original windows, and the others are the
        hardest of a sample of unused ones.
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
        """Measure a network on validation windows and complete validation recordings."""
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
    """Check that a mixture is possible for a dataset's windows.

    Raises
    ------
    TrainingError
        The dataset has one class only, or the simulator does not support its channels or window
        length.
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
    """Return the unused background windows that share no sample with validation windows."""
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
    """Divide windows, given by index, into batches of one number of channels each.

    A generator shuffles windows, and batches if there are several numbers of channels. A last batch
    of one window joins the previous one, because batch statistics need two.
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
    """Return a copy of windows, shape (n_windows, n_channels, window_samples).

    `out` is flat memory for them, at least as large as they are.
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
    # Copying by torch's own threads: further threads would compete with them, since they spin for a
    # while.
    for window, number, start in zip(
        torch.from_numpy(signals), recordings, rows["start"].tolist(), strict=True
    ):
        window.copy_(sources[number][:, start : start + length])
    return signals


def _readable(signals: NDArray[np.float32]) -> torch.Tensor:
    """Return a tensor view of read-only signals."""
    import torch

    with warnings.catch_warnings():
        # The tensor is writable, but is only read here.
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

    Signals are valid until the next batch, because one buffer serves all: allocating memory takes
    as long as filling it. A prefetching thread was slower, because it competes with the network.
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
