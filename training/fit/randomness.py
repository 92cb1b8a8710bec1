"""Random numbers that depend on the position in a training only.

Every batch seeds its own generators from the run's seed and its position, so a resumed run
continues with exactly the same numbers.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


class Purpose(IntEnum):
    """Uses of random numbers, each with its own generator."""

    WEIGHTS = 1
    ORDER = 2
    DROPOUT = 3
    AUGMENTATION = 4
    MINING = 5


def generator(purpose: Purpose, *place: int) -> np.random.Generator:
    """Return a numpy generator for a purpose at a position (seed, stage, epoch, batch ...)."""
    return np.random.default_rng([int(purpose), *place])


def torch_generator(purpose: Purpose, *place: int) -> torch.Generator:
    """Return a torch generator for a purpose at a position."""
    import torch

    return torch.Generator().manual_seed(_seed(purpose, *place))


def seed_torch(purpose: Purpose, *place: int) -> None:
    """Seed torch's global generators, from which layers such as dropout draw."""
    import torch

    torch.manual_seed(_seed(purpose, *place))


def _seed(purpose: Purpose, *place: int) -> int:
    return int(np.random.SeedSequence([int(purpose), *place]).generate_state(1, np.uint64)[0] >> 1)
