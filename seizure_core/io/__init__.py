"""Reading of recordings: EDF, BDF, text, and sequences of files."""
