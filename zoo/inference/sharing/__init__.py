"""Evaluating the first layers of a net once for all overlapping windows, exactly."""
