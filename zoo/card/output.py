"""The section of an architecture card that says how a model's output is read."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from zoo.card.history import Metric, Text
from zoo.card.sections import PositiveSeconds, Seconds
from zoo.layers.base import StrictModel, fault

Threshold = Annotated[float, Field(strict=True, gt=0.0, lt=1.0)]

CARD_POINT: Final = "card"
"""Name of the operating point that stands in the card's output section itself."""

USER_POINT: Final = "own"
"""What results call numbers that somebody chose instead of a point of the card."""

POINT_NAMES: Final = ("sensitive", "balanced", "specific")
"""Names of the operating points a card may offer besides."""


class PostProcessingNumbers(StrictModel):
    """By which numbers events are cut from a trace, see `seizure_core.events.postprocessing`.

    Attributes
    ----------
    threshold, threshold_off : float
        Levels that start an event and below which it ends.
    smoothing_s, min_duration_s, merge_gap_s : float
        Length of the moving average, shortest event, widest gap that is bridged.
    """

    threshold: Threshold
    threshold_off: Threshold
    smoothing_s: Seconds
    min_duration_s: Seconds
    merge_gap_s: Seconds

    @model_validator(mode="after")
    def _lower_is_lower(self) -> PostProcessingNumbers:
        if self.threshold_off > self.threshold:
            raise fault(
                "threshold_off {threshold_off:g} is above threshold {threshold:g}: "
                "an event would end before it starts.",
                threshold_off=self.threshold_off,
                threshold=self.threshold,
            )
        return self

    @property
    def post_processing(self) -> PostProcessing:
        """The numbers as the core takes them."""
        return PostProcessing(
            threshold=self.threshold,
            threshold_off=self.threshold_off,
            smoothing_s=self.smoothing_s,
            min_duration_s=self.min_duration_s,
            merge_gap_s=self.merge_gap_s,
        )


class OperatingPoint(PostProcessingNumbers):
    """One of the points a card offers.

    Attributes
    ----------
    metrics : dict of Metric
        What it gave on the data it was chosen on, by the names results have.
    """

    metrics: dict[str, Metric] = Field(default_factory=dict)


class OperatingPoints(StrictModel):
    """Three points between which people choose: each finds more than the next, and errs more.

    Attributes
    ----------
    sensitive, balanced, specific : OperatingPoint
        In order of their thresholds.
    chosen_on : str
        Which data they were chosen on, and how many seizures and hours these are.
    """

    sensitive: OperatingPoint
    balanced: OperatingPoint
    specific: OperatingPoint
    chosen_on: Text

    @model_validator(mode="after")
    def _in_order(self) -> OperatingPoints:
        named = [(name, getattr(self, name).threshold) for name in POINT_NAMES]
        for (name, threshold), (next_name, next_threshold) in pairwise(named):
            if threshold > next_threshold:
                raise fault(
                    "the threshold of {name!r}, {threshold:g}, is above that of {next_name!r}, "
                    "{next_threshold:g}: their names would mislead.",
                    name=name,
                    threshold=threshold,
                    next_name=next_name,
                    next_threshold=next_threshold,
                )
        return self


class OutputSection(PostProcessingNumbers):
    """How the model's output is read: its classes and its operating points.

    Its own numbers are the operating point the model is used at unless another is asked for.

    Attributes
    ----------
    classes : tuple of str
        The meaning of the two logits, in order.
    step_s : float or None
        Seconds between outputs within a window; None means one value for each window.
    operating_points : OperatingPoints or None
        Others to choose from.
    """

    classes: tuple[Literal["background"], Literal["seizure"]] = ("background", "seizure")
    step_s: PositiveSeconds | None
    operating_points: OperatingPoints | None = None

    @property
    def points(self) -> Mapping[str, PostProcessingNumbers]:
        """All operating points by name; the card's own first."""
        named: dict[str, PostProcessingNumbers] = {CARD_POINT: self}
        if self.operating_points is not None:
            named |= {name: getattr(self.operating_points, name) for name in POINT_NAMES}
        return named

    def at(self, name: str | None) -> PostProcessing:
        """Return the post-processing of an operating point; None means the card's own.

        Raises
        ------
        ParameterError
            The card has no such point.
        """
        points = self.points
        found = points.get(name or CARD_POINT)
        if found is None:
            raise ParameterError(
                "This model has no operating point {name!r}. It has: {points}.",
                name=str(name)[:40],
                points=", ".join(points),
            )
        return found.post_processing
