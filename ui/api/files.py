"""Files as callers of the API send and get them."""

from __future__ import annotations

import functools
from collections.abc import Callable, MutableSet, Sequence
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import unquote, urlsplit

from gradio.data_classes import FileData
from gradio.processing_utils import save_file_to_cache

from ui.opening.recordings import DATA_PREFIX, RecordingSources, shown_name
from ui.resources import Services
from ui.server.file_addresses import is_web_address

P = ParamSpec("P")
R = TypeVar("R")


class Endpoints:
    """Functions of the API; each bears the name it is published under.

    Parameters
    ----------
    services : Services
        Where files come from and are put, and who may do what.
    """

    def __init__(self, services: Services) -> None:
        self._services = services


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


def with_fetchable_files(
    function: Callable[P, R], *, cache: Path, uploads: MutableSet[str]
) -> Callable[P, R]:
    """Let the files that an endpoint answers be fetched, whatever anybody has uploaded.

    Gradio keeps files under a name made of their bytes, so a model that is exported and the
    same model that was imported before are one file to it, and uploaded files are not served.

    Parameters
    ----------
    function : callable
        The endpoint; it answers one value or a tuple of them.
    cache : Path
        Gradio's cache.
    uploads : set of str
        Places of uploaded files; what the app has made itself is taken out.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        answer = function(*args, **kwargs)
        for part in answer if isinstance(answer, tuple) else (answer,):
            if isinstance(part, FileData):
                uploads.discard(save_file_to_cache(part.path, cache_dir=str(cache)))
        return answer

    return run
