"""Measurements of several ways side by side, as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
import random
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from statistics import median, quantiles

MIN_ROUNDS = 7
ENOUGH_FOR_P95 = 20
PACKAGES = ("numpy", "scipy", "torch", "pyedflib", "mne", "edfio", "onnxruntime", "plotly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How long one way of doing something takes.

    Attributes
    ----------
    task, way : str
        What is done, and how.
    median, low, high : float
        Of the rounds, in `unit`; low and high are the quartiles.
    unit : str
    ratio : float
        Median over rounds of this way's time divided by that of the task's first way: above 1
        is slower than ours.
    n_rounds : int
    p95 : float or None
        Time that 95 of 100 stay below; None where there are too few rounds to say.
    """

    task: str
    way: str
    median: float
    low: float
    high: float
    unit: str
    ratio: float
    n_rounds: int
    p95: float | None = None


def interleaved(
    task: str, ways: Mapping[str, Callable[[], object]], rounds: int = MIN_ROUNDS
) -> list[Row]:
    """Time all ways in turns, after one round to warm up, so that a busy machine slows all.

    Each round has an order of its own: what a way leaves behind, as caches full of its data or
    threads that have not yet gone to sleep, meets all others alike.

    Parameters
    ----------
    task : str
        Heading.
    ways : mapping of str to callable
        Ours first.
    rounds : int
        At least 7.
    """
    times_ms: dict[str, list[float]] = {way: [] for way in ways}
    for number in range(max(rounds, MIN_ROUNDS) + 1):
        order = random.Random(number).sample(list(ways.items()), len(ways))
        for way, work in order:
            start = time.perf_counter()
            work()
            if number:
                times_ms[way].append((time.perf_counter() - start) * 1000)
    return rows_of(task, times_ms, "ms")


def rows_of(task: str, values: Mapping[str, list[float]], unit: str) -> list[Row]:
    """Return rows of values that were measured in turns, ours first."""
    ours = next(iter(values.values()))
    rows = []
    for way, measured in values.items():
        low, _, high = quantiles(measured, n=4) if len(measured) > 1 else measured * 3
        paired = [theirs / own for theirs, own in zip(measured, ours, strict=False)]
        rows.append(
            Row(
                task=task,
                way=way,
                median=median(measured),
                low=low,
                high=high,
                unit=unit,
                ratio=median(paired),
                n_rounds=len(measured),
                p95=quantiles(measured, n=20)[-1] if len(measured) >= ENOUGH_FOR_P95 else None,
            )
        )
    return rows


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    versions = {name: _version(name) for name in PACKAGES}
    return {
        "python": platform.python_version(),
        "cores": str(len(os.sched_getaffinity(0))),
        "processor": platform.machine(),
        **{name: version for name, version in versions.items() if version},
    }


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| Task | Way | Median | Quartiles | Times ours |",
        "|---|---|---:|---:|---:|",
    ]
    last = ""
    for row in rows:
        task = "" if row.task == last else row.task
        last = row.task
        spread = f"{_short(row.low)} to {_short(row.high)}"
        if row.p95 is not None:
            spread += f"; p95 {_short(row.p95)}"
        lines.append(
            f"| {task} | {row.way} | {_short(row.median)} {row.unit} | {spread} "
            f"| {_short(row.ratio)} |"
        )
    return "\n".join(lines)


def write_json(path: Path, parts: Mapping[str, Iterable[Row]]) -> None:
    """Write the machine and the rows of each part."""
    rows = {name: [asdict(row) for row in part] for name, part in parts.items()}
    path.write_text(json.dumps({"machine": machine(), "parts": rows}, indent=1) + "\n", "utf-8")


def put_rows(path: Path, part: str, rows: Iterable[Row]) -> None:
    """Put the rows of one part into a file and keep those of the others."""
    kept: dict[str, Iterable[Row]] = dict(read_json(path)[1]) if path.exists() else {}
    write_json(path, kept | {part: rows})


def read_json(path: Path) -> tuple[dict[str, str], dict[str, list[Row]]]:
    """Return what `write_json` wrote."""
    document = json.loads(path.read_text(encoding="utf-8"))
    parts = {name: [Row(**row) for row in rows] for name, rows in document["parts"].items()}
    return document["machine"], parts


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
