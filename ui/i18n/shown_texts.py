"""The texts a built app shows before anything happens, and their marking for translation."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import gradio as gr

from ui.i18n.translation import ENGLISH, languages, mark, words_of

PROPERTIES = ("label", "info", "placeholder")
VALUED = (gr.Button, gr.Markdown, gr.HTML)
"""Components whose value is a text of the app until a user changes it."""

FRAMED = re.compile(r"(<(p|div)\b[^<>]*>)((?:(?!</?(?:p|div)\b).)*)(</\2>)", re.DOTALL)
"""A paragraph, or an empty state as `ui.widgets.markup` makes them."""

Change = Callable[[str], str]


def texts_of(block: gr.blocks.Block) -> Iterator[str]:
    """Yield every text that a component shows when the page opens."""
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    _change_texts(block, note)
    yield from found


def mark_texts(demo: gr.Blocks) -> None:
    """Let the browser translate all texts of the app that any language has words for."""
    known = {key for code in languages() if code != ENGLISH for key in words_of(code).app}
    for block in demo.blocks.values():
        _change_texts(block, lambda text: mark(text) if text in known else text)


def _change_texts(block: gr.blocks.Block, change: Change) -> None:
    for name in PROPERTIES:
        text = getattr(block, name, None)
        if isinstance(text, str) and text:
            setattr(block, name, change(text))
    value = getattr(block, "value", None)
    if isinstance(block, VALUED) and isinstance(value, str) and value:
        block.value = _changed_value(value, change)
    choices = getattr(block, "choices", None)
    if isinstance(choices, list):
        # A choice that is shown as its value is a name or a unit.
        changed = [
            (words if words == chosen else change(str(words)), chosen) for words, chosen in choices
        ]
        setattr(block, "choices", changed)  # noqa: B010 - several classes have them, no common one


def _changed_value(value: str, change: Change) -> str:
    """Change a sentence, or one in a single element of ours, whose frame stays."""
    framed = FRAMED.fullmatch(value)
    if framed is None:
        return value if value.startswith("<") else change(value)
    before, _, inner, after = framed.groups()
    text = html.unescape(inner)
    changed = change(text)
    return value if changed == text else before + changed + after
