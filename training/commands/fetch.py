"""`python -m training fetch chbmit`: download the database, or some of its patients."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from seizure_core.command_line import (
    DONE,
    STOPPED,
    ProgressBar,
    argument,
    command,
    fail,
    say,
    write,
)
from seizure_core.plain_text import printable
from zoo.store.home import home_folder

if TYPE_CHECKING:
    from training.fetching.chbmit import FetchPlan

DATABASES = ("chbmit",)


def database_folder(name: str) -> Path:
    """Return the default folder of a database."""
    return home_folder() / "databases" / name


@command(
    "fetch",
    "Download a public database; resumable and verified.",
    argument(
        "database",
        choices=DATABASES,
        metavar="NAME",
        help=f"Name of the database: {', '.join(DATABASES)}.",
    ),
    argument(
        "--patients",
        nargs="+",
        default=[],
        metavar="N",
        help="Patients to download, as 1, 01 or chb01. Default: all 24 cases, about 43 GB.",
    ),
    argument(
        "--to",
        type=Path,
        metavar="DIR",
        help="Target folder. Default: databases/NAME in SEIZURE_ZOO_HOME.",
    ),
    argument(
        "--from",
        dest="base_url",
        metavar="URL",
        help="Address of a mirror with the same folders. Default: PhysioNet.",
    ),
    argument(
        "--connections", type=int, metavar="N", help="Number of parallel downloads. Default: 4."
    ),
    argument(
        "--check",
        action="store_true",
        help="Verify the checksums of existing files, not only their sizes.",
    ),
    argument(
        "--dry-run",
        action="store_true",
        help="Show what would be downloaded, but download nothing.",
    ),
    examples=("fetch chbmit --patients 1 2", "fetch chbmit --to chbmit --dry-run"),
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
        with ProgressBar(arguments, total=plan.missing_bytes / 1e6, unit="MB") as bar:

            def report(done_bytes: int, file_name: str) -> None:
                if file_name:
                    bar.clear()
                    say(arguments, file_name)
                bar.show(done_bytes / 1e6)

            try:
                fetcher.fetch(plan, report)
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
