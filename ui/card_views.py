"""The card of a net as people read it. Card texts may hold anything and are shown as text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ui import markup
from ui.wording import NOTHING, TIMES, count_words, number_words
from zoo.card import ArchitectureCard
from zoo.card_history import Metric, Result, TrainingData
from zoo.layers.base import Layer
from zoo.network import LayerReport

INDENT = "\u2003"
RATIO_METRICS = ("sensitivity", "precision", "f1", "specificity", "accuracy", "auc")


@runtime_checkable
class _Composite(Protocol):
    """A layer made of named lists of layers."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]: ...


def input_words(card: ArchitectureCard) -> list[tuple[str, str]]:
    """Return what a net needs and gives, as names and values."""
    contract, output = card.input, card.output
    channels = (
        f"any {contract.min_channels} or more"
        if contract.channels is None
        else f"{len(contract.channels)}, at least {contract.min_coverage:.0%} of them"
    )
    return [
        ("Channels", channels),
        ("Sampling rate", f"{contract.sampling_rate_hz:g} Hz (recordings are resampled)"),
        ("Window", f"{contract.window_s:g} s, a step of {contract.stride_s:g} s"),
        ("Output", "one value a window" if output.step_s is None else f"every {output.step_s:g} s"),
        ("Threshold", f"starts at {output.threshold:g}, ends below {output.threshold_off:g}"),
        ("Smoothing", f"{output.smoothing_s:g} s"),
        ("Shortest event", f"{output.min_duration_s:g} s"),
        ("Events merged within", f"{output.merge_gap_s:g} s"),
    ]


def summary_html(card: ArchitectureCard) -> str:
    """Return a card in short: what the net needs, how well it does, where not to use it."""
    return (
        '<div class="card-summary">'
        + markup.facts([*input_words(card)[:3], ("Threshold", f"{card.output.threshold:g}")])
        + markup.heading("How well it does")
        + (markup.bullets(_result_line(result) for result in card.results) or "")
        + ("" if card.results else markup.paragraph("Nothing was measured."))
        + markup.heading("Limits")
        + markup.paragraph(card.limitations)
        + "</div>"
    )


def card_html(card: ArchitectureCard) -> str:
    """Return the whole card."""
    parts = (
        f"<h2>{html.escape(card.title)}</h2>",
        markup.facts(_identity(card)),
        markup.heading("Intended use"),
        markup.paragraph(card.intended_use),
        markup.heading("Limits"),
        markup.paragraph(card.limitations),
        markup.heading("What it needs and gives"),
        markup.facts(input_words(card)),
        _channels_html(card),
        _preprocessing_html(card.input.preprocessing),
        markup.heading("Results"),
        _results_html(card.results),
        markup.heading("Network"),
        _network_html(card),
        markup.heading("Training"),
        _training_html(card),
    )
    return f'<article class="card">{"".join(parts)}</article>'


def _identity(card: ArchitectureCard) -> list[tuple[str, str]]:
    facts = [
        ("Id", card.model_id),
        ("Version", card.version),
        ("Created", card.created),
        ("Authors", ", ".join(card.authors) or "not given"),
        ("Licence", card.license),
        ("Parameters", f"{card.weights.n_parameters:,}"),
        ("Weights (SHA-256)", card.weights.sha256[:16] + "…"),
    ]
    if card.parent is not None:
        facts.append(("Trained further from", f"{card.parent.model_id} {card.parent.version}"))
    return facts


def _channels_html(card: ArchitectureCard) -> str:
    if card.input.channels is None:
        return ""
    return markup.paragraph("Channels in order: " + ", ".join(card.input.channels))


def _preprocessing_html(steps: Sequence[Mapping[str, Any]]) -> str:
    if not steps:
        return markup.paragraph("Preprocessing: none besides resampling.")
    return markup.paragraph("Preprocessing, in order:") + markup.bullets(
        _settings_words(step, first="step") for step in steps
    )


def _results_html(results: Sequence[Result]) -> str:
    """Return one table of all results, a column for every measure, and how each came about."""
    if not results:
        return markup.paragraph("Nothing was measured.")
    names = list(dict.fromkeys(name for result in results for name in result.metrics))
    rows = (
        (
            result.dataset,
            _amount_words(result),
            *(_metric_cell(name, result.metrics.get(name)) for name in names),
        )
        for result in results
    )
    return markup.table(
        ("Measured on", "How much", *(_metric_name(name) for name in names)), rows
    ) + markup.bullets(_how_measured(result) for result in results)


def _how_measured(result: Result) -> str:
    parts = (result.split, result.protocol, result.interval, result.note)
    return f"{result.dataset}: " + ". ".join(part.rstrip(". ") for part in parts if part) + "."


def _metric_cell(name: str, metric: Metric | None) -> str:
    if metric is None:
        return ""
    words = _metric_words(name, metric)
    if metric.ci_low is None or metric.ci_high is None:
        return words
    low, high = _figure_words(name, metric.ci_low), _figure_words(name, metric.ci_high)
    return f"{words} ({low} to {high})"


def _result_line(result: Result) -> str:
    metrics = ", ".join(
        f"{_metric_name(name).lower()} {_metric_words(name, metric)}"
        for name, metric in result.metrics.items()
    )
    return f"{result.dataset} ({_amount_words(result)}): {metrics or 'no figures'}"


def _amount_words(result: Result) -> str:
    return (
        f"{count_words(result.n_recordings, 'recording')}, "
        f"{count_words(result.n_seizures, 'seizure')}, {result.hours:.3g} h"
    )


def _metric_name(name: str) -> str:
    words = (
        name.removeprefix("n_")
        .replace("_per_24h", " per 24 h")
        .removesuffix("_s")
        .replace("_", " ")
    )
    return "F1" if name == "f1" else words.capitalize()


def _metric_words(name: str, metric: Metric) -> str:
    return _figure_words(name, metric.value)


def _figure_words(name: str, value: float | None) -> str:
    if value is None:
        return "undefined"
    if name.split("_")[-1] in RATIO_METRICS:
        return f"{value:.2f}"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g} s" if name.endswith("_s") else f"{value:.3g}"


def _network_html(card: ArchitectureCard) -> str:
    report = card.network_report()
    window = f"{card.input.build_channels} {TIMES} {card.input.window_samples}"
    rows = [("input", "", window, "0"), *_layer_rows(card.network, report.layers)]
    reach_s = report.receptive_field_samples / card.input.sampling_rate_hz
    return markup.paragraph(
        f"{report.n_parameters:,} parameters; one output sees {reach_s:.3g} s of EEG. "
        f"Shapes are channels {TIMES} samples of one window."
    ) + markup.table(("Layer", "Settings", "Output", "Parameters"), rows)


def _layer_rows(
    layers: Sequence[Layer], reports: Sequence[LayerReport], depth: int = 0
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each layer; what is inside a composite layer follows, set in."""
    for layer, report in zip(layers, reports, strict=True):
        yield (
            INDENT * depth + report.type,
            _settings_words(_own_settings(layer)),
            f" {TIMES} ".join(str(size) for size in report.output_shape),
            f"{report.n_parameters:,}",
        )
        if isinstance(layer, _Composite):
            for (name, inner), part in zip(layer.parts(), report.parts, strict=True):
                yield (INDENT * (depth + 1) + f"[{name}]", "", "", "")
                yield from _layer_rows(inner, part.layers, depth + 2)


def _own_settings(layer: Layer) -> dict[str, Any]:
    """Return the hyper-parameters of a layer, without the layers inside it."""
    given = layer.model_dump(mode="json", exclude_unset=True, exclude={"type"})
    return {
        name: value
        for name, value in given.items()
        if not isinstance(value, list | dict) or _is_numbers(value)
    }


def _is_numbers(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, int | float) for one in value)


def _settings_words(settings: Mapping[str, Any], *, first: str | None = None) -> str:
    head = [str(settings[first])] if first and first in settings else []
    rest = [f"{name} {number_words(value)}" for name, value in settings.items() if name != first]
    return ", ".join(head + rest)


def _training_html(card: ArchitectureCard) -> str:
    training = card.training
    facts = [
        ("Split", training.split.method + (" (leaks)" if training.split.leaks else "")),
        ("Seed", str(training.seed)),
        *((_setting_name(name), number_words(value)) for name, value in training.settings.items()),
        *training.software.items(),
    ]
    return (
        markup.table(
            ("Data", "Recordings", "Seizures", "Hours", "Windows", "Subjects"),
            (_data_row(data) for data in training.data),
        )
        + markup.bullets(f"{data.name}: {data.note}" for data in training.data if data.note)
        + markup.facts(facts)
        + "".join(
            markup.paragraph(words)
            for words in (training.split.description, training.note)
            if words
        )
    )


def _setting_name(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _data_row(data: TrainingData) -> tuple[str, ...]:
    windows = [data.n_seizure_windows, data.n_background_windows]
    return (
        data.name,
        _count(data.n_recordings),
        _count(data.n_seizures),
        NOTHING if data.hours is None else f"{data.hours:.3g}",
        " + ".join(_count(one) for one in windows)
        if any(w is not None for w in windows)
        else NOTHING,
        ", ".join(data.subjects) or NOTHING,
    )


def _count(number: int | None) -> str:
    return NOTHING if number is None else f"{number:,}"
