"""`python -m training fetch chbmit`: the whole database, or some of its patients."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from seizure_core.command_line import DONE, STOPPED, argument, command, fail, say, write
from seizure_core.plain_text import printable
from zoo.store.home import home_folder

if TYPE_CHECKING:
    from training.fetching.chbmit import FetchPlan, FetchProgress

DATABASES = ("chbmit",)
_EVERY_S = 0.5


def database_folder(name: str) -> Path:
    """Return where a database is kept when nobody says otherwise."""
    return home_folder() / "databases" / name


@command(
    "fetch",
    "Download a public database, checked and resumable.",
    argument("database", choices=DATABASES, metavar="NAME", help=", ".join(DATABASES)),
    argument(
        "--patients",
        nargs="+",
        default=[],
        metavar="N",
        help="only these, as 1, 01 or chb01 (default: all 24 cases, about 43 GB)",
    ),
    argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="folder of the database (default: databases/NAME in SEIZURE_ZOO_HOME)",
    ),
    argument(
        "--from",
        dest="base_url",
        metavar="URL",
        help="a mirror with the same folders (default: PhysioNet)",
    ),
    argument("--connections", type=int, metavar="N", help="files at the same time (default: 4)"),
    argument(
        "--check", action="store_true", help="read files that are there and compare checksums"
    ),
    argument("--dry-run", action="store_true", help="say what would come, and fetch nothing"),
)
def fetch(arguments: argparse.Namespace) -> int:
    """Download what is missing."""
    from training.fetching.chbmit import (
        CHBMIT_URL,
        DEFAULT_CONNECTIONS,
        ChbmitFetcher,
        FetchOptions,
    )

    options = FetchOptions(
        base_url=arguments.base_url or CHBMIT_URL,
        connections=arguments.connections or DEFAULT_CONNECTIONS,
        check_present=arguments.check,
    )
    folder = arguments.to or database_folder(arguments.database)
    with ChbmitFetcher(folder, options) as fetcher:
        plan = fetcher.plan(arguments.patients)
        document = {
            "folder": str(folder),
            "n_present": len(plan.present),
            "n_missing": len(plan.missing),
            "missing_bytes": plan.missing_bytes,
            "n_fetched": 0,
        }
        text = f"{folder}: {_plan_text(plan)}"
        if arguments.dry_run or not plan.missing:
            write(arguments, document, printable(text))
            return DONE
        say(arguments, text)
        fetcher.check_room(plan)
        try:
            fetcher.fetch(plan, _Printer(arguments))
        except KeyboardInterrupt:
            fail("Stopped. The same command goes on where this ended.")
            return STOPPED
    document["n_fetched"] = len(plan.missing)
    write(
        arguments,
        document,
        f"Complete: {len(plan.missing)} files fetched, every SHA-256 as published.",
    )
    return DONE


def _plan_text(plan: FetchPlan) -> str:
    from training.fetching.chbmit import human_bytes

    if not plan.missing:
        return f"All {len(plan.present)} files are there."
    return (
        f"{len(plan.missing)} files to fetch, {human_bytes(plan.missing_bytes)}; "
        f"{len(plan.present)} are there."
    )


class _Printer:
    """Prints a line for each file, and on a terminal how far everything is."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._last = 0.0
        self._began = time.monotonic()
        self._live = sys.stderr.isatty() and not arguments.quiet

    def __call__(self, progress: FetchProgress) -> None:
        from training.fetching.chbmit import human_bytes

        if progress.file_name:
            if self._live:
                print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            say(self._arguments, progress.file_name)
        now = time.monotonic()
        if not self._live or now - self._last < _EVERY_S:
            return
        self._last = now
        rate = progress.done_bytes / max(now - self._began, 1e-6)
        left_s = (progress.total_bytes - progress.done_bytes) / rate if rate > 0 else 0.0
        print(
            f"\r\x1b[K{human_bytes(progress.done_bytes)} of {human_bytes(progress.total_bytes)}, "
            f"{human_bytes(round(rate))}/s, {left_s / 60:.0f} min left",
            end="",
            file=sys.stderr,
            flush=True,
        )
