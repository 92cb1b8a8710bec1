"""Statistics of channels as a table whose headings explain themselves and sort the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from pathlib import Path

from markupsafe import Markup

from seizure_core.stats.channel_statistics import ChannelStatistics, RecordingStatistics
from seizure_core.stats.facts import STATISTIC_FACTS, StatisticFact
from seizure_core.stats.spectra import MAINS_HZ, PowerSpectrum
from ui.i18n.translation import tr
from ui.i18n.wording import short_words
from ui.widgets import markup
from ui.widgets.views import unit_words

_FACTS = tuple(fact for name, fact in STATISTIC_FACTS.items() if name != "number")
_FIRST = {"mean", "std", "min", "max", "n_missing", "flat_fraction", "line_length_per_s"}
_SHARES = ("_missing", "_fraction", "_relative", "_ratio")


def sorting_script() -> str:
    """Return what the browser runs for the table: rows are sorted by a heading."""
    return Path(__file__).with_name("statistics_table.js").read_text(encoding="utf-8")


def statistics_table_html(statistics: RecordingStatistics) -> str:
    """Return the whole-file statistics, a row for each channel.

    Eight columns are in sight; a switch, which needs no server, shows the others. Units stand in
    the headings; where channels differ in unit, the column of units alone tells them. Each heading
    is a button that sorts, described by what the column means.
    """
    units = {channel.unit for channel in statistics.channels}
    unit = units.pop() if len(units) == 1 else None
    first = {"label", _mains_column(statistics.spectra), *_FIRST} | (set() if unit else {"unit"})
    return Markup(
        '<label class="all-columns"><input type="checkbox">{}</label>'
        '<div class="statistics" tabindex="0" role="region" aria-label="{}">'
        "<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(
        tr("All columns"),
        tr("Statistics of each channel"),
        markup.joined(_heading(fact, unit, first) for fact in _FACTS),
        markup.joined(_row(channel, first) for channel in statistics.channels),
    )


def _mains_column(spectra: Sequence[PowerSpectrum]) -> str:
    """Return the statistic of the mains frequency that stands out more in the recording."""

    def prominence(mains_hz: float) -> float:
        each = [spectrum.mains_prominence(mains_hz) for spectrum in spectra]
        return sum(one for one in each if math.isfinite(one))

    return f"mains_{max(MAINS_HZ, key=prominence):g}hz_ratio"


def _style(name: str, first: Set[str]) -> str:
    return "" if name in first else "rest"


def _heading(fact: StatisticFact, unit: str | None, first: Set[str]) -> Markup:
    return Markup(
        '<th scope="col" class="{style}" aria-sort="none">'
        '<button type="button" aria-describedby="{tip}">'
        '{title}</button><span role="tooltip" id="{tip}">{explanation}</span></th>'
    ).format(
        style=_style(fact.field, first),
        tip=f"statistic-{fact.field}",
        title=_title(fact, unit),
        explanation=tr(fact.explanation),
    )


def _title(fact: StatisticFact, unit: str | None) -> str:
    title = tr(fact.title)
    if fact.field.endswith(_SHARES):
        return f"{title} (%)"
    if unit is None and "{unit}" in fact.unit:
        return title
    written = fact.unit_for(unit or "")
    return f"{title} ({written})" if written else title


def _row(channel: ChannelStatistics, first: Set[str]) -> Markup:
    cells = (_cell(fact.field, _value(channel, fact.field), first) for fact in _FACTS[1:])
    row = Markup('<tr data-number="{}"><th scope="row">{}</th>{}</tr>')
    return row.format(channel.number, channel.label, markup.joined(cells))


def _value(channel: ChannelStatistics, name: str) -> object:
    value = getattr(channel, name)
    if name == "n_missing":
        value = value / channel.n_samples if channel.n_samples else math.nan
    return 100.0 * value if name.endswith(_SHARES) else value


def _cell(name: str, value: object, first: Set[str]) -> Markup:
    """Return a cell with three digits of a number; rows are sorted by all of it."""
    style = _style(name, first)
    if isinstance(value, int | float):
        number = Markup('<td class="{}" data-value="{}">{}</td>')
        return number.format(style, float(value), short_words(value))
    words = (
        ", ".join(str(item) for item in value)
        if isinstance(value, tuple)
        else unit_words(str(value))
    )
    return Markup('<td class="{}">{}</td>').format(style, words)


def statistics_findings_html(statistics: RecordingStatistics) -> str:
    """Return what the statistics show, in words; a sentence if nothing is odd."""
    return markup.findings(statistics.findings) or markup.paragraph(
        "No problems were found in the signals."
    )
