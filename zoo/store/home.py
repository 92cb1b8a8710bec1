"""Locations: the user's writable home folder, and the program."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SEIZURE_ZOO_HOME"

# Root of the program, with the registry of the shipped models.
SHIPPED_FOLDER = Path(__file__).resolve().parents[2]


def home_folder() -> Path:
    """Return the home folder, absolute; it need not exist yet.

    `SEIZURE_ZOO_HOME`, or the platform's folder for user data.
    """
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("seizure-zoo", appauthor=False))
