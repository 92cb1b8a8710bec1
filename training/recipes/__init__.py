"""Straight-line recipes: from data to a finished card, readable from top to bottom."""
