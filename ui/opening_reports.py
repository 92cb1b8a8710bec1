"""Why files do not open, and how a text is read, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core.formats.refusal import RefusalReport
from seizure_core.formats.sequence_order import FileInOrder
from seizure_core.formats.text_layout import TextLayout
from ui import markup, text
from ui.wording import NOTHING, duration_words

MOST_COLUMNS = 12
MOST_ROWS = 5


def preview_html(layout: TextLayout) -> str:
    """Return the first lines of a text as a table, and what was assumed about it."""
    labels = [column.label for column in layout.columns]
    if layout.orientation == "rows":
        labels = [f"value {i + 1}" for i in range(len(layout.preview[0]) if layout.preview else 0)]
    shown = labels[:MOST_COLUMNS]
    rows = [row[: len(shown)] for row in layout.preview[:MOST_ROWS]]
    size = f"{layout.n_lines:,} lines, {len(layout.columns)} " + (
        "columns" if layout.orientation == "columns" else "channels, one a line"
    )
    return (
        markup.paragraph(f"{size}. The first lines of values:")
        + markup.table(shown, rows)
        + markup.findings(layout.findings)
    )


def report_html(report: RefusalReport) -> str:
    """Return why a file does not open, with its bytes."""
    heading = "What is odd about this file" if report.opens else "Why this file does not open"
    rows = [
        (
            fact.what,
            "" if fact.offset is None else f"{fact.offset:,}",
            fact.found,
            "as it should be" if fact.is_right else fact.expected,
        )
        for fact in report.facts
    ]
    reason = report.reason or "It opens all the same."
    repair = text.REPAIR_OFFER.format(change=report.repair) if report.repair else ""
    return (
        markup.heading(heading)
        + markup.paragraph(f"{report.file_name}: {reason}")
        + (markup.paragraph(repair) if repair else "")
        + markup.folded(
            "What its bytes say",
            markup.table(("What", "From byte", "Found", "Expected"), rows),
        )
    )


def sequence_html(reason: str, files: Sequence[FileInOrder]) -> str:
    """Return why files do not open as one, and how each stands to the one before it."""
    rows = [
        (
            one.file_name,
            NOTHING if one.start_time is None else f"{one.start_time:%Y-%m-%d %H:%M:%S}",
            duration_words(one.duration_s),
            _between(one, is_first=number == 0),
        )
        for number, one in enumerate(files)
    ]
    return (
        markup.heading(text.NOT_A_SEQUENCE)
        + markup.paragraph(reason)
        + markup.table(text.SEQUENCE_COLUMNS, rows)
    )


def _between(one: FileInOrder, *, is_first: bool) -> str:
    if is_first:
        return NOTHING
    if one.gap_s is None:
        return text.START_UNKNOWN
    if one.overlaps:
        return text.OVERLAPS.format(length=duration_words(-one.gap_s))
    return text.FOLLOWS if one.follows else text.GAP.format(length=duration_words(one.gap_s))
