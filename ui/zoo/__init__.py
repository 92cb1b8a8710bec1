"""The Model Zoo tab: finding a model, reading its card, using, comparing and moving it."""
