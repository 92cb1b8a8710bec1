"""Figures of a recipe's model on held-out material."""
