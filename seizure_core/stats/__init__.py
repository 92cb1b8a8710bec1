"""Whole-file statistics, spectra, trends and distributions."""
