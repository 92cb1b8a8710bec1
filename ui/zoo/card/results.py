"""What was measured of a net, with its protocol and intervals, as people read it."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from zoo.card.history import Metric, Result

RATIO_METRICS = ("sensitivity", "precision", "f1", "specificity", "accuracy", "auc")
# Measures that have a column; all others are told in words, with the EEG they belong to.
COLUMNS = ("sensitivity", "precision", "f1", "false_alarms_per_24h", "latency_s")


def results_html(results: Sequence[Result]) -> str:
    """Return a table of all results, how they came about, and what else was measured."""
    if not results:
        return markup.paragraph(words.NOT_MEASURED)
    names = [name for name in COLUMNS if any(name in one.metrics for one in results)]
    intervals = {one.interval.rstrip(". ") for one in results if one.interval}
    shared = intervals if len(intervals) == 1 else set()
    header = (words.MEASURED_ON, words.HOW_MUCH, *(metric_name(name) for name in names))
    head = "".join(f'<th scope="col">{html.escape(tr(name))}</th>' for name in header)
    body = "".join(_row_html(result, names) for result in results)
    return (
        f'<div class="scroll zoo-results"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
        + _protocols_html(results)
        + "".join(markup.paragraph(tr(words.INTERVALS, interval=one)) for one in shared)
        + _notes_html(results, with_interval=not shared)
    )


def result_line(result: Result) -> str:
    """Return one result in a line."""
    metrics = ", ".join(
        f"{metric_name(name).lower()} {figure_words(name, metric.value)}"
        for name, metric in result.metrics.items()
    )
    return f"{result.dataset} ({amount_words(result)}): {metrics or tr(words.NO_FIGURES)}"


def amount_words(result: Result) -> str:
    """Return how much EEG a result rests on."""
    return (
        f"{count_words(result.n_recordings, 'recording')}, "
        f"{count_words(result.n_seizures, 'seizure')}, {result.hours:.3g} h"
    )


def metric_name(name: str) -> str:
    """Return a measure's name as people write it."""
    said = (
        name.removeprefix("n_")
        .replace("_per_24h", " per 24 h")
        .removesuffix("_s")
        .replace("_", " ")
    )
    return "F1" if name == "f1" else said.capitalize()


def figure_words(name: str, value: float | None) -> str:
    """Return a measure's value with as many digits as it deserves."""
    if value is None:
        return tr(words.UNDEFINED)
    if name.split("_")[-1] in RATIO_METRICS:
        return f"{value:.2f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g} s" if name.endswith("_s") else f"{value:.3g}"


def _row_html(result: Result, names: Sequence[str]) -> str:
    """Return a row; below the EEG's name stands how it was kept apart from training."""
    cells = (amount_words(result), *(_cell(name, result.metrics.get(name)) for name in names))
    return (
        f'<tr><th scope="row">{html.escape(result.dataset)}'
        f"<small>{html.escape(_capital(result.split))}</small></th>"
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )


def _cell(name: str, metric: Metric | None) -> str:
    if metric is None:
        return ""
    said = figure_words(name, metric.value)
    if metric.ci_low is None or metric.ci_high is None:
        return said
    low, high = figure_words(name, metric.ci_low), figure_words(name, metric.ci_high)
    return tr(words.WITH_INTERVAL, value=said, low=low, high=high)


def _protocols_html(results: Sequence[Result]) -> str:
    """Return the rules of the measurements, each once."""
    protocols = list(dict.fromkeys(one.protocol for one in results))
    if len(protocols) == 1:
        return markup.paragraph(tr(words.PROTOCOL, protocol=protocols[0]))
    return markup.bullets(
        tr(
            words.PROTOCOL_OF,
            datasets=", ".join(one.dataset for one in results if one.protocol == protocol),
            protocol=protocol,
        )
        for protocol in protocols
    )


def _notes_html(results: Sequence[Result], *, with_interval: bool) -> str:
    notes = [note for one in results if (note := _note(one, with_interval=with_interval))]
    return markup.folded(words.RESULT_NOTES, markup.bullets(notes)) if notes else ""


def _note(result: Result, *, with_interval: bool) -> str:
    parts = [result.interval if with_interval else "", *_further(result), result.note]
    said = ". ".join(_capital(part.rstrip(". ")) for part in parts if part)
    return f"{result.dataset}: {said}." if said else ""


def _further(result: Result) -> Iterator[str]:
    """Yield the measures that have no column."""
    others = [
        f"{metric_name(name).lower()} {_cell(name, metric)}"
        for name, metric in result.metrics.items()
        if name not in COLUMNS
    ]
    if others:
        yield tr(words.ALSO_MEASURED, figures=", ".join(others))


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
