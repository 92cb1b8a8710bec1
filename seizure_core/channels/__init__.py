"""Names of channels, montages, and how the rows of a montage follow from a recording."""
