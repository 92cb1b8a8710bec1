"""Training: datasets, splits, the loop, runs as processes, evaluation, models kept in the zoo."""
