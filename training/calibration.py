"""Temperature scaling: probabilities that mean what they say, on validation windows.

After Guo, Pleiss, Sun and Weinberger, "On calibration of modern neural networks", ICML 2017:
all logits are divided by one number, chosen by the validation loss. Here that number is
multiplied into the last layer, so that nothing has to be remembered beside the weights.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.optimize import minimize_scalar

if TYPE_CHECKING:
    import torch

# Where validation windows are told apart perfectly, ever smaller temperatures are ever better:
# at the lower bound the windows do not tell what suits.
_LOG_BOUNDS = (math.log(0.5), math.log(20.0))
_AT_BOUND = 0.01
_FEWEST_WINDOWS = 20


def fit_temperature(logits: torch.Tensor, classes: torch.Tensor) -> float | None:
    """Return the temperature of the least loss; None where the windows do not tell it.

    Parameters
    ----------
    logits : torch.Tensor, shape (n_windows, 2) or (n_windows, 2, n_steps)
        Of validation windows.
    classes : torch.Tensor, shape (n_windows,) or (n_windows, n_steps)
        Their classes; both must occur.
    """
    import torch

    if len(classes) < _FEWEST_WINDOWS or len(torch.unique(classes)) < 2:
        return None
    exact = logits.double()

    def loss(log_temperature: float) -> float:
        scaled = exact / math.exp(log_temperature)
        return float(torch.nn.functional.cross_entropy(scaled, classes))

    found = minimize_scalar(loss, bounds=_LOG_BOUNDS, method="bounded")
    best = float(found.x)
    told = math.isfinite(float(found.fun)) and best - _LOG_BOUNDS[0] > _AT_BOUND
    return math.exp(best) if told else None


def apply_temperature(network: torch.nn.Sequential, temperature: float) -> bool:
    """Divide a network's logits by a temperature, in its last layer.

    Returns
    -------
    bool
        False, and nothing changed, where the last layer is not linear in its weights.
    """
    import torch

    last = network[-1]
    if not isinstance(last, torch.nn.Linear | torch.nn.Conv1d):
        return False
    with torch.no_grad():
        last.weight /= temperature
        if last.bias is not None:
            last.bias /= temperature
    return True
