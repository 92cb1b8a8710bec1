"""Settings as forms: what a field is called, how it is shown, how it is read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from seizure_core.errors import ParameterError
from ui.arguments import checked_number

Kind = Literal["number", "count", "text", "names", "json", "choice", "flag"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting.

    Attributes
    ----------
    name : str
        As the settings class has it.
    label : str
        For people.
    kind : str
        "number", "count" (a whole number), "text", "names" (separated by commas), "json",
        "choice" or "flag".
    optional : bool
        Whether an empty field means None.
    choices : sequence of (str, str)
        Shown and meant, for a choice.
    info : str or None
        What else should be known.
    """

    name: str
    label: str
    kind: Kind = "number"
    optional: bool = False
    choices: Sequence[tuple[str, str]] = ()
    info: str | None = None


def build_fields(
    fields: Sequence[Field], values: Mapping[str, Any], *, prefix: str
) -> list[gr.components.Component]:
    """Build the components of a form inside the current Blocks context."""
    return [_component(field, shown(field, values[field.name]), prefix) for field in fields]


def shown(field: Field, value: Any) -> Any:
    """Return a value as its component holds it."""
    if field.kind in ("choice", "flag"):
        return value
    if value is None:
        return ""
    if field.kind == "json":
        return json.dumps(value)
    if field.kind == "names":
        return ", ".join(value)
    return value if isinstance(value, str) else f"{value:g}"


def shown_all(fields: Sequence[Field], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the values of a whole form as its components hold them."""
    return tuple(shown(field, values[field.name]) for field in fields)


def read_fields(fields: Sequence[Field], given: Sequence[Any]) -> dict[str, Any]:
    """Return settings as a form holds them.

    Raises
    ------
    ParameterError
        A field cannot be read; its label is named.
    """
    return {field.name: _read(field, value) for field, value in zip(fields, given, strict=True)}


def _component(field: Field, value: Any, prefix: str) -> gr.components.Component:
    about: dict[str, Any] = {
        "label": field.label,
        "info": field.info,
        "elem_id": f"{prefix}-{field.name.replace('_', '-')}",
    }
    if field.kind == "choice":
        return gr.Dropdown(choices=list(field.choices), value=value, min_width=300, **about)
    if field.kind == "flag":
        return gr.Checkbox(value=value, **about)
    # No gr.Number: one that is empty comes as 0.
    return gr.Textbox(
        value=value, min_width=140, max_lines=4 if field.kind in ("names", "json") else 1, **about
    )


def _read(field: Field, given: Any) -> Any:
    if field.kind in ("choice", "flag"):
        return given
    words = str(given or "").strip()
    if field.kind == "text":
        return words
    if not words and field.optional:
        return None
    if field.kind == "names":
        return [name.strip() for name in words.split(",") if name.strip()]
    if field.kind == "json":
        return _json(field.label, words)
    number = checked_number(field.label, words)
    if field.kind == "count":
        if not number.is_integer():
            raise ParameterError(f"{field.label} must be a whole number; {words} was given.")
        return int(number)
    return number


def _json(label: str, words: str) -> Any:
    try:
        return json.loads(words)
    except ValueError as error:
        raise ParameterError(f"{label} must be JSON; it is not: {error}.") from None
