"""The card of a model as a page. Card texts may hold anything and are shown as text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ui.drawings.head import head_html
from ui.drawings.network import network_html, network_svg
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import TIMES, number_words
from ui.widgets import markup
from ui.zoo.card.results import output_html, results_html
from ui.zoo.card.training import history_html, training_html
from ui.zoo.card.views import input_words
from ui.zoo.catalogue import Catalogue, ListedModel
from ui.zoo.model_list import badges_html
from zoo.card.schema import ArchitectureCard
from zoo.layers.base import Layer, LayerReport

INDENT = "\u2003"


@runtime_checkable
class _CompositeRow(Protocol):
    """A layer made of named lists of layers."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]: ...


def head_of_page_html(model: ListedModel) -> str:
    """Return what stands above the buttons: which model this is."""
    card = model.card
    facts = markup.facts(
        (
            (words.ID, card.model_id),
            (words.VERSION, card.version),
            (words.CREATED, card.created),
            (words.AUTHORS, ", ".join(card.authors) or tr(words.NOT_GIVEN)),
            (words.LICENCE, card.license),
            (words.SIZE, f"{card.weights.n_parameters:,}"),
        )
    )
    return (
        f'<header class="zoo-card-head"><h2>{html.escape(card.title)}</h2>'
        f'<p class="zoo-badges">{badges_html(model)}</p>{facts}</header>'
    )


def card_page_html(card: ArchitectureCard, catalogue: Catalogue) -> str:
    """Return the card below the buttons; the catalogue's other models may be relatives."""
    sections = (
        (words.CARD_INPUT, _input_html(card)),
        (words.CARD_RESULTS, results_html(card.results)),
        (words.CARD_OUTPUT, output_html(card)),
        (words.CARD_NETWORK, card_network_html(card)),
        (words.CARD_TRAINING, training_html(card)),
        (words.CARD_HISTORY, history_html(card, catalogue)),
        (words.CARD_PROOF, _proof_html(card)),
    )
    body = "".join(
        f"<section>{markup.heading(name)}{content}</section>" for name, content in sections
    )
    # Purpose and limits stand side by side: neither is read without the other.
    return (
        '<article class="card zoo-card"><div class="zoo-purpose">'
        f"<section>{markup.heading(words.USE)}{markup.paragraph(card.intended_use)}</section>"
        f'<section class="zoo-limits">{markup.heading(words.LIMITS)}'
        f"{markup.paragraph(card.limitations)}</section></div>{body}</article>"
    )


def _input_html(card: ArchitectureCard) -> str:
    contract = card.input
    drawing = head_html(contract.channels, min_channels=contract.min_channels)
    unit = contract.unit.replace("u", "\u00b5")
    facts = markup.facts([*input_words(card), (words.UNIT, unit)])
    if contract.preprocessing:
        steps = markup.paragraph(f"{tr(words.PREPROCESSING)}:") + markup.bullets(
            settings_words(step, first="step") for step in contract.preprocessing
        )
    else:
        steps = markup.paragraph(words.NO_PREPROCESSING)
    channels = ""
    if contract.channels is not None:
        channels = markup.folded(
            tr(words.CHANNEL_LIST, n=len(contract.channels)),
            markup.paragraph(", ".join(contract.channels)),
        )
    return f'<div class="zoo-input">{drawing}<div>{facts}{steps}{channels}</div></div>'


def card_network_html(card: ArchitectureCard) -> str:
    """Return the network of a model as a drawing, with its layers in a table below."""
    report = card.network_report()
    n_channels, n_samples = card.input.build_channels, card.input.window_samples
    first = (tr(words.INPUT_ROW), "", f"{n_channels} {TIMES} {n_samples}", "0")
    name = tr(words.NETWORK_OF, title=card.title)
    drawing = network_svg(
        card.network,
        n_channels=n_channels,
        n_samples=n_samples,
        sampling_rate_hz=card.input.sampling_rate_hz,
        name=name,
    )
    reach_s = report.receptive_field_samples / card.input.sampling_rate_hz
    table = markup.table(words.LAYER_COLUMNS, [first, *_layer_rows(card.network, report.layers)])
    return (
        markup.paragraph(tr(words.NETWORK_FACTS, n=report.n_parameters, s=reach_s))
        + network_html(drawing, name)
        + markup.folded(words.NETWORK_TABLE, markup.paragraph(words.NETWORK_SHAPES) + table)
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
            f"{report.n_parameters:,}",
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
    return isinstance(value, list) and all(isinstance(one, int | float) for one in value)


def _proof_html(card: ArchitectureCard) -> str:
    return markup.facts(
        (
            (words.CARD_HASH, card.sha256),
            (words.WEIGHTS_HASH, card.weights.sha256),
            (words.WEIGHTS_SIZE, tr(words.BYTES, n=card.weights.size_bytes)),
        )
    ) + markup.paragraph(words.GOLDEN)
