"""Statistics of channels as a table whose headings explain themselves and sort the rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from seizure_core.stats.channel_statistics import ChannelStatistics, RecordingStatistics
from seizure_core.stats.facts import STATISTIC_FACTS, StatisticFact
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, significant
from ui.widgets import markup
from ui.widgets.views import Cell, unit_words

_FACTS = tuple(fact for name, fact in STATISTIC_FACTS.items() if name != "number")


def sorting_script() -> str:
    """Return what the browser runs for the table: rows are sorted by a heading."""
    return Path(__file__).with_name("statistics_table.js").read_text(encoding="utf-8")


def statistics_table_html(statistics: Sequence[ChannelStatistics]) -> str:
    """Return the whole-file statistics, a row for each channel.

    Units stand in the headings; where channels differ in unit, the column of units alone tells
    them. Each heading is a button that sorts, described by what the column means.
    """
    units = {channel.unit for channel in statistics}
    unit = units.pop() if len(units) == 1 else None
    return Markup(
        '<div class="statistics" tabindex="0" role="region" aria-label="{}">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(
        tr("Statistics of each channel"),
        markup.joined(_heading(fact, unit) for fact in _FACTS),
        markup.joined(_row(channel) for channel in statistics),
    )


def _heading(fact: StatisticFact, unit: str | None) -> Markup:
    return Markup(
        '<th scope="col" aria-sort="none"><button type="button" aria-describedby="{tip}">'
        '{title}</button><span role="tooltip" id="{tip}">{explanation}</span></th>'
    ).format(
        tip=f"statistic-{fact.field}",
        title=_title(fact, unit),
        explanation=tr(fact.explanation),
    )


def _title(fact: StatisticFact, unit: str | None) -> str:
    title = tr(fact.title)
    if unit is None and "{unit}" in fact.unit:
        return title
    written = fact.unit_for(unit or "")
    return f"{title} ({written})" if written else title


def _row(channel: ChannelStatistics) -> Markup:
    cells = (_cell(fact.field, getattr(channel, fact.field)) for fact in _FACTS)
    first, *rest = (NOTHING if cell is None else str(cell) for cell in cells)
    row = Markup('<tr data-number="{}"><th scope="row">{}</th>{}</tr>')
    return row.format(channel.number, first, markup.each("<td>{}</td>", rest))


def _cell(name: str, value: object) -> Cell:
    if name == "unit":
        return unit_words(str(value))
    if isinstance(value, float):
        return significant(value)
    if isinstance(value, tuple):
        return ", ".join(str(item) for item in value)
    return value if isinstance(value, str | int) else None


def statistics_findings_html(statistics: RecordingStatistics) -> str:
    """Return what the statistics show, in words; a sentence if nothing is odd."""
    return markup.findings(statistics.findings) or markup.paragraph(
        "Nothing odd was found in the signals."
    )
