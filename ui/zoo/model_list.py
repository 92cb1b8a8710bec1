"""The models as cards in a list. Texts of cards may hold anything and are shown as text."""

from __future__ import annotations

import html
from collections.abc import Collection, Sequence

from ui.i18n import text
from ui.i18n import zoo_text as words
from ui.i18n.translation import tr
from ui.i18n.wording import count_words
from ui.widgets import markup
from ui.zoo.catalogue import ListedModel, figure
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard


def list_html(
    models: Sequence[ListedModel],
    *,
    n_all: int,
    dataset: str | None = None,
    chosen: str | None = None,
    picked: Collection[str] = (),
) -> str:
    """Return the list.

    Parameters
    ----------
    models : sequence of ListedModel
        Those to show, in order.
    n_all : int
        How many there are in the zoo; says which empty state is shown.
    dataset : str, optional
        On which EEG the scores shown were measured.
    chosen : str, optional
        The model whose card is open.
    picked : collection of str
        Those that are to be compared.
    """
    if not models:
        return markup.empty(
            tr(
                "No net fits. Take a word out of the search, or clear the filters; other nets may "
                "be on the <em>Hub</em>."
            )
            if n_all
            else tr(words.NO_NETS)
        )
    items = "".join(
        _item(one, dataset, is_chosen=one.model_id == chosen, is_picked=one.model_id in picked)
        for one in models
    )
    return f'<ul class="zoo-nets" aria-label="{html.escape(tr(words.LIST_LABEL))}">{items}</ul>'


def count_html(n_found: int, n_all: int) -> str:
    """Return how many models were found, announced when it changes."""
    if n_found == n_all:
        said = tr("1 net") if n_all == 1 else tr("{n} nets", n=n_all)
    else:
        said = tr("{shown} of {n} nets", shown=n_found, n=n_all)
    return f'<p class="zoo-count" role="status">{html.escape(said)}</p>'


def badges_html(model: ListedModel) -> str:
    """Return where a model comes from, as small labels."""
    labels = [tr(text.SOURCE_WORDS[model.source])]
    if model.registry is not None:
        labels.append(tr("registry {registry}", registry=model.registry))
    if not model.is_here:
        labels.append(tr("fetched at first use"))
    return "".join(f'<span class="zoo-badge">{html.escape(one)}</span>' for one in labels)


def score_words(result: Result | None) -> str:
    """Return a result in one line, with what it was measured on."""
    if result is None:
        return tr(words.NOT_MEASURED)
    sensitivity, alarms = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
    figures = [] if sensitivity is None else [tr("finds {share:.0%}", share=sensitivity)]
    if alarms is not None:
        figures.append(tr("{n:,.3g} false alarms per 24 h", n=alarms))
    said = ", ".join(figures) or tr("no such figure")
    return tr(
        "{figures}: {dataset} ({seizures}, {hours:.3g} h)",
        figures=said[0].upper() + said[1:],
        dataset=result.dataset,
        seizures=count_words(result.n_seizures, "seizure"),
        hours=result.hours,
    )


def _facts_words(card: ArchitectureCard) -> str:
    channels = tr(words.ANY_MONTAGE)
    if card.input.channels is not None:
        n = len(card.input.channels)
        channels = tr("1 channel") if n == 1 else tr("{n} channels", n=n)
    facts = (
        channels,
        tr(words.HERTZ, hz=card.input.sampling_rate_hz),
        tr(words.SECONDS, s=card.input.window_s),
        tr("{n:,} parameters", n=card.weights.n_parameters),
        card.license,
    )
    return " · ".join(facts)


def _item(model: ListedModel, dataset: str | None, *, is_chosen: bool, is_picked: bool) -> str:
    card = model.card
    model_id = html.escape(card.model_id, quote=True)
    pick = html.escape(tr("Compare {title}", title=card.title), quote=True)
    return (
        f'<li class="zoo-net{" chosen" if is_chosen else ""}">'
        f'<button type="button" class="zoo-open" data-net="{model_id}"'
        f"{' aria-current=true' if is_chosen else ''}>"
        f'<span class="zoo-title">{html.escape(card.title)}</span></button>'
        f'<p class="zoo-id">{html.escape(card.model_id)} {html.escape(card.version)}</p>'
        f'<p class="zoo-badges">{badges_html(model)}</p>'
        f'<p class="zoo-facts">{html.escape(_facts_words(card))}</p>'
        f'<p class="zoo-score">{html.escape(score_words(model.result_on(dataset)))}</p>'
        f'<label class="zoo-pick"><input type="checkbox" data-pick="{model_id}" '
        f'aria-label="{pick}"{" checked" if is_picked else ""}>'
        f"{html.escape(tr('Compare'))}</label></li>"
    )
