"""The models as cards in a list. Texts of cards may hold anything and are shown as text."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from ui.i18n import words
from ui.i18n.translation import tr, tr_message
from ui.widgets import markup
from ui.zoo.catalogue import ListedModel
from zoo.card.evidence import Evidence, figures_words, teaching_reason, verdict
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard

_ITEM = Markup(
    '<li class="zoo-model{chosen}">'
    '<button type="button" class="zoo-open" data-model="{model_id}"{current}>'
    '<span class="zoo-title">{title}</span></button>'
    '<p class="zoo-id">{subtitle}</p>'
    '<p class="zoo-badges">{badges}</p>'
    '<p class="zoo-facts">{facts}</p>'
    '<p class="zoo-score">{score}</p>'
    '<label class="zoo-pick"><input type="checkbox" data-pick="{model_id}" '
    'aria-label="{pick_label}"{checked}>{pick}</label></li>'
)


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
        no_fit = (
            "No model fits. Take a word out of the search, or clear the filters; other models may "
            "be on the <em>Hub</em>."
        )
        return markup.empty(no_fit if n_all else words.NO_MODELS_YET)
    items = markup.joined(
        _item(one, dataset, is_chosen=one.model_id == chosen, is_picked=one.model_id in picked)
        for one in models
    )
    listed = Markup('<ul class="zoo-models" aria-label="{}">{}</ul>')
    return listed.format(tr(words.LIST_LABEL), items)


def count_html(n_found: int, n_all: int) -> str:
    """Return how many models were found, announced when it changes."""
    if n_found == n_all:
        said = tr("1 model") if n_all == 1 else tr("{n} models", n=n_all)
    else:
        said = tr("{shown} of {n} models", shown=n_found, n=n_all)
    return Markup('<p class="zoo-count" role="status">{}</p>').format(said)


def badges_html(model: ListedModel) -> Markup:
    """Return where a model comes from, and whether it is for teaching only, as small labels."""
    labels = [] if model.source == "shipped" else [tr(words.SOURCE_WORDS[model.source])]
    if teaching_reason(model.card):
        labels.append(tr("for teaching"))
    if model.registry is not None:
        labels.append(tr("registry {registry}", registry=model.registry))
    if not model.is_here:
        labels.append(tr("downloaded at first use"))
    return markup.each('<span class="zoo-badge">{}</span>', labels)


def score_words(result: Result | None) -> str:
    """Return a result in one line, with what it was measured on."""
    if result is None:
        return tr(words.NOT_MEASURED)
    found = Evidence.of([result])
    said = tr_message(figures_words(found)) if found.n_recordings else tr("no such figure")
    return tr("{dataset}: {figures}", dataset=result.dataset, figures=said)


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


def _item(model: ListedModel, dataset: str | None, *, is_chosen: bool, is_picked: bool) -> Markup:
    card = model.card
    return _ITEM.format(
        chosen=" chosen" if is_chosen else "",
        current=Markup(" aria-current=true") if is_chosen else "",
        model_id=card.model_id,
        title=model.name,
        subtitle=model.subtitle,
        badges=badges_html(model),
        facts=_facts_words(card),
        score=score_words(model.result_on(dataset)) if dataset else tr_message(verdict(card)),
        pick_label=tr("Compare {title}", title=model.name),
        checked=" checked" if is_picked else "",
        pick=tr("Compare"),
    )
