"""Train, step 3: the network."""
