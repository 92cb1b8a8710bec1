"""All benchmarks, one table: `python -m benchmarks [ROUNDS] [--only PART ...] [--json FILE]`.

All parts take about a quarter of an hour, and 1 GB in the temporary folder for a recording of
24 hours. With requirements-bench.txt all peers are there. `--json` writes what was
found; parts that were not measured stay as the file has them. README and
docs/benchmarks.md quote benchmarks/results.json (`python -m scripts.readme` writes them).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from benchmarks import day, inference, preparing, reading, start, training, viewer
from benchmarks.table import MIN_ROUNDS, Row, machine, put_rows, table

VIEWER_PAGES = 30

PARTS: Mapping[str, Callable[[Path, int], list[Row]]] = MappingProxyType(
    {
        "start": start.measurements,
        "reading": lambda folder, rounds: reading.measurements(reading.make_file(folder), rounds),
        "preparing": lambda folder, rounds: preparing.measurements(
            folder, reading.make_file(folder), rounds
        ),
        "inference": inference.measurements,
        "day": day.measurements,
        "training": lambda folder, rounds: training.measurements(rounds),
        "viewer": lambda folder, rounds: viewer.measurements(VIEWER_PAGES, [1.0, 24.0]),
    }
)


def main() -> None:
    """Measure, print, and write the file that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("rounds", type=int, nargs="?", default=MIN_ROUNDS)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    found: dict[str, list[Row]] = {}
    for name in arguments.only:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            found[name] = PARTS[name](Path(folder), arguments.rounds)
        if arguments.json:
            # After every part: should a later one fail, `--only` measures just that one again.
            put_rows(arguments.json, name, found[name])
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    print(table(row for rows in found.values() for row in rows))


if __name__ == "__main__":
    main()
