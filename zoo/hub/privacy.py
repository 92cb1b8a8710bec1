"""Search of a card for texts that may identify recordings, patients or this computer.

This is a second line of defence: cards are not made from file names in the first place.
"""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seizure_core.plain_text import printable

# File names of recordings or of notes on them.
_FILE_NAME = re.compile(
    r"[^\s,;:()\"'/\\]+\.(?:edf|bdf|rec|eeg|vhdr|vmrk|set|fif|nwb|mat|csv|tsv|tse|lbl|xls|xlsx"
    r"|doc|docx|pdf|seizures)\b",
    re.IGNORECASE,
)
# Paths on Linux, macOS and Windows, network shares and home folders.
_FOLDER = re.compile(
    r"(?:^|[\s\"'(=:])(?:~/|/(?:home|Users|mnt|media|data|srv|var|tmp|opt|private)/"
    r"|[A-Za-z]:[\\/]|\\\\)[^\s]*"
)
_MAX_SHOWN = 60


def identifying_texts(document: Any) -> list[str]:
    """Return place and text of everything in a card that may identify someone.

    Returns
    -------
    list of str
        Such as ``training.note: scan_of_smith.edf``; empty if there is nothing.
    """
    names = _local_names()
    found = []
    for place, text in _texts(document, ""):
        hit = _FILE_NAME.search(text) or _FOLDER.search(text)
        told = hit.group().strip() if hit else next((name for name in names if name in text), None)
        if told:
            found.append(f"{place}: {printable(told)[:_MAX_SHOWN]}")
    return found


def _local_names() -> tuple[str, ...]:
    """Return the home folder and paths with the user's name."""
    home = Path.home()
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = ""
    # A home folder directly below the root has a generic name.
    paths = (str(home),) if len(home.parts) > 2 else ()
    return (*paths, *((f"/{user}/", f"\\{user}\\") if user else ()))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, member in value.items():
            here = f"{place}.{key}" if place else str(key)
            yield here, str(key)
            yield from _texts(member, here)
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _texts(member, f"{place}[{index}]")
