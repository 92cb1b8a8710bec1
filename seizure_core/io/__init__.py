"""Opening and reading recordings: EDF, BDF, text, sequences of files."""
