"""Parts of a card's page: the summary, the results, and how output becomes events."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from ui.i18n.wording import NOTHING, count_words, figure_words
from ui.widgets import markup
from zoo.card.evidence import is_little, verdict
from zoo.card.history import Metric, Result
from zoo.card.output import CARD_POINT, OperatingPoint, PostProcessingNumbers
from zoo.card.schema import ArchitectureCard
from zoo.card.second_stage import SecondStage

_POINT_COLUMNS = (
    "Operating point",
    "Threshold",
    "Ends below",
    "Smoothing",
    "Minimum duration",
    "Merge gap",
    "Sensitivity",
    "Precision",
    "False alarms per 24 h",
)

# Measures that have a column; all others are told in words, with the EEG they belong to.
COLUMNS = ("sensitivity", "precision", "f1", "false_alarms_per_24h", "latency_s")
POINT_MEASURES = ("sensitivity", "precision", "false_alarms_per_24h")
_STAGE_MEASURES = frozenset(
    f"{name}{suffix}"
    for name in ("sensitivity", "false_alarms_per_24h")
    for suffix in ("", "_without")
)


def results_html(results: Sequence[Result]) -> Markup:
    """Return a table of all results, how they came about, and what else was measured."""
    if not results:
        return markup.paragraph(words.NOT_MEASURED)
    names = [name for name in COLUMNS if any(result.measured(name) for result in results)]
    intervals = {result.interval.rstrip(". ") for result in results if result.interval}
    shared = intervals if len(intervals) == 1 else set()
    table = markup.keyed_table(
        ("Measured on", "Amount", *(metric_name(name) for name in names)),
        (_row(result, names) for result in results),
    )
    return (
        Markup('<div class="zoo-results">{}</div>').format(table)
        + _protocols_html(results)
        + markup.joined(
            markup.paragraph(tr("In brackets: {interval}.", interval=text)) for text in shared
        )
        + _notes_html(results, with_interval=not shared)
    )


def _row(result: Result, names: Sequence[str]) -> tuple[str, list[str]]:
    """Return a row; below the EEG's name stands how it was kept apart from training."""
    key = Markup("{}<small>{}</small>").format(result.dataset, _capital(result.split))
    cells = [_cell(name, result.measured(name)) for name in names]
    amount = amount_words(result)
    if is_little(result.n_seizures, result.hours):
        amount = f"{amount} ({tr('few data')})"
    return key, [amount, *cells]


def _cell(name: str, metric: Metric | None) -> str:
    if metric is None:
        return ""
    said = measure_words(name, metric.value)
    if metric.ci_low is None or metric.ci_high is None:
        return said
    low, high = measure_words(name, metric.ci_low), measure_words(name, metric.ci_high)
    return tr("{value} ({low} to {high})", value=said, low=low, high=high)


def _protocols_html(results: Sequence[Result]) -> Markup:
    """Return the rules of the measurements, each once."""
    protocols = list(dict.fromkeys(result.protocol for result in results))
    if len(protocols) == 1:
        return markup.paragraph(tr("Protocol: {protocol}.", protocol=protocols[0]))
    return markup.bullets(
        tr(
            "{datasets}: {protocol}.",
            datasets=", ".join(result.dataset for result in results if result.protocol == protocol),
            protocol=protocol,
        )
        for protocol in protocols
    )


def _notes_html(results: Sequence[Result], *, with_interval: bool) -> Markup:
    notes = [note for result in results if (note := _note(result, with_interval=with_interval))]
    return (
        markup.folded("Intervals, further figures and notes", markup.bullets(notes))
        if notes
        else Markup()
    )


def _note(result: Result, *, with_interval: bool) -> str:
    """Return what has no column: the interval, further measures, the card's own note."""
    others = [
        f"{metric_name(name).lower()} {_cell(name, metric)}"
        for name, metric in result.metrics.items()
        if name.removeprefix("event_") not in COLUMNS and metric.value is not None
    ]
    parts = (
        result.interval if with_interval else "",
        tr("Also: {figures}", figures=", ".join(others)) if others else "",
        result.note,
    )
    said = ". ".join(_capital(part.rstrip(". ")) for part in parts if part)
    return f"{result.dataset}: {said}." if said else ""


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def output_html(card: ArchitectureCard) -> Markup:
    """Return how a model's output becomes events, and what its probabilities are worth."""
    points, calibration = card.output.operating_points, card.training.calibration
    if points is None:
        shown = markup.facts(output_words(card))
    else:
        rows = (_point_row(name, point) for name, point in card.output.points.items())
        data = tr_message(points.chosen_on.rstrip(". "))
        shown = (
            markup.facts(output_words(card)[:1])
            + Markup('<div class="zoo-points">{}</div>').format(markup.table(_POINT_COLUMNS, rows))
            + markup.paragraph(tr("Chosen on {data}, where they gave these figures.", data=data))
        )
    if card.output.second_stage is not None:
        shown += markup.paragraph(_second_stage_words(card.output.second_stage))
    if calibration is None:
        return shown
    said = tr(
        "Calibrated on {fitted_on}: probabilities were off by {before:.3f} on average before, by "
        "{after:.3f} after.",
        fitted_on=calibration.fitted_on.rstrip(". "),
        before=calibration.before.expected_calibration_error,
        after=calibration.after.expected_calibration_error,
    )
    return shown + markup.paragraph(said)


def _second_stage_words(stage: SecondStage) -> str:
    """Return what the second stage drops, and what it gains and costs."""
    said = tr(
        "A second stage drops events whose probability of being a seizure is below {threshold:g}.",
        threshold=stage.threshold,
    )
    known = {name: one.value for name, one in stage.metrics.items() if one.value is not None}
    if not known.keys() >= _STAGE_MEASURES:
        return said
    gain = tr(
        "Where its threshold was chosen it leaves {alarms:.0f} of {alarms_without:.0f} false "
        "alarms per 24 h and {found:.0%} of seizures found instead of {found_without:.0%}.",
        alarms=known["false_alarms_per_24h"],
        alarms_without=known["false_alarms_per_24h_without"],
        found=known["sensitivity"],
        found_without=known["sensitivity_without"],
    )
    return f"{said} {gain}"


def _point_row(name: str, point: PostProcessingNumbers) -> tuple[str, ...]:
    metrics = point.metrics if isinstance(point, OperatingPoint) else {}
    lengths_s = (point.smoothing_s, point.min_duration_s, point.merge_gap_s)
    return (
        tr("Default" if name == CARD_POINT else words.POINT_WORDS.get(name, name)),
        figure_words(point.threshold),
        figure_words(point.threshold_off),
        *(tr(words.SECONDS, s=length_s) for length_s in lengths_s),
        *(
            measure_words(measure, metrics[measure].value) if measure in metrics else NOTHING
            for measure in POINT_MEASURES
        ),
    )


RATIO_METRICS = ("sensitivity", "precision", "f1", "specificity", "accuracy", "auc")


def input_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a model needs, as names and values."""
    contract = card.input
    if contract.channels is None:
        channels = tr("any {n} or more", n=contract.min_channels)
    else:
        n = len(contract.channels)
        channels = tr("{n}, at least {share:.0%} of them", n=n, share=contract.min_coverage)
    window = tr("{s:g} s, a step of {stride:g} s", s=contract.window_s, stride=contract.stride_s)
    return [
        (words.MONTAGE, channels),
        (words.RATE, tr("{hz:g} Hz (recordings are resampled)", hz=contract.sampling_rate_hz)),
        (words.WINDOW, window),
    ]


def output_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a model gives and how events are made of it, as names and values."""
    output = card.output
    every = "one value a window" if output.step_s is None else "every {s:g} s"
    levels = tr(
        "starts at {on:g}, ends below {off:g}", on=output.threshold, off=output.threshold_off
    )
    return [
        ("Output", tr(every, s=output.step_s)),
        (words.THRESHOLD, levels),
        ("Smoothing", tr(words.SECONDS, s=output.smoothing_s)),
        ("Minimum duration", tr(words.SECONDS, s=output.min_duration_s)),
        ("Merge gap", tr(words.SECONDS, s=output.merge_gap_s)),
    ]


def summary_html(card: ArchitectureCard) -> Markup:
    """Return a card in short: how good the model is, its limits, what it needs."""
    return Markup('<div class="card-summary">{}</div>').format(
        verdict_html(card)
        + markup.heading(words.LIMITS)
        + markup.paragraph(card.limitations)
        + markup.facts([*input_words(card), (words.THRESHOLD, figure_words(card.output.threshold))])
    )


def verdict_html(card: ArchitectureCard) -> Markup:
    """Return how good a model is, in a sentence from its own figures."""
    return Markup('<p class="zoo-verdict">{}</p>').format(tr_message(verdict(card)))


def amount_words(result: Result) -> str:
    """Return how much EEG a result rests on."""
    return (
        f"{count_words(result.n_recordings, 'recording')}, "
        f"{count_words(result.n_seizures, 'seizure')}, {figure_words(result.hours)} h"
    )


def metric_name(name: str) -> str:
    """Return a measure's name as people write it."""
    said = name.removeprefix("n_").replace("_per_24h", " per 24 h").removesuffix("_s")
    return "F1" if name == "f1" else said.replace("_", " ").capitalize()


def measure_words(name: str, value: float | None) -> str:
    """Return a measure's value with as many digits as it deserves; a dash if undefined."""
    if value is None or name.split("_")[-1] in RATIO_METRICS:
        return figure_words(value, ".2f")
    said = figure_words(value)
    return f"{said} s" if name.endswith("_s") else said
