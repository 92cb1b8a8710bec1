"""Evidence in the results of a card: counts, bounds, and a verdict in words."""

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
"""With fewer seizures or hours than this, figures are anecdotes, which are not ranked."""

PEOPLE: Final = "simulated restless people"
WARDS: Final = "iiic, clips of wards"
"""Names on cards of the data that decide whether a model is for teaching only."""
RECORDERS: Final = "simulated restless people, other recorders"
"""Name on cards of the figures under other references, rates, gains and missing electrodes."""

# Of simulated people, and of the four seizures of wards.
_LEAST_F1, _FEWEST_FOUND = 0.6, 3

# Both ends of a 95 % interval.
_Z, _UPPER = 1.96, 0.975
# Simulated EEG shows how a model behaves, not how well it works on patients.
_WEIGHTS: Mapping[Kind, float] = {"validation": 1.0, "simulated": 0.5}


def kind_of(dataset: str, split: str) -> Kind:
    """Return the kind of EEG a result was measured on, by the names on cards."""
    if split.startswith("test only"):
        return "test only"
    return "simulated" if "simulated" in dataset.casefold() else "validation"


def is_little(n_seizures: int, hours: float) -> bool:
    """Return whether there is too little EEG for rates."""
    return n_seizures < FEW_SEIZURES or hours < FEW_HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Counts of an evaluation.

    Attributes
    ----------
    n_recordings, n_seizures, n_found : int
        Recordings, their seizures, and detected seizures.
    n_false_alarms : int
        Events without a seizure.
    hours : float
        Total length of the recordings.
    """

    n_recordings: int = 0
    n_seizures: int = 0
    n_found: int = 0
    n_false_alarms: int = 0
    hours: float = 0.0

    @classmethod
    def of(cls, results: Iterable[Result]) -> Evidence:
        """Sum event-based results; others have no counts of alarms."""
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
        """Whether there is too little EEG for rates."""
        return is_little(self.n_seizures, self.hours)

    @property
    def false_alarms_per_day(self) -> float:
        """False alarms per 24 hours of EEG."""
        return 24 * self.n_false_alarms / self.hours if self.hours else 0.0

    @property
    def least_sensitivity(self) -> float:
        """Lower bound of the sensitivity (Wilson score interval)."""
        n = self.n_seizures
        if not n:
            return 0.0
        share = self.n_found / n
        middle = share + _Z**2 / (2 * n)
        spread = _Z * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
        return max(0.0, (middle - spread) / (1 + _Z**2 / n))

    @property
    def most_false_alarms(self) -> float:
        """Upper bound of the number (exact Poisson interval)."""
        return float(gammaincinv(self.n_false_alarms + 1, _UPPER))

    @property
    def most_false_alarms_per_day(self) -> float:
        """Upper bound of the rate; infinite without data."""
        return 24 * self.most_false_alarms / self.hours if self.hours else math.inf

    @property
    def least_f1(self) -> float:
        """Event F1 at the worse bounds of sensitivity and false alarms."""
        found = self.least_sensitivity * self.n_seizures
        return 2 * found / (found + self.n_seizures + self.most_false_alarms)


def evidence_of(card: ArchitectureCard, kinds: Collection[Kind]) -> Evidence:
    """Sum a card's results on some kinds of EEG.

    Validation figures are left out if training and validation windows share samples.
    """
    leaks = card.training.split.leaks
    return Evidence.of(
        one
        for one in card.results
        if (kind := kind_of(one.dataset, one.split)) in kinds
        and not (leaks and kind == "validation")
    )


def deciding_evidence(card: ArchitectureCard) -> tuple[Kind, Evidence]:
    """Return the evidence to choose a model by: patients if there are enough, else simulated EEG.

    Test-only data are excluded, because a choice would spoil them.
    """
    real, simulated = (evidence_of(card, {kind}) for kind in ("validation", "simulated"))
    if real.is_little and simulated.n_recordings:
        return "simulated", simulated
    return "validation", real


def rank_of(card: ArchitectureCard) -> tuple[float, float]:
    """Return a rank from a card's figures, larger is better.

    Figures on simulated EEG count half, and those on little EEG only decide ties, as do those of
    models for teaching.
    """
    kind, found = deciding_evidence(card)
    weight = 0.0 if found.is_little or teaching_reason(card) else _WEIGHTS[kind]
    return weight * found.least_f1, evidence_of(card, {"validation"}).least_f1


def chosen_by(card: ArchitectureCard) -> str:
    """Return the figures that `rank_of` uses, as a phrase."""
    kind, found = deciding_evidence(card)
    if found.is_little:
        return Message("too little was measured to say how well it does")
    if kind == "validation":
        return Message("on validation recordings {figures}", figures=figures_words(found))
    return Message("on simulated EEG {figures}", figures=figures_words(found))


def verdict(card: ArchitectureCard) -> str:
    """Return a verdict on a model by its card's own figures, in a few sentences."""
    return sentences(teaching_reason(card), _figures_verdict(card))


def teaching_reason(card: ArchitectureCard) -> str:
    """Return why a model is for teaching only; empty if its figures do not say so.

    That is an event F1 below 0.6 on unseen simulated people, or fewer than 3 of the 4 seizures in
    clips of wards.
    """
    for result in card.results:
        f1 = result.figure("f1")
        enough = not is_little(result.n_seizures, result.hours)
        if result.dataset == PEOPLE and enough and (f1 or 0.0) < _LEAST_F1:
            return Message(
                "For teaching: event F1 {f1:.2f} on {hours:.0f} h of simulated people.",
                f1=f1 or 0.0,
                hours=result.hours,
            )
        found = Evidence.of([result]).n_found
        if result.dataset == WARDS and result.n_seizures and found < _FEWEST_FOUND:
            return Message(
                "For teaching: finds {found} of {n} seizures in clips of wards.",
                found=found,
                n=result.n_seizures,
            )
    return ""


def _figures_verdict(card: ArchitectureCard) -> str:
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
    """Return a rate with its counts."""
    return Message(
        "{seizures}, {rate:.3g} false alarms a day ({n} in {length})",
        seizures=_seizures(found),
        rate=found.false_alarms_per_day,
        n=found.n_false_alarms,
        length=_length(found),
    )


def _counted(found: Evidence) -> str:
    """Return only counts, for EEG too short for rates."""
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
    """Return the counts of a result; None if it is not event-based."""
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
