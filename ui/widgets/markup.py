"""Small pieces of HTML. What is given to them is text and is escaped, unless it is `Markup`.

Texts of ours (names, headings, headers, sentences without values) are given in English and
come out in the visitor's language; what is not known there, as a file's name, stays.
Pieces are put together by `+`, `Markup.format` and `joined`, which all escape plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from seizure_core.recording import Finding
from ui.i18n.translation import tr, tr_message

_SEVERITY_WORDS = {"info": "Note", "warning": "Attention", "error": "Problem"}


def joined(pieces: Iterable[str]) -> Markup:
    """Return pieces one after the other."""
    return Markup().join(pieces)


def each(template: str, items: Iterable[str]) -> Markup:
    """Return a template of ours filled in with each item, one after the other."""
    filled = Markup(template)  # noqa: S704 - a literal at every call
    return joined(filled.format(item) for item in items)


def facts(pairs: Iterable[tuple[str, str]], *, lead: bool = False) -> Markup:
    """Return a list of names and values; with `lead` the first has a line of its own."""
    row = Markup("<div><dt>{}</dt><dd>{}</dd></div>")
    rows = joined(row.format(tr(name), value) for name, value in pairs)
    return Markup('<dl class="facts{}">{}</dl>').format(" lead" if lead else "", rows)


def findings(found: Iterable[Finding]) -> Markup:
    """Return findings as a list, each with its severity in words; empty if there are none."""
    item = Markup('<li class="finding {}"><strong>{}:</strong> {}</li>')
    items = joined(
        item.format(one.severity, tr(_SEVERITY_WORDS[one.severity]), tr_message(one.message))
        for one in found
    )
    return Markup('<ul class="findings">{}</ul>').format(items) if items else items


def heading(words: str) -> Markup:
    """Return a small heading."""
    return Markup("<h3>{}</h3>").format(tr(words))


def subheading(words: str) -> Markup:
    """Return a heading of a part below a small heading."""
    return Markup("<h4>{}</h4>").format(tr(words))


def paragraph(words: str) -> Markup:
    """Return a paragraph."""
    return Markup("<p>{}</p>").format(tr(words))


def notice(words: str) -> Markup:
    """Return a paragraph that must not be overlooked."""
    return Markup('<p class="notice" role="status">{}</p>').format(tr(words))


def paragraph_with_code(words: str) -> Markup:
    """Return a paragraph in which what stands between backticks is code."""
    pieces = tr(words).split("`")
    code = Markup("<code>{}</code>")
    inner = joined(code.format(piece) if n % 2 else piece for n, piece in enumerate(pieces))
    return Markup("<p>{}</p>").format(inner)


def bullets(items: Iterable[str]) -> Markup:
    """Return a bulleted list."""
    return Markup("<ul>{}</ul>").format(each("<li>{}</li>", map(tr, items)))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """Return a table whose first row names the columns."""
    return _table(header, (each("<td>{}</td>", row) for row in rows))


def keyed_table(header: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]) -> Markup:
    """Return a table whose rows begin with a heading."""
    key = Markup('<th scope="row">{}</th>')
    return _table(header, (key.format(name) + each("<td>{}</td>", cells) for name, cells in rows))


def _table(header: Sequence[str], rows: Iterable[Markup]) -> Markup:
    head = each('<th scope="col">{}</th>', map(tr, header))
    return Markup(
        '<div class="scroll" tabindex="0"><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(head, each("<tr>{}</tr>", rows))


def folded(summary: str, content: str) -> Markup:
    """Return content under a line that unfolds it."""
    return Markup("<details><summary>{}</summary>{}</details>").format(tr(summary), content)


def empty(trusted_sentence: str) -> Markup:
    """Return an empty state; the sentence is one of `ui.i18n.text` and may hold markup of ours."""
    sentence = Markup(tr(trusted_sentence))  # noqa: S704 - a text of the app, never of a file
    return Markup('<div class="empty" role="status">{}</div>').format(sentence)
