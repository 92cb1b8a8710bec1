"""Readers of references, one module a format."""
