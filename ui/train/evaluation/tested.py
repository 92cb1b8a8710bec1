"""A model that was tested in this session: its traces are kept, so that levels can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from training.data.pairing import Pair, Pairing
from training.evaluate.evaluation import Evaluation
from training.evaluate.explorer import ExploredPoint, TracedFile, threshold_curve
from training.evaluate.operating_points import DEFAULT_GRID

_TEST_FIRST = "Test a model first."

Levels = tuple[float, float, float, float, float]
"""Threshold, part of it below which events end, smoothing, shortest event, widest gap (s)."""


@dataclass(kw_only=True, eq=False)
class Outcome:
    """An evaluation with its files.

    Attributes
    ----------
    evaluation : Evaluation
        At the card's operating point.
    pairs : dict of str to Pair
        The files of each recording by its name.
    is_run : bool
        Whether the model is that of a run, which can still be kept.
    """

    evaluation: Evaluation
    pairs: dict[str, Pair]
    is_run: bool
    _curves: dict[PostProcessing, list[ExploredPoint]] = field(default_factory=dict)

    @classmethod
    def of(cls, evaluation: Evaluation, pairing: Pairing, *, is_run: bool) -> Outcome:
        """Return an evaluation with the files it was made of."""
        pairs = {pair.recording.file_name: pair for pair in pairing.pairs}
        return cls(evaluation=evaluation, pairs=pairs, is_run=is_run)

    @property
    def names(self) -> list[str]:
        """Names of the recordings that were scored."""
        return [file.file_name for file in self.evaluation.traced]

    def traced(self, file_name: str) -> TracedFile:
        """Return a recording that was scored.

        Raises
        ------
        ParameterError
            There is none of this name.
        """
        for file in self.evaluation.traced:
            if file.file_name == file_name:
                return file
        raise ParameterError(_TEST_FIRST)

    def curve(self, settings: PostProcessing) -> Sequence[ExploredPoint]:
        """Return the pooled score over thresholds; that of the last shape is remembered."""
        shape = levels_of(settings)[1:]
        key = post_processing((0.5, *shape))
        if key not in self._curves:
            points = threshold_curve(self.evaluation.traced, key, DEFAULT_GRID.thresholds)
            self._curves = {key: points}
        return self._curves[key]


def looked_at(tested: Outcome | None) -> Outcome:
    """Return what was tested.

    Raises
    ------
    ParameterError
        Nothing was.
    """
    if tested is None:
        raise ParameterError(_TEST_FIRST)
    return tested


def post_processing(levels: tuple[float, ...]) -> PostProcessing:
    """Return what the sliders say; the lower level follows the threshold."""
    threshold, ratio, smoothing_s, min_duration_s, merge_gap_s = levels
    return PostProcessing(
        threshold=threshold,
        threshold_off=round(ratio * threshold, 6),
        smoothing_s=smoothing_s,
        min_duration_s=min_duration_s,
        merge_gap_s=merge_gap_s,
    )


def levels_of(settings: PostProcessing) -> Levels:
    """Return where the sliders stand for numbers."""
    ratio = settings.lower_threshold / settings.threshold if settings.threshold else 1.0
    return (
        settings.threshold,
        round(ratio, 4),
        settings.smoothing_s,
        settings.min_duration_s,
        settings.merge_gap_s,
    )
