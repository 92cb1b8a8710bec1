"""What the Hub panel shows, as HTML and table rows. Texts of others are shown as text."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from seizure_core.recording import Finding
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from ui.zoo.card.views import summary_html
from ui.zoo.hub import words
from zoo.card.schema import ArchitectureCard
from zoo.store.registry import RegisteredNet

_KILO = 1000


def size_words(size_bytes: int) -> str:
    """Return a size as people read it."""
    size, units = float(size_bytes), ("bytes", "kB", "MB", "GB")
    for unit in units:
        if size < _KILO or unit == units[-1]:
            break
        size /= _KILO
    return f"{size:.3g} {unit}"


def stage_words(stage: str, size_bytes: int | None) -> str:
    """Return what a pull is doing now."""
    name = tr(words.STAGES[stage])
    if size_bytes is None:
        return name
    return tr(words.STAGE_SIZE, stage=name, size=size_words(size_bytes))


def result_rows(found: Sequence[Mapping[str, Any]]) -> list[list[str | int]]:
    """Return the rows of the table of search results, as `words.RESULT_COLUMNS` names them."""
    return [
        [
            one["repo_id"],
            one["license"],
            one["downloads"],
            one["likes"],
            one["updated"],
            _who_may(one),
        ]
        for one in found
    ]


def _who_may(result: Mapping[str, Any]) -> str:
    if result["private"]:
        return tr(words.MEMBERS)
    return tr(words.ON_REQUEST if result["gated"] else words.EVERYBODY)


def pulled_html(pulled: Mapping[str, Any], card: ArchitectureCard) -> str:
    """Return what has been pulled, from which full commit, and its card in short."""
    values = (
        pulled["revision"],
        card.model_id,
        card.version,
        pulled["repo_id"],
        card.license,
    )
    return (
        markup.paragraph(tr(words.PULLED, model_id=card.model_id))
        + markup.facts(list(zip(words.PULLED_FACTS, values, strict=True)), lead=True)
        + summary_html(card)
    )


def plan_html(plan: Mapping[str, Any]) -> str:
    """Return a preview: what goes where, the files, the changes, and the whole texts."""
    private = tr(words.PRIVATE if plan["private"] else words.PUBLIC)
    values = (
        f"{plan['model_id']} {plan['version']}",
        plan["repo_id"],
        _repository_words(plan),
        private,
        plan["title"],
    )
    files = (
        (one["name"], size_words(one["size_bytes"]), tr(words.CHANGE_WORDS[one["change"]]))
        for one in plan["files"]
    )
    return "".join(
        (
            markup.heading(words.PREVIEW_HEADING),
            "" if plan["changes_anything"] else markup.paragraph(words.NOTHING_NEW),
            markup.facts(list(zip(words.PLAN_FACTS, values, strict=True))),
            markup.bullets(plan["warnings"]) if plan["warnings"] else "",
            markup.table(words.FILE_COLUMNS, files),
            markup.folded(words.CHANGELOG, _text_html(plan["changelog"])),
            markup.folded(words.CHANGES, _diff_html(plan["diff"])),
            *(markup.folded(name, _text_html(text)) for name, text in plan["texts"].items()),
        )
    )


def _repository_words(plan: Mapping[str, Any]) -> str:
    if plan["is_new_repository"]:
        return tr(words.NEW_REPOSITORY)
    if plan["published_version"] is None:
        return tr(words.OTHER_REPOSITORY)
    return tr(words.OLD_REPOSITORY, version=plan["published_version"])


def _text_html(text: str) -> str:
    return f'<pre class="source" tabindex="0">{html.escape(text)}</pre>'


def _diff_html(lines: Sequence[str]) -> str:
    if not lines:
        return markup.paragraph(words.NO_TEXT_CHANGES)
    rows = "\n".join(
        f'<span class="{_line_kind(line)}">{html.escape(line)}</span>' for line in lines
    )
    return f'<pre class="source" tabindex="0">{rows}</pre>'


def _line_kind(line: str) -> str:
    if line.startswith(("+++ new ", "--- published ", "@@ ")):
        return "place"
    return {"+": "added", "-": "removed"}.get(line[:1], "same")


def published_html(published: Mapping[str, Any]) -> str:
    """Return where a net has been published, with a link to its page."""
    values = (published["revision"], published["repo_id"])
    return (
        markup.paragraph(words.PUBLISHED)
        + markup.facts(list(zip(words.PUBLISHED_FACTS, values, strict=True)), lead=True)
        + _link(words.OPEN_PAGE, published["url"])
    )


def _link(name: str, address: str) -> str:
    # The Hub's address comes from the environment; only one of the web becomes a link.
    if not address.startswith(("https://", "http://")):
        return markup.paragraph(address)
    return (
        f'<p><a href="{html.escape(address, quote=True)}" target="_blank" '
        f'rel="noopener noreferrer">{html.escape(tr(name))}</a></p>'
    )


def registries_html(registries: Sequence[Mapping[str, Any]], nets: Iterable[RegisteredNet]) -> str:
    """Return the table of the registries that were added, or an empty state."""
    if not registries:
        return markup.empty(words.NO_REGISTRIES)
    named = Counter(net.registry for net in nets)
    rows = ((one["repo_id"], str(named[one["repo_id"]]), one["revision"]) for one in registries)
    return markup.table(words.REGISTRY_COLUMNS, rows)


def registry_html(added: Mapping[str, Any]) -> str:
    """Return what adding or updating a registry brought, and what is wrong with others."""
    told = tr(
        words.ADDED, repo_id=added["repo_id"], number=count_words(len(added["model_ids"]), "net")
    )
    return (
        markup.paragraph(told)
        + (markup.bullets(added["model_ids"]) if added["model_ids"] else "")
        + markup.findings(Finding.warning(fault) for fault in added["faults"])
    )
