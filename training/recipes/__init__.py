"""Recipes of the shipped models: a settings file each, and one way from data to card."""

from __future__ import annotations

from pathlib import Path

MODELS_FOLDER = Path(__file__).resolve().parent / "models"


def recipe_names() -> tuple[str, ...]:
    """Return the ids of all models with a recipe, sorted."""
    return tuple(sorted(path.stem for path in MODELS_FOLDER.glob("*.json")))
