from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from ui.server.work_folders import WorkFolders


def made(work: WorkFolders) -> Path:
    with work.filled() as folder:
        return folder


def test_a_folder_goes_with_the_work_that_failed(tmp_path: Path) -> None:
    work = WorkFolders(root=tmp_path / "work", keep_s=60)
    with pytest.raises(OSError, match="full"), work.filled() as folder:
        (folder / "half").write_text("x")
        raise OSError("full")
    assert not folder.exists()


def test_folders_differ_and_are_private(tmp_path: Path) -> None:
    work = WorkFolders(root=tmp_path / "work", keep_s=60)
    first, second = made(work), made(work)
    assert first != second
    assert len(first.name) >= 32
    assert stat.S_IMODE(first.stat().st_mode) == 0o700


def test_old_folders_go_when_a_new_one_is_made(tmp_path: Path) -> None:
    work = WorkFolders(root=tmp_path / "work", keep_s=60)
    old, young = made(work), made(work)
    (old / "a.edf").write_text("x")
    os.utime(old, (time.time() - 61, time.time() - 61))
    made(work)
    assert not old.exists()
    assert young.exists()


def test_nothing_outside_the_root_is_deleted(tmp_path: Path) -> None:
    work = WorkFolders(root=tmp_path / "work", keep_s=60)
    other = tmp_path / "other"
    other.mkdir()
    work.delete(other)
    work.delete(made(work) / "..")
    assert other.exists()
    assert work.root.exists()
