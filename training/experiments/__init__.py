"""Whole trainings as data: recordings, dataset, network and settings in one JSON file."""
