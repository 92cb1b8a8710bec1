"""Card section on the output: classes, operating points and post-processing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from zoo.card.history import Metric, Text
from zoo.card.second_stage import SecondStage
from zoo.card.sections import PositiveSeconds, Seconds
from zoo.layers.base import StrictModel, fault

Threshold = Annotated[float, Field(strict=True, gt=0.0, lt=1.0)]

CARD_POINT: Final = "card"
"""Name of the card's default operating point."""

USER_POINT: Final = "own"
"""Name that results give to settings chosen by the user instead of an operating point."""

POINT_NAMES: Final = ("sensitive", "balanced", "specific")
"""Names of the further operating points a card may offer."""


class PostProcessingNumbers(StrictModel):
    """Post-processing settings, see `seizure_core.events.postprocessing`.

    Attributes
    ----------
    threshold, threshold_off : float
        Probability that starts an event, and below which it ends.
    smoothing_s, min_duration_s, merge_gap_s : float
        Moving average, shortest event, longest gap that is merged.
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
        """The settings as a `PostProcessing`."""
        return PostProcessing(
            threshold=self.threshold,
            threshold_off=self.threshold_off,
            smoothing_s=self.smoothing_s,
            min_duration_s=self.min_duration_s,
            merge_gap_s=self.merge_gap_s,
        )


class OperatingPoint(PostProcessingNumbers):
    """An operating point.

    Attributes
    ----------
    metrics : dict of Metric
        Metrics on the data it was chosen on, named as in the results.
    """

    metrics: dict[str, Metric] = Field(default_factory=dict)


class OperatingPoints(StrictModel):
    """Three operating points, each more sensitive and less specific than the next.

    Attributes
    ----------
    sensitive, balanced, specific : OperatingPoint
        By rising threshold.
    chosen_on : str
        Data they were chosen on, with numbers of seizures and hours.
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
    """Classes and operating points of the model.

    The section's own settings are the default operating point.

    Attributes
    ----------
    classes : tuple of str
        Meaning of the two logits, in order.
    step_s : float or None
        Seconds between outputs within a window; None for one output per window.
    second_stage : SecondStage or None
        Classifier of the events that post-processing gives; since schema version 2.
    """

    classes: tuple[Literal["background"], Literal["seizure"]] = ("background", "seizure")
    step_s: PositiveSeconds | None
    operating_points: OperatingPoints | None = None
    second_stage: SecondStage | None = None

    @property
    def points(self) -> Mapping[str, PostProcessingNumbers]:
        """All operating points by name, the default first."""
        named: dict[str, PostProcessingNumbers] = {CARD_POINT: self}
        if self.operating_points is not None:
            named |= {name: getattr(self.operating_points, name) for name in POINT_NAMES}
        return named

    def at(self, name: str | None) -> PostProcessing:
        """Return the post-processing of an operating point; None means the default.

        Raises
        ------
        ParameterError
            The card has no such operating point.
        """
        points = self.points
        found = points.get(name or CARD_POINT)
        if found is None:
            raise ParameterError(
                "This model has no operating point {name!r}. It has: {points}.",
                name=str(name),
                points=", ".join(points),
            )
        return found.post_processing
