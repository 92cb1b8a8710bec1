from __future__ import annotations

import os
from pathlib import Path

import pytest

from seizure_core.atomic import atomic_path


def test_the_file_appears_under_its_name_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "events.tsv"
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert not target.exists()
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "events.tsv"
    target.write_text("old")
    with pytest.raises(OSError, match="disk full"), atomic_path(target) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk is waited for, in order, and when a file takes its name."""
    seen: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_flush(handle: int) -> None:
        seen.append(f"flushed {Path(f'/proc/self/fd/{handle}').readlink().name}")
        fsync(handle)

    def note_name(self: Path, target: Path) -> Path:
        seen.append(f"named {target.name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", note_flush)
    monkeypatch.setattr(Path, "replace", note_name)
    return seen


def test_a_durable_file_is_on_the_disk_before_it_takes_its_name(
    tmp_path: Path, flushed: list[str]
) -> None:
    with atomic_path(tmp_path / "registry.json", durable=True) as temporary:
        temporary.write_text("new")
        aside = temporary.name
    assert flushed == [f"flushed {aside}", "named registry.json", f"flushed {tmp_path.name}"]


def test_other_files_do_not_wait_for_the_disk(tmp_path: Path, flushed: list[str]) -> None:
    with atomic_path(tmp_path / "picture.png") as temporary:
        temporary.write_text("new")
    assert flushed == ["named picture.png"]


def test_a_disk_that_is_full_only_when_flushed_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "registry.json"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), atomic_path(target, durable=True) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]
