"""The languages of the app: English stands in the code, every other language in one file.

`ui/i18n/texts/it.json` maps English texts to Italian ones, and so would `fr.json` to French ones;
a file that lies there is a language of the app. What a text needs:

- a component's label, info, placeholder, choice or fixed value: nothing. `mark_texts` lets the
  browser translate it with Gradio's own I18n.
- a sentence made in a handler: `tr("Open: {file}", file=name)`. `for_browser` has set the
  language of the visitor; for the API and everywhere else it is English.
- a message of the core: nothing, but its pattern in the section "core". A placeholder there
  stands for any text, with the format `d` for a number or a time only ("{n:d} channels").

A text without a translation stays English; a test tells which.
"""

from __future__ import annotations

import contextlib
import functools
import json
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext

ENGLISH = "en"
FOLDER = Path(__file__).with_name("texts")
COOKIE = "seizure-zoo-language"
"""Set by `language.js` to the language the page is shown in."""

Rows = Sequence[Sequence[str | float | int | None]]

PLACEHOLDER = re.compile(r"\{(\w+)(?:![rsa])?(?::[^{}]*)?\}")

TELLING = 25
"""From so many characters on, a sentence of the app is recognised with its values filled in."""

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
    thousands : str
        What parts groups of three digits; the decimal point is a point everywhere, as in files.
    app : mapping of str to str
        Texts of `ui`, by the English ones.
    core : mapping of str to str
        Messages of the packages below, which know no language; placeholders stand for what
        they fill in.
    gradio : mapping of str to str
        Gradio's own texts by its keys, where it does not know the language.
    """

    name: str
    thousands: str
    app: Mapping[str, str]
    core: Mapping[str, str]
    gradio: Mapping[str, str]


ENGLISH_WORDS = Words(name="English", thousands=",", app={}, core={}, gradio={})


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of all languages, English first."""
    return ENGLISH, *sorted(path.stem for path in FOLDER.glob("*.json"))


@functools.cache
def words_of(language: str) -> Words:
    """Return all texts of a language; English has none, because the code speaks it."""
    if language == ENGLISH:
        return ENGLISH_WORDS
    return Words(**json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8")))


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
    return _Filling(language.thousands).format(words, **values) if values else words


def grouped(number: int) -> str:
    """Return a number with its thousands apart, as the visitor's language parts them."""
    return tr("{number:,}", number=number)


class _Filling(string.Formatter):
    """Fills in placeholders; `{n:,}` parts thousands as a language does."""

    def __init__(self, thousands: str) -> None:
        self.thousands = thousands

    def format_field(self, value: Any, format_spec: str) -> Any:
        words = super().format_field(value, format_spec)
        return words.replace(",", self.thousands) if "," in format_spec else words


def filled_table(columns: Sequence[str], rows: Rows) -> dict[str, object]:
    """Return a value for a `gr.Dataframe`: its rows under headers in the visitor's language."""
    return {"headers": [tr(name) for name in columns], "data": rows}


def tr_message(message: str) -> str:
    """Return a message of the core in the visitor's language, as far as its pattern is known.

    Messages that name a file first ("a.edf: it is empty.") are known without it.
    """
    language = _LANGUAGE.get()
    if language == ENGLISH:
        return message
    told = _told(message, language) or words_of(language).app.get(message)
    if told is None and ": " in message:
        name, reason = message.split(": ", 1)
        known = _told(reason, language)
        told = None if known is None else f"{name}: {known}"
    return message if told is None else told


def _told(message: str, language: str) -> str | None:
    """Return what is known of a message or of a value in it; None if nothing is."""
    core = words_of(language).core
    if message in core:
        return core[message]
    for pattern, translation in _patterns(language):
        found = pattern.fullmatch(message)
        if found:
            values = found.groupdict()
            return translation.format(
                **{name: _value(value, language) for name, value in values.items()}
            )
    return None


def _value(value: str, language: str) -> str:
    """Return what a message was filled in with: another message, a label of the app, or a name."""
    return _told(value, language) or words_of(language).app.get(value, value)


@functools.cache
def _patterns(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what recognises the core's messages, the most telling first."""
    words = words_of(language)
    telling = {key: text for key, text in words.app.items() if _weight(key) >= TELLING}
    templates = {key: text for key, text in {**telling, **words.core}.items() if "{" in key}
    by_weight = sorted(templates, key=_weight, reverse=True)
    # What is recognised is text already, however the number in it was formatted.
    return tuple((_pattern(key), PLACEHOLDER.sub(r"{\1}", templates[key])) for key in by_weight)


def _weight(template: str) -> int:
    """Return how much of a template is not filled in."""
    return len(PLACEHOLDER.sub("", template))


def _pattern(template: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts, end = [], 0
    for found in PLACEHOLDER.finditer(template):
        name = found[1]
        value = r"[\d.:e+]+" if found[0].endswith(":d}") else ".+?"
        parts.append(re.escape(template[end : found.start()]))
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{value})")
        seen.add(name)
        end = found.end()
    return re.compile("".join([*parts, re.escape(template[end:])]), re.DOTALL)


def visitor_language() -> str:
    """Return the language of whoever's event is handled just now; English outside of events."""
    request = LocalContext.request.get(None)
    headers = getattr(request, "headers", None)
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
