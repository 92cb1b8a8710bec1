"""The network of a card: its drawing, and every layer as a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from ui.drawings.network import network_html, network_svg
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import TIMES, number_words
from ui.widgets import markup
from zoo.card.schema import ArchitectureCard
from zoo.layers.base import Layer, LayerReport

INDENT = "\u2003"


@runtime_checkable
class _CompositeRow(Protocol):
    """A layer made of named lists of layers."""

    def parts(self) -> list[tuple[str, Sequence[Layer]]]: ...


def card_network_html(card: ArchitectureCard) -> str:
    """Return the network of a net as a drawing, with its layers in a table below."""
    report = card.network_report()
    window = f"{card.input.build_channels} {TIMES} {card.input.window_samples}"
    rows = [(tr(words.INPUT_ROW), "", window, "0"), *_layer_rows(card.network, report.layers)]
    name = tr(words.NETWORK_OF, title=card.title)
    drawing = network_svg(
        card.network,
        n_channels=card.input.build_channels,
        n_samples=card.input.window_samples,
        sampling_rate_hz=card.input.sampling_rate_hz,
        name=name,
    )
    reach_s = report.receptive_field_samples / card.input.sampling_rate_hz
    return (
        markup.paragraph(tr(words.NETWORK_FACTS, n=report.n_parameters, s=reach_s))
        + network_html(drawing, name)
        + markup.folded(
            words.NETWORK_TABLE,
            markup.paragraph(words.NETWORK_SHAPES) + markup.table(words.LAYER_COLUMNS, rows),
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
