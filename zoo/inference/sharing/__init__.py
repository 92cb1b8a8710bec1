"""Evaluation of a model's first layers once for all overlapping windows, with exact results."""
