"""Locations: the user's writable home folder, and the program."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import platformdirs

from seizure_core.errors import ParameterError
from seizure_core.messages import Message
from zoo.errors import HomeFullError

HOME_VARIABLE = "SEIZURE_ZOO_HOME"
MAX_HOME_VARIABLE = "SEIZURE_ZOO_MAX_HOME_MB"
_MB = 10**6
_N_LARGEST = 3

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


def max_home_mb() -> float | None:
    """Return how many megabytes the home folder may hold; None without a bound.

    Raises
    ------
    ParameterError
        `SEIZURE_ZOO_MAX_HOME_MB` is no positive number.
    """
    text = os.environ.get(MAX_HOME_VARIABLE, "").strip()
    if not text:
        return None
    with contextlib.suppress(ValueError):
        if float(text) > 0:
            return float(text)
    raise ParameterError(
        "{name} must be a number above 0; it is {text!r}.", name=MAX_HOME_VARIABLE, text=text
    )


def check_room(more_bytes: int = 0) -> None:
    """Refuse to add to a home folder that would hold more than it may.

    Parameters
    ----------
    more_bytes : int
        What will be added, if known.

    Raises
    ------
    HomeFullError
        The message names the largest datasets, runs and models.
    ParameterError
        See `max_home_mb`.
    """
    most_mb = max_home_mb()
    if most_mb is None:
        return
    home = home_folder()
    sizes = {f"{one.parent.name}/{one.name}": size_of(one) for one in home.glob("*/*")}
    sizes |= {one.name: size_of(one) for one in home.glob("*") if one.is_file()}
    held_mb, more_mb = sum(sizes.values()) / _MB, more_bytes / _MB
    if held_mb + more_mb < most_mb:
        return
    largest = sorted(sizes, key=sizes.__getitem__, reverse=True)[:_N_LARGEST]
    raise HomeFullError(
        "The home folder holds {held_mb:.0f} MB, {more_mb:.0f} MB would be added, and it may hold "
        "{most_mb:g} MB ({variable}). Delete datasets, runs or models that are no longer needed. "
        "The largest: {largest}.",
        held_mb=held_mb,
        more_mb=more_mb,
        most_mb=most_mb,
        variable=MAX_HOME_VARIABLE,
        largest=[
            Message("{name} ({size_mb:.0f} MB)", name=name, size_mb=sizes[name] / _MB)
            for name in largest
        ],
    )


def size_of(path: Path) -> int:
    """Return the bytes of a file or of all files in a folder; what vanishes meanwhile counts 0."""
    with contextlib.suppress(OSError):
        if path.is_file():
            return path.stat().st_size
        return sum(entry.stat(follow_symlinks=False).st_size for entry in _files_in(path))
    return 0


def _files_in(folder: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files_in(Path(entry))
            else:
                yield entry
