"""Which nets of the catalogue are shown, and in which order."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from seizure_core.channels.plan import dead_channels
from seizure_core.errors import SeizureZooError
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from ui.zoo.catalogue import NetFacts

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
        All of them must occur in the net's texts.
    sources, licences : tuple of str
        One of them; empty means any.
    windows_s, rates_hz : tuple of float
        One of them; empty means any.
    montage : str
        "any", "all_montages" for nets that take any channels, "fixed" for the others.
    max_parameters : int or None
        Not more than so many.
    dataset : str or None
        The scores looked at are those on this EEG; None takes those with most seizures.
    min_sensitivity : float
        0 to 1; a net without the figure does not pass a level above 0.
    max_false_alarms : float or None
        Per 24 h; a net without the figure does not pass.
    recording : Recording or None
        Only nets that can be used on it.
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


def matching(nets: Sequence[NetFacts], wanted: Wanted, order: Order) -> tuple[NetFacts, ...]:
    """Return the nets that are wanted, in an order; ties stay in the registry's order."""
    found = [net for net in nets if _is_wanted(net, wanted)]
    if wanted.recording is not None:
        # Read once for all: a dead channel shows itself only at its end.
        dead = _dead_channels(wanted.recording)
        found = [net for net in found if fits(net, wanted.recording, dead)]
    if order == "registry":
        return tuple(found)
    return tuple(sorted(found, key=_key(order, wanted.dataset), reverse=order == "newest"))


def fits(net: NetFacts, recording: Recording, dead: Collection[int]) -> bool:
    """Return whether a net can be used on a recording, by what prediction itself asks of it.

    Parameters
    ----------
    net : NetFacts
        The net.
    recording : Recording
        The file.
    dead : collection of int
        Its channels without any value, from `dead_channels`.
    """
    try:
        fed = prepare_input(
            recording,
            channels=net.channels,
            sampling_rate_hz=net.sampling_rate_hz,
            min_coverage=net.min_coverage,
            min_channels=net.min_channels or 1,
            dead=dead,
        )
    except SeizureZooError:
        return False
    return min(recording.duration_s, fed.duration_s) >= net.window_s


def _dead_channels(recording: Recording) -> tuple[int, ...]:
    try:
        return dead_channels(recording)
    except SeizureZooError:  # cannot be read (any more): prediction says so
        return ()


def _is_wanted(net: NetFacts, wanted: Wanted) -> bool:
    in_words = all(word in net.searched for word in wanted.words.casefold().split())
    return in_words and _fits_facts(net, wanted) and _fits_scores(net, wanted)


def _fits_facts(net: NetFacts, wanted: Wanted) -> bool:
    takes_any = net.channels is None
    return all(
        (
            not wanted.sources or net.source in wanted.sources,
            not wanted.licences or net.license in wanted.licences,
            not wanted.windows_s or net.window_s in wanted.windows_s,
            not wanted.rates_hz or net.sampling_rate_hz in wanted.rates_hz,
            wanted.montage == "any" or takes_any == (wanted.montage == "all_montages"),
            wanted.max_parameters is None or net.n_parameters <= wanted.max_parameters,
        )
    )


def _fits_scores(net: NetFacts, wanted: Wanted) -> bool:
    score = net.score_on(wanted.dataset)
    if score is None:
        return (
            wanted.dataset is None
            and not wanted.min_sensitivity
            and (wanted.max_false_alarms is None)
        )
    found, alarms = score.sensitivity, score.false_alarms_per_24h
    sensitive = not wanted.min_sensitivity or (
        found is not None and found >= wanted.min_sensitivity
    )
    return sensitive and (
        wanted.max_false_alarms is None
        or (alarms is not None and alarms <= wanted.max_false_alarms)
    )


def _key(order: Order, dataset: str | None) -> Callable[[NetFacts], tuple[float | str, ...]]:
    def sensitivity(net: NetFacts) -> float:
        score = net.score_on(dataset)
        return math.inf if score is None or score.sensitivity is None else -score.sensitivity

    def false_alarms(net: NetFacts) -> float:
        score = net.score_on(dataset)
        alarms = None if score is None else score.false_alarms_per_24h
        return math.inf if alarms is None else alarms

    keys: dict[str, Callable[[NetFacts], tuple[float | str, ...]]] = {
        "title": lambda net: (net.title.casefold(), net.model_id),
        "newest": lambda net: (net.created,),
        "parameters": lambda net: (net.n_parameters,),
        "window": lambda net: (net.window_s,),
        "sensitivity": lambda net: (sensitivity(net), false_alarms(net)),
        "false_alarms": lambda net: (false_alarms(net), sensitivity(net)),
    }
    return keys[order]
