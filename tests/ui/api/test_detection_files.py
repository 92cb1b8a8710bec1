"""Files of a detection hold what its JSON says, also where many lie in one archive."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from tests.training.material import write_recording
from tests.zoo.models import write_small_model
from ui.api.detection import DetectionEndpoints
from ui.resources import Services
from ui.server.settings import Settings
from zoo.store.user_models import add_model


@pytest.fixture
def endpoints(tmp_path: Path) -> DetectionEndpoints:
    """Endpoints with two recordings of one name in the server's folder, and a small model."""
    for ward in ("a", "b"):
        folder = tmp_path / "data" / ward
        folder.mkdir(parents=True)
        write_recording(folder, "night", [(12.0, 14.0)], duration_s=30.0)
    (tmp_path / "data" / "broken.edf").write_bytes(b"no recording")
    write_small_model(tmp_path / "model")
    add_model(tmp_path / "model")
    settings = Settings.from_environment({"SEIZURE_ZOO_DATA": str(tmp_path / "data")})
    return DetectionEndpoints(Services.create(settings, tmp_path))


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_windows_file_has_the_rows_of_the_json(endpoints: DetectionEndpoints) -> None:
    answer, _, file = endpoints.predict("data:a/night.edf", "small", threshold=0.5)
    rows = rows_of(Path(file.path).read_text(encoding="utf-8"))
    assert len(rows) == len(answer["windows"]) == answer["statistics"]["n_windows"] == 29
    for row, window in zip(rows, answer["windows"], strict=True):
        assert [float(row["start_s"]), float(row["stop_s"])] == [
            window["start_s"],
            window["stop_s"],
        ]
        assert float(row["probability"]) == pytest.approx(window["probability"], abs=1e-6)
    without, _, same = endpoints.predict("data:a/night.edf", "small", threshold=0.5, windows=False)
    assert "windows" not in without
    assert Path(same.path).read_bytes() == Path(file.path).read_bytes()


def test_an_archive_holds_the_files_of_every_recording_that_could_be_read(
    endpoints: DetectionEndpoints,
) -> None:
    recordings = ["data:a/night.edf", "data:broken.edf", "data:b/night.edf"]
    answer, archive = endpoints.predict_batch(recordings, "small")  # type: ignore[arg-type]
    assert [row["ok"] for row in answer["recordings"]] == [True, False, True]
    with zipfile.ZipFile(archive.path) as packed:
        assert packed.testzip() is None
        assert sorted(packed.namelist()) == [
            "night_2_events.tsv",
            "night_2_windows.csv",
            "night_events.tsv",
            "night_windows.csv",
        ]
        assert len(rows_of(packed.read("night_2_windows.csv").decode())) == 29
