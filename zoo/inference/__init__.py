"""Running models over recordings, and processing the probabilities."""
