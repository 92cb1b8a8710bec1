"""Every second worker begins with a share of the browser journeys."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.dealing import JOURNEYS, dealt


def items_of(path: Any, n_tests: int) -> list[Any]:
    return [SimpleNamespace(path=path, name=f"{path.name}::{number}") for number in range(n_tests)]


ITEMS = [
    *items_of(JOURNEYS.parent / "api" / "a.py", 10),
    *(item for number in range(6) for item in items_of(JOURNEYS / f"j{number}.py", number + 1)),
    *items_of(JOURNEYS.parent / "zoo" / "z.py", 41),
]


@pytest.mark.parametrize("n_workers", [2, 3, 4])
def test_every_second_worker_begins_with_whole_modules_of_journeys(n_workers: int) -> None:
    order: list[Any] = dealt(ITEMS, n_workers)
    assert sorted(item.name for item in order) == sorted(item.name for item in ITEMS)
    seen: set[str] = set()
    left = len(order)
    for n_before in range(n_workers):
        size = left // (n_workers - n_before)
        stretch, order, left = order[:size], order[size:], left - size
        are_journeys = [item.path.parent == JOURNEYS for item in stretch]
        assert are_journeys == sorted(are_journeys, reverse=True)
        assert any(are_journeys) is (n_before % 2 == 0)
        modules = {item.path.name for item in stretch if item.path.parent == JOURNEYS}
        assert not modules & seen
        seen |= modules


def test_more_workers_than_journeys_still_get_every_test() -> None:
    few = ITEMS[:12]
    assert sorted(item.name for item in dealt(few, 5)) == sorted(item.name for item in few)
