from __future__ import annotations

import errno
import json
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.io.opening import open_recording
from seizure_core.signals.model_input import prepare_input
from tests.edf_files import build_edf
from tests.eeg_files import eeg_files
from tests.training.material import (
    CHANNELS,
    RATE_HZ,
    SETTINGS,
    make_dataset,
    references_in,
    write_recording,
    write_reference,
)
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.data.store import datasets_folder, list_datasets, open_dataset
from training.errors import DatasetError, UnknownIdError
from training.runs.control import delete_dataset


def create(folder: Path, recordings: list[Path], **settings: Any) -> dict[str, Any]:
    return create_dataset(pair_files(recordings, references_in(folder)), {**SETTINGS, **settings})


def test_pieces_of_chbmit_become_a_dataset_whose_ledger_adds_up() -> None:
    recordings = eeg_files("chbmit/chb0[23]/*.edf")
    references = eeg_files("chbmit/chb0[23]/*.tsv")
    card = create_dataset(pair_files(recordings, references), {"window_s": 4.0, "guard_s": 0.0})
    assert card["n_seizure_windows"] == 9 * 7
    assert card["n_background_windows"] == 63
    assert card["n_seizures"] == 9
    assert not card["refused"]
    assert {one["patient"]: one["n_recordings"] for one in card["patients"]} == {
        "chb02": 5,
        "chb03": 14,
    }
    for row in [*card["ledger"]["recordings"], card["ledger"]["total"]]:
        parts = ("seizure_s", "background_s", "guard_s", "not_drawn_s", "rejected_s")
        assert sum(row[part] for part in parts) == pytest.approx(row["duration_s"], abs=1e-9)
    assert card["ledger"]["total"]["duration_s"] == 190.0
    assert not any("cannot be true" in text for text in card["warnings"])
    assert json.loads(json.dumps(card)) == card


def test_signals_are_stored_once_whatever_the_stride(tmp_path: Path) -> None:
    sizes = []
    for stride_s in (4.0, 1 / RATE_HZ):
        dataset = make_dataset(
            tmp_path, seizure_stride_s=stride_s, background_stride_s=stride_s, balance=None
        )
        signals = sum(4 * one.n_channels * one.n_samples for one in dataset.recordings)
        stored = sum(one.stat().st_size for one in dataset.folder.rglob("*.f32"))
        assert stored == signals
        sizes.append(stored)
    assert sizes[0] == sizes[1]


def test_the_whole_folder_is_hardly_larger_than_its_signals(tmp_path: Path) -> None:
    path = write_recording(tmp_path, "chb02_01", [(300.0, 60.0)], duration_s=1200.0)
    card = create(tmp_path, [path])
    folder = datasets_folder() / card["dataset_id"]
    total = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    assert total <= 1.1 * 4 * len(CHANNELS) * RATE_HZ * 1200


def test_windows_are_bit_for_bit_what_a_detector_reads(tmp_path: Path) -> None:
    steps = [
        {"step": "high_pass", "cutoff_hz": 0.5, "order": 2},
        {"step": "scale", "factor": 0.01},
    ]
    dataset = make_dataset(tmp_path, preprocessing=steps)
    for number, one in enumerate(dataset.recordings):
        model_input = prepare_input(
            open_recording(tmp_path / one.file_name),
            channels=CHANNELS,
            sampling_rate_hz=RATE_HZ,
            preprocessing=steps,
            min_coverage=0.85,
        )
        seen = np.concatenate(list(model_input.blocks(777)), axis=1)
        assert np.array_equal(dataset.signals(number), seen)
    index = int(dataset.used[0])
    row = dataset.windows[index]
    expected = dataset.signals(int(row["recording"]))[:, row["start"] : row["start"] + 256]
    assert np.array_equal(dataset.window(index), expected)


def test_guards_reach_into_the_files_before_and_after(tmp_path: Path) -> None:
    paths = [
        write_recording(
            tmp_path,
            f"chb02_0{number}",
            seizures,
            seed=number,
            start_time=datetime(2076, 11, 6, 12, number),
        )
        for number, seizures in enumerate([[], [(2.0, 8.0)], []])
    ]
    # Files of 40 s begin every minute: the seizure at 62 s is 22 s after the first one's end.
    card = create(tmp_path, paths, guard_s=30.0)
    guard_s = [row["guard_s"] for row in card["ledger"]["recordings"]]
    assert guard_s[0] == 8.0
    assert guard_s[2] == 0.0
    wide = create(tmp_path, paths, guard_s=60.0)
    assert [row["guard_s"] for row in wide["ledger"]["recordings"]][2] > 0


def test_start_times_that_cannot_be_true_are_told_and_not_used(tmp_path: Path) -> None:
    noon = datetime(2076, 11, 6, 12)
    paths = [
        write_recording(tmp_path, "chb02_01", [(2.0, 8.0)], seed=1, start_time=noon),
        write_recording(tmp_path, "chb02_02", [], seed=2, start_time=noon),
    ]
    card = create(tmp_path, paths, guard_s=60.0)
    assert any("cannot be true" in text for text in card["warnings"])
    assert card["ledger"]["recordings"][1]["guard_s"] == 0.0
    assert card["n_background_windows"] > 0


def test_a_recording_without_reference_is_left_out_unless_somebody_vouches(
    tmp_path: Path,
) -> None:
    paths = [
        write_recording(tmp_path, "chb02_01", [(12.0, 14.0)]),
        write_recording(tmp_path, "mystery", seed=3, reference=False),
    ]
    card = create(tmp_path, paths)
    assert [one["file_name"] for one in card["refused"]] == ["mystery.edf"]
    assert any("mystery.edf is left out" in text for text in card["warnings"])
    row = card["ledger"]["recordings"][1]
    assert row["rejected_s"] == row["duration_s"] == 40.0
    vouched = create(tmp_path, paths, unreferenced="seizure-free")
    assert [one["file_name"] for one in vouched["recordings"]] == ["chb02_01.edf", "mystery.edf"]


def test_files_that_cannot_be_used_are_refused_by_name_and_the_rest_is_used(
    tmp_path: Path,
) -> None:
    good = write_recording(tmp_path, "good", [(12.0, 14.0)])
    short = write_recording(tmp_path, "short", [], duration_s=2.0)
    other = build_edf(tmp_path / "other.edf", [[0.0, 1.0] * 2560], labels=["ECG"])
    write_reference(tmp_path, "other", [], duration_s=20.0)
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"no recording at all")
    write_reference(tmp_path, "broken", [], duration_s=20.0)
    shorter = write_recording(tmp_path, "shorter", [], duration_s=1.5)
    card = create(tmp_path, [good, short, shorter, other, broken])
    reasons = {one["file_name"]: one["reason"] for one in card["refused"]}
    assert set(reasons) == {"short.edf", "shorter.edf", "other.edf", "broken.edf"}
    # One line for all of a kind, with what to do; each reason stands in the list of refused files.
    assert [text for text in card["warnings"] if "shorter.edf" in text] == [
        "2 recordings are shorter than one window of 4 s and are left out (short.edf, "
        "shorter.edf). Use a window of at most 1.5 s to take all of them in."
    ]
    assert "less than a window of 4 s" in reasons["short.edf"]
    assert card["n_seizure_windows"] > 0


def test_where_no_file_can_be_used_the_reasons_are_told_and_nothing_is_left(
    tmp_path: Path,
) -> None:
    short = [write_recording(tmp_path, f"short{n}", [], duration_s=n + 2.0) for n in range(3)]
    with pytest.raises(DatasetError) as refused:
        create(tmp_path, short, window_s=30.0)
    assert str(refused.value) == (
        "None of the recordings (3) is as long as one window of 30 s; the longest has 4 s. Use a "
        "window of at most 4 s."
    )
    assert list(datasets_folder().iterdir()) == []


def test_a_dataset_without_seizures_says_so(tmp_path: Path) -> None:
    card = create(tmp_path, [write_recording(tmp_path, "calm", [])])
    assert card["n_seizure_windows"] == 0
    assert any("no seizure window" in text for text in card["warnings"])


def test_short_seizures_and_single_patients_are_warned_about(tmp_path: Path) -> None:
    paths = [
        write_recording(tmp_path, "chb02_01", [(12.0, 14.0)]),
        write_recording(tmp_path, "chb02_02", [(12.0, 1.0)], seed=1),
    ]
    warnings = " ".join(create(tmp_path, paths)["warnings"])
    assert "1 of 2 seizures are shorter than a window of 4 s (chb02_02.edf)" in warnings
    assert "1 of 2 seizures give no window" in warnings
    assert "All seizures are from one patient (chb02)" in warnings


def test_recordings_that_lack_channels_or_differ_in_them_are_told(tmp_path: Path) -> None:
    paths = [
        write_recording(tmp_path, "chb02_01", [(12.0, 14.0)]),
        write_recording(tmp_path, "chb03_01", [], seed=1, electrodes=("FP1", "F7", "T7", "P7")),
    ]
    card = create(tmp_path, paths, min_coverage=0.5)
    assert any("1 of 2 recordings lack some channels" in text for text in card["warnings"])
    assert card["recordings"][1]["missing"] == ["P7-O1"]
    refused = create(tmp_path, paths, min_coverage=0.9)["refused"]
    assert [one["file_name"] for one in refused] == ["chb03_01.edf"]
    free = create(tmp_path, paths, channels=None)
    assert [one["n_channels"] for one in free["recordings"]] != []
    assert any("different montages" in text for text in free["warnings"])


def test_a_copy_under_another_name_is_told(tmp_path: Path) -> None:
    one = write_recording(tmp_path, "chb02_01", [(12.0, 14.0)])
    two = tmp_path / "chb03_09.edf"
    shutil.copyfile(one, two)
    write_reference(tmp_path, "chb03_09", [(12.0, 14.0)], duration_s=40.0)
    card = create(tmp_path, [one, two])
    assert any("share signals" in text for text in card["warnings"])


def test_equal_inputs_make_datasets_of_equal_hash(tmp_path: Path) -> None:
    path = write_recording(tmp_path, "chb02_01", [(12.0, 14.0)])
    first, second = create(tmp_path, [path]), create(tmp_path, [path], title="again")
    assert first["sha256"] == second["sha256"]
    assert first["dataset_id"] != second["dataset_id"]
    assert create(tmp_path, [path], seed=1)["sha256"] != first["sha256"]


def test_datasets_are_listed_and_deleted_and_unknown_ids_get_near_ones(tmp_path: Path) -> None:
    assert list_datasets() == []
    dataset_id = make_dataset(tmp_path).dataset_id
    assert [one["dataset_id"] for one in list_datasets()] == [dataset_id]
    with pytest.raises(UnknownIdError, match=dataset_id):
        delete_dataset(dataset_id[:-1])
    with pytest.raises(UnknownIdError):
        delete_dataset("../models")
    delete_dataset(dataset_id)
    assert list_datasets() == []
    assert list(datasets_folder().iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = write_recording(tmp_path, "chb02_01", [(12.0, 14.0)])
    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(DatasetError, match="disk is full"):
        create(tmp_path, [path])
    assert list(datasets_folder().iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("dataset.json", b"{"),
        ("dataset.json", b"[]"),
        ("dataset.json", b"{}"),
        ("windows.npy", b"\x93NUMPY"),
        ("windows.npy", None),
        ("signals/00000.f32", b"abc"),
        ("signals/00000.f32", None),
    ],
)
def test_a_damaged_dataset_is_told_as_such(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    dataset = make_dataset(tmp_path)
    path = dataset.folder / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DatasetError):
        opened = open_dataset(dataset.dataset_id)
        opened.signals(0)
    assert len(list_datasets()) == 1


def test_windows_outside_their_recordings_are_noticed(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    windows = dataset.windows.copy()
    windows["start"][0] = 10**9
    np.save(dataset.folder / "windows.npy", windows)
    with pytest.raises(DatasetError, match="lie outside"):
        open_dataset(dataset.dataset_id)
