"""Which model to take: one that can read the recording, best by the cards' own figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from seizure_core.messages import Message

if TYPE_CHECKING:
    from seizure_core.recording import Recording
    from zoo.card.schema import ArchitectureCard

DEFAULT_RULE: Final = (
    "the shipped model with the best event F1 at the worse end of its 95 % interval, by the "
    "figures of its card on validation recordings, or on simulated EEG where those are few"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a model can read a recording.

    Attributes
    ----------
    n_channels : int
        Channels it gets.
    n_wanted : int or None
        Channels it was made for; None for any montage.
    sampling_rate_hz : float
        Lowest rate of those channels in the file.
    rate_share : float
        That rate as a share of the model's, at most 1: above it the recording holds nothing.
    """

    n_channels: int
    n_wanted: int | None
    sampling_rate_hz: float
    rate_share: float

    @property
    def coverage(self) -> float:
        """Share of its channels that it gets, 0 to 1."""
        return self.n_channels / self.n_wanted if self.n_wanted else 1.0

    @property
    def words(self) -> str:
        """What it reads, as a sentence without its end."""
        template = "reads {n} of its {wanted} channels here, at {hz:g} Hz"
        if self.n_wanted is None:
            template = "takes any montage: reads {n} channels here, at {hz:g} Hz"
        elif self.n_channels == self.n_wanted:
            template = "reads all of its {wanted} channels here, at {hz:g} Hz"
        return Message(template, n=self.n_channels, wanted=self.n_wanted, hz=self.sampling_rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A model to take.

    Attributes
    ----------
    model_id : str or None
        None if no model can read the recording.
    reason : str
        One line that says why.
    """

    model_id: str | None
    reason: str


def reading_of(recording: Recording, card: ArchitectureCard, dead: Collection[int] = ()) -> Reading:
    """Return how a model can read a recording, by its labels, rates and length alone.

    Parameters
    ----------
    recording : Recording
        The file; no sample of it is read.
    card : ArchitectureCard
        Of the model.
    dead : collection of int
        Channels without any value, from `dead_channels`, where they are known.

    Raises
    ------
    RecordingError
        It cannot, for the reason prediction would give.
    """
    # Here and not above: the help of a command says the rule and need not wait for them.
    from seizure_core.channels.planning import plan_any_channels, plan_channels
    from seizure_core.errors import RecordingTooShortError
    from seizure_core.signals.input_rates import rate_groups

    contract = card.input
    if contract.channels is None:
        few = contract.min_channels or 1
        plan = plan_any_channels(recording, min_channels=few, dead=dead, told=False)
    else:
        plan = plan_channels(
            recording,
            contract.channels,
            min_coverage=contract.min_coverage,
            dead=dead,
            told=False,
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


def recommend(recording: Recording, cards: Mapping[str, ArchitectureCard]) -> Recommendation:
    """Return the model to take for a recording, and why.

    Of the models that can read it, that with the best figures on its card (`rank_of`), weighed
    by the share of its channels and of its sampling rate that the recording has.

    Parameters
    ----------
    recording : Recording
        The file; no sample of it is read.
    cards : mapping of str to ArchitectureCard
        The models to choose from, by id; of equal ones the first is taken.
    """
    from seizure_core.errors import SeizureZooError
    from zoo.card.evidence import chosen_by, rank_of

    readings: dict[str, Reading] = {}
    refusal: str = Message("The zoo has no models yet.")
    for model_id, card in cards.items():
        try:
            readings[model_id] = reading_of(recording, card)
        except SeizureZooError as error:
            refusal = Message("No model can read this recording: {reason}", reason=error)
    if not readings:
        return Recommendation(model_id=None, reason=refusal)

    def weighed(model_id: str) -> tuple[float, ...]:
        share = readings[model_id].coverage * readings[model_id].rate_share
        return *(share * figure for figure in rank_of(cards[model_id])), share

    best = max(readings, key=weighed)
    reason = Message(
        "It {reads}; {figures}.", reads=readings[best].words, figures=chosen_by(cards[best])
    )
    return Recommendation(model_id=best, reason=reason)


def default_model() -> str | None:
    """Return the shipped model with the best figures; None if none can be used."""
    from zoo.card.evidence import rank_of
    from zoo.store.registry import Registry

    cards = Registry.load().cards(sources={"shipped"})
    return max(cards, key=lambda model_id: rank_of(cards[model_id]), default=None)
