"""The Model Zoo tab: finding a net, reading its card, using, comparing and moving it."""
