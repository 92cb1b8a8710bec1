"""Evaluation, operating points, calibration, baselines, scoreboard."""
