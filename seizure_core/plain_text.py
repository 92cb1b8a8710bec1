"""Safe output of untrusted text: on a terminal, in Markdown, in YAML."""

from __future__ import annotations

import json
import re

# Special characters in Markdown: anywhere in a line, and at its start.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>()!|~&$@^]|:(?=//)|^[-+#=]|^\d+(?=[.]))")


def printable(text: str) -> str:
    """Return text without control characters, which could manipulate a terminal or hide words.

    Direction marks are removed, too; line breaks and tabs become single spaces.
    """
    spaced = re.sub(r"\s+", " ", text)
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in spaced)


def markdown(text: str) -> str:
    """Escape text for Markdown, on one line."""
    escaped = _MARKUP.sub(_escape, printable(text))
    return escaped.replace("\\<", "&lt;").replace("\\>", "&gt;")


def markdown_paragraphs(text: str) -> str:
    """Escape text for Markdown, keeping its paragraphs."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "\n\n".join(markdown(paragraph.strip()) for paragraph in paragraphs)


def yaml_string(text: str) -> str:
    """Return text as a quoted YAML scalar (JSON strings are valid YAML)."""
    return json.dumps(printable(text), ensure_ascii=True)


def _escape(match: re.Match[str]) -> str:
    found = match.group()
    # "1." at the start of a line would begin a list, so the dot is escaped.
    return f"{found}\\" if found[0].isdigit() else f"\\{found}"
