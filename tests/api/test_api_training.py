"""From recordings to a model that detects, with nothing but a client of the API."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gradio_client import handle_file

from tests.api.answers import checked
from tests.edf_files import build_edf
from tests.eeg_files import eeg_files
from tests.training.material import (
    NETWORK,
    SETTINGS,
    WINDOW_SAMPLES,
    references_in,
    write_patients,
    write_recording,
)

WINDOWS = {"window_s": 4.0, "guard_s": 5.0}
INPUT = {name: SETTINGS[name] for name in ("channels", "sampling_rate_hz", "preprocessing")}
GIVE_UP_S = 240.0


@dataclass(frozen=True, kw_only=True)
class Trained:
    dataset: dict[str, Any]
    status: dict[str, Any]
    card: dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("patients")
    write_patients(path)
    return path


@pytest.fixture(scope="module")
def dataset(client, folder: Path) -> dict[str, Any]:
    answer: dict[str, Any] = client.predict(
        recordings=[handle_file(path) for path in sorted(folder.glob("*.edf"))],
        references=[handle_file(path) for path in references_in(folder)],
        **WINDOWS,
        settings=INPUT,
        api_name="/create_dataset",
    )
    return answer


@pytest.fixture(scope="module")
def trained(client, dataset: dict[str, Any]) -> Trained:
    run_id = client.predict(
        dataset["dataset_id"],
        NETWORK,
        {"epochs": 2, "batch_size": 16, "threads": 1},
        api_name="/train",
    )["run_id"]
    status = wait_while(client, run_id, "queued", "running")
    card = client.predict(run_id, "api-model", "Model of the API", api_name="/save_model")
    return Trained(dataset=dataset, status=status, card=card)


def wait_while(client, run_id: str, *states: str) -> dict[str, Any]:
    give_up = time.monotonic() + GIVE_UP_S
    while time.monotonic() < give_up:
        status: dict[str, Any] = client.predict(run_id, api_name="/training_status")
        if status["state"] not in states:
            return status
        time.sleep(0.3)
    raise AssertionError(f"{run_id} is {status['state']} still: {status['message']}")


def test_a_dataset_accounts_for_every_second(client, dataset: dict[str, Any]) -> None:
    checked(dataset)
    assert dataset["n_seizure_windows"] > 0
    assert dataset["n_background_windows"] > 0
    assert len(dataset["recordings"]) == 6
    assert {"ledger", "warnings", "settings"} <= set(dataset)
    assert dataset["settings"]["guard_s"] == 5.0
    listed = checked(client.predict(api_name="/list_datasets"))
    assert dataset["dataset_id"] in [one["dataset_id"] for one in listed]


def test_a_network_is_checked_before_it_is_trained(client) -> None:
    answer = checked(
        client.predict(NETWORK, len(INPUT["channels"]), WINDOW_SAMPLES, api_name="/check_network")
    )
    assert answer["valid"]
    assert [row["type"] for row in answer["layers"]] == [layer["type"] for layer in NETWORK]
    assert {"index", "type", "output_shape", "n_parameters"} <= set(answer["layers"][0])
    assert answer["n_parameters"] == sum(row["n_parameters"] for row in answer["layers"])
    assert {"receptive_field_samples", "errors"} <= set(answer)


def test_an_invalid_network_is_told_which_layer_it_is(client) -> None:
    three = [*NETWORK[:-1], {"type": "linear", "out_features": 3}]
    unknown = [{"type": "conv9d"}, *NETWORK[1:]]
    for network, index in ((three, len(NETWORK) - 1), (unknown, 0)):
        answer = client.predict(network, 4, WINDOW_SAMPLES, api_name="/check_network")
        assert not answer["valid"]
        assert answer["errors"][0]["index"] == index
        assert answer["errors"][0]["message"]


def test_a_run_tells_every_epoch_until_it_is_done(client, trained: Trained) -> None:
    status = checked(trained.status)
    assert (status["state"], status["epoch"], status["epochs"]) == ("done", 2, 2)
    assert {"eta_s", "message"} <= set(status)
    assert [row["epoch"] for row in status["history"]] == [1, 2]
    assert all(row["train_loss"] > 0 for row in status["history"])
    assert any("Epoch 2" in line for line in status["log"])
    listed = {row["run_id"]: row for row in checked(client.predict(api_name="/list_runs"))}
    assert listed[status["run_id"]]["state"] == "done"


def test_a_saved_model_is_in_the_zoo_at_once(client, trained: Trained) -> None:
    checked(trained.card)
    assert (trained.card["model_id"], trained.card["title"]) == ("api-model", "Model of the API")
    models = {model["model_id"]: model for model in client.predict(api_name="/list_models")}
    assert models["api-model"]["source"] == "user"
    assert client.predict("api-model", api_name="/model_card") == trained.card


def test_the_model_is_measured_and_used_on_files_it_has_not_seen(
    client, trained: Trained, folder: Path, data_folder: Path, tmp_path: Path
) -> None:
    outside = write_recording(tmp_path, "chb09_01", [(12.0, 14.0)], seed=9)
    seen = next(folder.glob("chb02_01.edf"))
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"")
    references = [*references_in(tmp_path), folder / "chb02_01_events.tsv"]
    answer = checked(
        client.predict(
            "api-model",
            [handle_file(outside), handle_file(seen), handle_file(broken), "data:lost.edf"],
            [handle_file(path) for path in references],
            api_name="/evaluate",
        )
    )
    rows = {row["file_name"]: row for row in answer["recordings"]}
    assert [name for name, row in rows.items() if row["ok"]] == ["chb09_01.edf"]
    assert {"event", "sample", "latency_s"} <= set(rows["chb09_01.edf"])
    assert "in the training of this model" in rows["chb02_01.edf"]["message"]
    assert {row["file_name"] for row in answer["failed"]} == {
        "chb02_01.edf",
        "broken.edf",
        "lost.edf",
    }
    assert {"event", "sample", "baselines"} <= set(answer["overall"])
    assert set(answer["overall"]["baselines"]) == {"always", "never", "line_length"}
    assert answer["overall"]["bootstrap"]["n_units"] == 1
    assert {row["file_name"] for row in answer["failed"] if row.get("in_training")} == {
        "chb02_01.edf"
    }
    assert (answer["n_scored"], answer["n_failed"]) == (1, 3)
    assert answer["weights_sha256"] == trained.card["weights"]["sha256"]

    found, *_ = client.predict(handle_file(outside), "api-model", api_name="/predict")
    assert len(checked(found)["windows"]) == 37
    assert found["weights_sha256"] == trained.card["weights"]["sha256"]


def test_the_model_of_a_run_is_evaluated_by_the_id_of_the_run(
    client, trained: Trained, tmp_path: Path
) -> None:
    outside = write_recording(tmp_path, "chb09_01", [(10.0, 15.0)], seed=91)
    files = [handle_file(outside)], [handle_file(tmp_path / "chb09_01_events.tsv")]
    of_run = checked(client.predict(trained.status["run_id"], *files, api_name="/evaluate"))
    kept = checked(client.predict("api-model", *files, api_name="/evaluate"))
    assert of_run["model_id"] == trained.status["run_id"]
    assert of_run["overall"] == kept["overall"]


@pytest.mark.slow
def test_the_whole_loop_on_pieces_of_chbmit(client) -> None:
    recordings = eeg_files("chbmit/chb0[23]/*.edf")
    references = [handle_file(path) for path in eeg_files("chbmit/chb0[23]/*.tsv")]
    kept_out = [handle_file(path) for path in recordings if path.name.startswith("chb03_3")]
    used = [handle_file(path) for path in recordings if not path.name.startswith("chb03_3")]
    network = [
        {"type": "conv1d", "out_channels": 4, "kernel_size": 16, "stride": 8},
        {"type": "relu"},
        {"type": "adaptive_avg_pool1d", "output_size": 4},
        {"type": "flatten"},
        {"type": "linear", "out_features": 2},
    ]
    made = client.predict(used, references, 4.0, 4.0, guard_s=0.0, api_name="/create_dataset")
    assert checked(made)["n_seizure_windows"] > 0
    assert client.predict(network, 23, 1024, api_name="/check_network")["valid"]
    run_id = client.predict(
        made["dataset_id"], network, {"epochs": 1, "threads": 1}, api_name="/train"
    )["run_id"]
    assert wait_while(client, run_id, "queued", "running")["state"] == "done"
    client.predict(run_id, "pieces-model", "Model of pieces", api_name="/save_model")
    scores = checked(client.predict("pieces-model", kept_out, references, api_name="/evaluate"))
    assert scores["n_scored"] == len(kept_out) > 0
    answer, *_ = client.predict(kept_out[0], "pieces-model", api_name="/predict")
    assert checked(answer)["model_id"] == "pieces-model"


def test_a_run_is_stopped_resumed_and_deleted(
    client, failing: Callable[..., str], dataset: dict[str, Any]
) -> None:
    run_id = client.predict(
        dataset["dataset_id"],
        NETWORK,
        {"epochs": 10_000, "patience": None, "threads": 1, "batch_size": 16},
        api_name="/train",
    )["run_id"]
    wait_while(client, run_id, "queued")
    assert "Stop it first" in failing(run_id, api_name="/delete_run")
    assert "Stop it first" in failing(dataset["dataset_id"], api_name="/delete_dataset")
    client.predict(run_id, api_name="/stop_training")
    stopped = wait_while(client, run_id, "queued", "running")
    assert stopped["state"] == "stopped"
    resumed = client.predict(run_id, api_name="/resume_training")
    assert resumed["state"] in ("queued", "running")
    client.predict(run_id, api_name="/stop_training")
    assert wait_while(client, run_id, "queued", "running")["state"] == "stopped"
    assert client.predict(run_id, api_name="/delete_run")["deleted"] is True
    assert run_id not in [row["run_id"] for row in client.predict(api_name="/list_runs")]
    assert "There is no run" in failing(run_id, api_name="/training_status")


def test_a_dataset_is_deleted(client, failing: Callable[..., str], folder: Path) -> None:
    files = [handle_file(folder / "chb02_01.edf")]
    marks = [handle_file(folder / "chb02_01_events.tsv")]
    made = client.predict(
        files, marks, **WINDOWS, settings=INPUT, patients={"chb02_01.edf": "p"},
        api_name="/create_dataset",
    )  # fmt: skip
    assert made["recordings"][0]["patient"] == "p"
    gone = client.predict(made["dataset_id"], api_name="/delete_dataset")
    assert gone["dataset_id"] == made["dataset_id"]
    assert "There is no dataset" in failing(made["dataset_id"], api_name="/delete_dataset")


def test_unknown_ids_are_answered_with_near_ones(
    failing: Callable[..., str], trained: Trained
) -> None:
    run_id, dataset_id = trained.status["run_id"], trained.dataset["dataset_id"]
    for endpoint in ("/training_status", "/stop_training", "/resume_training", "/delete_run"):
        assert run_id in failing(run_id[:-1], api_name=endpoint)
    assert run_id in failing(run_id[:-1], "some-model", "Title", api_name="/save_model")
    assert dataset_id in failing(dataset_id[:-1], NETWORK, api_name="/train")
    assert dataset_id in failing(dataset_id[:-1], api_name="/delete_dataset")
    assert "api-model" in failing(dataset_id, "api-ne", api_name="/train")
    assert "api-model" in failing("api-ne", ["data:none.edf"], [], api_name="/evaluate")


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"epochs": 0}, "epochs"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"epoch": 3}, "epoch"),
        ([3], "JSON object"),
    ],
)
def test_settings_of_a_training_are_checked_before_it_starts(
    failing: Callable[..., str], dataset: dict[str, Any], settings: Any, part: str
) -> None:
    assert part in failing(dataset["dataset_id"], NETWORK, settings, api_name="/train")


def test_a_recording_without_reference_is_left_out_and_named(
    client, failing: Callable[..., str], folder: Path, tmp_path: Path
) -> None:
    calm = write_recording(tmp_path, "calm", seed=4, reference=False)
    files = [handle_file(folder / "chb02_01.edf"), handle_file(calm)]
    marks = [handle_file(folder / "chb02_01_events.tsv")]
    answer = client.predict(files, marks, **WINDOWS, settings=INPUT, api_name="/create_dataset")
    assert [one["file_name"] for one in answer["refused"]] == ["calm.edf"]
    assert any("calm.edf" in warning for warning in answer["warnings"])
    answer = client.predict(
        files, marks, **WINDOWS, settings=INPUT, seizure_free=["calm.edf"],
        api_name="/create_dataset",
    )  # fmt: skip
    assert answer["refused"] == []
    message = failing(
        files, marks, **WINDOWS, settings=INPUT, seizure_free=["clam.edf"],
        api_name="/create_dataset",
    )  # fmt: skip
    assert "calm.edf" in message


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ({"window_s": 0}, "window_s"),
        ({"window_s": 400}, "chb02_01.edf"),
        ({"labelling": "most"}, "labelling"),
        ({"guard_s": "long"}, "guard_s"),
        ({"settings": {"windows": 3}}, "windows"),
        ({"settings": "none"}, "JSON object"),
        ({"recordings": []}, "at least one recording"),
        ({"recordings": "data:a.edf"}, "recordings must be a list"),
        ({"recordings": ["data:non.edf"]}, "no recording 'non.edf'"),
        ({"references": ["data:non.tsv"]}, "no reference 'non.tsv'"),
    ],
)
def test_what_is_wrong_with_a_dataset_is_told(
    failing: Callable[..., str], folder: Path, options: dict[str, Any], part: str
) -> None:
    given: dict[str, Any] = {
        "recordings": [handle_file(folder / "chb02_01.edf")],
        "references": [handle_file(folder / "chb02_01_events.tsv")],
    }
    assert part in failing(**{**given, **options}, api_name="/create_dataset")


def test_a_model_cannot_be_saved_under_a_taken_or_impossible_id(
    failing: Callable[..., str], trained: Trained
) -> None:
    run_id = trained.status["run_id"]
    assert "n1spool-cnn" in failing(run_id, "n1spool-cnn", "Mine", api_name="/save_model")
    assert "api-model" in failing(run_id, "api-model", "Again", api_name="/save_model")
    assert "not a valid model id" in failing(run_id, "../model", "Mine", api_name="/save_model")
    for options, part in (
        ({"threshold": 2}, "between 0 and 1"),
        ({"version": "new"}, "version"),
        ({"replace": "yes"}, "true or false"),
    ):
        assert part in failing(run_id, "other", "Mine", **options, api_name="/save_model")


def test_nothing_that_could_be_scored_is_an_error(
    failing: Callable[..., str], trained: Trained, tmp_path: Path
) -> None:
    calm = build_edf(tmp_path / "calm.edf", [[0.0] * 512])
    message = failing("api-model", [handle_file(calm)], [], api_name="/evaluate")
    assert "calm.edf" in message
    assert "no recording 'a.edf'" in failing("api-model", ["data:a.edf"], [], api_name="/evaluate")
