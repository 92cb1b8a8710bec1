"""Measurements one runs by hand; they are no tests."""
