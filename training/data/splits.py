"""Splits into training and validation windows, and their leakage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from seizure_core.intervals import covered, union_of_windows
from seizure_core.messages import Message, some
from training.data.dataset import Dataset
from training.data.labelling import SEIZURE_LABEL
from training.errors import SplitError

SplitMethod = Literal["recording", "patient", "seizure", "random", "leave-one-patient-out"]
SPLIT_METHODS: tuple[SplitMethod, ...] = get_args(SplitMethod)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """A division of a dataset's used windows.

    Attributes
    ----------
    method : str
        One of `SPLIT_METHODS`.
    name : str
        Validation patient of a fold, or "".
    train, validation : ndarray of int64
        Positions in the dataset's index, sorted.
    validation_recordings : tuple of int
        Recordings without training samples, usable for validation as a whole.
    leak_s : float
        Seconds that training and validation windows share.
    description : str
        As a sentence.
    """

    method: SplitMethod
    name: str
    train: NDArray[np.int64]
    validation: NDArray[np.int64]
    validation_recordings: tuple[int, ...]
    leak_s: float
    description: str

    @property
    def leaks(self) -> bool:
        """Whether training and validation share samples."""
        return self.leak_s > 0


def split_dataset(
    dataset: Dataset, method: SplitMethod, *, validation_fraction: float = 0.2, seed: int = 0
) -> tuple[Split, ...]:
    """Split the used windows of a dataset.

    Parameters
    ----------
    method : str
        "recording" and "patient" keep all their windows together; "seizure" keeps overlapping
        windows together; "random" draws single windows, like n1Spool, and leaks;
        "leave-one-patient-out" gives one split per patient. Patient ids of one person count as one.
    validation_fraction : float
        Fraction of the groups, more than 0 and less than 1.
    seed : int
        Random seed.

    Returns
    -------
    tuple of Split
        One, or one per fold. Runs keep their descriptions, so recordings and patients are
        numbered in them.

    Raises
    ------
    SplitError
        The dataset cannot be split this way; the message suggests an alternative.
    """
    if method not in SPLIT_METHODS:
        raise SplitError(
            "There is no split by {method!r}. There are: {split_methods}.",
            method=method,
            split_methods=", ".join(SPLIT_METHODS),
        )
    used = dataset.used
    _check_classes(dataset, used)
    if method == "random":
        return (_random_split(dataset, used, validation_fraction, seed),)
    groups = _groups(dataset, used, method)
    names = list(dict.fromkeys(groups.tolist()))
    if len(names) < 2:
        raise SplitError(_too_few(method))
    if method == "leave-one-patient-out":
        public = dataset.public_persons
        return tuple(
            _made(dataset, method, used, groups == name, name=public[name]) for name in names
        )
    chosen = _draw(dataset, used, groups, validation_fraction, seed)
    return (_made(dataset, method, used, np.isin(groups, chosen)),)


def everything(dataset: Dataset) -> Split:
    """Return a split that trains on all windows and validates on none."""
    none = np.zeros(0, dtype=np.int64)
    return Split(
        method="leave-one-patient-out",
        name="all patients",
        train=dataset.used,
        validation=none,
        validation_recordings=(),
        leak_s=0.0,
        description="all windows, after the folds",
    )


def leak_seconds(
    dataset: Dataset, train: NDArray[np.int64], validation: NDArray[np.int64]
) -> float:
    """Return how many seconds of validation windows are also in training windows."""
    length, total = dataset.settings.window_samples, 0
    train_rows, validation_rows = dataset.windows[train], dataset.windows[validation]
    for recording in np.intersect1d(train_rows["recording"], validation_rows["recording"]):
        n_samples = dataset.recordings[int(recording)].n_samples
        theirs = union_of_windows(
            train_rows["start"][train_rows["recording"] == recording], length, n_samples
        )
        ours = union_of_windows(
            validation_rows["start"][validation_rows["recording"] == recording], length, n_samples
        )
        for start, stop in ours:
            total += int(covered(np.array([start]), int(stop - start), theirs)[0])
    return total / dataset.settings.sampling_rate_hz


def _check_classes(dataset: Dataset, used: NDArray[np.int64]) -> None:
    n_background, n_seizure = dataset.counts(used)
    for n, name, remedy in (
        (n_seizure, "seizure", "Add recordings with seizures, or check the references."),
        (n_background, "background", "Add recordings without seizures, or shorten the guard."),
    ):
        if not n:
            raise SplitError(
                "The dataset has no {name} window, and a model needs both classes. {remedy}",
                name=name,
                remedy=remedy,
            )


def _groups(dataset: Dataset, used: NDArray[np.int64], method: SplitMethod) -> NDArray[np.str_]:
    if method in ("patient", "leave-one-patient-out"):
        return dataset.persons[used]
    if method == "recording":
        names = np.array([recording.file_name for recording in dataset.recordings])
        by_recording: NDArray[np.str_] = names[dataset.windows["recording"][used]]
        return by_recording
    return _overlapping_groups(dataset, used)


def _overlapping_groups(dataset: Dataset, used: NDArray[np.int64]) -> NDArray[np.str_]:
    """Return groups of windows connected by overlap.

    Windows of a seizure overlap at usual strides and so stay together; background windows without
    overlap are groups of their own.
    """
    rows = dataset.windows[used]
    length = dataset.settings.window_samples
    groups = np.zeros(len(used), dtype=np.int64)
    order = np.lexsort((rows["start"], rows["recording"]))
    recordings, starts = rows["recording"][order], rows["start"][order]
    apart = (np.diff(recordings) != 0) | (np.diff(starts) >= length)
    groups[order] = np.concatenate(([0], np.cumsum(apart)))
    return groups.astype(np.str_)


def _draw(
    dataset: Dataset,
    used: NDArray[np.int64],
    groups: NDArray[np.str_],
    fraction: float,
    seed: int,
) -> list[str]:
    """Draw groups for validation, separately from those with and without seizures.

    If there are two groups with seizures, both sides get some; training always does.
    """
    rng = np.random.default_rng([seed, 1])
    seizure = dataset.windows["label"][used] == SEIZURE_LABEL
    with_seizure = np.unique(groups[seizure])
    without = np.setdiff1d(np.unique(groups), with_seizure)
    chosen: list[str] = []
    for names in (with_seizure, without):
        n = round(fraction * len(names))
        if len(names) > 1:
            n = min(max(n, 1), len(names) - 1)
        elif names is with_seizure or not chosen:
            n = 0
        chosen += [str(name) for name in rng.permutation(names)[:n]]
    if not chosen:
        # With one group of each kind, only the one without seizures can be spared.
        chosen = [str(name) for name in without[:1]]
    return chosen


def _random_split(dataset: Dataset, used: NDArray[np.int64], fraction: float, seed: int) -> Split:
    n = min(max(round(fraction * len(used)), 1), len(used) - 1)
    chosen = np.zeros(len(used), dtype=np.bool_)
    chosen[np.random.default_rng([seed, 1]).permutation(len(used))[:n]] = True
    return _made(dataset, "random", used, chosen)


def _made(
    dataset: Dataset,
    method: SplitMethod,
    used: NDArray[np.int64],
    in_validation: NDArray[np.bool_],
    *,
    name: str = "",
) -> Split:
    train, validation = used[~in_validation], used[in_validation]
    if not len(train) or not dataset.counts(train)[1] or not dataset.counts(train)[0]:
        lacking = "seizure" if len(train) and dataset.counts(train)[0] else "background"
        raise SplitError(
            "Without {name} there is no {lacking} window left to train on. Add recordings, or "
            "choose another split.",
            name=name or "the validation part",
            lacking=lacking,
        )
    leak_s = leak_seconds(dataset, train, validation)
    rows = dataset.windows["recording"]
    whole: Sequence[int] = ()
    if method not in ("seizure", "random"):
        whole = np.setdiff1d(rows[validation], rows[train]).tolist()
    return Split(
        method=method,
        name=name,
        train=train,
        validation=validation,
        validation_recordings=tuple(whole),
        leak_s=leak_s,
        description=_description(dataset, method, validation, leak_s, name),
    )


def _description(
    dataset: Dataset, method: SplitMethod, validation: NDArray[np.int64], leak_s: float, name: str
) -> str:
    n_background, n_seizure = dataset.counts(validation)
    what = Message(
        "{n_seizure} seizure and {n_background} background windows",
        n_seizure=n_seizure,
        n_background=n_background,
    )
    recordings = np.unique(dataset.windows["recording"][validation])
    if method == "random":
        return Message(
            "Split by chance, window by window: {what}. LEAKS: {leak_s:g} s of validation are in "
            "training windows too, so that validation figures say little about new data."
            if leak_s
            else "Split by chance, window by window: {what}; none shares samples with training.",
            what=what,
            leak_s=leak_s,
        )
    if method == "seizure":
        return Message(
            "Split by seizure: {what}, of recordings that are trained on too; no sample is shared.",
            what=what,
        )
    if method == "recording":
        shown = some([str(recording + 1) for recording in recordings], at_most=8)
        return Message(
            "Split by recording: {what} of the dataset's recordings {numbers}.",
            what=what,
            numbers=shown,
        )
    persons = {dataset.recordings[int(recording)].person for recording in recordings}
    names = sorted(dataset.public_persons[person] for person in persons)
    return Message("Split by patient: {what} of {names}.", what=what, names=name or names)


def _too_few(method: SplitMethod) -> str:
    if method == "recording":
        return (
            "All windows are from one recording, so that they cannot be split by recording. Add "
            "recordings, or split by 'seizure'."
        )
    if method == "seizure":
        return (
            "All windows share samples with each other, so that no part can be kept apart. Add "
            "recordings with more seizures."
        )
    return (
        "All windows are from one patient, so that they cannot be split by patient. Add other "
        "patients (or correct whose recordings these are), or split by 'recording'."
    )
