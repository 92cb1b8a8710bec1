from __future__ import annotations

from pathlib import Path

import pytest

from zoo.store.reviews import ReviewShelf


def test_a_shelf_lists_opens_and_deletes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path))
    shelf = ReviewShelf()
    review = shelf.create("ward-3")
    assert shelf.open("ward-3") is review
    assert shelf.ids() == ["ward-3"]
    shelf.delete("ward-3")
    assert shelf.ids() == []
    assert shelf.create("ward-3") is not review
