"""Validation of settings, with readable messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from seizure_core.errors import SeizureZooError, shown
from zoo.card.validation import faults_of
from zoo.layers.base import StrictModel

_Model = TypeVar("_Model", bound=StrictModel)
_SHOWN = 5


def read_settings(
    model: type[_Model],
    given: Mapping[str, Any] | None,
    *,
    what: str,
    error_type: type[SeizureZooError],
) -> _Model:
    """Validate settings and fill in the defaults.

    Parameters
    ----------
    model : type
        Class of the settings.
    given : mapping or None
        Values by name.
    what : str
        Name of the settings for messages, e.g. "training".
    error_type : type
        Exception to raise.

    Raises
    ------
    error_type
        Exception to raise.
    """
    if given is not None and not isinstance(given, Mapping):
        raise error_type(
            "{what} must be names with values (a JSON object), not {given}.",
            what=what,
            given=shown(given),
        )
    try:
        return model.model_validate(dict(given or {}))
    except ValidationError as error:
        faults = [
            f"{fault.location}: {fault.reason}" if fault.location else fault.reason
            for fault in faults_of(error)[:_SHOWN]
        ]
        raise error_type("{what}: {faults}", what=what, faults=" ".join(faults)) from None
