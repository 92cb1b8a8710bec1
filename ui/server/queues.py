"""Names of the queues events wait in: those of one name share their places."""

from __future__ import annotations

# Detection uses all cores: one at a time is as fast as several, and fairer.
INFERENCE_QUEUE = "inference"

# Quick answers, several at a time.
QUICK_QUEUE = "files"

# Datasets read much and compute little; one that takes an hour must not hold up detection.
DATASET_QUEUE = "datasets"

# What waits for another machine more than it works.
HUB_QUEUE = "hub"

# Reads headers and waits for disks: a slow file must not hold up other visitors'.
OPENING_QUEUE = "opening"

PLACES = {INFERENCE_QUEUE: 1, QUICK_QUEUE: 4, DATASET_QUEUE: 1, HUB_QUEUE: 2, OPENING_QUEUE: 8}
