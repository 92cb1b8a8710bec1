"""Processes that begin with all that this one has loaded: torch alone takes seconds to load."""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Callable
from multiprocessing.context import ForkProcess


def forked(work: Callable[..., object], *arguments: object) -> ForkProcess:
    """Start a process that can be killed, as one that the product starts."""
    process = multiprocessing.get_context("fork").Process(target=work, args=arguments, daemon=True)
    with warnings.catch_warnings():
        # From Python 3.12 on, of any fork next to threads, such as those of pytest-xdist.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    return process
