"""Datasets whose recordings are stored one by one, by whatever processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_zoo.cli import main
from tests.training.material import SETTINGS, write_patients
from training.data.builder import create_dataset
from training.data.dataset import SIGNALS_FOLDER, signals_name
from training.data.pairing import pair_files
from training.data.store import open_dataset


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    folder = tmp_path / "nights"
    folder.mkdir()
    write_patients(folder)
    (tmp_path / "settings.json").write_text(json.dumps(SETTINGS))
    return folder


def created(
    capsys: pytest.CaptureFixture[str], nights: Path, *options: str
) -> tuple[int, dict[str, Any], str]:
    """Return status, card and error output of the command."""
    capsys.readouterr()
    settings = str(nights.parent / "settings.json")
    command = ["dataset", "create", str(nights), "--settings", settings, "--json"]
    status = main([*command, *options])
    told = capsys.readouterr()
    return status, json.loads(told.out) if told.out else {}, told.err


def test_parts_of_several_processes_make_the_dataset_of_one(
    capsys: pytest.CaptureFixture[str], nights: Path, tmp_path: Path
) -> None:
    pairing = pair_files(sorted(nights.glob("*.edf")), sorted(nights.glob("*.tsv")))
    plain = create_dataset(pairing, SETTINGS)
    keep = ["--out", str(tmp_path / "parts"), "--resume"]
    for number, n_processes in (("1", "2"), ("2", "1")):
        shard = ("--shard", f"{number}/2", "--jobs", n_processes)
        status, card, _ = created(capsys, nights, *keep, *shard)
        assert (status, card) == (0, {}), "a part makes no dataset"
    status, card, said = created(capsys, nights, *keep)
    assert status == 0
    assert "6 of 6 recordings are done, 0 left" in said
    ours, theirs = open_dataset(card["dataset_id"]), open_dataset(plain["dataset_id"])
    assert ours.sha256 == theirs.sha256
    assert np.array_equal(ours.windows, theirs.windows)
    for index in range(6):
        name = f"{SIGNALS_FOLDER}/{signals_name(index)}"
        assert (ours.folder / name).read_bytes() == (theirs.folder / name).read_bytes()
    for dataset in (ours, theirs):
        assert sorted(path.name for path in dataset.folder.iterdir()) == sorted(
            ["dataset.json", "hashes.npy", "signals", "windows.npy"]
        )


def test_other_windows_need_no_new_signals_and_another_rate_does(
    capsys: pytest.CaptureFixture[str], nights: Path, tmp_path: Path
) -> None:
    keep = ["--out", str(tmp_path / "parts"), "--resume"]
    created(capsys, nights, *keep)
    _, longer, said = created(capsys, nights, *keep, "--set", "window_s=8")
    assert "6 of 6 recordings are done" in said
    assert longer["settings"]["window_s"] == 8
    _, _, said = created(capsys, nights, *keep, "--set", "sampling_rate_hz=32")
    assert "0 of 6 recordings are done, 6 left" in said
    assert "again: chb02_01.edf: sampling_rate_hz was 64, is 32" in said


def test_a_recording_that_breaks_off_is_left_out_and_named(
    capsys: pytest.CaptureFixture[str],
    nights: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from seizure_core.errors import RecordingError
    from training.data import parts

    store = parts.store_signals

    def storing(path: Path, *given: Any) -> Any:
        if "chb03_01" in path.name:
            raise RecordingError("chb03_01.edf", "it breaks off.")
        return store(path, *given)

    monkeypatch.setattr(parts, "store_signals", storing)
    status, card, said = created(capsys, nights)
    assert status == 1
    assert "chb03_01.edf: it breaks off." in said
    assert [(one["file_name"], one["reason"]) for one in card["refused"]] == [
        ("chb03_01.edf", "it breaks off.")
    ]
    assert len(card["recordings"]) == 5
