"""Files as callers of the API send and get them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gradio.data_classes import FileData

from ui.recordings import DATA_PREFIX, RecordingSources


def file_answer(path: Path) -> FileData:
    """Return a file of the app's own as an endpoint answers it."""
    return FileData(path=str(path), orig_name=path.name)


def file_name_of(given: object, number: int, *, what: str = "recording") -> str:
    """Return what to call a file that a caller gave, also one that is not there.

    Parameters
    ----------
    given : object
        What was sent.
    number : int
        Its place in the list, from 1: its name if it has no other.
    what : str
        What it is meant to be.
    """
    if isinstance(given, dict):
        name = given.get("orig_name") or given.get("path")
        if isinstance(name, str):
            return Path(name).name
    if isinstance(given, str):
        return Path(given.removeprefix(DATA_PREFIX)).name
    return f"{what} {number}"


def find_all(sources: RecordingSources, given: Sequence[object], *, what: str) -> list[Path]:
    """Return where files lie that a caller gave.

    Raises
    ------
    ParameterError, FileNotFoundError
        One of them is none, or not where it may be.
    """
    return [sources.find_given(one, what=what) for one in given]
