"""Texts of the app and their translation."""
