"""Statistics of whole recordings: descriptive, spectra, trends and distributions."""
