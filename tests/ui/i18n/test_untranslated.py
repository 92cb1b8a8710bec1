"""No text of the app stands in code where no language would find it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import ui
from ui.i18n.translation import ENGLISH, languages, speaking, tr_message, words_of

FOLDER = Path(ui.__file__).parent
OTHERS = [language for language in languages() if language != ENGLISH]

# Two words after each other, or one that begins as a label does.
PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,}|^[A-Z][a-z]{2,}")
MARKUP = re.compile(r"<[^>]*>|&\w+;|\{[^{}]*\}")
# Programs and styles for the browser.
CODE = re.compile(r"=>|\{ [a-z-]+: [^;]+;|\bquerySelector\b|\"use strict\"|\bconst \{")
CLASSES = re.compile(r"(remark|small|shape|threshold|trace|reference|found|key|finding)( [a-z]+)+")
NO_WORDS_OF_OURS = frozenset(
    {
        "Adam",
        "AdamW",
        "Apache-2.0",
        "English",
        "False",
        "HubPanel",
        "Seizure Zoo",
        "Source Sans Pro",
        "ViewerValue",
        "look up",
        "unexpected error, reference %s",  # of the server's log
    }
)
# What only programs and administrators can meet; the viewer has texts of its own.
ELSEWHERE = ("api", "arguments.py", "server/settings.py", "server/file_addresses.py")
ELSEWHERE += ("server/upload_guard.py", "opening/recordings.py", "viewer")
ANYTHING = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the code, with dots for what is filled in."""

    line: int
    words: str


def texts(code: str) -> Iterator[Text]:
    tree = ast.parse(code)
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    written = [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr)]
    pieces = {id(piece) for node in written for piece in ast.walk(node) if piece is not node}
    for node in ast.walk(tree):
        words = words_of_node(node)
        if words is not None and id(node) not in documentation | pieces:
            yield Text(node.lineno, words)  # type: ignore[attr-defined]


def words_of_node(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [one.value if isinstance(one, ast.Constant) else ANYTHING for one in node.values]
        return "".join(map(str, parts))
    return None


def is_prose(words: str) -> bool:
    bare = MARKUP.sub(" ", words).strip()
    is_ours = words not in NO_WORDS_OF_OURS and not CLASSES.fullmatch(words)
    return is_ours and PROSE.search(bare) is not None and CODE.search(words) is None


def is_known(words: str, language: str) -> bool:
    known = words_of(language)
    if words.strip() in known.app or words in known.core:
        return True
    with speaking(language):
        # Errors and messages are recognised by their pattern, whatever is filled in.
        if tr_message(words) != words:
            return True
    if ANYTHING not in words:
        return False
    # Labels that code fills in and the page translates as a whole: "Chart (PNG)".
    whole = re.compile(".+".join(map(re.escape, words.split(ANYTHING))))
    return any(whole.fullmatch(key) for key in known.app)


def unknown(code: str, language: str) -> dict[int, str]:
    """Return what looks like a sentence or a label and has no words in a language, by line."""
    return {
        text.line: text.words
        for text in texts(code)
        if is_prose(text.words) and not is_known(text.words, language)
    }


def sources() -> list[Path]:
    return [
        path
        for path in sorted(FOLDER.glob("**/*.py"))
        if not path.relative_to(FOLDER).as_posix().startswith(ELSEWHERE)
    ]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_in_the_code_has_words_in_every_language(language: str) -> None:
    found = {
        f"{path.relative_to(FOLDER).as_posix()}:{line}": words
        for path in sources()
        for line, words in unknown(path.read_text(encoding="utf-8"), language).items()
    }
    assert found == {}


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_that_nobody_translated_is_noticed(language: str) -> None:
    code = '''
def f(n, path):
    """Say it."""
    rows = [tr("Analysis"), f"{n} unheard-of things", path.name]
    raise ParameterError(f"{n} must be a whole number; {path} was given.")
    return f"The {n} is not said anywhere."
'''
    assert set(unknown(code, language).values()) == {
        f"{ANYTHING} unheard-of things",
        f"The {ANYTHING} is not said anywhere.",
    }
    assert set(unknown('heading("Nobody knows this")', language).values()) == {"Nobody knows this"}
