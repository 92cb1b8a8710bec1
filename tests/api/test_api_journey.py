from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gradio_client import handle_file

from seizure_core import open_recording
from tests.api.answers import checked
from tests.edf_files import build_edf
from zoo.loading import load_detector

MODEL = "n1spool-cnn"


def is_png(path: str) -> bool:
    return Path(path).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_a_recording_is_described(client, either_file: Path) -> None:
    answer = checked(client.predict(handle_file(either_file), api_name="/describe_recording"))
    recording = open_recording(either_file)
    assert answer["file_name"] == either_file.name
    assert answer["duration_s"] == recording.duration_s
    assert answer["n_channels"] == len(recording.channels) == len(answer["channels"])
    assert [channel["label"] for channel in answer["channels"]] == recording.labels
    assert answer["sampling_rates_hz"] == [256]
    assert len(answer["annotations"]) == len(recording.annotations)
    assert {"format", "start_time", "findings"} <= set(answer)


def test_a_page_is_drawn_with_and_without_options(client, recording_file: Path) -> None:
    whole = client.predict(handle_file(recording_file), api_name="/view_recording")
    one = client.predict(
        handle_file(recording_file),
        channels=["FP1-F7"],
        start_s=5,
        length_s=2.5,
        api_name="/view_recording",
    )
    assert is_png(whole)
    assert is_png(one)
    assert Path(whole).read_bytes() != Path(one).read_bytes()


def test_statistics_are_those_of_all_samples(client, recording_file: Path) -> None:
    answer = checked(client.predict(handle_file(recording_file), api_name="/recording_statistics"))
    signals = open_recording(recording_file).read(channels=[0]).astype(np.float64)[0]
    first = answer["channels"][0]
    wanted = {
        "n_samples": signals.size,
        "mean": signals.mean(),
        "std": signals.std(),
        "min": signals.min(),
        "max": signals.max(),
        "median": np.median(signals),
        "rms": np.sqrt((signals**2).mean()),
    }
    for name, value in wanted.items():
        assert first[name] == pytest.approx(value, rel=1e-3, abs=0.05), name
    assert first["unit"] == "uV"
    assert {"flat_fraction", "clipped_fraction", "line_length"} <= set(first)


def test_a_distribution_counts_every_sample_once(client, recording_file: Path) -> None:
    answer, picture = client.predict(
        handle_file(recording_file), channel="FP1-F7", api_name="/value_distribution"
    )
    checked(answer)
    assert sum(answer["counts"]) == open_recording(recording_file).channels[0].n_samples
    assert len(answer["bin_edges"]) == len(answer["counts"]) + 1
    assert (answer["channel"], answer["unit"]) == ("FP1-F7", "uV")
    assert is_png(picture)


def test_models_are_listed_with_the_facts_one_chooses_by(client) -> None:
    listed = {one["model_id"]: one for one in checked(client.predict(api_name="/list_models"))}
    model = listed[MODEL]
    assert model["n_parameters"] == 3137
    assert (model["n_channels"], model["sampling_rate_hz"], model["window_s"]) == (23, 256, 30)
    assert model["source"] == "shipped"
    assert {"title", "version", "stride_s"} <= set(model)


def test_the_card_of_a_model_is_complete(client) -> None:
    card = checked(client.predict(MODEL, api_name="/model_card"))
    assert set(card) >= {
        "schema_version",
        "model_id",
        "title",
        "version",
        "license",
        "intended_use",
        "limitations",
        "input",
        "network",
        "output",
        "training",
        "results",
        "golden",
        "weights",
    }


def test_prediction_gives_the_same_numbers_as_the_library(client, either_file: Path) -> None:
    answer, events, windows = client.predict(handle_file(either_file), MODEL, api_name="/predict")
    checked(answer)
    detection = load_detector(MODEL).detect(open_recording(either_file))
    assert [w["probability"] for w in answer["windows"]] == detection.probabilities.tolist()
    assert [w["start_s"] for w in answer["windows"]] == detection.starts_s.tolist()
    assert [(e["onset_s"], e["duration_s"]) for e in answer["events"]] == [
        (event.onset_s, event.duration_s) for event in detection.events
    ]
    assert answer["model_id"] == MODEL
    assert answer["weights_sha256"] == detection.weights_sha256
    assert answer["statistics"]["n_windows"] == len(detection.probabilities)
    assert {"model_version", "app_version", "coverage"} <= set(answer)
    assert {row["how"] for row in answer["channels"]} <= {"exact", "renamed", "flipped"}
    assert Path(events).name == f"{either_file.stem}_events.tsv"
    assert Path(windows).name == f"{either_file.stem}_windows.csv"
    with Path(windows).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(answer["windows"])
    assert set(rows[0]) == {"start_s", "stop_s", "probability", "seizure"}
    with Path(events).open(newline="", encoding="utf-8") as file:
        first = next(csv.DictReader(file, delimiter="\t"))
    assert {"onset", "duration", "eventType", "confidence", "channels"} <= set(first)


def test_threshold_and_stride_can_be_chosen(client, recording_file: Path) -> None:
    answer, *_ = client.predict(
        handle_file(recording_file), MODEL, threshold=0.25, stride_s=5, api_name="/predict"
    )
    assert (answer["threshold"], answer["stride_s"]) == (0.25, 5)
    starts = [window["start_s"] for window in answer["windows"]]
    assert starts[:3] == [0, 5, 10]
    assert all(w["seizure"] == (w["probability"] >= 0.25) for w in answer["windows"])


def test_an_operating_point_is_chosen_by_its_name(client, recording_file: Path) -> None:
    point = client.predict(MODEL, api_name="/model_card")["output"]["operating_points"]["specific"]
    answer, *_ = client.predict(
        handle_file(recording_file), MODEL, operating_point="specific", api_name="/predict"
    )
    assert answer["operating_point"] == "specific"
    assert {name: answer[name] for name in point if name != "metrics"} == {
        name: value for name, value in point.items() if name != "metrics"
    }


def test_files_of_the_data_folder_need_no_upload(client, data_folder: Path) -> None:
    name = next(data_folder.glob("*.edf")).name
    answer = checked(client.predict(f"data:{name}", api_name="/describe_recording"))
    assert answer["file_name"] == name


def test_a_batch_names_what_failed_and_does_the_rest(
    client, recording_file: Path, data_folder: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.edf"
    broken.write_bytes(b"")
    name = next(data_folder.glob("*.edf")).name
    answer, archive = client.predict(
        [handle_file(recording_file), handle_file(broken), "data:none.edf", f"data:{name}"],
        MODEL,
        api_name="/predict_batch",
    )
    checked(answer)
    rows = answer["recordings"]
    assert [row["file_name"] for row in rows] == [
        recording_file.name,
        "broken.edf",
        "none.edf",
        name,
    ]
    assert [row["ok"] for row in rows] == [True, False, False, True]
    assert rows[1]["message"]
    with zipfile.ZipFile(archive) as packed:
        names = packed.namelist()
    assert len(set(names)) == len(names) == 4
    assert f"{recording_file.stem}_events.tsv" in names


def test_errors_say_what_is_wrong_with_the_file(
    failing: Callable[..., str], tmp_path: Path, data_folder: Path
) -> None:
    whole = next(data_folder.glob("*.edf")).read_bytes()
    contents = {
        "empty.edf": b"",
        "notes.edf": b"These are notes, not EEG.\n" * 40,
        "cut.edf": whole[:3000],
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        message = failing(handle_file(tmp_path / name), api_name="/describe_recording")
        assert name in message


def test_an_unknown_model_is_answered_with_near_ones(
    failing: Callable[..., str], data_folder: Path
) -> None:
    name = next(data_folder.glob("*.edf")).name
    for endpoint, arguments in (
        ("/predict", (f"data:{name}", "n1spool-cn")),
        ("/predict_batch", ([f"data:{name}"], "n1spool-cn")),
        ("/model_card", ("n1spool-cn",)),
    ):
        assert MODEL in failing(*arguments, api_name=endpoint)


def test_a_recording_shorter_than_a_window_is_told_both_lengths(
    failing: Callable[..., str], tmp_path: Path
) -> None:
    short = build_edf(tmp_path / "short.edf", [[0.0] * 2560] * 2, labels=["FP1-F7", "F7-T7"])
    message = failing(handle_file(short), MODEL, api_name="/predict")
    assert "10 s" in message
    assert "30 s" in message


def test_too_few_channels_are_refused_with_the_list_of_what_lacks(
    failing: Callable[..., str], tmp_path: Path
) -> None:
    wave = 40.0 * np.sin(np.arange(256 * 40) / 9.0)
    few = build_edf(tmp_path / "few.edf", [wave, -wave], labels=["FP1-F7", "F7-T7"])
    message = failing(handle_file(few), MODEL, api_name="/predict")
    assert "FZ-CZ" in message


@pytest.mark.parametrize(
    ("endpoint", "options", "part"),
    [
        ("/view_recording", {"channels": ["XX"]}, "no channel 'XX'"),
        ("/view_recording", {"channels": "FP1-F7"}, "channels must be a list"),
        ("/view_recording", {"start_s": 1e9}, "within the recording"),
        ("/view_recording", {"length_s": "long"}, "length_s must be a number"),
        ("/value_distribution", {"channel": "XX"}, "no channel 'XX'"),
        ("/predict", {"model_id": MODEL, "threshold": 7}, "threshold must lie between 0 and 1"),
        ("/predict", {"model_id": MODEL, "stride_s": 0}, "stride must be at least"),
        ("/predict", {"model_id": 5}, "model_id must be a text"),
    ],
)
def test_wrong_values_are_answered_with_their_bounds(
    failing: Callable[..., str],
    data_folder: Path,
    endpoint: str,
    options: dict[str, Any],
    part: str,
) -> None:
    name = next(data_folder.glob("*.edf")).name
    assert part in failing(recording=f"data:{name}", api_name=endpoint, **options)


def test_nothing_outside_uploads_and_data_folder_can_be_named(
    failing: Callable[..., str], tmp_path: Path
) -> None:
    private = build_edf(tmp_path / "private.edf", [[0.0] * 512])
    for given in (
        f"data:{private}",
        "data:../private.edf",
        str(private),
        {"path": str(private)},
    ):
        message = failing(given, api_name="/describe_recording")
        assert "no recording" in message or "uploaded" in message


def test_html_in_names_stays_text(client, tmp_path: Path) -> None:
    odd = build_edf(tmp_path / "a.edf", [[0.0] * 512], labels=["<b>Fp1</b>"])
    answer = client.predict(handle_file(odd), api_name="/describe_recording")
    assert answer["channels"][0]["label"] == "<b>Fp1</b>"
