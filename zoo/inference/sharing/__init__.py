"""Evaluating the first layers of a net once for all overlapping windows, exactly."""

from zoo.inference.sharing.plan import SharingPlan, plan_sharing, shared_activations
from zoo.inference.sharing.stages import Stage, stages_of

__all__ = ["SharingPlan", "Stage", "plan_sharing", "shared_activations", "stages_of"]
