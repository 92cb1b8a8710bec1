"""Training: datasets, splits, training loop, run processes, evaluation, saving of models."""
