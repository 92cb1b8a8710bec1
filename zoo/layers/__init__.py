"""The layer vocabulary: networks as data. `vocabulary` lists all layer types."""
