"""Settings and values of a search, read from the form."""

from __future__ import annotations

from typing import Any

from seizure_core.errors import ParameterError
from training.fit.settings import TrainSettings
from ui.arguments import checked_number
from ui.train.fields import TRAIN_FIELDS
from ui.train.forms import Field, value_of

_RANGE = ".."

# What decides which epochs and trials are compared must be the same for all of them.
_FIXED = ("title", "split", "validation_fraction", "validation_stride_s")
_COMPUTER = ("device", "mixed_precision", "threads", "checkpoint_every_s")
SEARCHED_FIELDS = {
    field.name: field
    for field in TRAIN_FIELDS
    if field.kind not in ("text", "names", "json") and field.name not in (*_FIXED, *_COMPUTER)
}


def proposed(name: str | None) -> tuple[str, bool]:
    """Return values to try for a setting, around its default, and whether by their logarithms."""
    if not name:
        return "", False
    field = SEARCHED_FIELDS[name]
    value = value_of(TrainSettings().model_dump(mode="json"), field)
    if field.kind in ("choice", "weights"):
        return ", ".join(meant for _, meant in field.choices), False
    if field.kind == "flag":
        return "false, true", False
    if field.kind == "count":
        usual = int(value or 10)
        return f"{max(1, usual // 2)} {_RANGE} {2 * usual}", False
    if value is None:
        return f"0.1 {_RANGE} 1", True
    if field.kind == "number" and value:
        return f"{value / 3:.1g} {_RANGE} {3 * value:.1g}", True
    return f"0 {_RANGE} {field.maximum / 2:g}", False


def searched(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the space of a search from the rows of the form.

    Raises
    ------
    ParameterError
        A setting is named twice, or its values cannot be read.
    """
    space: dict[str, Any] = {}
    for name, text, log in rows:
        if not name:
            continue
        field = SEARCHED_FIELDS[name]
        if name in space:
            raise ParameterError("{label} is named twice.", label=field.label)
        space[name] = _range(field, text, log) if _RANGE in text else _values(field, text)
    if not space:
        raise ParameterError("Choose a setting to search.")
    return space


def _range(field: Field, text: str, log: bool) -> dict[str, Any]:
    low, _, high = text.partition(_RANGE)
    ends = [_number(field, end) for end in (low, high)]
    if not ends[0] < ends[1]:
        raise ParameterError("{label}: the range must begin with the lower end.", label=field.label)
    if log and ends[0] <= 0:
        raise ParameterError("{label}: a logarithmic range must begin above 0.", label=field.label)
    return {"low": ends[0], "high": ends[1], **({"log": True} if log else {})}


def _values(field: Field, text: str) -> list[Any]:
    parts = [part.strip() for part in text.split(";" if ";" in text else ",") if part.strip()]
    if not parts:
        raise ParameterError(
            "{label}: give a range such as 0.001 .. 0.01, or values.", label=field.label
        )
    return [_value(field, part) for part in parts]


def _value(field: Field, part: str) -> Any:
    if field.kind in ("number", "count", "slider"):
        return _number(field, part)
    known = ["false", "true"] if field.kind == "flag" else [meant for _, meant in field.choices]
    if part not in known:
        raise ParameterError(
            "{label}: {part} is none of {known}.", label=field.label, part=part, known=known
        )
    return part == "true" if field.kind == "flag" else part


def _number(field: Field, text: str) -> float:
    if field.kind == "count":
        return whole_number(field.label, text)
    return checked_number(field.label, text.strip())


def whole_number(label: str, text: str) -> int:
    """Return a whole number that was written for a label; raise ParameterError if it is none."""
    number = checked_number(label, str(text).strip())
    if not number.is_integer():
        raise ParameterError(
            "{label} must be a whole number; {words} was given.", label=label, words=text
        )
    return int(number)
