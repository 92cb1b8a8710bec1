"""Which models of the catalogue are shown, and in which order."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from seizure_core.channels.plan import dead_channels
from seizure_core.errors import SeizureZooError
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from ui.zoo.catalogue import ListedModel, figure
from zoo.card.schema import ArchitectureCard

Order = Literal[
    "registry", "title", "newest", "parameters", "window", "sensitivity", "false_alarms"
]
Montage = Literal["any", "all_montages", "fixed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for; the defaults let everything through.

    Attributes
    ----------
    words : str
        All of them must occur in the model's texts.
    sources, licences : tuple of str
        One of them; empty means any.
    windows_s, rates_hz : tuple of float
        One of them; empty means any.
    montage : str
        "any", "all_montages" for models that take any channels, "fixed" for the others.
    max_parameters : int or None
        Not more than so many.
    dataset : str or None
        The scores looked at are those on this EEG; None takes those with most seizures.
    min_sensitivity : float
        0 to 1; a model without the figure does not pass a level above 0.
    max_false_alarms : float or None
        Per 24 h; a model without the figure does not pass.
    recording : Recording or None
        Only models that can be used on it.
    """

    words: str = ""
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    windows_s: tuple[float, ...] = ()
    rates_hz: tuple[float, ...] = ()
    montage: Montage = "any"
    max_parameters: int | None = None
    dataset: str | None = None
    min_sensitivity: float = 0.0
    max_false_alarms: float | None = None
    recording: Recording | None = None


def matching(
    models: Sequence[ListedModel], wanted: Wanted, order: Order
) -> tuple[ListedModel, ...]:
    """Return the models that are wanted, in an order; ties stay in the registry's order."""
    found = [one for one in models if _fits_facts(one, wanted) and _fits_scores(one, wanted)]
    if wanted.recording is not None:
        # Read once for all: a dead channel shows itself only at its end.
        dead = _dead_channels(wanted.recording)
        found = [one for one in found if fits(one.card, wanted.recording, dead)]
    if order == "registry":
        return tuple(found)
    return tuple(sorted(found, key=_key(order, wanted.dataset), reverse=order == "newest"))


def fits(card: ArchitectureCard, recording: Recording, dead: Collection[int]) -> bool:
    """Return whether a model can be used on a recording, by what prediction itself asks of it.

    Parameters
    ----------
    card : ArchitectureCard
        Of the model.
    recording : Recording
        The file.
    dead : collection of int
        Its channels without any value, from `dead_channels`.
    """
    contract = card.input
    try:
        fed = prepare_input(
            recording,
            channels=contract.channels,
            sampling_rate_hz=contract.sampling_rate_hz,
            min_coverage=contract.min_coverage,
            min_channels=contract.min_channels or 1,
            dead=dead,
        )
    except SeizureZooError:
        return False
    return min(recording.duration_s, fed.duration_s) >= contract.window_s


def _dead_channels(recording: Recording) -> tuple[int, ...]:
    try:
        return dead_channels(recording)
    except SeizureZooError:  # cannot be read (any more): prediction says so
        return ()


def _fits_facts(model: ListedModel, wanted: Wanted) -> bool:
    card, texts = model.card, model.searched
    takes_any = card.input.channels is None
    most = wanted.max_parameters
    return (
        all(word in texts for word in wanted.words.casefold().split())
        and (not wanted.sources or model.source in wanted.sources)
        and (not wanted.licences or card.license in wanted.licences)
        and (not wanted.windows_s or card.input.window_s in wanted.windows_s)
        and (not wanted.rates_hz or card.input.sampling_rate_hz in wanted.rates_hz)
        and (wanted.montage == "any" or takes_any == (wanted.montage == "all_montages"))
        and (most is None or card.weights.n_parameters <= most)
    )


def _fits_scores(model: ListedModel, wanted: Wanted) -> bool:
    sensitivity, false_alarms = _figures(model, wanted.dataset)
    most = wanted.max_false_alarms
    return (
        (wanted.dataset is None or model.result_on(wanted.dataset) is not None)
        and (not wanted.min_sensitivity or sensitivity >= wanted.min_sensitivity)
        and (most is None or false_alarms <= most)
    )


def _figures(model: ListedModel, dataset: str | None) -> tuple[float, float]:
    """Return sensitivity and false alarms per 24 h; what nothing says counts as the worst."""
    result = model.result_on(dataset)
    found, alarms = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
    return -math.inf if found is None else found, math.inf if alarms is None else alarms


def _key(order: Order, dataset: str | None) -> Callable[[ListedModel], tuple[float | str, ...]]:
    def score(model: ListedModel) -> tuple[float, float]:
        sensitivity, false_alarms = _figures(model, dataset)
        return -sensitivity, false_alarms

    keys: dict[str, Callable[[ListedModel], tuple[float | str, ...]]] = {
        "title": lambda model: (model.card.title.casefold(), model.model_id),
        "newest": lambda model: (model.card.created,),
        "parameters": lambda model: (model.card.weights.n_parameters,),
        "window": lambda model: (model.card.input.window_s,),
        "sensitivity": score,
        "false_alarms": lambda model: score(model)[::-1],
    }
    return keys[order]
