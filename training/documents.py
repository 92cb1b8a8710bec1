"""JSON documents of datasets and runs, written atomically."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seizure_core.errors import SeizureZooError
from seizure_core.json_document import JsonError, read_json, write_json
from seizure_core.messages import templates_in, with_templates
from training.errors import RunError

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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
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
