"""Locations: the user's writable home folder, and the program."""

from __future__ import annotations

import contextlib
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


def make_private(home: Path) -> None:
    """Create a home folder, if missing, that other users of the computer cannot read.

    It contains names of recordings, which may identify patients.

    Raises
    ------
    OSError
        It cannot be created.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt" and home.stat().st_mode & 0o077:
        # Only the owner can change the mode of a shared folder.
        with contextlib.suppress(PermissionError):
            home.chmod(0o700)
