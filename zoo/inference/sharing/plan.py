"""How far the first stages of a net are shared between windows, and whether it pays.

The plan is made from the built net and the step between windows; nothing here knows any
particular architecture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoo.inference.sharing.activations import Layout, SharedActivations
from zoo.inference.sharing.stages import MOVE_COST, SharedStage, State

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, kw_only=True)
class SharingPlan:
    """Which stages are evaluated once for all windows.

    Attributes
    ----------
    n_shared : int
        How many of the net's stages, from the first on; 0 means none.
    cost, plain_cost : float
        Estimated work a window with and without sharing, in multiply-adds. Stages that no
        plan could share are left out of both.
    """

    n_shared: int
    cost: float
    plain_cost: float


def plan_sharing(
    stages: Sequence[SharedStage], *, n_channels: int, window: int, hop: int
) -> SharingPlan:
    """Choose how many stages to share so that the estimated work is least.

    Parameters
    ----------
    stages : sequence of SharedStage
        As `stages_of` gives them.
    n_channels, window, hop : int
        Input channels; window and step between windows in samples.
    """
    layout = Layout(hop=hop, step=1, first=0, stop=window, length=window)
    states = [State(layout=layout, n_rows=1, n_channels=n_channels)]
    for stage in stages:
        behind = stage.after(states[-1])
        if behind is None:
            break
        states.append(behind)
    plain = states[-1].plain_cost
    totals = [
        # What is shared is gathered into windows for the stages behind it.
        state.shared_cost + MOVE_COST * state.n_values + plain - state.plain_cost
        for state in states
    ]
    best = min(range(len(totals)), key=totals.__getitem__)
    return SharingPlan(n_shared=best, cost=totals[best], plain_cost=totals[0])


def shared_activations(
    stages: Sequence[SharedStage],
    signals: torch.Tensor,
    *,
    window: int,
    hop: int,
    n_windows: int,
) -> SharedActivations:
    """Evaluate stages once for all windows of a stretch of recording.

    Parameters
    ----------
    stages : sequence of SharedStage
        The first stages of a net, all shareable.
    signals : torch.Tensor, shape (n_channels, n_samples)
    window, hop, n_windows : int
        Window k holds samples `[k * hop, k * hop + window)`.
    """
    x = SharedActivations.of_signal(signals, window=window, hop=hop, n_windows=n_windows)
    for stage in stages:
        x = stage.shared(x)
    return x
