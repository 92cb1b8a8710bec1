"""Small pieces of HTML. Everything given to them is text and is escaped here.

Texts of ours (names, headings, headers, sentences without values) are given in English and
come out in the visitor's language; what is not known there, as a file's name, stays as it is.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from seizure_core.recording import Finding
from ui.i18n import text
from ui.i18n.translation import tr, tr_message


def facts(pairs: Iterable[tuple[str, str]], *, lead: bool = False) -> str:
    """Return a list of names and values; with `lead` the first has a line of its own."""
    rows = "".join(
        f"<div><dt>{html.escape(tr(name))}</dt><dd>{html.escape(value)}</dd></div>"
        for name, value in pairs
    )
    return f'<dl class="facts{" lead" if lead else ""}">{rows}</dl>'


def findings(found: Iterable[Finding]) -> str:
    """Return findings as a list, each with its severity in words; empty if there are none."""
    items = "".join(
        f'<li class="finding {html.escape(finding.severity)}">'
        f"<strong>{tr(text.SEVERITY_WORDS[finding.severity])}:</strong> "
        f"{html.escape(tr_message(finding.message))}</li>"
        for finding in found
    )
    return f'<ul class="findings">{items}</ul>' if items else ""


def heading(words: str) -> str:
    """Return a small heading."""
    return f"<h3>{html.escape(tr(words))}</h3>"


def paragraph(words: str) -> str:
    """Return a paragraph."""
    return f"<p>{html.escape(tr(words))}</p>"


def notice(words: str) -> str:
    """Return a paragraph that must not be overlooked."""
    return f'<p class="notice" role="status">{html.escape(tr(words))}</p>'


def paragraph_with_code(words: str) -> str:
    """Return a paragraph in which what stands between backticks is code."""
    pieces = html.escape(tr(words)).split("`")
    inner = "".join(
        f"<code>{piece}</code>" if number % 2 else piece for number, piece in enumerate(pieces)
    )
    return f"<p>{inner}</p>"


def bullets(items: Iterable[str]) -> str:
    """Return a bulleted list."""
    rows = "".join(f"<li>{html.escape(tr(item))}</li>" for item in items)
    return f"<ul>{rows}</ul>"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first row names the columns."""
    head = "".join(f'<th scope="col">{html.escape(tr(name))}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def keyed_table(header: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> str:
    """Return a table whose rows begin with a heading, which is markup of ours."""
    head = "".join(f'<th scope="col">{html.escape(tr(name))}</th>' for name in header)
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, cells in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def folded(summary: str, trusted_content: str) -> str:
    """Return content of ours under a line that unfolds it."""
    return f"<details><summary>{html.escape(tr(summary))}</summary>{trusted_content}</details>"


def empty(trusted_sentence: str) -> str:
    """Return an empty state; the sentence is one of `ui.i18n.text` and may hold markup of ours."""
    return f'<div class="empty" role="status">{tr(trusted_sentence)}</div>'


def picture(base64_png: str, alternative: str) -> str:
    """Return a picture that travels inside the page, so that it has no address of its own."""
    return (
        '<div class="figure-frame" role="group" tabindex="0" aria-label="Figure">'
        f'<img class="figure" alt="{html.escape(alternative, quote=True)}" '
        f'src="data:image/png;base64,{base64_png}"></div>'
    )
