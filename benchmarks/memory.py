"""How much memory a piece of work takes, as Linux counts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def peak_mb(work: Callable[[], object]) -> float:
    """Return how far memory rises above what is resident before a piece of work.

    Linux's high-water mark is set back first: that of the whole process would hide whatever
    stays below the peak of its imports. Pages of the memory map that were read count too.
    """
    Path("/proc/self/clear_refs").write_text("5")
    before = _status_mb("VmRSS")
    work()
    return _status_mb("VmHWM") - before


def _status_mb(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return float(line.split()[1]) / 1024
    raise SystemExit(f"This system does not tell {name}: memory is measured on Linux only.")
