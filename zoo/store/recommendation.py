"""Recommendation of a model: the one with the best figures among those that fit a recording."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seizure_core.messages import Message

if TYPE_CHECKING:
    from seizure_core.recording import Recording
    from zoo.card.schema import ArchitectureCard

DEFAULT_RULE: Final = (
    "the shipped model with the best event F1 at the worse end of its interval, by the "
    "figures of its card on validation recordings, or on simulated EEG where those are few"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Fit of a model to a recording.

    Attributes
    ----------
    n_channels : int
        Available channels.
    n_wanted : int or None
        Channels of the model; None for any montage.
    sampling_rate_hz : float
        Lowest stored sampling rate of these channels.
    rate_share : float
        That rate relative to the model's, at most 1.
    """

    n_channels: int
    n_wanted: int | None
    sampling_rate_hz: float
    rate_share: float

    @property
    def coverage(self) -> float:
        """Fraction of the model's channels that are available, 0 to 1."""
        return self.n_channels / self.n_wanted if self.n_wanted else 1.0

    @property
    def words(self) -> str:
        """The fit as a clause, such as "18 of 18 channels"."""
        template = "reads {n} of its {wanted} channels here, at {hz:g} Hz"
        if self.n_wanted is None:
            template = "takes any montage: reads {n} channels here, at {hz:g} Hz"
        elif self.n_channels == self.n_wanted:
            template = "reads all of its {wanted} channels here, at {hz:g} Hz"
        return Message(template, n=self.n_channels, wanted=self.n_wanted, hz=self.sampling_rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A recommended model.

    Attributes
    ----------
    model_id : str or None
        None if no model fits the recording.
    reason : str
        As one line.
    """

    model_id: str | None
    reason: str


def reading_of(recording: Recording, card: ArchitectureCard, dead: Collection[int] = ()) -> Reading:
    """Return the fit of a model to a recording, by labels, sampling rates and duration.

    Parameters
    ----------
    recording : Recording
        No samples are read.
    dead : collection of int
        Channels without signal, from `dead_channels`, if known.

    Raises
    ------
    RecordingError
        It does not fit; the reason is that of a prediction.
    """
    # Imported here: command-line help only needs the rule.
    from seizure_core.channels.planning import plan_any_channels, plan_channels
    from seizure_core.errors import RecordingTooShortError
    from seizure_core.signals.model_input import rate_groups

    contract = card.input
    if contract.channels is None:
        few = contract.min_channels or 1
        plan = plan_any_channels(recording, min_channels=few, dead=dead, with_findings=False)
    else:
        plan = plan_channels(
            recording,
            contract.channels,
            min_coverage=contract.min_coverage,
            dead=dead,
            with_findings=False,
        )
    groups = rate_groups(recording, plan, contract.sampling_rate_hz)
    n_samples = min(group.resampler.n_output for group in groups)
    if min(recording.duration_s, n_samples / contract.sampling_rate_hz) < contract.window_s:
        raise RecordingTooShortError(
            recording.file_name, duration_s=recording.duration_s, window_s=contract.window_s
        )
    slowest_hz = groups[0].sampling_rate_hz
    return Reading(
        n_channels=len(plan.sources) - len(plan.missing),
        n_wanted=contract.n_channels,
        sampling_rate_hz=slowest_hz,
        rate_share=min(1.0, slowest_hz / contract.sampling_rate_hz),
    )


def suited(recording: Recording, cards: Mapping[str, ArchitectureCard]) -> dict[str, str]:
    """Return the models that can read a recording, the best first, each with why.

    The best has the best figures on its card (`rank_of`), weighed by the share of its channels
    and of its sampling rate that the recording has.

    Parameters
    ----------
    recording : Recording
        The file; no sample of it is read.
    cards : mapping of str to ArchitectureCard
        The models to choose from, by id; equal ones stay in order.

    Raises
    ------
    SeizureZooError
        None can read it, for the reason of the last.
    """
    from seizure_core.errors import SeizureZooError
    from zoo.card.evidence import chosen_by, rank_of

    readings: dict[str, Reading] = {}
    refusal: SeizureZooError | None = None
    for model_id, card in cards.items():
        try:
            readings[model_id] = reading_of(recording, card)
        except SeizureZooError as error:
            refusal = error
    if refusal is not None and not readings:
        raise refusal

    def weighed(model_id: str) -> tuple[float, ...]:
        share = readings[model_id].coverage * readings[model_id].rate_share
        return *(share * figure for figure in rank_of(cards[model_id])), share

    return {
        one: Message(
            "It {reads}; {figures}.", reads=readings[one].words, figures=chosen_by(cards[one])
        )
        for one in sorted(readings, key=weighed, reverse=True)
    }


def recommend(recording: Recording, cards: Mapping[str, ArchitectureCard]) -> Recommendation:
    """Return the model to take for a recording, and why; or why there is none."""
    from seizure_core.errors import SeizureZooError

    try:
        found = suited(recording, cards)
    except SeizureZooError as error:
        reason = Message("No model can read this recording: {reason}", reason=error)
        return Recommendation(model_id=None, reason=reason)
    if not found:
        return Recommendation(model_id=None, reason=Message("The zoo has no models yet."))
    model_id, said = next(iter(found.items()))
    return Recommendation(model_id=model_id, reason=said)


def default_model() -> str | None:
    """Return the shipped model with the best figures; None if none is usable."""
    from zoo.card.evidence import rank_of
    from zoo.store.registry import Registry

    cards = Registry.load().cards(sources={"shipped"})
    return max(cards, key=lambda model_id: rank_of(cards[model_id]), default=None)
