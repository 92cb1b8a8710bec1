from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from pyarrow import parquet

from seizure_zoo.cli import main
from tests.edf_files import build_edf
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from zoo.store.user_models import add_model

PAIRS = ["FP1-F7", "F7-T7"]
KINDS = ("events.tsv", "windows.csv")


@pytest.fixture(autouse=True)
def a_model_of_ones_own(tmp_path: Path) -> None:
    add_model(write_amplitude_model(tmp_path / "model", amplitude_document(PAIRS, rate_hz=64.0)))


def recording(path: Path, *, loud: bool) -> Path:
    """Write 20 s at 64 Hz that alternate between +-10 µV, or +-100 µV from 8 to 14 s."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.where(np.arange(64 * 20) % 2, 10.0, -10.0)
    if loud:
        samples[8 * 64 : 14 * 64] *= 10
    return build_edf(path, [samples] * 2, labels=PAIRS, sampling_rate_hz=64)


class Ended(NamedTuple):
    """How a command ended, and what it printed."""

    returncode: int
    stdout: str
    stderr: str


Zoo = Callable[..., Ended]


@pytest.fixture
def zoo(capsys: pytest.CaptureFixture[str]) -> Zoo:
    """Run a command in this process."""

    def run(*arguments: str | Path) -> Ended:
        capsys.readouterr()
        try:
            status = main([str(one) for one in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
        return Ended(status, *capsys.readouterr())

    return run


def written(out: Path) -> list[str]:
    """Return the result files of a folder, relative to it."""
    return sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and ".seizure-zoo" not in path.parts
    )


def test_events_are_printed_and_files_written(zoo: Zoo, tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", loud=True)
    done = zoo("predict", path, "--model", "amplitude", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "night.edf: 1 seizure event in 20 s" in done.stdout
    assert "8 s to 15 s" in done.stdout
    assert written(tmp_path / "out") == ["night_events.tsv", "night_windows.csv"]


def test_json_has_the_names_of_the_api(zoo: Zoo, tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", loud=True)
    done = zoo("predict", path, "--model", "amplitude", "--json", "--stride", "2")
    data = json.loads(done.stdout)
    assert data["stride_s"] == 2.0
    # Windows of 4 s every 2 s: the one around 8 s is loud, and second 7 lies nearest to it.
    assert data["events"][0]["onset_s"] == 7.0


def test_bad_channels_are_left_out_and_the_result_says_so(zoo: Zoo, tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", loud=True)
    asked = ("predict", path, "--model", "amplitude", "--json", "--bad-channels")
    done = zoo(*asked, "FP1-F7")
    data = json.loads(done.stdout)
    said = " ".join(finding["message"] for finding in data["findings"])
    assert "marked as bad: FP1-F7" in said
    assert [one["how"] for one in data["channels"]] == ["missing", "exact"]
    wrong = zoo(*asked, "FP1")
    assert wrong.returncode == 1
    assert "has no channel 'FP1'. It has: FP1-F7, F7-T7" in wrong.stderr


def test_a_bad_file_is_named_and_the_others_are_still_done(zoo: Zoo, tmp_path: Path) -> None:
    bad = tmp_path / "bad.edf"
    bad.write_bytes(b"this is no recording")
    good = recording(tmp_path / "good.edf", loud=False)
    done = zoo("predict", bad, good, tmp_path / "nowhere.edf", "--model", "amplitude")
    assert done.returncode == 1
    assert "good.edf: 0 seizure events" in done.stdout
    assert "bad.edf" in done.stderr
    assert "nowhere.edf" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_model_is_answered_with_near_ones(zoo: Zoo, tmp_path: Path) -> None:
    path = recording(tmp_path / "night.edf", loud=False)
    done = zoo("predict", path, "--model", "amplitud")
    assert done.returncode == 1
    assert "amplitude" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--threshold=7", "--stride=100", "--operating-point=keen"])
def test_numbers_out_of_bounds_are_explained(zoo: Zoo, tmp_path: Path, option: str) -> None:
    done = zoo("predict", recording(tmp_path / "a.edf", loud=False), "--model", "amplitude", option)
    assert done.returncode == 2
    assert "must" in done.stderr or "It has: card" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_same_results_are_skipped_and_others_refused(zoo: Zoo, tmp_path: Path) -> None:
    out = tmp_path / "out"
    night = recording(tmp_path / "night.edf", loud=True)
    asked = ("--model", "amplitude", "--out", out)
    assert zoo("predict", night, *asked).returncode == 0
    before = {name: (out / name).read_bytes() for name in written(out)}
    again = zoo("predict", night, *asked)
    assert again.returncode == 0
    assert again.stdout.count("skipped") == 2
    other = recording(tmp_path / "other" / "night.edf", loud=False)
    for arguments in ((other,), (night, "--stride", "2")):
        refused = zoo("predict", *arguments, *asked)
        assert refused.returncode == 1
        assert "night.edf: night_" in refused.stderr
        assert "--overwrite" in refused.stderr
        assert {name: (out / name).read_bytes() for name in written(out)} == before
    replaced = zoo("predict", other, *asked, "--overwrite")
    assert replaced.returncode == 0
    assert {name: (out / name).read_bytes() for name in written(out)} != before


def test_recordings_of_one_name_get_files_of_their_own(zoo: Zoo, tmp_path: Path) -> None:
    paths = [recording(tmp_path / day / "night.edf", loud=day == "a") for day in ("a", "b")]
    done = zoo("predict", *paths, "--model", "amplitude", "--out", tmp_path / "out")
    assert done.returncode == 0
    assert written(tmp_path / "out") == [
        "night_2_events.tsv",
        "night_2_windows.csv",
        "night_events.tsv",
        "night_windows.csv",
    ]


def test_an_exported_model_is_not_written_over_another(zoo: Zoo, tmp_path: Path) -> None:
    assert zoo("export", "amplitude", "--out", tmp_path / "out").returncode == 0
    (bundle,) = (tmp_path / "out").iterdir()
    assert "skipped" in zoo("export", "amplitude", "--out", tmp_path / "out").stdout
    bundle.write_bytes(b"something else")
    assert zoo("export", "amplitude", "--out", tmp_path / "out").returncode == 1
    assert bundle.read_bytes() == b"something else"
    assert zoo("export", "amplitude", "--out", tmp_path / "out", "--overwrite").returncode == 0


def test_wrong_usage_has_status_2(zoo: Zoo) -> None:
    assert zoo("predict").returncode == 2


def test_a_tree_is_done_in_processes_and_resumed_where_it_was(zoo: Zoo, tmp_path: Path) -> None:
    for day, loud in (("mon", True), ("tue", False), ("wed", True)):
        recording(tmp_path / "nights" / day / "night.edf", loud=loud)
    asked = ("predict", tmp_path / "nights", "--model", "amplitude", "--out", tmp_path / "out")
    done = zoo(*asked, "--jobs", "2")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("1 seizure event in 20 s") == 2
    assert written(tmp_path / "out") == [
        f"{day}/night_{kind}" for day in ("mon", "tue", "wed") for kind in KINDS
    ]
    (tmp_path / "out" / "tue" / "night_events.tsv").unlink()
    again = zoo(*asked, "--resume")
    assert "2 of 3 recordings are done, 1 left" in again.stdout
    assert "again: tue/night.edf: its result tue/night_events.tsv is gone" in again.stdout
    assert again.stdout.count("seizure event") == 1
    assert "3 of 3 recordings are done" in zoo(*asked, "--resume", "--jobs", "2").stdout


def test_shards_together_do_all_and_merge_to_one_table(zoo: Zoo, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for number in range(6):
        recording(tmp_path / "nights" / f"{number}.edf", loud=number % 2 == 0)
    (tmp_path / "nights" / "bad.edf").write_bytes(b"this is no recording")
    asked = ("predict", tmp_path / "nights", "--model", "amplitude", "--out", out, "--resume")
    ended = [zoo(*asked, "--shard", f"{number}/3").returncode for number in (1, 2, 3)]
    assert sorted(ended) == [0, 0, 1]
    assert len(written(out)) == 12
    (found,) = json.loads(zoo("status", out, "--json").stdout)
    assert (found["n_done"], found["n_failed"], found["n_left"]) == (6, 1, 0)
    assert found["hours_done"] == pytest.approx(6 * 20 / 3600)
    assert found["eta_s"] == 0
    shown = zoo("status", out)
    assert shown.returncode == 1
    assert "predict: 6 done, 1 failed, 0 left" in shown.stdout
    assert shown.stderr.startswith("bad.edf: ")
    for form in ("tsv", "parquet"):
        assert zoo("merge", out, "--to", tmp_path / "tables", "--format", form).returncode == 0
    read = {}
    for name in ("recordings", "events"):
        table = tmp_path / "tables" / f"predict_{name}"
        with table.with_suffix(".tsv").open(newline="") as file:
            read[name] = list(csv.DictReader(file, delimiter="\t"))
        packed = parquet.read_table(table.with_suffix(".parquet")).to_pylist()
        assert read[name] == [
            {key: "n/a" if value is None else str(value) for key, value in row.items()}
            for row in packed
        ]
    names = [row["name"] for row in read["recordings"]]
    assert names == [*(f"{number}.edf" for number in range(6)), "bad.edf"]
    assert [row["recording"] for row in read["events"]] == ["0.edf", "2.edf", "4.edf"]
    assert [row["onset_s"] for row in read["events"]] == ["8.0"] * 3


@pytest.mark.parametrize(
    "options", [["--jobs", "0"], ["--resume"], ["--shard", "1/2"], ["--shard", "3/2", "--out", "o"]]
)
def test_options_of_many_recordings_are_checked(
    zoo: Zoo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    night = recording(tmp_path / "night.edf", loud=False)
    assert zoo("predict", night, "--model", "amplitude", *options).returncode == 2
