"""Evaluating the first layers of a net once for all overlapping windows, exactly."""

from zoo.inference.sharing.plan import SharingPlan, plan_sharing, shared_activations
from zoo.inference.sharing.stages import SharedStage, stages_of

__all__ = ["SharedStage", "SharingPlan", "plan_sharing", "shared_activations", "stages_of"]
