"""Signals that recipes train on: simulated and real."""
