"""Readers of references, one module per format."""
