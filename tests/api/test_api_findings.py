"""What is odd about a file is told by the API and on the command line alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file

from seizure_core.demo import demo_recording
from seizure_core.io.edf.writer import write_edf
from seizure_core.io.opening import open_recording
from tests.api.answers import checked
from tests.edf_files import build_edf
from zoo.__main__ import main
from zoo.loading import load_detector

MODEL = "n1spool-cnn"
FLAT = "F7-T7"


@pytest.fixture
def odd_file(data_folder: Path, tmp_path: Path) -> Path:
    """A minute in which one channel is flat from 20 s to 40 s, cut off inside a record."""
    recording = open_recording(demo_recording(data_folder))
    signals = recording.read(start_s=0.0, length_s=60.0)
    signals[recording.labels.index(FLAT), 20 * 256 : 40 * 256] = 0.0
    path = tmp_path / "odd.edf"
    write_edf(path, signals, labels=recording.labels, sampling_rate_hz=256.0)
    path.write_bytes(path.read_bytes()[:-100])
    return path


def told(findings: list[dict[str, str]]) -> str:
    assert all(one["severity"] in ("info", "warning", "error") for one in findings)
    return " ".join(one["message"] for one in findings)


def test_findings_name_the_channel_and_the_time(client, odd_file: Path) -> None:
    described = client.predict(handle_file(odd_file), api_name="/describe_recording")
    assert "record" in told(described["findings"])
    measured = checked(client.predict(handle_file(odd_file), api_name="/recording_statistics"))
    found, *_ = client.predict(handle_file(odd_file), MODEL, api_name="/predict")
    for answer in (measured, found):
        words = told(answer["findings"])
        assert FLAT in words
        assert "20 s" in words
    assert measured["units"]


def test_the_command_line_tells_the_same_findings(
    client, odd_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, *_ = client.predict(handle_file(odd_file), MODEL, api_name="/predict")
    assert main(["predict", str(odd_file), "--model", MODEL, "--verbose"]) == 0
    shown = capsys.readouterr().err
    assert found["findings"]
    for finding in found["findings"]:
        assert finding["message"] in shown


def test_a_row_of_a_batch_says_first_what_makes_it_doubtful(client, tmp_path: Path) -> None:
    channels = load_detector(MODEL).card.input.channels
    assert channels
    kept = [label for label in channels if label != "FZ-CZ"]
    signals = np.random.default_rng(3).normal(0, 40, (len(kept), 40 * 256))
    lacking = build_edf(tmp_path / "lacking.edf", signals, labels=kept)
    answer, _ = client.predict([handle_file(lacking)], MODEL, api_name="/predict_batch")
    (row,) = checked(answer)["recordings"]
    assert "channels are missing and fed as zeros: FZ-CZ." in row["message"]
    assert row["findings"][0]["caveat"]
