from __future__ import annotations

import json
import zipfile
from pathlib import Path

from seizure_core.events.review import NO_REVIEW, Review
from tests.ui.values import detection_of
from ui.predict.result_files import file_of_result, pack, write_result


def test_the_files_of_a_result_bear_the_recordings_name(tmp_path: Path) -> None:
    files = write_result(tmp_path, detection_of())
    assert files.events.name == "a_events.tsv"
    assert files.windows.name == "a_windows.csv"
    assert files.everything.name == "a_result.json"
    everything = json.loads(files.everything.read_text(encoding="utf-8"))
    assert everything["windows"][2]["probability"] is None
    assert everything["model_id"] == "net"


def test_an_archive_holds_the_files_without_their_folders(tmp_path: Path) -> None:
    files = write_result(tmp_path, detection_of())
    pack([files.events, files.windows], tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["a_events.tsv", "a_windows.csv"]
        assert archive.read("a_events.tsv") == files.events.read_bytes()


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
