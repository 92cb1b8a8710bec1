"""Checks of values that callers of the API send: Gradio does not compare them with their types."""

from __future__ import annotations

import math
from collections.abc import Sized
from typing import Any

from seizure_core.bounds import MAX_FILES
from seizure_core.errors import ParameterError, shown
from seizure_core.messages import Message


def checked_text(name: str, value: object) -> str:
    """Return a text, or raise `ParameterError` naming the parameter."""
    if not isinstance(value, str) or not value.strip():
        raise ParameterError(
            "{name} must be a text; {value} was given.", name=name, value=shown(value)
        )
    return value.strip()


def plain_text(name: str, value: object) -> str:
    """Return a text that may be empty, as None may; or raise `ParameterError`."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ParameterError(
            "{name} must be a text; {value} was given.", name=name, value=shown(value)
        )
    return value.strip()


def checked_number(
    name: str, value: object, *, lowest: float = -math.inf, highest: float = math.inf
) -> float:
    """Return a finite number within its bounds, or raise `ParameterError`."""
    number = _number(value)
    if number is None:
        raise ParameterError(
            "{name} must be a number; {value} was given.", name=name, value=shown(value)
        )
    if not lowest <= number <= highest:
        bounds = (
            Message("at least {lowest:g}", lowest=lowest)
            if math.isinf(highest)
            else Message("{lowest:g} to {highest:g}", lowest=lowest, highest=highest)
        )
        raise ParameterError(
            "{name} must be {bounds}; {number:g} was given.",
            name=name,
            bounds=bounds,
            number=number,
        )
    return number


def optional_number(
    name: str, value: object, *, lowest: float = -math.inf, highest: float = math.inf
) -> float | None:
    """Return None for None and for an empty text, else the same as `checked_number`."""
    if value is None or value == "":
        return None
    return checked_number(name, value, lowest=lowest, highest=highest)


def checked_list(name: str, value: object) -> list[object]:
    """Return a list of up to `MAX_FILES` items; None counts as empty.

    Raises
    ------
    ParameterError
        It is anything else, or longer.
    """
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        raise ParameterError(
            "{name} must be a list; {value} was given.", name=name, value=shown(value)
        )
    _check_length(name, value)
    return list(value)


def checked_texts(name: str, value: object) -> list[str]:
    """Return a list of texts, or raise `ParameterError`."""
    return [
        checked_text(Message("every item of {name}", name=name), item)
        for item in checked_list(name, value)
    ]


def checked_flag(name: str, value: object) -> bool:
    """Return True or False, or raise `ParameterError`."""
    if not isinstance(value, bool):
        raise ParameterError(
            "{name} must be true or false; {value} was given.", name=name, value=shown(value)
        )
    return value


def checked_settings(name: str, value: object) -> dict[str, Any]:
    """Return up to `MAX_FILES` names with values; None counts as none.

    Raises
    ------
    ParameterError
        It is anything else, or longer.
    """
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ParameterError(
            "{name} must be names with values (a JSON object), not {value}.",
            name=name,
            value=shown(value),
        )
    _check_length(name, value)
    return dict(value)


def _check_length(name: str, value: Sized) -> None:
    if len(value) > MAX_FILES:
        raise ParameterError(
            "{name} can hold {most} items at most; {n} were given.",
            name=name,
            most=MAX_FILES,
            n=len(value),
        )


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
