"""How sure one can be of the scores of a single recording: its own events, drawn again.

Each draw takes as many seizures as there are, with replacement, found or not as they were
(which is a binomial number of found ones), and as many false alarms as a Poisson number of
the same mean. Scores by the second have no interval: neighbouring seconds are alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from seizure_core.events.score_summary import Interval, percentile_interval
from seizure_core.events.scoring import Score

FEW_EVENTS = 5
"""Fewer seizures than these say little, whatever the interval."""

_METRICS = ("sensitivity", "precision", "f1", "false_alarms_per_24h")


def event_intervals(
    score: Score, *, n_draws: int = 1000, level: float = 0.95, seed: int = 0
) -> Mapping[str, Interval]:
    """Return bootstrap intervals of a recording's event scores.

    Parameters
    ----------
    score : Score
        Of one recording.
    n_draws, level, seed : int, float, int
        As in `summarise_scores`.

    Returns
    -------
    mapping of str to Interval
        By the names in `score_summary.METRICS`; an interval is None to None where the
        recording has fewer than two seizures, or (for false alarms) no false alarm at all.
    """
    event = score.event
    rng = np.random.default_rng(seed)
    share = event.n_detected / event.n_reference if event.n_reference else 0.0
    found = rng.binomial(event.n_reference, share, size=n_draws).astype(float)
    false = rng.poisson(event.n_false_alarms, size=n_draws).astype(float)
    missed = event.n_reference - found
    days = event.duration_s / 86_400.0
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = {
            "sensitivity": found / event.n_reference,
            "precision": found / (found + false),
            "f1": 2 * found / (2 * found + false + missed),
            "false_alarms_per_24h": false / days,
        }
    known = dict.fromkeys(_METRICS, event.n_reference >= 2)
    known["false_alarms_per_24h"] = event.n_false_alarms > 0
    return {
        f"event.{name}": percentile_interval(
            drawn[name][np.isfinite(drawn[name])] if known[name] else (), level
        )
        for name in _METRICS
    }
