"""Put each mistake of the sample into a copy of the project and tell whether a test notices.

Run as `python -m tests.faults`, with words of a mistake to try only some; `--named` leaves the
whole suite out for those that the named tests miss. Ends with 1 if one was not noticed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.sample import FAULTS, Fault
from tests.properties import PROFILE_VARIABLE

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("seizure_zoo", "seizure_core", "zoo", "training", "ui")
SUFFIXES = (".py", ".js")
# pytest: some tests failed; collecting them failed. Anything else is no answer.
NOTICED = (1, 2)
_LATER_S = itertools.count(10)


class StaleFaultError(Exception):
    """The product or the tests have changed: the mistake has to be written again."""


def place_of(fault: Fault, folder: Path) -> Path:
    """Return the one file of the product that holds the text."""
    files = [
        path
        for package in PRODUCT
        for path in sorted((folder / package).rglob("*"))
        if path.suffix in SUFFIXES
    ]
    found = [path for path in files if fault.right in path.read_text(encoding="utf-8")]
    if len(found) != 1 or found[0].read_text(encoding="utf-8").count(fault.right) != 1:
        raise StaleFaultError(f"{fault.right!r} does not stand in the product exactly once")
    return found[0]


def tests_of(fault: Fault, folder: Path) -> list[Path]:
    """Return the test files that are likely to notice."""
    found = [path for name in fault.tests for path in sorted((folder / "tests").rglob(name))]
    if not found:
        raise StaleFaultError(f"there is no test file {' or '.join(fault.tests)}")
    return found


def noticed_by(fault: Fault, folder: Path, *, named_only: bool) -> str:
    """Return who noticed the mistake: "named tests", "the suite" or "" for nobody."""
    place, named = place_of(fault, folder), tests_of(fault, folder)
    original = place.read_text(encoding="utf-8")
    _write(place, original.replace(fault.right, fault.wrong))
    try:
        if _fails(folder, [str(path.relative_to(folder)) for path in named]):
            return "named tests"
        if not named_only and _fails(folder, ["-m", "not slow", "-n", "2", "--dist", "worksteal"]):
            return "the suite"
        return ""
    finally:
        _write(place, original)


def copy_project(folder: Path) -> None:
    """Copy what git knows of the project, and link the shared files if they are there."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    if (ROOT.parent / "shared").exists():
        (folder.parent / "shared").symlink_to(ROOT.parent / "shared")


def _fails(folder: Path, arguments: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-x", *arguments]
    environment = {**os.environ, PROFILE_VARIABLE: "unshrunk"}
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode not in (0, *NOTICED):
        raise RuntimeError(ended.stdout + ended.stderr)
    return ended.returncode in NOTICED


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    # Compiled files are told apart by size and whole seconds: give every version its own.
    later = time.time() + next(_LATER_S)
    os.utime(path, (later, later))


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mistakes and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("words", nargs="*", help="only mistakes whose description holds one")
    parser.add_argument("--named", action="store_true", help="run the named tests only")
    chosen = parser.parse_args(arguments)
    faults = [
        fault
        for fault in FAULTS
        if not chosen.words or any(word in fault.breaks for word in chosen.words)
    ]
    missed = []
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-faults-") as place:
        folder = Path(place) / "project"
        copy_project(folder)
        for number, fault in enumerate(faults, start=1):
            began = time.monotonic()
            try:
                by = noticed_by(fault, folder, named_only=chosen.named)
            except StaleFaultError as error:
                by, problem = "", f"STALE ({error})"
            else:
                problem = "NOT NOTICED"
            if not by:
                missed.append(fault)
            seconds = time.monotonic() - began
            told = f"noticed by {by}" if by else problem
            print(f"{number}/{len(faults)} {fault.breaks}: {told} ({seconds:.0f} s)", flush=True)
    print(f"{len(faults) - len(missed)} of {len(faults)} mistakes were noticed.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
