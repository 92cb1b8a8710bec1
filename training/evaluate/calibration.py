"""Calibration of probabilities: temperature and bias, fitted on validation windows.

After Platt, "Probabilistic outputs for support vector machines", 1999, and Guo, Pleiss, Sun and
Weinberger, "On calibration of modern neural networks", ICML 2017: all logits are divided by a
temperature, and a bias is added to the seizure logit; both minimise the validation loss. As in
Platt's method, targets are slightly less than certain, depending on the number of windows, because
perfectly separated classes would otherwise drive the probabilities to 0 and 1. Both numbers are
merged into the last layer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from zoo.card.history import Calibration, Reliability, ReliabilityBin

if TYPE_CHECKING:
    import torch

N_BINS = 10

# A fit at a bound is undetermined.
_LOG_BOUNDS = (math.log(0.02), math.log(50.0))
_BIAS_BOUNDS = (-5.0, 5.0)
_AT_BOUND = 0.01
_FEWEST_WINDOWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescaling:
    """Change of the logits.

    Attributes
    ----------
    temperature : float
        Divisor of the logits.
    bias : float
        Added to the seizure logit afterwards.
    """

    temperature: float
    bias: float = 0.0


def reliability(probabilities: ArrayLike, seizure: ArrayLike) -> Reliability | None:
    """Return the reliability of probabilities, in ten bins.

    Parameters
    ----------
    probabilities : array_like, any shape
        0 to 1; NaN is ignored.
    seizure : array_like of bool, same shape
        Whether it was seizure.

    Returns
    -------
    Reliability or None
        None without probabilities.
    """
    said = np.asarray(probabilities, dtype=np.float64).ravel()
    true = np.asarray(seizure, dtype=bool).ravel()
    defined = np.isfinite(said)
    said, true = said[defined], true[defined]
    if not len(said):
        return None
    places = np.minimum((said * N_BINS).astype(np.int64), N_BINS - 1)
    bins, error = [], 0.0
    for place in np.unique(places):
        inside = places == place
        mean, fraction = float(said[inside].mean()), float(true[inside].mean())
        error += inside.mean() * abs(mean - fraction)
        bins.append(
            ReliabilityBin(
                probability=round(mean, 6), seizure_fraction=round(fraction, 6), n=int(inside.sum())
            )
        )
    return Reliability(expected_calibration_error=round(float(error), 6), bins=tuple(bins))


def calibrate(
    network: torch.nn.Sequential, logits: torch.Tensor, classes: torch.Tensor, *, fitted_on: str
) -> Calibration | None:
    """Fit a rescaling on validation windows and merge it into the network's last layer.

    Returns
    -------
    Calibration or None
        For the card; None, without a change, if the fit is undetermined or the last layer is not
        linear.
    """
    last = _last_layer(network)
    if last is None:
        return None
    rescaling = fit_rescaling(logits, classes, with_bias=last.bias is not None)
    if rescaling is None:
        return None
    apply_rescaling(network, rescaling)
    before, after = (
        reliability(_seizure_probabilities(logits, scaling), classes.numpy() == 1)
        for scaling in (Rescaling(temperature=1.0), rescaling)
    )
    assert before is not None
    assert after is not None
    return Calibration(
        temperature=rescaling.temperature,
        bias=rescaling.bias,
        fitted_on=fitted_on,
        n_windows=len(classes),
        before=before,
        after=after,
    )


def fit_rescaling(
    logits: torch.Tensor, classes: torch.Tensor, *, with_bias: bool = True
) -> Rescaling | None:
    """Return the rescaling with the least loss; None if undetermined.

    Parameters
    ----------
    logits : torch.Tensor, shape (n_windows, 2) or (n_windows, 2, n_steps)
        Of validation windows.
    classes : torch.Tensor, shape (n_windows,) or (n_windows, n_steps)
        Both must occur.
    with_bias : bool
        Whether to fit the bias, too.
    """
    import torch

    if len(classes) < _FEWEST_WINDOWS or len(torch.unique(classes)) < 2:
        return None
    lead = (logits[:, 1] - logits[:, 0]).double().numpy().ravel()
    wanted = _nearly_certain(classes.numpy().ravel() == 1)

    def loss(values: NDArray[np.float64]) -> float:
        bias = values[1] if with_bias else 0.0
        said = lead / math.exp(values[0]) + bias
        return float((np.logaddexp(0.0, said) - wanted * said).mean())

    bounds = [_LOG_BOUNDS, _BIAS_BOUNDS] if with_bias else [_LOG_BOUNDS]
    found = scipy.optimize.minimize(loss, np.zeros(len(bounds)), bounds=bounds, method="L-BFGS-B")
    low, high = _LOG_BOUNDS
    if not (math.isfinite(float(found.fun)) and low + _AT_BOUND < found.x[0] < high - _AT_BOUND):
        return None
    return Rescaling(temperature=math.exp(found.x[0]), bias=float(found.x[1]) if with_bias else 0.0)


def _nearly_certain(seizure: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return Platt's targets instead of 0 and 1."""
    n_seizure = int(seizure.sum())
    n_background = len(seizure) - n_seizure
    return np.where(seizure, (n_seizure + 1) / (n_seizure + 2), 1 / (n_background + 2))


def apply_rescaling(network: torch.nn.Sequential, rescaling: Rescaling) -> bool:
    """Merge a rescaling into a network's last layer.

    Returns
    -------
    bool
        False, without a change, if the last layer is not linear, or lacks a bias that is needed.
    """
    import torch

    last = _last_layer(network)
    if last is None or (rescaling.bias and last.bias is None):
        return False
    with torch.no_grad():
        last.weight /= rescaling.temperature
        if last.bias is not None:
            last.bias /= rescaling.temperature
            last.bias[1] += rescaling.bias
    return True


def _last_layer(network: torch.nn.Sequential) -> torch.nn.Linear | torch.nn.Conv1d | None:
    import torch

    last = network[-1]
    return last if isinstance(last, torch.nn.Linear | torch.nn.Conv1d) else None


def _seizure_probabilities(logits: torch.Tensor, rescaling: Rescaling) -> NDArray[np.float64]:
    lead = (logits[:, 1] - logits[:, 0]).double().numpy() / rescaling.temperature + rescaling.bias
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * lead)), dtype=np.float64)
