"""The languages of the app: English stands in the code, every other language in one file.

`ui/i18n/texts/it.json` maps English texts to Italian ones, and so would `fr.json` to French ones;
a file that lies there is a language of the app. What a text needs:

- a component's label, info, placeholder, choice or fixed value: nothing. `mark_texts` lets the
  browser translate it with Gradio's own I18n.
- a sentence made in a handler: `tr("Open: {file}", file=name)`. `for_browser` has set the
  language of the visitor; for the API and everywhere else it is English.
- a message of the packages below: nothing, but its template in the section "core".

A text without a translation stays English; a test tells which.
"""

from __future__ import annotations

import contextlib
import functools
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from seizure_core.json_document import read_json
from seizure_core.messages import Filling, Message
from ui.gradio_compat import request_headers

ENGLISH = "en"
FOLDER = Path(__file__).with_name("texts")
COOKIE = "seizure-zoo-language"
"""Set by `language.js` to the language the page is shown in."""

Rows = Sequence[Sequence[str | float | int | None]]

PLACEHOLDER = re.compile(r"\{(\w+)(?:![rsa])?(?::[^{}]*)?\}")

MISSING_IN_GRADIO = {"common.upload": "Upload", "common.complete": "Complete"}
"""Names of Gradio's own controls that it shows as keys, because its English lacks them."""

_LANGUAGE: ContextVar[str] = ContextVar("language", default=ENGLISH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language.

    Attributes
    ----------
    name : str
        What it calls itself.
    thousands, decimal : str
        What parts groups of three digits, and what stands before the decimals.
    app : mapping of str to str
        Texts of `ui`, by the English ones.
    core : mapping of str to str
        Messages of the packages below, which know no language, by their templates.
    gradio : mapping of str to str
        Gradio's own texts by its keys, where it does not know the language.
    """

    name: str
    thousands: str
    decimal: str
    app: Mapping[str, str]
    core: Mapping[str, str]
    gradio: Mapping[str, str]


ENGLISH_WORDS = Words(name="English", thousands=",", decimal=".", app={}, core={}, gradio={})


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages, English first."""
    return ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.json"))


@functools.cache
def words_of(language: str) -> Words:
    """Return all texts of a language; English has none, because the code speaks it."""
    if language == ENGLISH:
        return ENGLISH_WORDS
    return Words(**read_json(FOLDER / f"{language}.json"))


@contextlib.contextmanager
def speaking(language: str) -> Iterator[None]:
    """Let `tr` answer in a language."""
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def tr(english: str, /, **values: object) -> str:
    """Return a text of the app in the visitor's language, with its placeholders filled in."""
    language = words_of(_LANGUAGE.get())
    words = language.app.get(english, english)
    return _Filling(language).format(words, **values) if values else words


def grouped(number: int) -> str:
    """Return a number with its thousands apart, as the visitor's language parts them."""
    return tr("{number:,}", number=number)


class _Filling(Filling):
    """Fills in as a language does: `{n:,}` parts thousands, messages are said in it."""

    def __init__(self, language: Words) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return one value in the language; a plain text stays, unless it is a phrase of ours."""
        if isinstance(value, Message):
            value = _said(value, self.language)
        elif isinstance(value, str) and " " in value:
            value = self.language.core.get(value, value)
        said = super().format_field(value, format_spec)
        if isinstance(value, int | float):
            parts = {ord(","): self.language.thousands, ord("."): self.language.decimal}
            said = said.translate(parts)
        return said


def _said(message: str, language: Words) -> str:
    template = message.template if isinstance(message, Message) else message
    words = language.core.get(template) or language.app.get(template, template)
    if isinstance(message, Message) and message.values:
        try:
            return _Filling(language).format(words, **message.values)
        except (LookupError, ValueError):  # values of an older version, as files hold them
            return str(message)
    return words


def filled_table(columns: Sequence[str], rows: Rows) -> dict[str, object]:
    """Return a value for a `gr.Dataframe`: its rows under headers in the visitor's language."""
    return {"headers": [tr(name) for name in columns], "data": rows}


def tr_message(message: str) -> str:
    """Return a message of the packages below in the visitor's language, its values filled in.

    A plain text, as old files hold, is known by itself only.
    """
    language = _LANGUAGE.get()
    return str(message) if language == ENGLISH else _said(message, words_of(language))


def visitor_language() -> str:
    """Return the language of the visitor whose event is being handled; English outside events."""
    headers = request_headers()
    return ENGLISH if headers is None else language_of(headers)


def language_of(headers: Mapping[str, str]) -> str:
    """Return the language a request is to be answered in.

    The page tells in a cookie what it is shown in. Without one it is the browser's first
    language, as in the browser itself.
    """
    told = _cookie(headers.get("cookie") or "")
    first = (headers.get("accept-language") or "").split(",")[0].split(";")[0]
    code = (told or first).strip()[:2].lower()
    return code if code in languages() else ENGLISH


def _cookie(header: str) -> str:
    try:
        morsel = SimpleCookie(header).get(COOKIE)
    except CookieError:
        return ""
    return "" if morsel is None else morsel.value


def browser_texts() -> gr.I18n:
    """Return what Gradio's page translates by: texts that need no value of the server."""
    return gr.I18n(
        **{ENGLISH: MISSING_IN_GRADIO},
        **{
            language: {
                **words_of(language).gradio,
                **{key: text for key, text in words_of(language).app.items() if "{" not in key},
            }
            for language in languages()
            if language != ENGLISH
        },
    )


def in_all_languages(english: str) -> str:
    """Return a text as HTML in every language, for pages of Gradio's that translate nothing."""
    return Markup().join(
        Markup('<p lang="{}">{}</p>').format(code, words_of(code).app.get(english, english))
        for code in languages()
    )


def mark(english: str) -> str:
    """Return a text in the form that Gradio's page recognises and translates."""
    return str(gr.I18n()(english))


def language_script() -> str:
    """Return what the page runs before it shows anything: it chooses the language."""
    script = Path(__file__).with_name("language.js").read_text(encoding="utf-8")
    names = {code: words_of(code).name for code in languages()}
    return (
        f"<script>(() => {{\nconst LANGUAGES = {json.dumps(names, ensure_ascii=False)};\n"
        f"const COOKIE = {json.dumps(COOKIE)};\n{script}}})();</script>"
    )


PROPERTIES = ("label", "info", "placeholder")
VALUED = (gr.Button, gr.HTML)
"""Components whose value is a text of the app until a user changes it."""

FRAMED = re.compile(r"(<(p|div|h[23])\b[^<>]*>)((?:(?!</?(?:p|div|h[23])\b).)*)(</\2>)", re.DOTALL)
"""A paragraph, a heading, or an empty state as `ui.widgets.markup` makes them."""

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
