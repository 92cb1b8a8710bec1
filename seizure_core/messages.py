"""Sentences for people that remember how they were made, so that any language can say them."""

from __future__ import annotations

import functools
import math
import re
import string
from collections.abc import Mapping, Sequence
from typing import Any

# Placeholders that are names with a short format.
_ORDINARY = re.compile(r"([^{}]|\{\w+(![rs])?(:[^{}]{0,6})?\})*")


class Filling(string.Formatter):
    """Fills the placeholders of a template; those of a list stand with commas between them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value as text."""
        if isinstance(value, list):
            return ", ".join(self.format_field(one, format_spec) for one in value)
        return str(super().format_field(value, format_spec))


class Message(str):
    """An English text made of a template and values: `Message("{n} are flat.", n=3)`.

    It is an ordinary `str`, so that everything that stores, compares or prints texts takes it;
    a language looks up the template and fills in the values. A value may be a message too, or an
    error that has one. A text without values is its own template, whatever braces it holds.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        """Return the message with its values filled in."""
        if isinstance(template, Message) and not values:
            return template
        said = {name: getattr(value, "message", value) for name, value in values.items()}
        text = Filling().format(template, **said) if said else template
        return cls.restored(text, str(template), said)

    @classmethod
    def restored(cls, text: str, template: str, values: Mapping[str, Any]) -> Message:
        """Return a message whose English text is known: nothing is filled in."""
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return Message.restored, (str(self), self.template, self.values)


def sentences(*parts: str, between: str = " ") -> Message:
    """Return texts after each other; empty ones are left out."""
    said = {f"part_{number}": part for number, part in enumerate(parts) if part}
    return Message(between.join(f"{{{name}}}" for name in said), **said)


def either(names: Sequence[str]) -> str:
    """Return names with "or" between them."""
    return functools.reduce(
        lambda first, other: Message("{first} or {other}", first=first, other=other), names
    )


def some(names: Sequence[str], most: int = 6) -> str:
    """Return the first names, and how many more there are."""
    shown = Message("{names}", names=list(names[:most]))
    n = len(names) - most
    return Message("{names} and {n} more", names=shown, n=n) if n > 0 else shown


def counted(n: int, one: str, several: str) -> Message:
    """Return one of two templates with its `n`."""
    return Message(one if n == 1 else several, n=n)


def spans(spans_s: Sequence[tuple[float, float]], most: int) -> str:
    """Return the first stretches of time in words, and how many more there are."""
    template = "{start:.6g} to {stop:.6g} s"
    return some([Message(template, start=start, stop=stop) for start, stop in spans_s], most)


def templates_in(document: Any) -> dict[str, Any]:
    """Return how the messages in a JSON document were made, as JSON, by their English texts."""
    if isinstance(document, Message):
        return {str(document): _to_json(document)} if document.values else {}
    inner = document.values() if isinstance(document, Mapping) else document
    if isinstance(document, Mapping | list | tuple):
        return {text: made for one in inner for text, made in templates_in(one).items()}
    return {}


def with_templates(document: Any, made: Mapping[str, Any]) -> Any:
    """Return a JSON document with messages in the place of the texts of which it is known how."""
    if isinstance(document, dict):
        return {key: with_templates(one, made) for key, one in document.items()}
    if isinstance(document, list):
        return [with_templates(one, made) for one in document]
    said = _of_json(made.get(document)) if isinstance(document, str) else None
    return said if said == document else document


def _to_json(value: Any) -> Any:
    if isinstance(value, Message):
        values = {name: _to_json(one) for name, one in value.values.items()}
        return {"text": str(value), "template": value.template, "values": values}
    if isinstance(value, list):
        return [_to_json(one) for one in value]
    is_plain = isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if is_plain else str(value)


def _of_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_of_json(one) for one in value]
    if not isinstance(value, dict):
        return value
    text, template, values = str(value.get("text")), value.get("template"), value.get("values")
    if not (
        isinstance(template, str) and isinstance(values, dict) and _ORDINARY.fullmatch(template)
    ):
        return text  # a file may have been edited by anybody
    return Message.restored(text, template, {name: _of_json(one) for name, one in values.items()})
