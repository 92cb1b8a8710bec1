"""The nets as cards in a list. Texts of cards may hold anything and are shown as text."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from ui.zoo.catalogue import ModelScore, NetFacts


def list_html(
    nets: Sequence[NetFacts],
    *,
    n_all: int,
    dataset: str | None = None,
    chosen: str | None = None,
    picked: Collection[str] = (),
) -> str:
    """Return the list.

    Parameters
    ----------
    nets : sequence of NetFacts
        Those to show, in order.
    n_all : int
        How many there are in the zoo; says which empty state is shown.
    dataset : str, optional
        On which EEG the scores shown were measured.
    chosen : str, optional
        The net whose card is open.
    picked : collection of str
        Those that are to be compared.
    """
    if not nets:
        return markup.empty(tr(words.NOTHING_FOUND) if n_all else tr(words.NO_NETS))
    items = "".join(
        _item(net, dataset, is_chosen=net.model_id == chosen, is_picked=net.model_id in picked)
        for net in nets
    )
    return f'<ul class="zoo-nets" aria-label="{html.escape(tr(words.LIST_LABEL))}">{items}</ul>'


def count_html(n_found: int, n_all: int) -> str:
    """Return how many nets were found, announced when it changes."""
    if n_found == n_all:
        said = tr(words.COUNT_ONE) if n_all == 1 else tr(words.COUNT_ALL, n=n_all)
    else:
        said = tr(words.COUNT_SOME, shown=n_found, n=n_all)
    return f'<p class="zoo-count" role="status">{html.escape(said)}</p>'


def badges_html(net: NetFacts) -> str:
    """Return where a net comes from, as small labels."""
    labels = [tr(text.SOURCE_WORDS[net.source])]
    if net.registry is not None:
        labels.append(tr(words.FROM_REGISTRY, registry=net.registry))
    if not net.is_here:
        labels.append(tr(words.NOT_HERE))
    return "".join(f'<span class="zoo-badge">{html.escape(one)}</span>' for one in labels)


def channels_words(net: NetFacts) -> str:
    """Return how many channels a net wants."""
    if net.channels is None:
        return tr(words.ANY_MONTAGE)
    n = len(net.channels)
    return tr(words.ONE_CHANNEL) if n == 1 else tr(words.N_CHANNELS, n=n)


def score_words(score: ModelScore | None) -> str:
    """Return a score in one line, with what it was measured on."""
    if score is None:
        return tr(words.NOT_MEASURED)
    figures = []
    if score.sensitivity is not None:
        figures.append(tr(words.SCORE_FOUND, share=score.sensitivity))
    if score.false_alarms_per_24h is not None:
        figures.append(tr(words.SCORE_ALARMS, n=score.false_alarms_per_24h))
    said = ", ".join(figures) or tr(words.SCORE_NONE)
    return tr(
        words.SCORE_ON,
        figures=said[0].upper() + said[1:],
        dataset=score.dataset,
        seizures=count_words(score.n_seizures, "seizure"),
        hours=score.hours,
    )


def _item(net: NetFacts, dataset: str | None, *, is_chosen: bool, is_picked: bool) -> str:
    model_id = html.escape(net.model_id, quote=True)
    facts = (
        channels_words(net),
        tr(words.HERTZ, hz=net.sampling_rate_hz),
        tr(words.SECONDS, s=net.window_s),
        tr(words.N_PARAMETERS, n=net.n_parameters),
        net.license,
    )
    pick = html.escape(tr(words.PICK_LABEL, title=net.title), quote=True)
    ticked = " checked" if is_picked else ""
    return (
        f'<li class="zoo-net{" chosen" if is_chosen else ""}">'
        f'<button type="button" class="zoo-open" data-net="{model_id}"'
        f"{' aria-current=true' if is_chosen else ''}>"
        f'<span class="zoo-title">{html.escape(net.title)}</span></button>'
        f'<p class="zoo-id">{html.escape(net.model_id)} {html.escape(net.version)}</p>'
        f'<p class="zoo-badges">{badges_html(net)}</p>'
        f'<p class="zoo-facts">{html.escape(" · ".join(facts))}</p>'
        f'<p class="zoo-score">{html.escape(score_words(net.score_on(dataset)))}</p>'
        f'<label class="zoo-pick"><input type="checkbox" data-pick="{model_id}" '
        f'aria-label="{pick}"{ticked}>{html.escape(tr(words.PICK))}</label>'
        "</li>"
    )
