"""What the results of a card amount to: counted, bounded, and said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from scipy.special import gammaincinv

from seizure_core.messages import Message, sentences
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard

Kind = Literal["test only", "validation", "simulated"]

FEW_SEIZURES: Final = 10
FEW_HOURS: Final = 1.0
"""Figures from fewer seizures or less EEG are anecdotes: they carry their count and do not rank."""

# Both ends of a 95 % interval.
_Z, _UPPER = 1.96, 0.975
# Simulated EEG shows how a model behaves, not how good it is on patients.
_WEIGHTS: Mapping[Kind, float] = {"validation": 1.0, "simulated": 0.5}


def kind_of(dataset: str, split: str) -> Kind:
    """Return what kind of EEG a result was measured on, by the words cards have for it."""
    if split.startswith("test only"):
        return "test only"
    return "simulated" if "simulated" in dataset.casefold() else "validation"


def is_little(n_seizures: int, hours: float) -> bool:
    """Return whether figures rest on too little EEG to be rates."""
    return n_seizures < FEW_SEIZURES or hours < FEW_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found in how much EEG, all in counts.

    Attributes
    ----------
    n_recordings, n_seizures, n_found : int
        Recordings, seizures in them, and those that were found.
    n_false_alarms : int
        Events where there is no seizure.
    hours : float
        Length of the recordings together.
    """

    n_recordings: int = 0
    n_seizures: int = 0
    n_found: int = 0
    n_false_alarms: int = 0
    hours: float = 0.0

    @classmethod
    def of(cls, results: Iterable[Result]) -> Evidence:
        """Add up the results that were scored by events; others say nothing of alarms."""
        rows = [counts for one in results if (counts := _counts(one)) is not None]
        return cls(
            n_recordings=sum(one.n_recordings for one in rows),
            n_seizures=sum(one.n_seizures for one in rows),
            n_found=sum(one.n_found for one in rows),
            n_false_alarms=sum(one.n_false_alarms for one in rows),
            hours=sum(one.hours for one in rows),
        )

    @property
    def is_little(self) -> bool:
        """Whether it is too little for rates."""
        return is_little(self.n_seizures, self.hours)

    @property
    def false_alarms_per_day(self) -> float:
        """False alarms in 24 hours of EEG."""
        return 24 * self.n_false_alarms / self.hours if self.hours else 0.0

    @property
    def least_sensitivity(self) -> float:
        """Lower end of the sensitivity's interval (Wilson's score interval)."""
        n = self.n_seizures
        if not n:
            return 0.0
        share = self.n_found / n
        middle = share + _Z**2 / (2 * n)
        spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        return max(0.0, (middle - spread) / (1 + _Z**2 / n))

    @property
    def most_false_alarms(self) -> float:
        """Upper end of the number's interval (exact, of a Poisson count)."""
        return float(gammaincinv(self.n_false_alarms + 1, _UPPER))

    @property
    def most_false_alarms_per_day(self) -> float:
        """Upper end of the rate's interval; infinite where nothing was measured."""
        return 24 * self.most_false_alarms / self.hours if self.hours else math.inf

    @property
    def least_f1(self) -> float:
        """Event F1 with sensitivity and false alarms at the worse ends of their intervals."""
        found = self.least_sensitivity * self.n_seizures
        return 2 * found / (found + self.n_seizures + self.most_false_alarms)


def evidence_of(card: ArchitectureCard, kinds: Collection[Kind]) -> Evidence:
    """Add up a card's results on some kinds of EEG.

    Where windows of training and validation share samples, validation figures are left out.
    """
    leaks = card.training.split.leaks
    return Evidence.of(
        one
        for one in card.results
        if (kind := kind_of(one.dataset, one.split)) in kinds
        and not (leaks and kind == "validation")
    )


def deciding_evidence(card: ArchitectureCard) -> tuple[Kind, Evidence]:
    """Return what a model is chosen by: patients where they are enough, else simulated EEG.

    Test-only data are never looked at: a choice would spoil them.
    """
    real, simulated = (evidence_of(card, {kind}) for kind in ("validation", "simulated"))
    if real.is_little and simulated.n_recordings:
        return "simulated", simulated
    return "validation", real


def rank_of(card: ArchitectureCard) -> tuple[float, float]:
    """Return how much a card's own figures speak for its model, the larger the better.

    Figures on simulated EEG count half, and what rests on little EEG decides ties alone.
    """
    kind, found = deciding_evidence(card)
    weight = 0.0 if found.is_little else _WEIGHTS[kind]
    return weight * found.least_f1, evidence_of(card, {"validation"}).least_f1


def chosen_by(card: ArchitectureCard) -> str:
    """Return the figures `rank_of` goes by, as a phrase."""
    kind, found = deciding_evidence(card)
    if found.is_little:
        return Message("too little was measured to say how well it does")
    if kind == "validation":
        return Message("on validation recordings {figures}", figures=figures_words(found))
    return Message("on simulated EEG {figures}", figures=figures_words(found))


def verdict(card: ArchitectureCard) -> str:
    """Return how good a model is in a sentence or two, by its card's own figures."""
    real = evidence_of(card, {"validation", "test only"})
    simulated = evidence_of(card, {"simulated"})
    if not real.is_little:
        return Message("On patients: {figures}.", figures=figures_words(real))
    if not real.n_recordings and not simulated.n_recordings:
        return Message("Nothing was measured yet.")
    return sentences(_on_simulated(simulated), _on_few_patients(real))


def _on_simulated(found: Evidence) -> str:
    if not found.n_recordings:
        return ""
    template = "On simulated EEG: {figures}."
    if found.is_little:
        template = "On simulated EEG: too little to say ({figures})."
    return Message(template, figures=figures_words(found))


def _on_few_patients(found: Evidence) -> str:
    if not found.n_recordings:
        return Message("On patients: not measured.")
    return Message("On patients: too little to say ({counts}).", counts=_counted(found))


def figures_words(found: Evidence) -> str:
    """Return a rate with the counts it rests on."""
    return Message(
        "{seizures}, {rate:.3g} false alarms a day ({n} in {length})",
        seizures=_seizures(found),
        rate=found.false_alarms_per_day,
        n=found.n_false_alarms,
        length=_length(found),
    )


def _counted(found: Evidence) -> str:
    """Return counts alone: of so little EEG a rate would mislead."""
    template = "{seizures}, {n} false alarms in {length}"
    if found.n_false_alarms == 1:
        template = "{seizures}, 1 false alarm in {length}"
    return Message(
        template, seizures=_seizures(found), n=found.n_false_alarms, length=_length(found)
    )


def _seizures(found: Evidence) -> str:
    template = "{found} of {n} seizures"
    if found.n_seizures < 2:
        template = "{found} of 1 seizure" if found.n_seizures else "no seizure to find"
    return Message(template, found=found.n_found, n=found.n_seizures)


def _length(found: Evidence) -> str:
    if found.hours < 1:
        return Message("{n:.2g} min", n=60 * found.hours)
    return Message("{n:.3g} h", n=found.hours)


def _counts(result: Result) -> Evidence | None:
    """Return what a result counted; None if it was not scored by events."""
    rate = result.figure("false_alarms_per_24h")
    if rate is None:
        return None
    return Evidence(
        n_recordings=result.n_recordings,
        n_seizures=result.n_seizures,
        n_found=round((result.figure("sensitivity") or 0.0) * result.n_seizures),
        n_false_alarms=round(rate * result.hours / 24),
        hours=result.hours,
    )
