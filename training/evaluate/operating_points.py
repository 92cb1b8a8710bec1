"""Three operating points of a model, chosen on validation recordings from a grid.

- `balanced` has the best event F1. Of shapes (smoothing, shortest event, widest bridged gap,
  lower level) that reach it, the one is taken that does so at the most thresholds, because a
  broad best moves least on other recordings; of equally broad ones the one that agrees best
  second by second. Its threshold is the middle of those.
- `sensitive` keeps that shape with a lower threshold: the one of the best F2, which counts a
  missed seizure four times as much as a false alarm.
- `specific` keeps it with a higher threshold: the one of the best F0.5, which counts a false
  alarm four times as much as a missed seizure.

The three thus differ in their thresholds alone, and whatever one of them marks, those before
it mark too.
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

# Scores this near count as equal: they are fractions of whole numbers of events.
_EQUAL = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGrid:
    """What is tried.

    Attributes
    ----------
    thresholds : tuple of float
        Rising, between 0 and 1.
    off_ratios : tuple of float
        Level that ends an event, as a fraction of the threshold.
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
        """Return a grid in which the threshold alone moves."""
        ratio = settings.lower_threshold / settings.threshold if settings.threshold else 1.0
        return cls(
            off_ratios=(ratio,),
            smoothings_s=(settings.smoothing_s,),
            min_durations_s=(settings.min_duration_s,),
            merge_gaps_s=(settings.merge_gap_s,),
        )

    def curves(self) -> Iterator[list[PostProcessing]]:
        """Yield for each shape its post-processings, by rising threshold."""
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
    """The three points, each with its pooled score on the recordings it was chosen on.

    Attributes
    ----------
    sensitive, balanced, specific : ExploredPoint
        By rising threshold.
    chosen_on : str
        On what, in words.
    """

    sensitive: ExploredPoint
    balanced: ExploredPoint
    specific: ExploredPoint
    chosen_on: str

    def point(self, name: str) -> ExploredPoint:
        """Return a point by its name in `zoo.card.output.POINT_NAMES`."""
        if name not in POINT_NAMES:
            raise KeyError(name)
        found: ExploredPoint = getattr(self, name)
        return found

    def output(self) -> dict[str, Any]:
        """Return what a card's `output` section says about them; the balanced one is its own."""
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
    """Choose the three points on validation recordings.

    Parameters
    ----------
    groups : sequence of sequence of TracedFile
        Traces and the experts' seizures. Recordings of a group are pooled, and groups
        count the same: one group of everything is the plain choice.
    grid : PointGrid
        What is tried.

    Returns
    -------
    ChosenPoints or None
        None where there is no seizure to find, or none is ever found.
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
        chosen_on=_chosen_on(groups),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Rated:
    """A post-processing with its scores: of each group, and of all recordings together."""

    settings: PostProcessing
    groups: tuple[Score, ...]
    score: Score

    @property
    def point(self) -> ExploredPoint:
        return ExploredPoint(settings=self.settings, score=self.score)

    def f(self, beta: float) -> float:
        """Return the mean of the groups' event F score.

        A group with nothing to find and no false alarm has 1.
        """
        return statistics.fmean(_f(group, beta) for group in self.groups)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _PointScorer:
    """Scores post-processings; the same events are scored once."""

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
    """Return the middle one of those that reach a score; of two the one of fewer alarms."""
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
