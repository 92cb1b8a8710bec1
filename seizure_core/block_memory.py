"""Memory for blocks of samples, used again and again."""

from __future__ import annotations

import math
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray


class BlockMemory:
    """Arrays that are used again: fresh memory costs more than what is written to it."""

    def __init__(self) -> None:
        self._unused: list[NDArray[np.float32]] = []

    def array(self, shape: tuple[int, int]) -> NDArray[np.float32]:
        """Return an array with any content."""
        n_values = math.prod(shape)
        with suppress(IndexError):  # and not asked first: other threads take from here too
            while True:
                flat = self._unused.pop()
                if len(flat) >= n_values:
                    return flat[:n_values].reshape(shape)
        return np.empty(n_values, dtype=np.float32).reshape(shape)

    def give_back(self, array: NDArray[np.float32]) -> None:
        """Take an array that nobody looks at any more."""
        base = array if array.base is None else array.base
        self._unused.append(np.asarray(base).reshape(-1))
