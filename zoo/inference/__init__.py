"""Running a model over a recording, and what is made of the probabilities."""
