"""Which nets the family's recipe can make; apart, because the command line asks it at once."""

from __future__ import annotations

from pathlib import Path

NETS_FOLDER = Path(__file__).resolve().parent / "nets"


def net_names() -> tuple[str, ...]:
    """Return the ids of the family's nets, in alphabetical order."""
    return tuple(sorted(path.stem for path in NETS_FOLDER.glob("*.json")))
