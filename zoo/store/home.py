"""The writable folder for a user's nets, datasets and runs."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SEIZURE_ZOO_HOME"


def home_folder() -> Path:
    """Return the home folder, absolute; it need not exist yet.

    `SEIZURE_ZOO_HOME` names it; without that it is the platform's folder for user data.
    """
    chosen = os.environ.get(HOME_VARIABLE, "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    return Path(platformdirs.user_data_dir("seizure-zoo", appauthor=False))
