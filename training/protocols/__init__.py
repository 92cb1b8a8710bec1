"""Protocols on the full CHB-MIT: how patients and time are kept apart, measured and reported."""
