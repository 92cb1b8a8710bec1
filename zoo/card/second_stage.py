"""Card section on the second stage: a classifier of candidate events, in plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from seizure_core.events.candidates import FEATURES, candidate_features
from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.messages import Message
from seizure_core.signals.signs import Signs
from zoo.card.history import Metric, Text
from zoo.layers.base import StrictModel, fault

EventClass = Literal["seizure", "rhythmic movement", "rhythmic or periodic pattern", "other"]

REASONS: Final[dict[EventClass, str]] = {
    "rhythmic movement": Message("rhythmic movement"),
    "rhythmic or periodic pattern": Message("rhythmic or periodic pattern"),
    "other": Message("artefact or background"),
}
"""Why an event was dropped, by its most probable class."""

_Number = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-1e6, le=1e6)]
_Scale = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0.0, le=1e6)]
_Threshold = Annotated[float, Field(strict=True, gt=0.0, lt=1.0)]
# A feature far outside what was seen in training must not decide alone.
_FARTHEST = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedEvent:
    """An event that the second stage holds for no seizure, and the reason in words."""

    event: Event
    reason: str


class FeatureWeights(StrictModel):
    """A feature's place in the classifier.

    Attributes
    ----------
    feature : str
        One of `seizure_core.events.candidates.FEATURES`.
    mean, scale : float
        Mean and standard deviation in training; the feature enters as (value - mean) / scale, at
        most 4 either way, and as 0 where it is unknown.
    weights : tuple of float
        Of each class.
    """

    feature: str
    mean: _Number
    scale: _Scale
    weights: tuple[_Number, ...]


class SecondStage(StrictModel):
    """Classifier of candidate events (multinomial logistic regression).

    Attributes
    ----------
    classes : tuple of str
        "seizure" first; the others are reasons to drop an event.
    biases : tuple of float
        Of each class.
    features : tuple of FeatureWeights
        The score of a class is its bias plus the sum over features of weight times scaled value;
        probabilities are the softmax of the scores.
    threshold : float
        Events with a smaller probability of "seizure" are dropped.
    trained_on : str
        Events it was trained on, and those that the threshold was chosen on.
    metrics : dict of Metric
        On the events that the threshold was chosen on.
    """

    classes: tuple[EventClass, ...]
    biases: tuple[_Number, ...]
    features: tuple[FeatureWeights, ...] = Field(min_length=1, max_length=len(FEATURES))
    threshold: _Threshold
    trained_on: Text
    metrics: dict[str, Metric] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fits_together(self) -> SecondStage:
        n_classes = len(self.classes)
        if n_classes < 2 or self.classes[0] != "seizure" or len(set(self.classes)) < n_classes:
            raise fault("classes must be different, at least two, and begin with 'seizure'.")
        for one in self.features:
            if one.feature not in FEATURES:
                raise fault("there is no feature {feature!r}.", feature=one.feature[:40])
            if len(one.weights) != n_classes:
                raise fault(
                    "{feature!r} has {n} weights, but there are {n_classes} classes.",
                    feature=one.feature,
                    n=len(one.weights),
                    n_classes=n_classes,
                )
        if len(self.biases) != n_classes:
            raise fault("biases must be one number for each class.")
        if len({one.feature for one in self.features}) < len(self.features):
            raise fault("a feature is named twice.")
        return self

    def probabilities(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each class, shape (n_events, n_classes).

        Parameters
        ----------
        features : ndarray of float64, shape (n_events, len(FEATURES))
            From `candidate_features`.
        """
        chosen = features[:, [FEATURES.index(one.feature) for one in self.features]]
        means = np.array([one.mean for one in self.features])
        scales = np.array([one.scale for one in self.features])
        scaled = scaled_features(chosen, means, scales)
        scores = scaled @ np.array([one.weights for one in self.features]) + np.array(self.biases)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))

    def judged(
        self, candidates: Sequence[Event], trace: ProbabilityTrace, signs: Signs
    ) -> tuple[tuple[Event, ...], tuple[DroppedEvent, ...]]:
        """Return the events that stay, and those that are dropped, each in order."""
        chances = self.probabilities(candidate_features(candidates, trace, signs))
        kept, dropped = [], []
        for event, row in zip(candidates, chances, strict=True):
            if row[0] >= self.threshold:
                kept.append(event)
            else:
                reason = REASONS[self.classes[1 + int(row[1:].argmax())]]
                dropped.append(DroppedEvent(event=event, reason=reason))
        return tuple(kept), tuple(dropped)


def scaled_features(
    features: NDArray[np.float64], means: NDArray[np.float64], scales: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return features as the classifier takes them: centred, scaled, bounded, 0 where unknown."""
    scaled = np.clip((features - means) / scales, -_FARTHEST, _FARTHEST)
    return np.asarray(np.nan_to_num(scaled, nan=0.0))
