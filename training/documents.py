"""Documents of datasets and runs: their ids, JSON written atomically, software versions."""

from __future__ import annotations

import platform
import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from seizure_core import __version__
from seizure_core.atomic import DISK_FULL
from seizure_core.errors import SeizureZooError
from seizure_core.json_document import JsonError, read_json, write_json
from seizure_core.messages import templates_in, with_templates
from training.errors import RunError, UnknownIdError

_TEMPLATES = "messages"


def write_document(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document atomically, with the templates of its messages.

    Raises
    ------
    RunError
        The disk is full or the folder cannot be written.
    """
    made = templates_in(document)
    try:
        write_json(path, {**document, **({_TEMPLATES: made} if made else {})})
    except OSError as error:
        raise write_error(path.name, error) from error


def read_document(path: Path, error_type: type[SeizureZooError] = RunError) -> dict[str, Any]:
    """Read a JSON object.

    Raises
    ------
    error_type
        The file is missing, damaged, or not an object.
    """
    where = f"{path.parent.name}/{path.name}"
    try:
        document = read_json(path)
    except FileNotFoundError:
        raise error_type(
            "{where} is missing: the folder is damaged. Delete it.", where=where
        ) from None
    except (OSError, JsonError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise error_type(
            "{where} cannot be read: {reason} Delete it.", where=where, reason=reason
        ) from None
    if not isinstance(document, dict):
        raise error_type(
            "{where} is not a JSON object: the folder is damaged. Delete it.", where=where
        )
    made = document.pop(_TEMPLATES, None)
    whole: dict[str, Any] = with_templates(document, made) if isinstance(made, dict) else document
    return whole


def write_error(name: str, error: OSError) -> RunError:
    """Return the error for a file that could not be written."""
    if error.errno in DISK_FULL:
        return RunError(
            "The disk is full: {name} could not be written. What was saved before is kept. "
            "Free some space and resume.",
            name=name,
        )
    return RunError(
        "{name} could not be written ({value}).",
        name=name,
        value=error.strerror or type(error).__name__,
    )


_UNFINISHED = ".part"
_ID = re.compile(r"[a-z]+-[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


def new_id(kind: str) -> str:
    """Return a new id such as `dataset-20250131-142501-1f3a9c`, sortable by time."""
    return f"{kind}-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def known_ids(folder: Path, kind: str) -> list[str]:
    """Return the ids in a folder, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(
        entry.name
        for entry in folder.iterdir()
        if entry.name.startswith(f"{kind}-") and _ID.fullmatch(entry.name) and entry.is_dir()
    )


def existing_folder(folder: Path, kind: str, asked: object) -> Path:
    """Return the folder of an existing id.

    Only ids found on disk are joined to a path, so that no input leads out of the folder.

    Raises
    ------
    UnknownIdError
        There is no such id; the message suggests similar ones.
    """
    ids = known_ids(folder, kind)
    if isinstance(asked, str) and asked in ids:
        return folder / asked
    raise UnknownIdError(kind, str(asked), ids)


@contextmanager
def workshop(folder: Path, kind: str) -> Iterator[tuple[str, Path]]:
    """Yield a new id, and a folder of another name in which to make what will bear it.

    The folder is to be renamed to its id when all is written; else it is removed at the end, or,
    after a killed process, by the next call.

    Parameters
    ----------
    folder : Path
        Of all of this kind; it is created.

    Raises
    ------
    OSError
        It cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, kind)
    made = new_id(kind)
    temporary = folder / f".{made}{_UNFINISHED}"
    with _locked(temporary):
        try:
            temporary.mkdir()
            yield made, temporary
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def _sweep(folder: Path, kind: str) -> None:
    """Remove what killed processes left, whose locks are free."""
    for left in folder.glob(f".{kind}-*{_UNFINISHED}"):
        with suppress(Timeout, OSError), _locked(left):
            shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _locked(temporary: Path) -> Iterator[None]:
    lock = temporary.with_suffix(".lock")
    with FileLock(lock, timeout=0):
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)


_PACKAGES = ("numpy", "scipy", "torch", "safetensors")


def software_versions() -> dict[str, str]:
    """Return the package versions that affect the numbers."""
    versions = {"python": platform.python_version(), "seizure-zoo": __version__}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions
