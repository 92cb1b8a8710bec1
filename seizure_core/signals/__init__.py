"""Signals as input of models: blocks, filters, resampling, windows, quality."""
