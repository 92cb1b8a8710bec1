"""The card of a model as a page. Card texts may hold anything and are shown as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from markupsafe import Markup

from seizure_core.recording import Finding
from ui.drawings.head import head_html
from ui.drawings.network import network_html, network_svg
from ui.i18n import words
from ui.i18n.translation import grouped, tr
from ui.i18n.wording import NOTHING, TIMES, figure_words, number_words
from ui.train.curves import curves_html
from ui.widgets import markup
from ui.zoo.card.results import input_words, output_html, results_html, verdict_html
from ui.zoo.catalogue import Catalogue, ListedModel
from ui.zoo.model_list import badges_html
from zoo.card.history import Parent, TrainingData
from zoo.card.schema import ArchitectureCard
from zoo.layers.base import Layer, LayerReport

_LAYER_COLUMNS = ("Layer", "Settings", "Output", "Parameters")
_DATA_COLUMNS = ("Data", "Recordings", "Seizures", "Hours", "Windows", "Subjects")

INDENT = "\u2003"


@runtime_checkable
class _CompositeRow(Protocol):
    """A layer made of named lists of layers."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]: ...


def head_of_page_html(model: ListedModel) -> Markup:
    """Return what stands above the buttons: which model this is."""
    card = model.card
    facts = markup.facts(
        (
            ("Created", card.created),
            ("Authors", ", ".join(card.authors) or tr("not given")),
            (words.LICENCE, card.license),
            (words.SIZE, grouped(card.weights.n_parameters)),
        )
    )
    return Markup(
        '<header class="zoo-card-head"><h2>{}</h2><p class="zoo-id">{}</p>{}'
        '<p class="zoo-badges">{}</p>{}</header>'
    ).format(model.name, model.subtitle, verdict_html(card), badges_html(model), facts)


def card_page_html(card: ArchitectureCard, catalogue: Catalogue) -> Markup:
    """Return the card below the buttons; the catalogue's other models may be relatives."""
    sections = (
        ("Input", _input_html(card)),
        ("Results", results_html(card.results)),
        ("Event detection", output_html(card)),
        ("Network", card_network_html(card)),
        ("Training", training_html(card)),
        ("Versions", history_html(card, catalogue)),
        ("Checksums", _proof_html(card)),
    )
    # Purpose and limits stand side by side: neither is read without the other.
    return Markup(
        '<article class="card zoo-card"><div class="zoo-purpose"><section>{use}</section>'
        '<section class="zoo-limits">{limits}</section></div>{more}</article>'
    ).format(
        use=markup.heading("Intended use") + markup.paragraph(card.intended_use),
        limits=markup.heading(words.LIMITS) + markup.paragraph(card.limitations),
        more=markup.joined(markup.folded(name, content) for name, content in sections),
    )


def _input_html(card: ArchitectureCard) -> Markup:
    contract = card.input
    drawing = head_html(contract.channels, min_channels=contract.min_channels)
    unit = contract.unit.replace("u", "\u00b5")
    facts = markup.facts([*input_words(card), ("Unit", unit)])
    if contract.preprocessing:
        steps = markup.paragraph(f"{tr('Preprocessing, in order')}:") + markup.bullets(
            settings_words(step, first="step") for step in contract.preprocessing
        )
    else:
        steps = markup.paragraph("Preprocessing: none besides resampling.")
    channels = Markup()
    if contract.channels is not None:
        channels = markup.folded(
            tr("The {n} channels in order", n=len(contract.channels)),
            markup.paragraph(", ".join(contract.channels)),
        )
    told = facts + steps + channels
    return Markup('<div class="zoo-input">{}<div>{}</div></div>').format(drawing, told)


def card_network_html(card: ArchitectureCard) -> Markup:
    """Return the network of a model as a drawing, with its layers in a table below."""
    report = card.network_report()
    n_channels, n_samples = card.input.build_channels, card.input.window_samples
    first = (tr("input"), "", f"{n_channels} {TIMES} {n_samples}", "0")
    name = tr("Network of {title}", title=card.title)
    drawing = network_svg(
        card.network,
        n_channels=n_channels,
        n_samples=n_samples,
        sampling_rate_hz=card.input.sampling_rate_hz,
        name=name,
    )
    reach_s = report.receptive_field_samples / card.input.sampling_rate_hz
    table = markup.table(_LAYER_COLUMNS, [first, *_layer_rows(card.network, report.layers)])
    return (
        markup.paragraph(
            tr(
                "{n:,} parameters; one output sees {s:.3g} s of EEG.",
                n=report.n_parameters,
                s=reach_s,
            )
        )
        + network_html(drawing, name)
        + markup.folded(
            "Every layer with its settings",
            markup.paragraph("Shapes are channels \u00d7 samples of one window.") + table,
        )
    )


def settings_words(settings: Mapping[str, Any], *, first: str | None = None) -> str:
    """Return settings in a line; the value named `first` stands alone at the beginning."""
    head = [str(settings[first])] if first and first in settings else []
    rest = [f"{name} {number_words(value)}" for name, value in settings.items() if name != first]
    return ", ".join(head + rest)


def _layer_rows(
    layers: Sequence[Layer], reports: Sequence[LayerReport], depth: int = 0
) -> Iterator[tuple[str, str, str, str]]:
    """Yield a row for each layer; what is inside a composite layer follows, set in."""
    for layer, report in zip(layers, reports, strict=True):
        yield (
            INDENT * depth + report.type,
            settings_words(_own_settings(layer)),
            f" {TIMES} ".join(str(size) for size in report.output_shape),
            grouped(report.n_parameters),
        )
        if isinstance(layer, _CompositeRow):
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
    return isinstance(value, list) and all(isinstance(number, int | float) for number in value)


def _proof_html(card: ArchitectureCard) -> Markup:
    return markup.facts(
        (
            ("Card (SHA-256)", card.sha256),
            ("Weights (SHA-256)", card.weights.sha256),
            ("Weights", tr("{n:,} bytes of safetensors", n=card.weights.size_bytes)),
        )
    ) + markup.paragraph(
        "On loading, both hashes are checked, and the model must reproduce the output"
        " stored on its card."
    )


def training_html(card: ArchitectureCard) -> Markup:
    """Return what the model was trained on, how it was split, and how the training went."""
    training, split = card.training, card.training.split
    warnings = (
        [
            Finding.warning(
                "Windows of training and validation may share samples: validation figures "
                "flatter this model."
            )
        ]
        if split.leaks
        else []
    )
    curves = markup.paragraph("The card keeps no learning curves.")
    if training.history:
        curves = markup.subheading("Learning curves") + curves_html(training.history)
    settings = [
        ("Split", tr("{method} (leaks)", method=split.method) if split.leaks else split.method),
        ("Seed", str(training.seed)),
        *(
            (name.replace("_", " ").capitalize(), number_words(value))
            for name, value in training.settings.items()
        ),
        *training.software.items(),
    ]
    return (
        markup.table(_DATA_COLUMNS, (_data_row(data) for data in training.data))
        + markup.bullets(f"{data.name}: {data.note}" for data in training.data if data.note)
        + markup.findings(warnings)
        + markup.joined(
            markup.paragraph(said) for said in (split.description, training.note) if said
        )
        + curves
        + markup.folded(
            "Settings of the training and versions of the software", markup.facts(settings)
        )
    )


def history_html(card: ArchitectureCard, catalogue: Catalogue) -> Markup:
    """Return the versions of a model and the models it descends from or that descend from it."""
    versions = [
        (entry.version, entry.created, entry.note) for entry in reversed(card.training.versions)
    ] or [(card.version, card.created, tr("First version."))]
    lines = markup.bullets(
        tr("{version} ({created}): {note}", version=version, created=created, note=note)
        for version, created, note in versions
    )
    parent = markup.paragraph("Trained from scratch.")
    if card.parent is not None:
        parent = _line("Fine-tuned from", [_parent_html(card.parent, catalogue)])
    children = [
        model_link(model.model_id, model.model_id)
        for model in catalogue.models
        if model.card.parent is not None and model.card.parent.model_id == card.model_id
    ]
    return lines + parent + (_line("Fine-tuned from this model", children) if children else "")


def model_link(model_id: str, said: str) -> Markup:
    """Return words that open the card of a model when they are pressed."""
    link = Markup('<button type="button" class="zoo-link" data-model="{}">{}</button>')
    return link.format(model_id, said)


def _parent_html(parent: Parent, catalogue: Catalogue) -> str:
    if catalogue.find(parent.model_id) is None:
        return tr(
            "{model_id} {version} (not in this zoo)",
            model_id=parent.model_id,
            version=parent.version,
        )
    return model_link(parent.model_id, f"{parent.model_id} {parent.version}")


def _line(name: str, items: Sequence[str]) -> Markup:
    return Markup("<p>{}: {}</p>").format(tr(name), Markup(", ").join(items))


def _data_row(data: TrainingData) -> tuple[str, ...]:
    windows = [data.n_seizure_windows, data.n_background_windows]
    has_windows = any(window is not None for window in windows)
    return (
        data.name,
        _count(data.n_recordings),
        _count(data.n_seizures),
        figure_words(data.hours),
        " + ".join(map(_count, windows)) if has_windows else NOTHING,
        ", ".join(data.subjects) or NOTHING,
    )


def _count(number: int | None) -> str:
    return NOTHING if number is None else grouped(number)
