"""Drawings made as SVG, which take their colours from the page."""
