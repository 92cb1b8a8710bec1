"""Training: datasets, splits, the loop, runs as processes, evaluation, nets kept in the zoo."""
