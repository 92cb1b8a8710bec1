"""Training: datasets, splits, the loop, runs as processes, evaluation, nets kept in the zoo.

`training.services` is what app, API and command line call.
"""
