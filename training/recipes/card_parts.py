"""What the cards of all recipes say alike: data, split, software."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

SPLIT: Mapping[str, Any] = {
    "method": "recording",
    "leaks": False,
    "description": "Validation: simulated recordings of other seeds, and the records "
    "chb02_16+, chb03_03 and chb03_35.",
}


def software() -> dict[str, str]:
    """Return the versions that decide the numbers."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "scipy", "torch")},
    }


def training_data(*, n_simulated: int, n_pieces: int, n_resting: int) -> list[dict[str, Any]]:
    """Return `training.data` of a card.

    Parameters
    ----------
    n_simulated : int
        Simulated recordings of each of the two kinds.
    n_pieces, n_resting : int
        Ten-second pieces of CHB-MIT, and eegmat files.
    """
    return [
        {
            "name": "simulated EEG (seizure_core.simulator)",
            "n_recordings": 2 * n_simulated,
            "n_seizures": 2 * n_simulated + (n_simulated + 1) // 2,
            "hours": round(n_simulated * 0.1, 3),
            "note": "180 s each: with two seizures, or without and full of artefacts; and "
            "seizures alone, to be laid over real EEG.",
        },
        {
            "name": "CHB-MIT Scalp EEG Database 1.0.0 (ODC-By 1.0)",
            "subjects": ["chb02", "chb03"],
            "n_recordings": n_pieces,
            "hours": round(n_pieces * 10 / 3600, 4),
            "note": "Ten-second pieces, before the onset and inside seizures.",
        },
        {
            "name": "EEG During Mental Arithmetic Tasks 1.0.0 (eegmat, ODC-By 1.0)",
            "subjects": [f"Subject{number:02d}" for number in range(15)],
            "n_recordings": n_resting,
            "n_seizures": 0,
            "hours": round(n_resting / 2 * 244 / 3600, 3),
            "note": "Healthy adults, background only; recorded without FT9 and FT10.",
        },
    ]
