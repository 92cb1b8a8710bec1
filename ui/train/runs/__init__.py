"""Train, step 4: training runs."""
