"""Files as callers of the API send and get them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from gradio.data_classes import FileData

from ui.opening.recordings import DATA_PREFIX, RecordingSources, shown_name
from ui.resources import Services
from ui.server.deadline import Deadline
from ui.server.file_addresses import is_web_address


class Endpoints:
    """Functions of the API; each bears the name it is published under.

    Parameters
    ----------
    services : Services
        Where files come from and are put, and who may do what.
    """

    def __init__(self, services: Services) -> None:
        self._services = services

    def _deadline(self) -> Deadline:
        return Deadline.after(self._services.settings.max_call_s)


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
            return shown_name(Path(name).name, f"{what} {number}")
    if isinstance(given, str) and is_web_address(given):
        return Path(unquote(urlsplit(given).path)).name
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
