"""Reports as HTML: why files do not open, and how a text is read."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core.io.refusal import RefusalReport
from seizure_core.io.sequence_order import CLOCK_ROUNDING_S
from seizure_core.io.text.layout import TextLayout
from seizure_core.recording import Recording
from ui.i18n.translation import grouped, tr, tr_message
from ui.i18n.wording import NOTHING, duration_words
from ui.widgets import markup

_SEQUENCE_COLUMNS = ("File, in order of time", "Starts", "Lasts", "To the file before")
_BYTE_COLUMNS = ("What", "From byte", "Found", "Expected")

MAX_COLUMNS = 12
MAX_ROWS = 5


def preview_html(layout: TextLayout) -> str:
    """Return the first lines of a text as a table, and what was assumed about it."""
    labels = [column.label for column in layout.columns]
    if layout.orientation == "rows":
        labels = [
            tr("value {n}", n=i + 1) for i in range(len(layout.preview[0]) if layout.preview else 0)
        ]
    shown = labels[:MAX_COLUMNS]
    rows = [row[: len(shown)] for row in layout.preview[:MAX_ROWS]]
    size = (
        "{lines:,} lines, {n} columns. The first lines of values:"
        if layout.orientation == "columns"
        else "{lines:,} lines, {n} channels, one a line. The first lines of values:"
    )
    return (
        markup.paragraph(tr(size, lines=layout.n_lines, n=len(layout.columns)))
        + markup.table(shown, rows)
        + markup.findings(layout.findings)
    )


def report_html(report: RefusalReport) -> str:
    """Return why a file does not open, with its bytes."""
    heading = "Problems of this file" if report.opens else "Why this file does not open"
    rows = [
        (
            tr_message(fact.what),
            "" if fact.offset is None else grouped(fact.offset),
            tr_message(fact.found),
            tr("as it should be") if fact.is_right else tr_message(fact.expected),
        )
        for fact in report.facts
    ]
    reason = tr_message(report.reason) if report.reason else tr("It can be opened nevertheless.")
    repair = (
        tr(
            "A repaired copy can be made; the file itself is not changed. What differs in the "
            "copy: {change}",
            change=tr_message(report.repair),
        )
        if report.repair
        else ""
    )
    return (
        markup.heading(heading)
        + markup.paragraph(f"{report.file_name}: {reason}")
        + (markup.paragraph(repair) if repair else "")
        + markup.folded(
            "Fields of the file, by byte",
            markup.table(_BYTE_COLUMNS, rows),
        )
    )


def sequence_html(reason: str, files: Sequence[tuple[Recording, float | None]]) -> str:
    """Return why files do not open as one, and how each stands to the one before it."""
    rows = [
        (
            file.file_name,
            NOTHING if file.start_time is None else f"{file.start_time:%Y-%m-%d %H:%M:%S}",
            duration_words(file.duration_s),
            _between(gap_s) if number else NOTHING,
        )
        for number, (file, gap_s) in enumerate(files)
    ]
    return (
        markup.heading("Why these files do not open as one recording")
        + markup.paragraph(tr_message(reason))
        + markup.table(_SEQUENCE_COLUMNS, rows)
    )


def _between(gap_s: float | None) -> str:
    if gap_s is None:
        return tr("unknown: not all files give their start")
    if abs(gap_s) < CLOCK_ROUNDING_S:
        return tr("follows at once")
    length = duration_words(abs(gap_s))
    if gap_s < 0:
        return tr("overlaps it by {length}", length=length)
    return tr("{length} are missing between them", length=length)
