"""A simple classifier that tries to tell two kinds of EEG apart, judged on sources it never saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

# Strong enough that a dozen features on some dozen stretches cannot be learned by heart.
_PENALTY = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How well two kinds were told apart.

    Attributes
    ----------
    area : float
        Under the ROC curve over all held-out stretches: 0.5 is chance, 1 is always right.
    single : dict of str to float
        The same for each feature alone, without training; at least 0.5.
    n_real, n_simulated : int
        Stretches of each kind.
    n_sources : int
        Real recordings they are from.
    """

    area: float
    single: dict[str, float]
    n_real: int
    n_simulated: int
    n_sources: int


def tell_apart(
    real: NDArray[np.float64],
    simulated: NDArray[np.float64],
    *,
    real_sources: Sequence[str],
    simulated_sources: Sequence[str],
    names: Sequence[str],
    n_folds: int = 5,
) -> Telling:
    """Train logistic regressions on some sources and let them judge the others.

    Parameters
    ----------
    real, simulated : ndarray, shape (n_stretches, n_features)
        Features of stretches.
    real_sources, simulated_sources : sequence of str
        Which recording each stretch is from: all of one are held out together.
    names : sequence of str
        Of the features.
    n_folds : int
        Groups of sources, each held out once.
    """
    features = np.concatenate([real, simulated])
    labels = np.concatenate([np.ones(len(real)), np.zeros(len(simulated))])
    folds = np.concatenate([_folds(real_sources, n_folds), _folds(simulated_sources, n_folds)])
    scores = np.full(len(labels), np.nan)
    for fold in range(n_folds):
        held = folds == fold
        if not held.any() or len(np.unique(labels[~held])) < 2:
            continue
        centre, spread = features[~held].mean(axis=0), features[~held].std(axis=0) + 1e-12
        weights = _fit((features[~held] - centre) / spread, labels[~held])
        scaled = (features[held] - centre) / spread
        scores[held] = scaled @ weights[:-1] + weights[-1]
    judged = np.isfinite(scores)
    return Telling(
        area=area_under_curve(scores[judged], labels[judged]),
        single={
            name: _either_way(area_under_curve(features[:, index], labels))
            for index, name in enumerate(names)
        },
        n_real=len(real),
        n_simulated=len(simulated),
        n_sources=len(set(real_sources)),
    )


def area_under_curve(scores: NDArray[np.float64], labels: NDArray[np.float64]) -> float:
    """Return the probability that a stretch of class 1 scores higher than one of class 0."""
    ranks = stats.rankdata(scores)
    n_ones = int(labels.sum())
    n_zeros = len(labels) - n_ones
    return float((ranks[labels == 1].sum() - n_ones * (n_ones + 1) / 2) / (n_ones * n_zeros))


def _either_way(area: float) -> float:
    return max(area, 1.0 - area)


def _folds(sources: Sequence[str], n_folds: int) -> NDArray[np.int64]:
    known = {name: index % n_folds for index, name in enumerate(dict.fromkeys(sources))}
    return np.array([known[name] for name in sources], dtype=np.int64)


def _fit(features: NDArray[np.float64], labels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return weights and, last, the intercept; both classes count the same."""
    balance = np.where(labels == 1, 0.5 / labels.mean(), 0.5 / (1.0 - labels.mean()))
    signs = 2.0 * labels - 1.0

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margins = signs * (features @ weights[:-1] + weights[-1])
        value = (balance * np.logaddexp(0.0, -margins)).sum()
        value += 0.5 * _PENALTY * (weights[:-1] ** 2).sum()
        pull = -balance * signs / (1.0 + np.exp(np.clip(margins, -500, 500)))
        gradient = np.append(features.T @ pull + _PENALTY * weights[:-1], pull.sum())
        return float(value), gradient

    start = np.zeros(features.shape[1] + 1)
    found: NDArray[np.float64] = optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x
    return found
