from __future__ import annotations

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
