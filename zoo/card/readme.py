"""README of a model, generated from its card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from seizure_core.plain_text import markdown, markdown_paragraphs, yaml_string
from zoo.card.history import Metric, Result
from zoo.card.schema import CARD_FILE, ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.layers.base import LayerReport

README_FILE = "README.md"

TAGS = ("seizure-zoo", "eeg", "seizure-detection")


def model_files(card: ArchitectureCard, weights: bytes) -> dict[str, bytes]:
    """Return the files of a model folder by name."""
    return {
        CARD_FILE: card.to_json(),
        WEIGHTS_FILE: weights,
        README_FILE: model_readme(card).encode("utf-8"),
    }


def model_readme(card: ArchitectureCard) -> str:
    """Return the README: YAML metadata and Markdown, with all texts of the card escaped."""
    return f"{_metadata(card)}\n\n{readme_body(card, name=card.model_id, card_file=CARD_FILE)}"


def readme_body(card: ArchitectureCard, *, name: str, card_file: str) -> str:
    """Return the Markdown below the metadata.

    Parameters
    ----------
    name : str
        Argument of `load_detector` in the example: an id or a Hub address.
    card_file : str
        Name of the card file next to the README.
    """
    sections = [
        f"# {markdown(card.title)}",
        f"Model `{card.model_id}`, version {card.version}, of Seizure Zoo: it detects epileptic "
        "seizures in scalp EEG. **Not for clinical use.**",
        "## Intended use",
        markdown_paragraphs(card.intended_use),
        "## Limitations",
        markdown_paragraphs(card.limitations),
        "## Input",
        _input(card),
        "## Network",
        _network(card),
        "## Output",
        _output(card),
        "## Training",
        _training(card),
        "## Results",
        _results(card.results),
        *_versions(card),
        "## Use",
        _use(name),
        "## Files",
        f"`{card_file}` says all of this for programs; `{card.weights.file}` holds "
        f"{card.weights.n_parameters:,} parameters in {card.weights.size_bytes:,} bytes, "
        f"sha256 `{card.weights.sha256}`.",
    ]
    return "\n\n".join(sections) + "\n"


def _metadata(card: ArchitectureCard) -> str:
    lines = ["---", "library_name: seizure-zoo", "tags:", *(f"- {tag}" for tag in TAGS)]
    lines.append(f"license: {yaml_string(card.license.lower())}")
    datasets = list(dict.fromkeys(data.name for data in card.training.data))
    if datasets:
        lines += ["datasets_used:", *(f"- {yaml_string(name)}" for name in datasets)]
    return "\n".join([*lines, "---"])


def _input(card: ArchitectureCard) -> str:
    contract = card.input
    if contract.channels is None:
        channels = f"any montage of {contract.build_channels} channels or more"
    else:
        names = ", ".join(markdown(name) for name in contract.channels)
        channels = (
            f"{len(contract.channels)}, in this order: {names}. At least "
            f"{contract.min_coverage:.0%} of them must be there or derivable"
        )
    steps = "; ".join(
        markdown(" ".join(f"{key} {value}" for key, value in step.items()))
        for step in contract.preprocessing
    )
    return _bullets(
        (
            ("Channels", channels),
            ("Sampling rate", f"{contract.sampling_rate_hz:g} Hz (recordings are resampled)"),
            ("Window", f"{contract.window_s:g} s, every {contract.stride_s:g} s"),
            ("Unit", "µV"),
            ("Preprocessing", steps or "none"),
        )
    )


def _network(card: ArchitectureCard) -> str:
    report = card.network_report()
    start = f"{card.input.build_channels} x {card.input.window_samples}"
    rows = [("", "input", start, ""), *_layer_rows(report.layers, depth=0)]
    total = (
        f"{report.n_parameters:,} parameters, {report.multiply_adds:,} multiplications a window; "
        f"one output sees {report.receptive_field_samples} samples."
    )
    return f"{_table(('', 'layer', 'output', 'parameters'), rows)}\n\n{total}"


def _layer_rows(layers: Iterable[LayerReport], *, depth: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for layer in layers:
        indent = "- " * depth
        shape = " x ".join(str(size) for size in layer.output_shape)
        rows.append((str(layer.index), f"{indent}{layer.type}", shape, f"{layer.n_parameters:,}"))
        for part in layer.parts:
            rows.append(("", f"{indent}- *{part.name}*", "", ""))
            rows += _layer_rows(part.layers, depth=depth + 1)
    return rows


def _output(card: ArchitectureCard) -> str:
    output = card.output
    step = "window" if output.step_s is None else f"{output.step_s:g} s"
    stage = output.second_stage
    judged = (
        ""
        if stage is None
        else (
            f" A second stage then drops events whose probability of being a seizure is below "
            f"{stage.threshold:g}; it was trained on {markdown(stage.trained_on)}."
        )
    )
    return (
        f"One probability of seizure for each {step}. An event starts at {output.threshold:g} or "
        f"more and ends below {output.threshold_off:g}; smoothing {output.smoothing_s:g} s, gaps "
        f"under {output.merge_gap_s:g} s are bridged, events under {output.min_duration_s:g} s "
        f"are dropped.{judged}"
    )


def _training(card: ArchitectureCard) -> str:
    training = card.training
    rows = [
        (
            markdown(data.name),
            markdown(", ".join(data.subjects)),
            _number(data.hours),
            _number(data.n_seizures),
            _number(data.n_seizure_windows),
            _number(data.n_background_windows),
            markdown(data.note),
        )
        for data in training.data
    ]
    head = ("data", "subjects", "hours", "seizures", "seizure windows", "background windows", "")
    leak = (
        " **Windows of training and validation may share samples.**" if training.split.leaks else ""
    )
    settings = ", ".join(f"{key} {value}" for key, value in training.settings.items())
    software = ", ".join(f"{key} {value}" for key, value in training.software.items())
    facts = _bullets(
        (
            (
                "Split",
                f"{markdown(training.split.method)}. {markdown(training.split.description)}{leak}",
            ),
            ("Settings", markdown(settings) or "none kept"),
            ("Seed", str(training.seed)),
            ("Software", markdown(software) or "not kept"),
            ("Made", f"{card.created} by {markdown(', '.join(card.authors)) or 'unknown'}"),
            ("Trained further from", _parent(card)),
        )
    )
    note = f"\n\n{markdown_paragraphs(training.note)}" if training.note.strip() else ""
    data = _table(head, rows) if rows else "The training data were not described."
    return f"{data}\n\n{facts}{note}"


def _parent(card: ArchitectureCard) -> str:
    if card.parent is None:
        return "nothing, from random weights"
    parent = card.parent
    return (
        f"{markdown(parent.model_id)} {markdown(parent.version)} "
        f"(weights {parent.weights_sha256[:12]})"
    )


def _results(results: Sequence[Result]) -> str:
    if not results:
        return "Nothing was measured."
    blocks = []
    for result in results:
        rows = [(markdown(name), _metric(metric)) for name, metric in result.metrics.items()]
        amount = (
            f"{result.n_seizures} seizures in {result.hours:g} h, {result.n_recordings} recordings"
        )
        lines = [
            f"### {markdown(result.dataset)}",
            f"{markdown(result.protocol)}. {markdown(result.split)} {amount}.",
            _table(("figure", "value"), rows),
        ]
        notes = [text for text in (result.interval, result.note) if text.strip()]
        blocks.append("\n\n".join([*lines, *(markdown_paragraphs(text) for text in notes)]))
    return "\n\n".join(blocks)


def _metric(metric: Metric) -> str:
    value = _number(metric.value) or "undefined"
    if metric.ci_low is None or metric.ci_high is None:
        return value
    return f"{value} ({metric.ci_low:.3g} to {metric.ci_high:.3g})"


def _versions(card: ArchitectureCard) -> list[str]:
    rows = [
        (version.version, version.created, markdown(version.note))
        for version in reversed(card.training.versions)
    ]
    return ["## Versions", _table(("version", "made", "what is new"), rows)] if rows else []


def _use(name: str) -> str:
    return (
        "```python\n"
        "from seizure_core import open_recording\n"
        "from zoo import load_detector\n\n"
        f'detection = load_detector("{name}").detect(open_recording("a.edf"))\n'
        "print(detection.events)\n"
        "```"
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def _bullets(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"- **{name}**: {text}" for name, text in pairs)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + re.sub(r" +", " ", " | ".join(line)) + " |" for line in lines)
