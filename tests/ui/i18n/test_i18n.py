from __future__ import annotations

import ast
import importlib
import json
import re
import string
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import gradio as gr
import pytest

import ui
from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import counted_names
from seizure_core.recording import Finding
from seizure_core.stats.facts import STATISTIC_FACTS
from tests.ui.values import built_app
from ui.errors import for_api, for_browser
from ui.i18n.translation import (
    COOKIE,
    ENGLISH,
    FOLDER,
    PLACEHOLDER,
    filled_table,
    language_of,
    languages,
    mark,
    speaking,
    texts_of,
    tr,
    tr_message,
    words_of,
)

ROOT = Path(ui.__file__).parents[1]
OTHERS = [language for language in languages() if language != ENGLISH]

# The same in every language: names, units, formats, codes, and what holds no words of ours.
SAME_EVERYWHERE = frozenset(
    {"Seizure Zoo", "EEG", "Adam", "AdamW", "GPU", "CPU", "V", "mV", "µV", "nV", "&nbsp;", "MIT"}
    | {"own test recordings"}  # a name, as cards hold it
    | {"Apache-2.0", "CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0"}
)
CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|<.*", re.DOTALL)
# A label, or two words after each other; no program for the page.
PROSE = re.compile(
    r"(?!.*(=>|window\.|var\(|\{ |EEG:))([A-Z][a-z]|.*[A-Za-z]{2,} [a-z]{2,})", re.DOTALL
)
SHOWN_BY_COMPONENTS = ("label", "info", "placeholder")
# What the core writes into its figures, which `chart_html` translates.
FIGURE_WORDS = {
    *("Probability", "no signal", "threshold", "ends below", "median", "Frequency (Hz)"),
    *("Power spectrum", "Power of the bands", "Amplitude-integrated EEG"),
    *("red spoke for a seizure, blue against; negative up", "whole channel", "(log odds)"),
    *("Value (µV)", "Density (1/µV)", "Power (µV²)", "Power density (dB, 0 dB = 1 µV²/Hz)"),
    *(
        f"Time from start ({unit}){clock}"
        for unit in ("s", "min", "h")
        for clock in ("", ", time of day below")
    ),
}


def needs_words(text: str) -> bool:
    """Leave out what has no word: numbers, signs, names and placeholders."""
    bare = PLACEHOLDER.sub("", text)
    is_ours = text not in SAME_EVERYWHERE and not CODE.fullmatch(text)
    return is_ours and any(one.isalpha() for one in bare)


def words_in(value: object) -> Iterator[str]:
    """Yield the texts of a constant; of pairs in a tuple the first is shown."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for one in value.values():
            yield from words_in(one)
    elif isinstance(value, tuple | list):
        for one in value:
            is_choice = isinstance(one, tuple) and len(one) == 2
            yield from words_in(one[0] if is_choice else one)


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of the app.

    Those of the viewer have texts of their own, those of the API are English in every language.
    """
    for path in ROOT.glob("ui/**/*.py"):
        if path.relative_to(ROOT).parts[1] not in ("viewer", "api"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), ast.parse(path.read_text(encoding="utf-8"))


def constants(module: str) -> Iterator[str]:
    """Yield what reads as prose in the constants of a module."""
    for name, value in vars(importlib.import_module(module)).items():
        if name.isupper():
            yield from filter(PROSE.match, words_in(value))


def calls(tree: ast.Module, name: str) -> Iterator[list[ast.expr]]:
    """Yield the arguments of every call of a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == name and node.args:
                yield node.args


def spoken() -> Iterator[str]:
    """Yield what handlers translate: literals, and constants by their names."""
    for module, tree in modules():
        for text, *_ in calls(tree, "tr"):
            yield from words_in(constant(text, module))
        for _, *nouns in calls(tree, "count_words"):
            one, *many = [constant(noun, module) for noun in nouns]
            if isinstance(one, str):
                yield from (one, many[0] if many else f"{one}s")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("markup."):
                yield from labels(node.args, module)
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("gr."):
                yield from labels(
                    [one.value for one in node.keywords if one.arg in SHOWN_BY_COMPONENTS], module
                )


def labels(nodes: Sequence[ast.expr], module: str) -> Iterator[str]:
    """Yield what stands in arguments: literals, those of each list, and the first of each pair."""
    for node in nodes:
        if isinstance(node, ast.List):
            yield from labels(node.elts, module)
        elif isinstance(node, ast.Tuple):
            yield from labels(node.elts[:1], module)
        elif isinstance(node, ast.IfExp):
            yield from labels([node.body, node.orelse], module)
        else:
            yield from words_in(constant(node, module))


def constant(node: ast.expr, module: str) -> object:
    """Return the value of a literal or of a module's constant; None for all else."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Subscript):
        return constant(node.value, module)
    if isinstance(node, ast.Name) and node.id.isupper():
        return getattr(importlib.import_module(module), node.id, None)
    if isinstance(node, ast.Attribute) and node.attr.isupper() and isinstance(node.value, ast.Name):
        owner = getattr(importlib.import_module(module), node.value.id, None)
        return getattr(owner, node.attr, None)
    return None


def shown_at_first(app: gr.Blocks) -> set[str]:
    """Return every text of the page as it opens, and every heading of a table."""
    marked = {mark(key): key for language in OTHERS for key in words_of(language).app}
    shown = [block for block in app.blocks.values() if block.get_block_name() != "api"]
    texts = {text for block in shown for text in texts_of(block)}
    tables = [block for block in app.blocks.values() if isinstance(block, gr.Dataframe)]
    return {marked.get(text, text) for text in texts} | {
        str(name) for table in tables for name in table.headers or []
    }


def all_texts(app: gr.Blocks) -> set[str]:
    facts = {text for fact in STATISTIC_FACTS.values() for text in (fact.title, fact.explanation)}
    written = {text for module, _ in modules() for text in constants(module)}
    found = facts | written | FIGURE_WORDS | set(spoken()) | shown_at_first(app)
    templates = [re.compile(_filled(text)) for text in found if "{model}" in text]
    return {
        text
        for text in found
        if needs_words(text) and not any(one.fullmatch(text) for one in templates)
    }


def _filled(template: str) -> str:
    """Return what recognises a text that the page holds already filled in, as names of models."""
    return "[^{}]+".join(re.escape(piece) for piece in PLACEHOLDER.split(template)[::2])


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_app_has_words_in_every_language(language: str, app: gr.Blocks) -> None:
    assert sorted(all_texts(app) - set(words_of(language).app)) == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_fill_in_what_the_english_text_fills_in(language: str) -> None:
    words = words_of(language)
    differing = [
        english
        for texts in (words.app, words.core)
        for english, translation in texts.items()
        if placeholders(english) != placeholders(translation)
    ]
    assert differing == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_has_two_translations(language: str) -> None:
    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        assert sorted(names) == sorted(set(names))
        return dict(pairs)

    text = (FOLDER / f"{language}.json").read_text(encoding="utf-8")
    json.loads(text, object_pairs_hook=unique)


def test_the_page_gets_its_texts_marked_for_gradio_and_never_bare(app: gr.Blocks) -> None:
    marked = mark("Open the demo")
    config = app.get_config_file()
    buttons = [one["props"]["value"] for one in config["components"] if one["type"] == "button"]
    assert marked in buttons
    assert "Open the demo" not in buttons


def test_the_api_knows_no_marks(app: gr.Blocks) -> None:
    assert "__i18n__" not in json.dumps(app.get_api_info())


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({"accept-language": "it-IT,it;q=0.9,en;q=0.8"}, "it"),
        ({"accept-language": "en-US,en;q=0.9,it;q=0.8"}, "en"),
        ({"accept-language": "zu"}, "en"),
        ({}, "en"),
        ({"accept-language": "en-US", "cookie": f"other=1; {COOKIE}=it"}, "it"),
        ({"accept-language": "it-IT", "cookie": f"{COOKIE}=en"}, "en"),
        ({"accept-language": "it-IT", "cookie": f"{COOKIE}=../x"}, "en"),
        ({"accept-language": "it-IT", "cookie": "\x00;=;;"}, "it"),
    ],
)
def test_a_visitor_is_answered_in_the_language_of_the_page(
    headers: dict[str, str], language: str
) -> None:
    assert language_of(headers) == language


def test_handlers_speak_the_visitors_language_and_endpoints_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ui.errors.visitor_language", lambda: "it")
    assert for_browser(lambda: tr("Analysis"))() == "Analisi"
    assert for_api(lambda: tr("Analysis"))() == "Analysis"
    assert tr("Analysis") == "Analysis"


def test_a_text_nobody_translated_stays_english() -> None:
    with speaking("it"):
        assert tr("Nobody wrote {what} down.", what="this") == "Nobody wrote this down."
        assert tr_message("Nobody wrote this down.") == "Nobody wrote this down."


def test_thousands_are_parted_as_the_language_does() -> None:
    assert tr("{some:,} of {all:,}", some=1, all=12345) == "1 of 12,345"
    with speaking("it"):
        assert tr("{some:,} of {all:,}", some=1, all=12345) == "1 su 12\u202f345"


@pytest.mark.parametrize(
    ("message", "italian"),
    [
        (
            RecordingError(
                "a.edf", "the file is empty (0 bytes). Copy or export it again."
            ).message,
            "a.edf: il file è vuoto (0 byte). Lo copi o lo esporti di nuovo.",
        ),
        (
            Finding.info(
                "Labels that repeat: {labels}.", labels=counted_names(["T8-P8", "T8-P8"])
            ).message,
            "Nomi di canale ripetuti: 'T8-P8' (2 volte).",
        ),
        ("Choose a model first.", "Scelga prima un modello."),
    ],
)
def test_messages_are_said_with_their_values_and_the_messages_in_them(
    message: str, italian: str
) -> None:
    assert tr_message(message) == message
    with speaking("it"):
        assert tr_message(message) == italian


def test_a_name_is_never_translated() -> None:
    with speaking("it"):
        assert tr("Open: {file}", file="Analysis").endswith("Analysis")


def test_tables_are_filled_under_headings_in_the_visitors_language() -> None:
    with speaking("it"):
        assert filled_table(("Onset", "Text"), [["0:01", "x"]]) == {
            "headers": ["Inizio", "Testo"],
            "data": [["0:01", "x"]],
        }


if (
    __name__ == "__main__"
):  # python -m tests.ui.i18n.test_i18n it: what a language lacks or has over
    import tempfile

    texts, known = all_texts(built_app(Path(tempfile.mkdtemp()))), words_of(sys.argv[1]).app
    for text in sorted(texts - set(known)):
        print(json.dumps(text, ensure_ascii=False))
    for text in sorted(set(known) - texts):
        print("over:", json.dumps(text, ensure_ascii=False))
