"""The system's Chromium, started so that it asks nobody anything."""

from __future__ import annotations

import shutil

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def chromium_path() -> str:
    """Return where Chromium lies.

    Raises
    ------
    RuntimeError
        It is not installed.
    """
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("Chromium is not installed: make chromium")
