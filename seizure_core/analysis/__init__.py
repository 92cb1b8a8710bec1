"""What signals are like over a whole recording: spectra, trends, likeness of channels."""
