"""The card of a recipe's model, from the settings' texts and the training's numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from seizure_core.events.postprocessing import PostProcessing
from training.card_document import card_document, figures, flat_settings, simulated_data
from training.data.signal_hashes import card_section, hash_file
from training.documents import software_versions
from training.fit.pool import RealFile
from training.recipes.real_pieces import MOVING_FOLDER, TRAINING_PATIENTS, TRAINING_SUBJECTS
from training.recipes.settings import RecipeSettings

# Samples per block; long files need fewer blocks per second than ten-second pieces.
_PIECE_SPACING = 1024
_RESTING_SPACING = 16384


def recipe_card(
    recipe: RecipeSettings,
    history: Sequence[Mapping[str, Any]],
    *,
    pieces: Sequence[RealFile],
    resting: Sequence[RealFile],
) -> dict[str, Any]:
    """Return the card without `golden` and `weights`, calibration and results.

    Parameters
    ----------
    history : sequence of mapping
        Figures by epoch.
    pieces, resting : sequence of RealFile
        Real training files: ten-second pieces, and resting EEG.
    """
    texts = recipe.model_dump(
        include={"model_id", "title", "version", "intended_use", "limitations"}
    )
    return card_document(
        {
            **texts,
            "authors": ["Seizure Zoo"],
            "license": "Apache-2.0",
            "parent": None,
            "input": recipe.input.model_dump(mode="json", exclude_unset=True),
            "network": [dict(layer) for layer in recipe.network],
            "training": _training(recipe, history, pieces, resting),
            "results": [],
        },
        step_s=recipe.step_s,
        point=PostProcessing(threshold=0.5, threshold_off=0.5),
    )


def _training(
    recipe: RecipeSettings,
    history: Sequence[Mapping[str, Any]],
    pieces: Sequence[RealFile],
    resting: Sequence[RealFile],
) -> dict[str, Any]:
    settings = recipe.settings
    return {
        "data": [simulated_data(settings.mixture), *_real_data(len(pieces), resting)],
        "split": {
            "method": "recording",
            "leaks": False,
            "description": "Validation: simulated recordings of other seeds, and the records "
            "chb02_16+, chb03_03 and chb03_35.",
        },
        "settings": flat_settings(settings.model_dump(mode="json", exclude_unset=True)),
        "seed": settings.seed,
        "software": software_versions(),
        "history": [
            {name: round(value, 4) for name, value in figures(row).items() if value is not None}
            for row in history
        ],
        "signals": _signals(recipe.model_id, pieces, resting),
        "versions": [dict(version) for version in recipe.versions],
        "note": recipe.note,
    }


def _real_data(n_pieces: int, resting: Sequence[RealFile]) -> list[dict[str, Any]]:
    n_moving = sum(file.path.parent.name == MOVING_FOLDER for file in resting)
    n_resting = len(resting) - n_moving
    moving = {
        "name": "EEG Motor Movement/Imagery Dataset 1.0.0 (eegmmidb, ODC-By 1.0)",
        "subjects": ["S001"],
        "n_recordings": n_moving,
        "n_seizures": 0,
        "hours": round(n_moving / 14 * 27 / 60, 3),
        "note": "A healthy adult who blinks and moves, background only.",
    }
    return [
        {
            "name": "CHB-MIT Scalp EEG Database 1.0.0 (ODC-By 1.0)",
            "subjects": list(TRAINING_PATIENTS),
            "n_recordings": n_pieces,
            "hours": round(n_pieces * 10 / 3600, 4),
            "note": "Ten-second pieces before the onset of seizures and inside them.",
        },
        {
            "name": "EEG During Mental Arithmetic Tasks 1.0.0 (eegmat, ODC-By 1.0)",
            "subjects": [f"Subject{number:02d}" for number in TRAINING_SUBJECTS],
            "n_recordings": n_resting,
            "n_seizures": 0,
            "hours": round(n_resting / 2 * 244 / 3600, 3),
            "note": "Healthy adults, background only; without FT9 and FT10.",
        },
        *([moving] if n_moving else []),
    ]


def _signals(
    model_id: str, pieces: Sequence[RealFile], resting: Sequence[RealFile]
) -> dict[str, Any]:
    """Return the signal hashes of the real training files.

    The salt is not secret, but different for each card.
    """
    salt = hashlib.sha256(f"seizure-zoo {model_id}".encode()).hexdigest()[:32]
    kept = []
    for files, spacing in ((pieces, _PIECE_SPACING), (resting, _RESTING_SPACING)):
        for file in files:
            hashes = hash_file(file.path, salt=salt)
            kept.append(hashes[hashes["rank"] < np.uint64((1 << 64) // spacing)])
    return card_section(np.unique(np.concatenate(kept)), salt=salt)
