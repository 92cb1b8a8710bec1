"""Why files do not open, and how a text is read, as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core.io.refusal import RefusalReport
from seizure_core.io.sequence_order import FileInOrder
from seizure_core.io.text.layout import TextLayout
from ui.i18n import text
from ui.i18n.translation import grouped, tr, tr_message
from ui.i18n.wording import NOTHING, duration_words
from ui.widgets import markup

MOST_COLUMNS = 12
MOST_ROWS = 5


def preview_html(layout: TextLayout) -> str:
    """Return the first lines of a text as a table, and what was assumed about it."""
    labels = [column.label for column in layout.columns]
    if layout.orientation == "rows":
        labels = [
            tr("value {n}", n=i + 1) for i in range(len(layout.preview[0]) if layout.preview else 0)
        ]
    shown = labels[:MOST_COLUMNS]
    rows = [row[: len(shown)] for row in layout.preview[:MOST_ROWS]]
    size = text.SIZE_BY_COLUMN if layout.orientation == "columns" else text.SIZE_BY_LINE
    return (
        markup.paragraph(tr(size, lines=layout.n_lines, n=len(layout.columns)))
        + markup.table(shown, rows)
        + markup.findings(layout.findings)
    )


def report_html(report: RefusalReport) -> str:
    """Return why a file does not open, with its bytes."""
    heading = text.WHAT_IS_ODD if report.opens else text.WHY_NOT
    rows = [
        (
            tr_message(fact.what),
            "" if fact.offset is None else grouped(fact.offset),
            tr_message(fact.found),
            tr(text.AS_IT_SHOULD_BE) if fact.is_right else tr_message(fact.expected),
        )
        for fact in report.facts
    ]
    reason = tr_message(report.reason) if report.reason else tr(text.OPENS_ALL_THE_SAME)
    repair = tr(text.REPAIR_OFFER, change=tr_message(report.repair)) if report.repair else ""
    return (
        markup.heading(heading)
        + markup.paragraph(f"{report.file_name}: {reason}")
        + (markup.paragraph(repair) if repair else "")
        + markup.folded(
            text.BYTES_SAY,
            markup.table(text.BYTE_COLUMNS, rows),
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
        + markup.paragraph(tr_message(reason))
        + markup.table(text.SEQUENCE_COLUMNS, rows)
    )


def _between(one: FileInOrder, *, is_first: bool) -> str:
    if is_first:
        return NOTHING
    if one.gap_s is None:
        return tr(text.START_UNKNOWN)
    if one.overlaps:
        return tr(text.OVERLAPS, length=duration_words(-one.gap_s))
    return tr(text.FOLLOWS) if one.follows else tr(text.GAP, length=duration_words(one.gap_s))
