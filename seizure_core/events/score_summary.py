"""Scores of many recordings: pooled, per patient, and with confidence intervals.

A patient's score pools the patient's recordings. The mean is over patients, as in SzCORE, without
those for whom a metric is undefined. The pooled score adds the counts of all recordings. Confidence
intervals are bootstrapped over patients, because recordings of a patient are correlated; over
recordings if there is only one patient.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.events.scoring import EventScore, SampleScore, Score, ratios

FEW_UNITS = 5
"""With fewer patients or recordings than this, a bootstrap is unreliable."""

_DAY_S = 86_400.0

Counts = TypeVar("Counts", EventScore, SampleScore)

METRICS = (
    "event.sensitivity",
    "event.precision",
    "event.f1",
    "event.false_alarms_per_24h",
    "sample.sensitivity",
    "sample.precision",
    "sample.f1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricSpread:
    """Mean and standard deviation of a metric over patients.

    Attributes
    ----------
    mean, sd : float or None
        None if no patient (for the standard deviation: fewer than two) has the metric.
    n : int
        Number of patients with the metric.
    """

    mean: float | None
    sd: float | None
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Bootstrap percentile interval of a metric; None if undefined."""

    low: float | None
    high: float | None
    level: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSummary:
    """Scores of a set of recordings.

    Attributes
    ----------
    patients : mapping of str to Score
        Each patient's recordings pooled, sorted by name.
    spreads : mapping of str to MetricSpread
        By the names in `METRICS`.
    intervals : mapping of str to Interval
        Of the pooled metrics, by the names in `METRICS`; None to None for a single recording.
    unit : str
        Unit of the bootstrap: "patient", or "recording" if all are of one patient.
    n_units : int
        Number of these units.
    n_draws, seed : int
        Of the bootstrap.
    """

    pooled: Score
    patients: Mapping[str, Score]
    spreads: Mapping[str, MetricSpread]
    intervals: Mapping[str, Interval]
    unit: Literal["patient", "recording"]
    n_units: int
    n_draws: int
    seed: int

    @property
    def few(self) -> bool:
        """Whether there are too few units for reliable intervals."""
        return self.n_units < FEW_UNITS


def pool_scores(scores: Sequence[Score]) -> Score:
    """Return the pooled score of several recordings, from the sums of their counts.

    Parameters
    ----------
    scores : sequence of Score
        May be empty: all metrics are then undefined.
    """
    return Score(
        event=_summed(EventScore, [score.event for score in scores]),
        sample=_summed(SampleScore, [score.sample for score in scores]),
    )


def _summed(kind: type[Counts], scores: Sequence[Counts]) -> Counts:
    counts = [field.name for field in fields(kind) if field.init]
    return kind(**{name: sum(getattr(score, name) for score in scores) for name in counts})


def summarise_scores(
    scores: Sequence[tuple[str, Score]],
    *,
    n_draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> ScoreSummary:
    """Summarise the scores of recordings of several patients.

    Parameters
    ----------
    scores : sequence of (str, Score)
        Patient and score of each recording.
    n_draws : int
        Bootstrap samples, at least 1.
    level : float
        Of the intervals, between 0 and 1.
    seed : int
        Random seed.

    Raises
    ------
    ParameterError
        `n_draws` or `level` is out of bounds.
    """
    if n_draws < 1 or not 0.0 < level < 1.0:
        raise ParameterError(
            "A bootstrap needs at least 1 draw and a level between 0 and 1; it was given "
            "{n_draws} and {level:g}.",
            n_draws=n_draws,
            level=level,
        )
    patients = {
        name: pool_scores([score for patient, score in scores if patient == name])
        for name in sorted({patient for patient, _ in scores})
    }
    alone = len(patients) <= 1
    units = [score for _, score in scores] if alone else list(patients.values())
    return ScoreSummary(
        pooled=pool_scores(list(patients.values())),
        patients=patients,
        spreads={name: _spread(list(patients.values()), name) for name in METRICS},
        intervals=_intervals(units, n_draws=n_draws, level=level, seed=seed),
        unit="recording" if alone else "patient",
        n_units=len(units),
        n_draws=n_draws,
        seed=seed,
    )


def metric(score: Score, name: str) -> float | None:
    """Return a metric of a score by its name in `METRICS`."""
    part, attribute = name.split(".")
    value: float | None = getattr(getattr(score, part), attribute)
    return value


def _spread(scores: Sequence[Score], name: str) -> MetricSpread:
    values = [value for score in scores if (value := metric(score, name)) is not None]
    return MetricSpread(
        mean=statistics.fmean(values) if values else None,
        sd=statistics.stdev(values) if len(values) > 1 else None,
        n=len(values),
    )


def _intervals(
    units: Sequence[Score], *, n_draws: int, level: float, seed: int
) -> dict[str, Interval]:
    if len(units) < 2:
        return {name: percentile_interval((), level) for name in METRICS}
    rng = np.random.default_rng(seed)
    # How often each unit is drawn, with replacement: the counts of a sample are weighted sums.
    times = rng.multinomial(len(units), np.full(len(units), 1 / len(units)), size=n_draws)
    drawn = _ratios(times.astype(np.float64) @ np.array([_counts(unit) for unit in units]))
    return {
        name: percentile_interval(values[np.isfinite(values)], level)
        for name, values in drawn.items()
    }


def _counts(score: Score) -> tuple[float, ...]:
    event, sample = score.event, score.sample
    return (
        event.n_reference,
        event.n_detected,
        event.n_false_alarms,
        event.duration_s,
        sample.reference_s,
        sample.detected_s,
        sample.false_s,
    )


def _ratios(counts: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return all `METRICS` for rows of `_counts`; NaN if undefined."""
    true, found, false, duration_s, true_s, found_s, false_s = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        alarms = false / (duration_s / _DAY_S)
    event = {f"event.{name}": values for name, values in ratios(true, found, false).items()}
    sample = {f"sample.{name}": v for name, v in ratios(true_s, found_s, false_s).items()}
    return {**event, "event.false_alarms_per_24h": alarms, **sample}


def event_intervals(
    score: Score, *, n_draws: int = 1000, level: float = 0.95, seed: int = 0
) -> Mapping[str, Interval]:
    """Return bootstrap intervals of a single recording's event scores.

    Each sample draws as many seizures, with replacement (so the number found is binomial), and a
    Poisson number of false alarms. Scores per second have no interval, because neighbouring seconds
    are correlated.

    Parameters
    ----------
    n_draws, level, seed : int, float, int
        As in `summarise_scores`.

    Returns
    -------
    mapping of str to Interval
        By the names in `METRICS`; None to None with fewer than two seizures, or for false alarms
        without any.
    """
    event = score.event
    rng = np.random.default_rng(seed)
    share = event.n_detected / event.n_reference if event.n_reference else 0.0
    found = rng.binomial(event.n_reference, share, size=n_draws).astype(float)
    false = rng.poisson(event.n_false_alarms, size=n_draws).astype(float)
    drawn = ratios(event.n_reference, found, false)
    if event.n_reference < 2:
        drawn = {name: np.empty(0) for name in drawn}
    alarms = false / (event.duration_s / _DAY_S) if event.n_false_alarms else np.empty(0)
    return {
        f"event.{name}": percentile_interval(values[np.isfinite(values)], level)
        for name, values in (drawn | {"false_alarms_per_24h": alarms}).items()
    }


def percentile_interval(values: Sequence[float] | NDArray[np.float64], level: float) -> Interval:
    """Return the central interval of bootstrap values; None to None without any."""
    if not len(values):
        return Interval(low=None, high=None, level=level)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), high=float(high), level=level)
