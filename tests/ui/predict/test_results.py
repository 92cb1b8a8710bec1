from __future__ import annotations

import json
import zipfile
from pathlib import Path

from seizure_core.events.review import NO_REVIEW, Review
from tests.ui.values import detection_of
from ui.predict.exports import file_of_result, pack
from zoo.inference.results import write_detection


def test_an_archive_holds_the_files_without_their_folders(tmp_path: Path) -> None:
    files = write_detection(tmp_path, "a", detection_of())
    pack(files, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["a_events.tsv", "a_windows.csv"]
        assert archive.read("a_events.tsv") == files[0].read_bytes()


def test_what_is_undefined_is_null_in_the_file_of_everything(tmp_path: Path) -> None:
    path = file_of_result(tmp_path, "json", detection_of(), NO_REVIEW)
    everything = json.loads(path.read_text(encoding="utf-8"))
    assert everything["windows"][2]["probability"] is None
    assert everything["model_id"] == "model"


def test_reviewed_files_never_bear_the_name_of_unreviewed_ones(tmp_path: Path) -> None:
    review = Review(decisions={0: "rejected"})
    kinds = ("events", "edf", "windows", "json", "report")
    plain = [file_of_result(tmp_path, kind, detection_of(), NO_REVIEW).name for kind in kinds]
    reviewed = [file_of_result(tmp_path, kind, detection_of(), review).name for kind in kinds]
    assert plain == [
        "a_events.tsv",
        "a_events.edf",
        "a_windows.csv",
        "a_result.json",
        "a_report.pdf",
    ]
    assert set(plain) & set(reviewed) == {"a_windows.csv"}, "windows cannot be reviewed"
    everything = json.loads((tmp_path / "a_reviewed_result.json").read_text(encoding="utf-8"))
    assert everything["events"] == []
    assert everything["decisions"][0]["decision"] == "rejected"
