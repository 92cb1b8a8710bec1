"""What recognises the real files a recipe trained on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from training.data.signal_hashes import card_section, hash_file

# One block in so many samples.
_PIECE_SPACING = 1024
_RESTING_SPACING = 16384


def training_hashes(
    pieces: Sequence[Path], resting: Sequence[Path], *, salt: str
) -> dict[str, Any]:
    """Return the card's `training.signals`: what recognises the real files trained on.

    Long files need fewer blocks for each second than pieces of ten seconds.
    """
    spacings = [(path, _PIECE_SPACING) for path in pieces]
    spacings += [(path, _RESTING_SPACING) for path in resting]
    kept = []
    for path, spacing in spacings:
        hashes = hash_file(path, salt=salt)
        kept.append(hashes[hashes["rank"] < np.uint64((1 << 64) // spacing)])
    return card_section(np.unique(np.concatenate(kept)), salt=salt)
