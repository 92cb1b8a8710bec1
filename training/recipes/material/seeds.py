"""First seeds of simulations: training, validation and measuring share none."""

from __future__ import annotations

TRAINING_SEEDS = 0
VALIDATION_SEEDS = 1_000_000
MEASURING_SEEDS = 2_000_000
RECORDING_SEEDS = 500_000
"""Added for whole recordings, as against those that windows are drawn from."""
