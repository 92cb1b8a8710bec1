"""Detectors without a net, that every net has to be better than."""
