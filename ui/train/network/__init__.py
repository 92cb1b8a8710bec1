"""Train, step 2: build a network."""
