"""Files of recordings: bytes in, a `Recording` out."""
