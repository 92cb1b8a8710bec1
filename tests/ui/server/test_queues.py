"""What computes for long gives way to what answers at once."""

from __future__ import annotations

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest

from ui.server.queues import giving_way

SPOKEN = ContextVar("SPOKEN", default="en")


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_long_work_and_its_threads_have_less_priority_and_nothing_else_has() -> None:
    def work() -> list[int]:
        with ThreadPoolExecutor(1) as pool:
            return [niceness(), pool.submit(niceness).result()]

    before = niceness()
    assert giving_way(work)() == [min(before + 5, 19)] * 2
    assert niceness() == before


def test_long_work_speaks_the_visitors_language_and_fails_as_before() -> None:
    def work(given: str, *, more: str) -> str:
        if not more:
            raise ValueError(given)
        return f"{SPOKEN.get()} {given} {more}"

    token = SPOKEN.set("it")
    try:
        assert giving_way(work)("a", more="b") == "it a b"
        with pytest.raises(ValueError, match="refused"):
            giving_way(work)("refused", more="")
    finally:
        SPOKEN.reset(token)
