from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.training.material import SETTINGS, make_dataset, references_in, write_recording
from training.data.builder import create_dataset
from training.data.dataset import Dataset
from training.data.pairing import pair_files
from training.data.splits import SPLIT_METHODS, Split, leak_seconds, split_dataset
from training.data.store import open_dataset
from training.errors import SplitError


def samples_of(dataset: Dataset, indices: np.ndarray) -> set[tuple[int, int]]:
    rows = dataset.windows[indices]
    length = dataset.settings.window_samples
    return {
        (int(row["recording"]), sample)
        for row in rows
        for sample in range(int(row["start"]), int(row["start"]) + length)
    }


def names(dataset: Dataset, indices: np.ndarray) -> set[str]:
    return {dataset.recordings[int(i)].file_name for i in dataset.windows["recording"][indices]}


def check_whole(dataset: Dataset, split: Split) -> None:
    assert sorted([*split.train, *split.validation]) == sorted(dataset.used)
    shared = samples_of(dataset, split.train) & samples_of(dataset, split.validation)
    assert split.leak_s == len(shared) / dataset.settings.sampling_rate_hz


@pytest.mark.parametrize("method", SPLIT_METHODS)
def test_every_window_is_on_one_side_and_the_leak_is_measured(tmp_path: Path, method: str) -> None:
    dataset = make_dataset(tmp_path)
    for split in split_dataset(dataset, method):  # type: ignore[arg-type]
        check_whole(dataset, split)
        assert all(n > 0 for n in dataset.counts(split.train))


def test_only_the_random_split_leaks_and_says_so(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    (leaking,) = split_dataset(dataset, "random")
    assert leaking.leaks
    assert leaking.leak_s > 10
    assert "LEAKS" in leaking.description
    assert len(leaking.validation) == round(0.2 * len(dataset.used))
    for method in ("recording", "patient", "seizure", "leave-one-patient-out"):
        for split in split_dataset(dataset, method):  # type: ignore[arg-type]
            assert not split.leaks


def test_recordings_and_patients_stay_together(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    (by_recording,) = split_dataset(dataset, "recording", seed=3)
    assert not names(dataset, by_recording.train) & names(dataset, by_recording.validation)
    (by_patient,) = split_dataset(dataset, "patient", seed=3)
    train, validation = (
        {name[:5] for name in names(dataset, side)}
        for side in (by_patient.train, by_patient.validation)
    )
    assert not train & validation
    assert len(validation) == 1
    assert {dataset.recordings[i].file_name for i in by_patient.validation_recordings} == names(
        dataset, by_patient.validation
    )


def test_validation_has_both_classes_where_that_is_possible(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    for method in ("recording", "patient", "seizure"):
        for seed in range(5):
            (split,) = split_dataset(dataset, method, seed=seed)  # type: ignore[arg-type]
            assert all(n > 0 for n in dataset.counts(split.validation))


def test_a_seizure_is_never_on_both_sides(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    (split,) = split_dataset(dataset, "seizure")
    labels = dataset.windows["label"]
    recordings = dataset.windows["recording"]
    sides = [set(recordings[side[labels[side] == 1]]) for side in (split.train, split.validation)]
    assert sides[0]
    assert sides[1]
    assert not sides[0] & sides[1]


def test_two_patients_that_are_one_person_stay_together(tmp_path: Path) -> None:
    paths = [
        write_recording(tmp_path, f"{patient}_01", [(12.0, 14.0)], seed=seed)
        for seed, patient in enumerate(("chb01", "chb21", "chb02"))
    ]
    card = create_dataset(pair_files(paths, references_in(tmp_path)), {**SETTINGS, "guard_s": 0.0})
    dataset = open_dataset(card["dataset_id"])
    folds = split_dataset(dataset, "leave-one-patient-out")
    assert {frozenset(names(dataset, fold.validation)) for fold in folds} == {
        frozenset({"chb01_01.edf", "chb21_01.edf"}),
        frozenset({"chb02_01.edf"}),
    }


def test_splits_are_repeatable_and_depend_on_the_seed(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    drawn = [tuple(split_dataset(dataset, "random", seed=seed)[0].train) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_what_cannot_be_split_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = write_recording(tmp_path, "chb02_01", [(12.0, 14.0)])
    card = create_dataset(pair_files([path], references_in(tmp_path)), SETTINGS)
    dataset = open_dataset(card["dataset_id"])
    with pytest.raises(SplitError, match="split by 'seizure'"):
        split_dataset(dataset, "recording")
    with pytest.raises(SplitError, match="one patient"):
        split_dataset(dataset, "patient")
    with pytest.raises(SplitError, match="There are: recording"):
        split_dataset(dataset, "alphabet")  # type: ignore[arg-type]
    calm = write_recording(tmp_path, "chb02_02", [])
    card = create_dataset(pair_files([calm], references_in(tmp_path)), SETTINGS)
    with pytest.raises(SplitError, match="no seizure window"):
        split_dataset(open_dataset(card["dataset_id"]), "random")


def test_leak_seconds_counts_shared_samples_once(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    one = dataset.used[dataset.windows["label"][dataset.used] == 1]
    assert leak_seconds(dataset, one[:1], one[1:2]) == 3.0
    assert leak_seconds(dataset, one[:3], one[:3]) == 6.0
    assert replace(split_dataset(dataset, "recording")[0], leak_s=1.0).leaks
