"""The card of a net as a page. Card texts may hold anything and are shown as text."""

from __future__ import annotations

import html
from collections.abc import Callable

from ui.drawings.head import head_html
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.widgets import markup
from ui.zoo.card.network_view import card_network_html, settings_words
from ui.zoo.card.operating_points import output_html
from ui.zoo.card.results import results_html
from ui.zoo.card.training import history_html, training_html
from ui.zoo.card.views import input_words
from ui.zoo.catalogue import Catalogue, NetFacts
from ui.zoo.model_list import badges_html
from zoo.card.schema import ArchitectureCard


def head_of_page_html(card: ArchitectureCard, net: NetFacts) -> str:
    """Return what stands above the buttons: which net this is."""
    said = (
        (tr(words.ID), card.model_id),
        (tr(words.VERSION), card.version),
        (tr(words.CREATED), card.created),
        (tr(words.AUTHORS), ", ".join(card.authors) or tr(words.NOT_GIVEN)),
        (tr(words.LICENCE), card.license),
        (tr(words.SIZE), f"{card.weights.n_parameters:,}"),
    )
    return (
        f'<header class="zoo-card-head"><h2>{html.escape(card.title)}</h2>'
        f'<p class="zoo-badges">{badges_html(net)}</p>{markup.facts(said)}</header>'
    )


def card_page_html(card: ArchitectureCard, catalogue: Catalogue) -> str:
    """Return the card below the buttons.

    Parameters
    ----------
    card : ArchitectureCard
        Of the net.
    catalogue : Catalogue
        All nets, of which some may be relatives.
    """
    sections: tuple[tuple[str, Callable[[], str]], ...] = (
        (tr(words.CARD_INPUT), lambda: _input_html(card)),
        (tr(words.CARD_RESULTS), lambda: results_html(card.results)),
        (tr(words.CARD_OUTPUT), lambda: output_html(card)),
        (tr(words.CARD_NETWORK), lambda: card_network_html(card)),
        (tr(words.CARD_TRAINING), lambda: training_html(card)),
        (tr(words.CARD_HISTORY), lambda: history_html(card, catalogue)),
        (tr(words.CARD_PROOF), lambda: _proof_html(card)),
    )
    body = "".join(
        f"<section>{markup.heading(name)}{content()}</section>" for name, content in sections
    )
    return f'<article class="card zoo-card">{_purpose_html(card)}{body}</article>'


def _purpose_html(card: ArchitectureCard) -> str:
    """Return purpose and limits side by side: neither is read without the other."""
    return (
        '<div class="zoo-purpose">'
        f"<section>{markup.heading(words.USE)}{markup.paragraph(card.intended_use)}</section>"
        f'<section class="zoo-limits">{markup.heading(words.LIMITS)}'
        f"{markup.paragraph(card.limitations)}</section></div>"
    )


def _input_html(card: ArchitectureCard) -> str:
    contract = card.input
    drawing = head_html(contract.channels, min_channels=contract.min_channels)
    facts = markup.facts([*input_words(card), (tr(words.UNIT), _unit_words(contract.unit))])
    return (
        f'<div class="zoo-input">{drawing}<div>{facts}{_preprocessing_html(card)}'
        f"{_channels_html(card)}</div></div>"
    )


def _unit_words(unit: str) -> str:
    return unit.replace("u", "\u00b5")


def _channels_html(card: ArchitectureCard) -> str:
    channels = card.input.channels
    if channels is None:
        return ""
    return markup.folded(
        tr(words.CHANNEL_LIST, n=len(channels)), markup.paragraph(", ".join(channels))
    )


def _preprocessing_html(card: ArchitectureCard) -> str:
    steps = card.input.preprocessing
    if not steps:
        return markup.paragraph(words.NO_PREPROCESSING)
    return markup.paragraph(f"{tr(words.PREPROCESSING)}:") + markup.bullets(
        settings_words(step, first="step") for step in steps
    )


def _proof_html(card: ArchitectureCard) -> str:
    return markup.facts(
        (
            (tr(words.CARD_HASH), card.sha256),
            (tr(words.WEIGHTS_HASH), card.weights.sha256),
            (tr(words.WEIGHTS_SIZE), tr(words.BYTES, n=card.weights.size_bytes)),
        )
    ) + markup.paragraph(words.GOLDEN)
