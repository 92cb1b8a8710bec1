"""Datasets: pairing, labelling, windows, splits, storage."""
