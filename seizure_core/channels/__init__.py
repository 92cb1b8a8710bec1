"""Channel labels, montages, and derivation of a montage's channels from a recording."""
