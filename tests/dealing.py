"""Order of the tests for several workers: every second one begins with browser journeys.

`xdist --dist worksteal` gives each worker an equal stretch of the list. Journeys keep more than one
processor busy, and each worker that has some starts an app and a browser of its own. What is stolen
later comes from the end of a stretch: short tests there let all workers finish together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import pytest

JOURNEYS = Path(__file__).with_name("browser")


def dealt(items: Sequence[pytest.Item], n_workers: int) -> list[pytest.Item]:
    """Return the same tests, with journeys at the start of every second worker's stretch."""
    journeys = [item for item in items if item.path.is_relative_to(JOURNEYS)]
    others = iter([item for item in items if not item.path.is_relative_to(JOURNEYS)])
    hands: list[list[pytest.Item]] = [[] for _ in range(n_workers)]
    modules = [list(group) for _, group in groupby(journeys, key=lambda item: item.path)]
    for module in sorted(modules, key=len, reverse=True):
        min(hands[::2], key=len).extend(module)
    left = len(items)
    for n_before, hand in enumerate(hands):
        size = left // (n_workers - n_before)
        hand.extend(item for _, item in zip(range(size - len(hand)), others, strict=False))
        left -= size
    return [item for hand in hands for item in hand] + list(others)
