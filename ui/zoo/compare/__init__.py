"""Models compared on recordings."""
