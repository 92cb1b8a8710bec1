"""Recordings in delimited text: dialect, columns, rate, units, samples."""
