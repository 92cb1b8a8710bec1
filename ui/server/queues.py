"""Names of the queues events wait in: those of one name share their places."""

from __future__ import annotations

import functools
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

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

_NICENESS = 5


def giving_way(handler: Callable[P, R]) -> Callable[P, R]:
    """Let a handler that computes for long leave the processor to those that answer at once.

    It gets a thread of its own, because a priority once lowered cannot be raised again. Threads
    that it starts inherit the priority. Only Linux has one for each thread.
    """

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        work = functools.partial(copy_context().run, handler, *args, **kwargs)
        with ThreadPoolExecutor(1, "long-work", initializer=_lower_priority) as pool:
            return pool.submit(work).result()

    return run


def _lower_priority() -> None:
    if sys.platform == "linux":
        thread = threading.get_native_id()
        lower = os.getpriority(os.PRIO_PROCESS, thread) + _NICENESS
        os.setpriority(os.PRIO_PROCESS, thread, lower)
