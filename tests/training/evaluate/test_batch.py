"""Evaluation as a batch: what is stored adds up to what one call in memory finds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seizure_core.batch.ledger import Ledger
from seizure_zoo.cli import main
from tests.training.material import write_patients, write_recording, write_reference
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from tests.zoo.inference.test_second_stage import STAGE
from training.commands.files import paired
from training.evaluate.evaluation import evaluate_detector
from training.evaluate.evaluation_report import evaluation_json
from training.saving import any_detector
from zoo.store.user_models import add_model

MODEL = "amplitude"


@pytest.fixture
def nights(tmp_path: Path) -> Path:
    """Recordings of three patients, two in a folder of their own, and one without reference.

    The model has a second stage.
    """
    document = amplitude_document(["FP1-F7", "F7-T7"], rate_hz=64.0)
    document["schema_version"] = 2
    document["output"]["second_stage"] = STAGE
    add_model(write_amplitude_model(tmp_path / "model", document))
    folder = tmp_path / "nights"
    folder.mkdir()
    for path in write_patients(folder)[-2:]:
        ward = folder / "ward"
        ward.mkdir(exist_ok=True)
        for one in folder.glob(f"{path.stem}*"):
            one.rename(ward / one.name)
    write_recording(folder, "unknown", [], reference=False)
    return folder


def evaluated(
    capsys: pytest.CaptureFixture[str], nights: Path, *options: str | Path
) -> tuple[int, Any, str]:
    """Return status, JSON and error output of the command."""
    capsys.readouterr()
    command = ["evaluate", "--model", MODEL, str(nights), "--json", *map(str, options)]
    status = main(command)
    told = capsys.readouterr()
    return status, json.loads(told.out) if told.out else None, told.err


@pytest.mark.parametrize("n_processes", ["1", pytest.param("2", marks=pytest.mark.slow)])
def test_stored_scores_add_up_to_those_in_memory(
    capsys: pytest.CaptureFixture[str], nights: Path, tmp_path: Path, n_processes: str
) -> None:
    whole = evaluation_json(evaluate_detector(any_detector(MODEL), paired([nights], [])))
    assert whole["overall"]["event"]["n_reference"] == 3
    assert whole["overall"]["bootstrap"]["n_units"] == 3
    out = tmp_path / "out"
    for shard in ("1/2", "2/2"):
        asked = ("--out", out, "--resume", "--jobs", n_processes, "--shard", shard)
        status, nothing, _ = evaluated(capsys, nights, *asked)
        assert nothing is None, "a part is not the whole"
        assert status in (0, 1)
    status, added, said = evaluated(capsys, nights, "--out", out, "--resume")
    assert status == 1, "one recording has no reference"
    assert added == json.loads(json.dumps(whole))
    assert "6 of 7 recordings are done, 1 left" in said
    assert "unknown.edf: it has no reference" in said
    assert sorted(path.name for path in (out / "ward").glob("chb05_01*")) == [
        "chb05_01_score.json",
        "chb05_01_signs.npy",
        "chb05_01_trace.npy",
    ]
    _, at_once, _ = evaluated(capsys, nights)
    assert at_once == added


def test_only_what_changed_is_evaluated_again(
    capsys: pytest.CaptureFixture[str], nights: Path, tmp_path: Path
) -> None:
    (nights / "unknown.edf").unlink()
    out = tmp_path / "out"
    _, before, _ = evaluated(capsys, nights, "--out", out)
    write_reference(nights, "chb02_01", [(2.0, 5.0)], duration_s=40.0)
    status, after, said = evaluated(capsys, nights, "--out", out, "--resume")
    assert status == 0
    assert "again: chb02_01.edf: chb02_01_events.tsv has changed" in said
    assert "5 of 6 recordings are done" in said
    assert before["overall"] != after["overall"]
    entries = Ledger.of(out, "evaluate").entries()
    assert entries["ward/chb05_01.edf"].details == {"patient": "chb05", "contents": "paired"}


def test_an_evaluation_has_a_status_and_a_table(
    capsys: pytest.CaptureFixture[str], nights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    evaluated(capsys, nights, "--out", out)
    assert main(["status", str(out)]) == 1
    assert "evaluate: 6 done, 1 failed, 0 left" in capsys.readouterr().out
    assert main(["merge", str(out)]) == 0
    rows = (out / "evaluate_recordings.tsv").read_text().splitlines()
    head = rows[0].split("\t")
    column = head.index("score.score.event.n_reference")
    assert sum(int(row.split("\t")[column]) for row in rows[1:] if "\tdone\t" in row) == 3
