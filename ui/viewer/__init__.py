"""The EEG viewer: a component of its own, on both sides of the wire."""
