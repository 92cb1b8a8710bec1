"""Evaluating the first layers of a model once for all overlapping windows, exactly."""
