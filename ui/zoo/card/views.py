"""What a card says in short. Card texts may hold anything and are shown as text."""

from __future__ import annotations

from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard

RATIO_METRICS = ("sensitivity", "precision", "f1", "specificity", "accuracy", "auc")


def input_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a model needs, as names and values."""
    contract = card.input
    if contract.channels is None:
        channels = tr(words.CHANNELS_ANY, n=contract.min_channels)
    else:
        n = len(contract.channels)
        channels = tr(words.CHANNELS_FIXED, n=n, share=contract.min_coverage)
    window = tr(words.WINDOW_STRIDE, s=contract.window_s, stride=contract.stride_s)
    return [
        (words.MONTAGE, channels),
        (words.RATE, tr(words.RATE_RESAMPLED, hz=contract.sampling_rate_hz)),
        (words.WINDOW, window),
    ]


def output_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a model gives and how events are made of it, as names and values."""
    output = card.output
    every = words.ONE_A_WINDOW if output.step_s is None else words.EVERY_STEP
    levels = tr(words.THRESHOLDS, on=output.threshold, off=output.threshold_off)
    return [
        (words.OUTPUT, tr(every, s=output.step_s)),
        (words.THRESHOLD, levels),
        (words.SMOOTHING, tr(words.SECONDS, s=output.smoothing_s)),
        (words.SHORTEST, tr(words.SECONDS, s=output.min_duration_s)),
        (words.MERGED, tr(words.SECONDS, s=output.merge_gap_s)),
    ]


def summary_html(card: ArchitectureCard) -> str:
    """Return a card in short: what the model needs, how well it does, where not to use it."""
    facts = markup.facts([*input_words(card), (words.THRESHOLD, f"{card.output.threshold:g}")])
    results = markup.bullets(result_line(result) for result in card.results)
    return (
        f'<div class="card-summary">{facts}{markup.heading(words.HOW_WELL)}'
        f"{results if card.results else markup.paragraph(words.NOT_MEASURED)}"
        f"{markup.heading(words.LIMITS)}{markup.paragraph(card.limitations)}</div>"
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
    said = name.removeprefix("n_").replace("_per_24h", " per 24 h").removesuffix("_s")
    return "F1" if name == "f1" else said.replace("_", " ").capitalize()


def figure_words(name: str, value: float | None) -> str:
    """Return a measure's value with as many digits as it deserves."""
    if value is None:
        return tr(words.UNDEFINED)
    if name.split("_")[-1] in RATIO_METRICS:
        return f"{value:.2f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g} s" if name.endswith("_s") else f"{value:.3g}"
