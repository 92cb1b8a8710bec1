"""Choice of threshold and post-processing on validation recordings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from seizure_core.events.postprocessing import PostProcessing
from training.recipes.measure.measuring import Measured, Tally, tally

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
OFF_RATIOS = (0.6, 0.8, 1.0)
SMOOTHINGS_S = (1.0, 3.0, 5.0, 9.0)
MIN_DURATIONS_S = (5.0, 10.0, 15.0)
MERGE_GAP_S = 20.0

# Points whose F1 is this near to the best count as equal.
_AS_GOOD = 0.01


def choose_operating_point(
    groups: Sequence[Sequence[Measured]],
) -> tuple[PostProcessing, list[Tally]]:
    """Return the post-processing with the best event F1, averaged over groups of recordings.

    Of points that are about as good the one with the fewest false alarms is taken, and of
    those the one that covers most of the seizures.

    Parameters
    ----------
    groups : sequence of sequence of Measured
        Validation recordings; each group counts the same.

    Returns
    -------
    settings : PostProcessing
    tallies : list of Tally
        What it gives in each group.
    """
    scored = []
    for settings in _candidates():
        tallies = [tally(one.with_settings(settings) for one in group) for group in groups]
        scores = [one.f1 for one in tallies if one.f1 is not None]
        scored.append((sum(scores) / max(len(scores), 1), settings, tallies))
    best = max(score for score, _, _ in scored)
    as_good = [(settings, rows) for score, settings, rows in scored if score >= best - _AS_GOOD]

    def preference(candidate: tuple[PostProcessing, list[Tally]]) -> tuple[float, float]:
        rows = candidate[1]
        return (
            -sum(one.n_false_alarms for one in rows),
            sum(one.covered_s / max(one.seizure_s, 1.0) for one in rows),
        )

    return max(as_good, key=preference)


def _candidates() -> Iterator[PostProcessing]:
    for threshold, ratio, smoothing_s, min_duration_s in product(
        THRESHOLDS, OFF_RATIOS, SMOOTHINGS_S, MIN_DURATIONS_S
    ):
        yield PostProcessing(
            threshold=threshold,
            threshold_off=round(threshold * ratio, 3),
            smoothing_s=smoothing_s,
            min_duration_s=min_duration_s,
            merge_gap_s=MERGE_GAP_S,
        )
