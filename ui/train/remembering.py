"""Keeping what the forms of Train hold over a reload, as after a change of language.

The page keeps it in the browser tab's own storage, where no other tab and no other site can read
it and which ends with the tab. Files are not kept: of those only the names are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.blocks import Block

from ui.events import Trigger, Updates, listen

_KEY = "seizure-zoo-train"
STEP = "step"
"""Under this name the step that was in front is kept."""

Kept = Mapping[str | None, Any]
"""What a page has kept, by the ids of fields."""

# Nothing is kept before what was kept has been asked for: a page begins by filling its fields.
_KEEP = """(...values) => {{
  if (!window.trainRecalled) return;
  const names = {names};
  const named = (value) => value?.[0]?.orig_name ? value.map((file) => file.orig_name) : value;
  const kept = Object.fromEntries(names.map((name, at) => [name, named(values[at])]));
  setTimeout(() => {{
    kept.{step} = document.querySelector("#train-steps button[aria-selected=true]")?.id ?? "";
    sessionStorage.setItem("{key}", JSON.stringify(kept));
  }});
}}"""

RECALL = f"""() => {{
  window.trainRecalled = true;
  return [sessionStorage.getItem("{_KEY}") ?? "", null]; // the other input stays on the server
}}"""


def keep_in_page(fields: Sequence[Any], moves: Sequence[Trigger]) -> None:
    """Let the page keep the values of fields when one changes or the user moves on."""
    names = [field.elem_id for field in fields]
    listen(
        [*(field.change for field in fields), *moves],
        None,
        inputs=list(fields),
        js=_KEEP.format(names=json.dumps(names), key=_KEY, step=STEP),
    )


def recalled(text: str) -> Kept:
    """Return what a page has kept; nothing where that cannot be read."""
    try:
        kept = json.loads(text or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def filled_again(fields: Sequence[Any], kept: Kept) -> Updates:
    """Return what fields held, where they can hold it still."""
    return {
        field: kept[field.elem_id]
        for field in fields
        if field.elem_id in kept and _can_hold(field, kept[field.elem_id])
    }


def _can_hold(field: Block, value: Any) -> bool:
    if isinstance(field, gr.Checkbox):
        return isinstance(value, bool)
    if isinstance(field, gr.Slider):
        return isinstance(value, int | float) and field.minimum <= value <= field.maximum
    if isinstance(field, gr.Dropdown | gr.Radio) and not getattr(field, "allow_custom_value", 0):
        return value in [meant for _, meant in field.choices or ()]
    return isinstance(value, str)
