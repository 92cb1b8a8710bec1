"""Signals as models take them: blocks, filters, resampling, windows, quality."""
