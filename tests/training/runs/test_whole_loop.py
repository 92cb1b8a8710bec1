"""From recordings to a model that detects, from Python and from the command line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.io.edf.writer import write_edf
from seizure_core.io.opening import open_recording
from tests.edf_files import spoil_signal
from tests.eeg_files import eeg_files
from tests.training.material import (
    CHANNELS,
    NETWORK,
    RATE_HZ,
    SETTINGS,
    evaluated,
    write_patients,
    write_recording,
)
from training.cli import main
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.data.store import list_datasets
from training.errors import DatasetError, TrainingError
from training.runs.control import start_run, wait_for_run
from training.runs.experiment import experiment_of, find_experiment, read_experiment
from training.runs.folder import list_runs, training_status
from training.saving import save_model
from zoo.layers.network import check_network
from zoo.loading import load_detector
from zoo.store.registry import list_models


@pytest.mark.usefixtures("runs_in_this_process")
def test_the_whole_loop_on_pieces_of_chbmit_from_python() -> None:
    recordings = eeg_files("chbmit/chb0[23]/*.edf")
    references = eeg_files("chbmit/chb0[23]/*.tsv")
    kept_out = [path for path in recordings if path.name.startswith("chb03_3")]
    used = [path for path in recordings if path not in kept_out]

    dataset = create_dataset(
        pair_files(used, references),
        {"window_s": 4.0, "guard_s": 0.0, "preprocessing": [{"step": "scale", "factor": 0.01}]},
    )
    network = [
        {"type": "conv1d", "out_channels": 8, "kernel_size": 16, "stride": 4},
        {"type": "batch_norm1d"},
        {"type": "relu"},
        {"type": "adaptive_avg_pool1d", "output_size": 8},
        {"type": "flatten"},
        {"type": "linear", "out_features": 2},
    ]
    report = check_network(network, 23, 1024)
    assert report.valid
    assert report.n_parameters == 8 * 23 * 16 + 8 + 16 + 64 * 2 + 2

    run_id = start_run(
        dataset["dataset_id"], network, {"epochs": 4, "batch_size": 16, "threads": 1}
    ).run_id
    assert wait_for_run(run_id, timeout_s=240)["state"] == "done"
    status = training_status(run_id)
    assert {"run_id", "state", "epoch", "epochs", "eta_s", "history", "message"} <= set(status)
    assert (status["state"], status["epoch"], status["epochs"]) == ("done", 4, 4)
    assert all(row["train_loss"] > 0 for row in status["history"])
    assert json.loads(json.dumps(status)) == status

    card = save_model(run_id, "pieces")
    assert card.model_id == "pieces"
    assert "pieces" in [one.model_id for one in list_models()]
    answer = evaluated("pieces", kept_out, references)
    assert len(answer["recordings"]) == len(kept_out)
    assert answer["failed"] == []
    detection = load_detector("pieces").detect(open_recording(kept_out[0]))
    assert len(detection.probabilities) == 7


@pytest.mark.usefixtures("runs_in_this_process")
def test_the_whole_loop_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    write_patients(folder)
    (folder / "experiment.json").write_text(
        json.dumps(
            {
                "dataset": {"recordings": ["."], "settings": SETTINGS},
                "network": NETWORK,
                "settings": {"epochs": 5, "learning_rate": 0.01, "threads": 1},
                "save": {"model_id": "from-shell", "title": "From the shell"},
            }
        )
    )
    assert main(["train", str(folder / "experiment.json")]) == 0
    told = capsys.readouterr().out
    assert "saved as from-shell" in told
    assert "Epoch 5" in told

    outside = tmp_path / "outside"
    outside.mkdir()
    test_file = write_recording(outside, "chb09_01", [(12.0, 14.0)], seed=9)
    assert main(["evaluate", "--model", "from-shell", str(test_file)]) == 0
    shown = capsys.readouterr().out
    assert "chb09_01.edf: events: sensitivity" in shown
    assert "baseline, always alarm" in shown

    # What was trained on and what cannot be read is named; the rest is done all the same.
    (outside / "broken.edf").write_bytes(b"nothing")
    status = main(
        ["evaluate", "--model", "from-shell", "--json", str(outside), str(folder / "chb02_01.edf")]
    )
    captured = capsys.readouterr()
    assert status == 1
    assert {line.split(":")[0] for line in captured.err.splitlines()} >= {
        "broken.edf",
        "chb02_01.edf",
    }
    assert json.loads(captured.out)["n_scored"] == 1

    assert main(["dataset", "list"]) == 0
    dataset_id = capsys.readouterr().out.split(":")[0]
    assert main(["runs", "list"]) == 0
    run_id = capsys.readouterr().out.split(":")[0]
    assert main(["runs", "save", run_id, "again", "--threshold", "0.6"]) == 0
    assert main(["runs", "status", run_id]) == 0
    assert main(["runs", "delete", run_id]) == 0
    assert main(["dataset", "show", dataset_id]) == 0
    assert main(["dataset", "delete", dataset_id]) == 0
    capsys.readouterr()
    assert main(["dataset", "delete", dataset_id]) == 1
    assert "There is no dataset" in capsys.readouterr().err


@pytest.mark.slow
def test_each_patient_is_left_out_in_turn_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patients(tmp_path)
    config = tmp_path / "experiment.json"
    config.write_text(
        json.dumps(
            {
                "dataset": {"recordings": ["."], "settings": SETTINGS},
                "network": NETWORK,
                "settings": {"epochs": 1, "threads": 1},
            }
        )
    )
    assert main(["train", str(config), "--leave-one-patient-out"]) == 0
    run_id = list_runs()[0]["run_id"]
    capsys.readouterr()
    assert main(["runs", "folds", run_id]) == 0
    header, *rows = (line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert header[:4] == ["patient", "epoch", "validation_loss", "event_f1"]
    assert [row[0] for row in rows] == ["chb02", "chb03", "chb05"]
    assert all(0 <= float(row[3]) <= 1 for row in rows)
    assert main(["train", str(config)]) == 0
    assert main(["runs", "folds", list_runs()[0]["run_id"]]) == 1
    assert "has no folds" in capsys.readouterr().err


@pytest.mark.usefixtures("runs_in_this_process")
def test_odd_files_of_every_kind_are_trained_on_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_patients(tmp_path)
    uncalibrated = tmp_path / "chb02_01.edf"
    spoil_signal(uncalibrated, 0, digital_minimum="0", digital_maximum="0")
    plain = open_recording(tmp_path / "chb03_01.edf")
    signals = plain.read()
    signals[4] = 0.0
    write_edf(tmp_path / "chb03_01.edf", signals, labels=plain.labels, sampling_rate_hz=RATE_HZ)
    packed = tmp_path / "chb05_01.edf"
    packed.with_suffix(".edf.gz").write_bytes(gzip.compress(packed.read_bytes()))
    packed.unlink()
    as_text = open_recording(tmp_path / "chb02_02.edf")
    rows = as_text.read().T
    times = np.arange(len(rows)) / RATE_HZ
    (tmp_path / "chb02_02.edf").unlink()
    np.savetxt(
        tmp_path / "chb02_02.csv",
        np.column_stack((times, rows)),
        delimiter=",",
        fmt="%.6f",
        header=",".join(("time", *(f"{label} (uV)" for label in as_text.labels))),
        comments="",
    )
    (tmp_path / "experiment.json").write_text(
        json.dumps(
            {
                "dataset": {"recordings": ["."], "settings": {**SETTINGS, "min_coverage": 0.7}},
                "network": NETWORK,
                "settings": {"epochs": 2, "threads": 1},
                "save": {"model_id": "from-odd-files", "title": "From odd files"},
            }
        )
    )
    assert main(["train", str(tmp_path / "experiment.json")]) == 0
    said = capsys.readouterr().err
    (listed,) = list_datasets()
    rows_of = {one["file_name"]: one for one in listed["recordings"]}
    assert set(rows_of) == {
        "chb02_01.edf",
        "chb02_02.csv",
        "chb03_01.edf",
        "chb03_02.edf",
        "chb05_01.edf.gz",
        "chb05_02.edf",
    }
    for name, label, why in (
        ("chb02_01.edf", CHANNELS[0], "uncalibrated"),
        ("chb03_01.edf", CHANNELS[3], "flat or empty from start to end"),
    ):
        found = " ".join(rows_of[name]["findings"])
        assert f"1 of 4 channels are missing and fed as zeros: {label}." in found
        assert why in found
        assert f"{name}: " in said
    limits = load_detector("from-odd-files").card.limitations
    assert "Something is odd about 2 of its 6 training recordings" in limits


def test_datasets_are_made_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_recording(tmp_path, "chb02_01", [(12.0, 14.0)])
    write_recording(tmp_path, "calm", seed=1, reference=False)
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps(SETTINGS))
    arguments = ["dataset", "create", "--settings", str(settings), "--set", "balance=2.0"]
    assert main([*arguments, str(path)]) == 0
    assert "of 1 recordings" in capsys.readouterr().out
    assert main([*arguments, str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "calm.edf is left out" in captured.err
    assert main([*arguments, str(tmp_path), "--seizure-free", "calm.edf"]) == 0
    assert "of 2 recordings" in capsys.readouterr().out
    (tmp_path / "broken.edf").write_bytes(b"nothing")
    (tmp_path / "broken_events.tsv").write_bytes((tmp_path / "chb02_01_events.tsv").read_bytes())
    assert main([*arguments, str(tmp_path)]) == 1
    assert main([*arguments, str(tmp_path / "absent.edf")]) == 1
    assert main(["dataset", "create", str(path), "--set", "window_s=0"]) == 2
    assert main(["dataset", "create", str(path), "--set", "window_s"]) == 2


def test_wrong_usage_has_its_own_exit_status() -> None:
    for arguments in ([], ["fly"], ["train"], ["evaluate", "a.edf"], ["dataset"], ["runs", "fly"]):
        with pytest.raises(SystemExit) as ending:
            main(arguments)
        assert ending.value.code == 2


def test_the_seeds_experiment_is_shipped_as_one_file() -> None:
    experiment = read_experiment(find_experiment("n1spool-experiment"))
    dataset, settings = experiment.dataset, experiment.settings
    assert experiment.recordings == ("chb01", "chb02", "chb03", "chb05", "chb07", "chb08")
    assert (dataset.window_s, dataset.seizure_stride_s, dataset.guard_s) == (30.0, 1.0, 300.0)
    assert (dataset.balance, dataset.only_with_seizures) == (1.0, True)
    assert (settings.epochs, settings.optimizer, settings.split) == (30, "adam", "random")
    assert settings.validation_fraction == 0.2
    assert settings.patience is None
    report = check_network(experiment.network, 23, 7680)
    assert report.n_parameters == 3137


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "must be a JSON object"),
        ({"dataset": "dataset-1"}, "needs the keys"),
        ({"dataset": {}, "network": []}, "names no file"),
        ({"dataset": {"recordings": "a.edf"}, "network": []}, "list of names"),
        ({"dataset": {"recordings": ["a"], "window_s": 3}, "network": []}, "'window_s'"),
        ({"dataset": "d", "network": 3}, "'network' must be"),
        ({"dataset": "d", "network": [], "save": {"id": "x"}}, "'id'"),
        ({"dataset": "d", "network": [], "settings": {"epochs": 0}}, "epochs"),
        ({"dataset": {"recordings": ["a"], "patients": []}, "network": []}, None),
        ({"dataset": {"recordings": ["a"], "patients": ["b"]}, "network": []}, "'patients'"),
    ],
)
def test_experiments_are_checked(document: Any, message: str | None) -> None:
    if message is None:
        assert experiment_of(document).patients == {}
        return
    with pytest.raises((TrainingError, DatasetError), match=message):
        experiment_of(document)
