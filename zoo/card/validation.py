"""Conversion of pydantic's validation errors to readable messages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from seizure_core.errors import shown
from seizure_core.messages import Message, either, near_names

SOFTMAX_REASON = (
    "softmax is not a layer: networks end in two logits, because training loss and inference "
    "apply the softmax themselves. Remove this layer."
)

# What pydantic puts into the location of errors in union members.
_PYDANTIC_STEPS = frozenset({"int", "float", "str", "bool"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One validation error: its path in the document, the path as text, and the reason."""

    steps: tuple[int | str, ...]
    location: str
    reason: str


def faults_of(error: ValidationError, layer_types: Collection[str] = ()) -> list[Fault]:
    """Return one fault for every wrong place, in order.

    Parameters
    ----------
    layer_types : collection of str
        Names of the layer types, if the document may contain layers.
    """
    by_location: dict[str, Fault] = {}
    for detail in error.errors(include_url=False):
        steps, location = _without_union_tags(detail["loc"], layer_types)
        if detail["type"] == "too_short" and any(
            place.startswith(location) for place in by_location
        ):
            # pydantic counts only the valid items: the invalid ones are reported already.
            continue
        reason = _reason(detail, layer_types)
        known = by_location.get(location)
        if known is not None:
            # No member of a union matches: merge the messages of all members.
            both = Message("{known} Or: {other}", known=known.reason, other=reason)
            reason = known.reason if reason in known.reason else both
        by_location[location] = Fault(steps=steps, location=location, reason=reason)
    return list(by_location.values())


def unknown_type(name: object, layer_types: Collection[str]) -> str:
    """Return the message for an unknown layer type, with suggestions."""
    asked = str(name)[:60]
    if asked.lower().replace("-", "_") in {"softmax", "log_softmax", "logsoftmax", "softmax1d"}:
        return SOFTMAX_REASON
    near = near_names(asked.lower(), layer_types, most=2)
    hint = Message(" Did you mean {near}?", near=either(near)) if near else ""
    return Message(
        "there is no layer type {asked!r}.{hint} The types are: {layer_types}.",
        asked=asked,
        hint=hint,
        layer_types=", ".join(layer_types),
    )


def _without_union_tags(
    loc: Sequence[int | str], layer_types: Collection[str]
) -> tuple[tuple[int | str, ...], str]:
    """Return a location without pydantic's union tags, as steps and as text."""
    steps: list[int | str] = []
    text = ""
    for step in loc:
        if isinstance(step, int):
            text += f"[{step}]"
        elif steps and isinstance(steps[-1], int) and step in layer_types:
            text += f" ({step})"
        elif step in _PYDANTIC_STEPS or step.startswith(("literal[", "constrained-", "function-")):
            continue
        else:
            text += f".{step}" if text else step
        steps.append(step)
    return tuple(steps), text


def _reason(detail: Any, layer_types: Collection[str]) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return "this key is missing."
    if kind == "union_tag_invalid":
        return unknown_type(context.get("tag"), layer_types)
    if kind == "union_tag_not_found":
        return "every layer is an object with a key 'type'."
    if kind == "card_fault":
        return context["reason"]  # type: ignore[no-any-return]
    message: str = detail["msg"].replace("Input should", "it should", 1)
    value = detail.get("input")
    if isinstance(value, str | int | float | bool | None):
        return Message("{message}, but is {value}.", message=message, value=shown(value))
    return f"{message}."
