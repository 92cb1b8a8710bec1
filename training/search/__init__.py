"""Searches for settings of a training with Optuna: many runs on one dataset."""
