from __future__ import annotations

import numpy as np

from seizure_core.block_memory import BlockMemory


def test_memory_that_was_given_back_is_used_again_and_never_twice_at_once() -> None:
    memory = BlockMemory()
    first, second = memory.array((3, 10)), memory.array((3, 10))
    assert not np.shares_memory(first, second)
    memory.give_back(first)
    smaller = memory.array((2, 7))
    assert smaller.shape == (2, 7)
    assert np.shares_memory(smaller, first)
    assert not np.shares_memory(memory.array((2, 7)), smaller)


def test_memory_too_small_for_a_block_is_let_go() -> None:
    memory = BlockMemory()
    small = memory.array((1, 5))
    memory.give_back(small)
    assert memory.array((2, 5)).shape == (2, 5)
    assert not np.shares_memory(memory.array((1, 5)), small)
