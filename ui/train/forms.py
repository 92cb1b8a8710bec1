"""Settings as forms: what a field is called, how it is shown, how it is read back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from gradio.blocks import Block

from seizure_core.errors import ParameterError
from ui.arguments import checked_number
from ui.events import Updates
from ui.train.network.layers import read_json_text
from ui.widgets import markup

Kind = Literal["number", "count", "text", "names", "json", "choice", "flag", "slider", "weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting.

    Attributes
    ----------
    name : str
        As the settings class has it; "mining.fraction" is `fraction` of its `mining`.
    label : str
        For people.
    kind : str
        "number", "count" (a whole number), "text", "names" (separated by commas), "json",
        "choice", "flag", "slider", or "weights" (a choice, or two numbers).
    optional : bool
        Whether an empty field means None.
    choices : tuple of (str, str)
        Shown and meant, for a choice.
    maximum : float
        Of a slider, which begins at 0; its steps are hundredths of 1.
    info : str or None
        What else should be known.
    """

    name: str
    label: str
    kind: Kind = "number"
    optional: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    maximum: float = 1.0
    info: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Settings that stand together under one title.

    Attributes
    ----------
    title : str
        Of the part of the form that unfolds.
    about : str
        What this is for, in a sentence; empty if the title says it.
    fields : tuple of Field
        What it holds.
    """

    title: str
    about: str = ""
    fields: tuple[Field, ...]


def all_fields(first: Iterable[Field], groups: Iterable[FieldGroup]) -> tuple[Field, ...]:
    """Return the fields that stand first, and those of groups."""
    return (*first, *(field for group in groups for field in group.fields))


class Form:
    """Settings as fields, each built where it stands on the page.

    Parameters
    ----------
    values : mapping
        What the fields hold at first.
    prefix : str
        Ids of the components begin with it.
    """

    def __init__(self, values: Mapping[str, Any], *, prefix: str) -> None:
        self._values, self._prefix = values, prefix
        self._fields: dict[str, Field] = {}
        self._components: dict[str, gr.components.Component] = {}

    def build(self, fields: Iterable[Field]) -> None:
        """Build fields inside the current Blocks context."""
        for field in fields:
            value = shown(field, value_of(self._values, field))
            self._fields[field.name] = field
            self._components[field.name] = _component(field, value, self._prefix)

    def build_more(self, groups: Iterable[FieldGroup]) -> None:
        """Build what is seldom needed: a part that unfolds, with one for each group in it."""
        with gr.Accordion("More settings", open=False, elem_id=f"{self._prefix}-more"):
            for group in groups:
                with gr.Accordion(group.title, open=False):
                    if group.about:
                        gr.HTML(markup.paragraph(group.about), padding=False)
                    with gr.Row():
                        self.build(group.fields)

    @property
    def components(self) -> list[gr.components.Component]:
        """All fields."""
        return list(self._components.values())

    def read(self, given: Mapping[Block, Any]) -> dict[str, Any]:
        """Return settings as the fields hold them.

        Raises
        ------
        ParameterError
            A field cannot be read; its label is named.
        """
        settings: dict[str, Any] = {}
        for name, field in self._fields.items():
            *groups, last = name.split(".")
            place = settings
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = read_field(field, given[self._components[name]])
        return settings

    def filled(self, values: Mapping[str, Any], names: Collection[str] | None = None) -> Updates:
        """Fill settings into the fields, or into those of some names only."""
        return {
            self._components[name]: shown(field, value_of(values, field))
            for name, field in self._fields.items()
            if names is None or name in names
        }


def value_of(values: Mapping[str, Any], field: Field) -> Any:
    """Return the value of a field, which may stand in settings inside the settings."""
    value: Any = values
    for name in field.name.split("."):
        value = value[name]
    return value


def shown(field: Field, value: Any) -> Any:
    """Return a value as its component holds it."""
    if field.kind in ("choice", "flag", "slider"):
        return value
    if value is None:
        return ""
    if field.kind == "json":
        return json.dumps(value)
    if field.kind == "names":
        return ", ".join(value)
    if isinstance(value, list | tuple):
        return ", ".join(f"{number:g}" for number in value)
    return value if isinstance(value, str) else f"{value:g}"


def _component(field: Field, value: Any, prefix: str) -> gr.components.Component:
    about: dict[str, Any] = {
        "label": field.label,
        "info": field.info,
        "elem_id": f"{prefix}-{field.name.replace('_', '-')}",
    }
    if field.kind in ("choice", "weights"):
        return gr.Dropdown(
            choices=list(field.choices),
            value=value,
            min_width=220,
            allow_custom_value=field.kind == "weights",
            **about,
        )
    if field.kind == "flag":
        return gr.Checkbox(value=value, elem_classes="flag", **about)
    if field.kind == "slider":
        return gr.Slider(0, field.maximum, value=value, step=0.01, min_width=400, **about)
    # No gr.Number: one that is empty comes as 0.
    return gr.Textbox(
        value=value,
        min_width=220 if field.kind == "text" else 140,
        max_lines=4 if field.kind in ("names", "json") else 1,
        **about,
    )


def read_field(field: Field, given: Any) -> Any:
    """Return the setting that a component holds.

    Raises
    ------
    ParameterError
        It cannot be read.
    """
    if field.kind in ("choice", "flag"):
        return given
    if field.kind == "slider":
        # A slider at its end sends a whole number.
        return float(given)
    words = str(given or "").strip()
    if field.kind == "text":
        return words
    if not words and field.optional:
        return None
    if field.kind == "names":
        return [name.strip() for name in words.split(",") if name.strip()]
    if field.kind == "json":
        return read_json_text(words, field.label)
    if field.kind == "weights":
        return _weights(field, words)
    number = checked_number(field.label, words)
    if field.kind == "count":
        if not number.is_integer():
            raise ParameterError(
                "{label} must be a whole number; {words} was given.", label=field.label, words=words
            )
        return int(number)
    return number


def _weights(field: Field, words: str) -> Any:
    if any(words == meant for _, meant in field.choices):
        return words
    numbers = [checked_number(field.label, word) for word in words.split(",")]
    if len(numbers) != 2:
        raise ParameterError(
            "{label} must be one of the choices, or two numbers such as 1, 3; {words} was given.",
            label=field.label,
            words=words,
        )
    return numbers
