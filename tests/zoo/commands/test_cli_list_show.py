"""`python -m zoo list` and `show`: what they print and how they end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seizure_core.command_line import STOPPED
from tests.memory_recording import HEADSET
from tests.zoo.models import build_from, card_document
from zoo.__main__ import main
from zoo.store.home import home_folder
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model


@pytest.fixture
def mine(tmp_path: Path) -> str:
    """Register a model whose texts try to steer the terminal."""
    document = card_document("mine")
    document.update(title="Mine\x1b[2J \u202eevil", limitations="Line one\nline\ttwo \x07")
    document["results"] = [
        {
            "dataset": "Some data",
            "protocol": "any overlap",
            "split": "by patient",
            "n_recordings": 2,
            "n_seizures": 1,
            "hours": 0.5,
            "metrics": {"sensitivity": {"value": 1.0}, "precision": {"value": None}},
        }
    ]
    write_model(tmp_path / "made", document=document, network=build_from(document))
    add_model(tmp_path / "made")
    return "mine"


def test_list_writes_a_row_for_each_model(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    out = capsys.readouterr().out
    (row,) = [line for line in out.splitlines() if line.startswith("mine")]
    assert row.split()[:4] == ["mine", "1.0.0", "user", "2"]
    assert "64 Hz" in row
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_list_json_has_the_facts_one_chooses_by(
    mine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", "--json"]) == 0
    listed = {one["model_id"]: one for one in json.loads(capsys.readouterr().out)}
    assert set(listed["mine"]) == {
        *("model_id", "name", "title", "version", "source", "n_parameters", "window_s"),
        *("stride_s", "sampling_rate_hz", "n_channels"),
    }


def test_list_for_a_recording_names_those_that_can_read_it_the_best_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "headset.csv"
    row = ",".join(["4200"] * len(HEADSET))
    path.write_text("\n".join([",".join(HEADSET), *[row] * (128 * 60)]))
    headset = str(path)
    assert main(["list", "--for", headset, "--json"]) == 0
    assert [one["model_id"] for one in json.loads(capsys.readouterr().out)] == ["any-montage"]
    assert main(["list", "--for", headset]) == 0
    assert "any-montage: It takes any montage: reads 8 channels here" in capsys.readouterr().out


def test_a_recording_that_no_model_can_read_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.csv"
    path.write_text("time,F7-T7\n" + "".join(f"{i / 100},{i % 7}\n" for i in range(200)))
    assert main(["list", "--for", str(path)]) == 1
    assert "short.csv" in capsys.readouterr().err


def test_show_writes_the_card_in_words(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", mine]) == 0
    out = capsys.readouterr().out
    assert "Line one line two" in out
    assert "FP1-F7 F7-T7" in out
    assert "conv1d" in out
    assert "3 x 31" in out
    assert "sensitivity: 1" in out
    assert "precision: undefined" in out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_show_json_writes_the_card_itself(mine: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", mine, "--json"]) == 0
    stored = home_folder() / "models" / "mine" / "card.json"
    assert capsys.readouterr().out == stored.read_text()


def test_an_unknown_model_ends_with_1_and_near_matches(
    mine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "mein"]) == 1
    captured = capsys.readouterr()
    assert "Did you mean mine?" in captured.err
    assert captured.out == ""


def test_a_damaged_registry_ends_with_1_after_the_list(
    mine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home_folder() / "registry.json").write_text("{")
    assert main(["list"]) == 1
    assert "registry of your own models" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [[], ["dance"], ["show"], ["list", "--colour"]])
def test_wrong_usage_ends_with_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_the_real_program_lists_without_importing_torch(mine: str) -> None:
    program = "import sys, runpy; sys.argv = ['zoo', 'list']\n"
    program += "try:\n    runpy.run_module('zoo', run_name='__main__')\n"
    program += "except SystemExit as end:\n    assert end.code == 0, end.code\n"
    program += "assert 'torch' not in sys.modules\n"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "mine" in run.stdout


def test_a_command_that_is_interrupted_says_so_in_one_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("zoo.store.registry.Registry.load", interrupted)
    assert main(["list"]) == STOPPED
    assert capsys.readouterr().err == "Stopped.\n"
