"""Translatable messages: English texts that remember their template and values."""

from __future__ import annotations

import functools
import math
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

MAX_VALUE_CHARS = 600
"""Characters of a text in a message; more are cut."""
MAX_QUOTED_CHARS = 80
"""Characters of what is quoted (`{name!r}`), such as what somebody sent."""

_MAX_NAMES = 100

# Placeholders are names with a short format.
_ORDINARY = re.compile(r"([^{}]|\{\w+(![rs])?(:[^{}]{0,6})?\})*")


class Filling(string.Formatter):
    """Formatter that fills the placeholders of a template; lists are joined by commas."""

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Return a value as `!r` or `!s` asks for it; what is quoted is cut."""
        if conversion == "r" and isinstance(value, str):
            value = shortened(str(value), MAX_QUOTED_CHARS)
        return super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value as text."""
        if isinstance(value, list):
            return ", ".join(self.format_field(item, format_spec) for item in value)
        return str(super().format_field(value, format_spec))


class Message(str):
    """A text made of a template and values: `Message("{n} are flat.", n=3)`.

    It is an ordinary `str`, accepted wherever texts are stored, compared or printed; a translation
    looks up the template and fills in the values. A value may be a message, or an error with a
    message. A text without values is its own template, even if it contains braces.
    """

    template: str
    values: Mapping[str, Any]

    def __new__(cls, template: str, /, **values: Any) -> Message:
        """Return the message with its values filled in."""
        if isinstance(template, Message) and not values:
            return template
        said = {name: _said(value) for name, value in values.items()}
        text = Filling().format(template, **said) if said else template
        return cls.restored(text, str(template), said)

    @classmethod
    def restored(cls, text: str, template: str, values: Mapping[str, Any]) -> Message:
        """Return a message from its English text, without filling in values."""
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return Message.restored, (str(self), self.template, self.values)


def shortened(words: str, longest: int = MAX_VALUE_CHARS) -> str:
    """Return a text shortened to a maximum length."""
    return words if len(words) <= longest else f"{words[: longest - 3]}..."


def near_names(
    asked: str, known: Iterable[str], *, most: int = 3, cutoff: float = 0.6
) -> list[str]:
    """Return known names that resemble one that is not known, the nearest first."""
    return get_close_matches(asked[:MAX_QUOTED_CHARS], list(known), n=most, cutoff=cutoff)


def _said(value: Any) -> Any:
    """Return a value as a message holds it: texts and lists of texts are cut."""
    value = getattr(value, "message", value)
    if isinstance(value, list):
        more = ["..."] if len(value) > _MAX_NAMES and isinstance(value[0], str) else []
        return [*map(_said, value[:_MAX_NAMES] if more else value), *more]
    return shortened(value) if type(value) is str else value


def sentences(*parts: str, between: str = " ") -> Message:
    """Join texts to a paragraph, skipping empty ones."""
    said = {f"part_{number}": part for number, part in enumerate(parts) if part}
    return Message(between.join(f"{{{name}}}" for name in said), **said)


def either(names: Sequence[str]) -> str:
    """Join names with "or"."""
    return functools.reduce(
        lambda first, other: Message("{first} or {other}", first=first, other=other), names
    )


def some(names: Sequence[str], at_most: int = 6) -> str:
    """Return the first names and the number of the others."""
    shown = Message("{names}", names=list(names[:at_most]))
    n = len(names) - at_most
    return Message("{names} and {n} more", names=shown, n=n) if n > 0 else shown


def counted(n: int, text: str, several: str) -> Message:
    """Return one of two templates, singular or plural, with `n`."""
    return Message(text if n == 1 else several, n=n)


def spans(spans_s: Sequence[tuple[float, float]], at_most: int) -> str:
    """Return the first intervals as text and the number of the others."""
    template = "{start:.6g} to {stop:.6g} s"
    return some([Message(template, start=start, stop=stop) for start, stop in spans_s], at_most)


def templates_in(document: Any) -> dict[str, Any]:
    """Return the templates and values of all messages in a JSON document, by their texts."""
    if isinstance(document, Message):
        return {str(document): _to_json(document)} if document.values else {}
    inner = document.values() if isinstance(document, Mapping) else document
    if isinstance(document, Mapping | list | tuple):
        return {text: made for value in inner for text, made in templates_in(value).items()}
    return {}


def with_templates(document: Any, made: Mapping[str, Any]) -> Any:
    """Return a JSON document with texts replaced by messages, where templates are known."""
    if isinstance(document, dict):
        return {key: with_templates(value, made) for key, value in document.items()}
    if isinstance(document, list):
        return [with_templates(item, made) for item in document]
    said = _of_json(made.get(document)) if isinstance(document, str) else None
    return said if said == document else document


def _to_json(value: Any) -> Any:
    if isinstance(value, Message):
        values = {name: _to_json(field) for name, field in value.values.items()}
        return {"text": str(value), "template": value.template, "values": values}
    if isinstance(value, list):
        return [_to_json(item) for item in value]
    is_plain = isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))
    return value if is_plain else str(value)


def _of_json(value: Any) -> Any:
    if isinstance(value, list):
        return [_of_json(item) for item in value]
    if not isinstance(value, dict):
        return value
    text, template, values = str(value.get("text")), value.get("template"), value.get("values")
    if not (
        isinstance(template, str) and isinstance(values, dict) and _ORDINARY.fullmatch(template)
    ):
        return text  # The file may have been edited.
    return Message.restored(
        text, template, {name: _of_json(value) for name, value in values.items()}
    )
