"""Train, step 1 and 2: references and dataset."""
