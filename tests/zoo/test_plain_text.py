"""Text of unknown origin stays text."""

from __future__ import annotations

import pytest

from seizure_core.plain_text import markdown, markdown_paragraphs, printable, yaml_string


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("FP1-F7 at 256 Hz, 10 % more.", "FP1-F7 at 256 Hz, 10 % more."),
        ("- no list", "\\- no list"),
        ("# no heading", "\\# no heading"),
        ("1. no list", "1\\. no list"),
        ("1.5 is a number", "1\\.5 is a number"),
        ("<b>", "&lt;b&gt;"),
        ("[a](b)", "\\[a\\]\\(b\\)"),
        ("https://a.b", "https\\://a.b"),
        ("a | b", "a \\| b"),
        ("&lt;", "\\&lt;"),
        ("\\", "\\\\"),
    ],
)
def test_markdown_shows_every_character(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_control_characters_and_direction_marks_are_replaced() -> None:
    assert printable("a\x1b[2J\u202eb\x00\n\tc") == "a\ufffd[2J\ufffdb\ufffd c"


def test_paragraphs_stay_apart_and_lines_join() -> None:
    assert markdown_paragraphs("one\ntwo\r\n\r\n---\n") == "one two\n\n\\---"


def test_yaml_strings_cannot_end_early() -> None:
    assert yaml_string('a"\n---\nb: c') == '"a\\" --- b: c"'
