"""Train, step 5: test the model and save it."""
