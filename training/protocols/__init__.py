"""Evaluation protocols on the full CHB-MIT."""
