"""Choice of three operating points from a grid, on validation recordings.

- `balanced` has the best event F1. Among shapes (smoothing, shortest event, merge gap, lower
  threshold) that reach it, the one with the most such thresholds is taken, because a broad optimum
  transfers best to other recordings; then the one with the best agreement per second. Its threshold
  is the middle of those.
- `sensitive` has the same shape and a lower threshold: the one of the best F2, which weights a
  missed seizure four times as much as a false alarm.
- `specific` has the same shape and a higher threshold: the one of the best F0.5, which weights a
  false alarm four times as much as a missed seizure.

So the three differ in threshold only, and each marks all that the next one marks.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import Score
from seizure_core.messages import Message, counted
from training.evaluate.card_results import SHORT_NAMES, operating_point_json, score_metrics
from training.evaluate.explorer import ExploredPoint, TracedFile
from zoo.card.output import POINT_NAMES

# Differences below this are rounding errors: the scores are ratios of small integers.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGrid:
    """Values to try.

    Attributes
    ----------
    thresholds : tuple of float
        Increasing, between 0 and 1.
    off_ratios : tuple of float
        Lower threshold as a fraction of the threshold.
    smoothings_s, min_durations_s, merge_gaps_s : tuple of float
        See `PostProcessing`.
    """

    thresholds: tuple[float, ...] = (
        *(round(0.05 * step, 2) for step in range(1, 20)),
        0.97,
        0.99,
    )
    off_ratios: tuple[float, ...] = (0.6, 0.8, 1.0)
    smoothings_s: tuple[float, ...] = (0.0, 3.0, 5.0, 9.0)
    min_durations_s: tuple[float, ...] = (0.0, 5.0, 10.0)
    merge_gaps_s: tuple[float, ...] = (20.0,)

    @classmethod
    def of_shape(cls, settings: PostProcessing) -> PointGrid:
        """Return a grid over the threshold only."""
        ratio = settings.lower_threshold / settings.threshold if settings.threshold else 1.0
        return cls(
            off_ratios=(ratio,),
            smoothings_s=(settings.smoothing_s,),
            min_durations_s=(settings.min_duration_s,),
            merge_gaps_s=(settings.merge_gap_s,),
        )

    def curves(self) -> Iterator[list[PostProcessing]]:
        """Yield for each shape its post-processings, by increasing threshold."""
        for ratio, smoothing_s, min_duration_s, merge_gap_s in product(
            self.off_ratios, self.smoothings_s, self.min_durations_s, self.merge_gaps_s
        ):
            yield [
                PostProcessing(
                    threshold=threshold,
                    threshold_off=round(ratio * threshold, 6),
                    smoothing_s=smoothing_s,
                    min_duration_s=min_duration_s,
                    merge_gap_s=merge_gap_s,
                )
                for threshold in self.thresholds
            ]


DEFAULT_GRID = PointGrid()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPoints:
    """Three operating points with their pooled scores on the validation recordings.

    Attributes
    ----------
    sensitive, balanced, specific : ExploredPoint
        By increasing threshold.
    f1 : float
        Event F1 at the balanced point, as the mean over the groups of recordings.
    chosen_on : str
        Description of the recordings.
    """

    sensitive: ExploredPoint
    balanced: ExploredPoint
    specific: ExploredPoint
    f1: float
    chosen_on: str

    def point(self, name: str) -> ExploredPoint:
        """Return a point by its name in `zoo.card.output.POINT_NAMES`."""
        points = (self.sensitive, self.balanced, self.specific)
        return dict(zip(POINT_NAMES, points, strict=True))[name]

    def output(self) -> dict[str, Any]:
        """Return them as a card's `output` section, with the balanced one as default."""
        return {
            **operating_point_json(self.balanced.settings),
            "operating_points": self.section(),
        }

    def section(self) -> dict[str, Any]:
        """Return them as `output.operating_points` of a card."""
        return {
            **{name: _card_point(self.point(name)) for name in POINT_NAMES},
            "chosen_on": self.chosen_on,
        }


def choose_operating_points(
    groups: Sequence[Sequence[TracedFile]], *, grid: PointGrid = DEFAULT_GRID
) -> ChosenPoints | None:
    """Choose three operating points on validation recordings.

    Parameters
    ----------
    groups : sequence of sequence of TracedFile
        Recordings of a group are pooled; all groups have the same weight.
    grid : PointGrid
        Values to try.

    Returns
    -------
    ChosenPoints or None
        None without seizures, or if none is ever detected.
    """
    if not any(member.reference for group in groups for member in group):
        return None
    judge = _PointScorer(groups=groups)
    curves = [[judge.rated(settings) for settings in curve] for curve in grid.curves()]
    top = max(point.f(1.0) for curve in curves for point in curve)
    if not any(point.score.event.n_detected for curve in curves for point in curve):
        return None
    reaching = [curve for curve in curves if _best(curve, 1.0) >= top - _EQUAL]
    curve, balanced = max(
        ((curve, _middle(curve, 1.0, top)) for curve in reaching),
        key=lambda found: (
            sum(item.f(1.0) >= top - _EQUAL for item in found[0]),
            found[1].score.sample.f1 or 0.0,
        ),
    )
    place = curve.index(balanced)
    lower, higher = curve[:place] or [balanced], curve[place + 1 :] or [balanced]
    return ChosenPoints(
        sensitive=_middle(lower, 2.0, _best(lower, 2.0)).point,
        balanced=balanced.point,
        specific=_middle(higher, 0.5, _best(higher, 0.5)).point,
        f1=balanced.f(1.0),
        chosen_on=_chosen_on(groups),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rated:
    """A post-processing with its scores: per group, and pooled."""

    settings: PostProcessing
    groups: tuple[Score, ...]
    score: Score

    @property
    def point(self) -> ExploredPoint:
        return ExploredPoint(settings=self.settings, score=self.score)

    def f(self, beta: float) -> float:
        """Return the mean over the groups of the event F score.

        A group without seizures and false alarms has 1.
        """
        return statistics.fmean(_f(group, beta) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _PointScorer:
    """Scores post-processings; equal events are scored once."""

    groups: Sequence[Sequence[TracedFile]]
    known: dict[tuple[int, tuple[Event, ...]], Score] = field(default_factory=dict)

    def rated(self, settings: PostProcessing) -> _Rated:
        groups = [[self._score(member, settings) for member in group] for group in self.groups]
        return _Rated(
            settings=settings,
            groups=tuple(pool_scores(group) for group in groups if group),
            score=pool_scores([score for group in groups for score in group]),
        )

    def _score(self, recording: TracedFile, settings: PostProcessing) -> Score:
        events = recording.events(settings)
        key = (id(recording), events)
        if key not in self.known:
            self.known[key] = recording.plain_score_of(events)
        return self.known[key]


def _f(score: Score, beta: float) -> float:
    event = score.event
    found = (1.0 + beta**2) * event.n_detected
    missed = beta**2 * (event.n_reference - event.n_detected)
    whole = found + missed + event.n_false_alarms
    return found / whole if whole else 1.0


def _best(points: Sequence[_Rated], beta: float) -> float:
    return max(point.f(beta) for point in points)


def _middle(points: Sequence[_Rated], beta: float, top: float) -> _Rated:
    """Return the middle of the points that reach a score; of two the one with fewer alarms."""
    equals = [point for point in points if point.f(beta) >= top - _EQUAL]
    return equals[len(equals) // 2]


def _chosen_on(groups: Sequence[Sequence[TracedFile]]) -> str:
    recordings = [member for group in groups for member in group]
    n_seizures = sum(len(recording.reference) for recording in recordings)
    hours = sum(recording.trace.duration_s for recording in recordings) / 3600.0
    return Message(
        "{recordings} with {seizures} in {hours:.3g} h",
        recordings=counted(
            len(recordings), "{n} validation recording", "{n} validation recordings"
        ),
        seizures=counted(n_seizures, "{n} seizure", "{n} seizures"),
        hours=hours,
    )


def _card_point(point: ExploredPoint) -> dict[str, Any]:
    return {
        **operating_point_json(point.settings),
        "metrics": score_metrics(point.score, SHORT_NAMES),
    }
