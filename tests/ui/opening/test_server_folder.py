from __future__ import annotations

from pathlib import Path

import pytest

from ui.opening import recordings
from ui.opening.recordings import recording_names


def test_recordings_of_all_folders_are_listed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    names = (
        "Z.EDF",
        "a.csv",
        "b/c.bdf",
        "b/d.edf.gz",
        "notes.pdf",
        ".hidden/e.edf",
        "f.edf.seizures",
    )
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert recording_names(tmp_path) == ["a.csv", "b/c.bdf", "b/d.edf.gz", "Z.EDF"]


def test_links_to_places_outside_are_not_listed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "private.edf").write_bytes(b"")
    (inside / "own.edf").write_bytes(b"")
    (inside / "link.edf").symlink_to(outside / "private.edf")
    (inside / "folder").symlink_to(outside)
    (inside / "again.edf").symlink_to(inside / "own.edf")
    assert recording_names(inside) == ["again.edf", "own.edf"]


def test_a_huge_folder_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "MAX_LISTED", 2)
    for i in range(4):
        (tmp_path / f"{i}.edf").write_bytes(b"")
    assert recording_names(tmp_path) == ["0.edf", "1.edf"]
