"""Training of second stages: a regression on the features of events, and its threshold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from seizure_core.events.candidates import FEATURES
from training.errors import TrainingError
from zoo.card.second_stage import EventClass, FeatureWeights, SecondStage, scaled_features

CLASSES: tuple[EventClass, ...] = get_args(EventClass)

# Strong enough that thirty features on some hundred events cannot be learned by heart.
_PENALTY = 3.0
_FEWEST = 10
_THRESHOLDS = tuple(round(0.01 * step, 2) for step in range(2, 99))
_DIGITS = 4


def fit_second_stage(
    features: NDArray[np.float64], classes: Sequence[EventClass], *, trained_on: str
) -> SecondStage:
    """Train a second stage; its threshold is 0.5, see `with_threshold`.

    Seizures and all other events have the same weight together. Classes with few events are
    counted as "other".

    Parameters
    ----------
    features : ndarray of float64, shape (n_events, len(FEATURES))
        From `candidate_features`; NaN where unknown.
    classes : sequence of str
        Of each event.

    Raises
    ------
    TrainingError
        There are too few seizures or too few other events.
    """
    counts = {one: sum(given == one for given in classes) for one in CLASSES}
    n_seizures, n_others = counts["seizure"], len(classes) - counts["seizure"]
    if min(n_seizures, n_others) < _FEWEST:
        raise TrainingError(
            "A second stage needs at least {fewest} events that are seizures and as many that are "
            "not; there are {n_seizures} and {n_others}.",
            fewest=_FEWEST,
            n_seizures=n_seizures,
            n_others=n_others,
        )
    named = [one for one in CLASSES if counts[one] >= _FEWEST or one in ("seizure", "other")]
    numbers = np.array([named.index(one if one in named else "other") for one in classes])
    means, scales = _mean_and_spread(features)
    shares = np.where(numbers == 0, 0.5 / n_seizures, 0.5 / n_others)
    weights = _regression(
        scaled_features(features, means, scales), np.eye(len(named))[numbers], shares * len(classes)
    )
    return SecondStage(
        classes=tuple(named),
        biases=_rounded(weights[-1]),
        features=tuple(
            FeatureWeights(feature=name, mean=mean, scale=scale, weights=_rounded(row))
            for name, mean, scale, row in zip(
                FEATURES, _rounded(means), _rounded(scales), weights, strict=False
            )
        ),
        threshold=0.5,
        trained_on=trained_on,
    )


def with_threshold(
    stage: SecondStage, sensitivity: Callable[[SecondStage], float], *, most_lost: float
) -> SecondStage:
    """Return the stage with the highest threshold that loses few enough seizures.

    Parameters
    ----------
    sensitivity : callable
        Sensitivity with a stage on recordings kept from its training.
    most_lost : float
        Largest loss against a stage that drops (almost) nothing, 0 to 1.
    """
    least = sensitivity(stage.model_copy(update={"threshold": 1e-9})) - most_lost
    chosen = stage.model_copy(update={"threshold": _THRESHOLDS[0]})
    for threshold in _THRESHOLDS:
        tried = stage.model_copy(update={"threshold": threshold})
        if sensitivity(tried) >= least - 1e-9:
            chosen = tried
    return chosen


def _mean_and_spread(
    features: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = np.isfinite(features)
    n_known = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, features, 0.0).sum(axis=0) / n_known
    spread = np.where(known, np.square(features - means), 0.0).sum(axis=0) / n_known
    return means, np.maximum(np.sqrt(spread), 1e-3)


def _regression(
    inputs: NDArray[np.float64], targets: NDArray[np.float64], shares: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return weights of a multinomial logistic regression, shape (n_features + 1, n_classes).

    The last row is the bias, which the penalty spares.
    """
    with_bias = np.column_stack([inputs, np.ones(len(inputs))])
    shape = (with_bias.shape[1], targets.shape[1])
    penalised = np.ones((shape[0], 1))
    penalised[-1] = 0.0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(shape)
        scores = with_bias @ weights
        scores -= scores.max(axis=1, keepdims=True)
        logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        value = -(shares[:, None] * targets * logs).sum()
        value += 0.5 * _PENALTY * (penalised * weights**2).sum()
        pull = shares[:, None] * (np.exp(logs) - targets)
        return float(value), (with_bias.T @ pull + _PENALTY * penalised * weights).ravel()

    found: Any = optimize.minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B")
    return np.asarray(found.x).reshape(shape)


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(round(float(value), _DIGITS) for value in values)
