"""`make fuzz`: a million inputs over every parser, endpoint and viewer function.

The targets are the property tests of `FILES`, with their strategies and their claims. They run in
rounds, each with a seed of its own, and what they find neither ends a round nor is it looked for
in a smaller form: each input that lets anything but a domain error out, or takes more than
`MOST_S` of processor time or `MOST_MB` of memory, is written down. Rounds that were finished are
not run again: a run that was stopped goes on where it was. What it finds is to become an
`@example` of its test.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Generator
from dataclasses import asdict, dataclass, field
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis.errors import HypothesisException, UnsatisfiedAssumption

from tests.properties import PROFILE_VARIABLE

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".fuzz"
FOLDER_VARIABLE = "SEIZURE_ZOO_FUZZ_FOLDER"
FILES = (
    "tests/seizure_core/io/test_edf_fuzz.py",
    "tests/seizure_core/io/test_text_fuzz.py",
    "tests/seizure_core/io/test_text_recordings.py",
    "tests/seizure_core/io/test_tal.py",
    "tests/seizure_core/io/test_refusal.py",
    "tests/seizure_core/io/test_edf_timeline.py",
    "tests/seizure_core/references/test_reference_fuzzing.py",
    "tests/seizure_core/events/test_mark_files.py",
    "tests/seizure_core/display/test_display_montages.py",
    "tests/seizure_core/channels/test_labels.py",
    "tests/seizure_core/test_json_document.py",
    "tests/zoo/card/test_card.py",
    "tests/zoo/store/test_bundle.py",
    "tests/zoo/store/test_store_fuzz.py",
    "tests/zoo/layers/test_network_fuzz.py",
    "tests/ui/test_plain_data.py",
    "tests/ui/viewer/test_viewer_fuzz.py",
    "tests/api/test_endpoint_fuzz.py",
)
"""Where the property tests of parsers, endpoints and viewer functions are."""

MOST_S, MOST_MB = 2.0, 200.0
HANGS_S = 60
"""Seconds of processor time after which an input is given up."""
_LONGEST_INPUT = 2000


@dataclass(kw_only=True)
class Finding:
    """An input that did what none may do.

    Attributes
    ----------
    what : str
        The error and where it came from, or the bound that was broken.
    given : str
        The input.
    count : int
        How many inputs did the same.
    """

    what: str
    given: str
    count: int = 1


@dataclass(kw_only=True)
class Outcome:
    """What came of one target."""

    target: str
    n: int = 0
    slowest_s: float = 0.0
    largest_mb: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)

    def note(self, what: str, given: str) -> None:
        """Take note of an input; of those that do the same, the shortest is kept."""
        known = self.findings.setdefault(what, Finding(what=what, given=given, count=0))
        known.count += 1
        known.given = min(known.given, given, key=len)

    def add(self, other: dict[str, Any]) -> None:
        """Add what came of the target in another round."""
        self.n += other["n"]
        self.slowest_s = max(self.slowest_s, other["slowest_s"])
        self.largest_mb = max(self.largest_mb, other["largest_mb"])
        for finding in other["findings"].values():
            self.note(finding["what"], finding["given"])
            self.findings[finding["what"]].count += finding["count"] - 1


class HangsError(BaseException):
    """An input takes longer than any may."""


# --- in the processes that run the tests: this module is a plugin of pytest there ---


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the property tests alone in."""
    if FOLDER_VARIABLE in os.environ:
        chosen = [item for item in items if _is_property(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _is_property(item)])
        items[:] = chosen


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """Watch each input of a property test."""
    if FOLDER_VARIABLE not in os.environ:
        return (yield)
    outcome = Outcome(target=item.nodeid)
    handle = item.obj.hypothesis  # type: ignore[attr-defined]
    plain = handle.inner_test
    handle.inner_test = watched(plain, outcome)
    before = signal.signal(signal.SIGPROF, _give_up)
    try:
        return (yield)
    except Exception as error:  # of Hypothesis itself, such as of a strategy
        outcome.note(f"{type(error).__name__} of the test itself: {error}"[:300], "")
        return None
    finally:
        signal.signal(signal.SIGPROF, before)
        handle.inner_test = plain
        path = Path(os.environ[FOLDER_VARIABLE]) / f"{os.getpid()}.jsonl"
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(outcome)) + "\n")


def _is_property(item: pytest.Item) -> bool:
    return hasattr(getattr(item, "obj", None), "hypothesis")


def watched(test: Callable[..., None], outcome: Outcome) -> Callable[..., None]:
    """Return a test that goes on after what it finds, which the outcome takes note of."""

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        held_mb, begun = _start_peak(), time.process_time()
        signal.setitimer(signal.ITIMER_PROF, HANGS_S)
        what = ""
        try:
            test(*args, **kwargs)
        except (UnsatisfiedAssumption, HypothesisException):
            raise
        except HangsError:
            what = "hangs"
        except Exception as error:
            what = _told(error)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        took_s, took_mb = time.process_time() - begun, _peak_mb() - held_mb
        outcome.n += 1
        outcome.slowest_s = max(outcome.slowest_s, took_s)
        outcome.largest_mb = max(outcome.largest_mb, took_mb)
        reasons = (what, "slow" if took_s > MOST_S else "", "large" if took_mb > MOST_MB else "")
        for reason in filter(None, reasons):
            outcome.note(reason, repr(kwargs)[:_LONGEST_INPUT])

    return run


def _told(error: Exception) -> str:
    """Return an error with the last lines it came through, so that like ones are one."""
    frames = traceback.extract_tb(error.__traceback__)[-2:]
    places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {places}"


def _give_up(_signal: int, _frame: FrameType | None) -> None:
    raise HangsError


def _start_peak() -> float:
    """Forget the most memory that was held, where the system can, and return what is held."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return _peak_mb()
    return _status_mb("VmRSS")


def _peak_mb() -> float:
    return _status_mb("VmHWM")


def _status_mb(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


# --- in the process that counts the rounds ---


def main() -> int:
    """Run rounds until there were enough inputs, and report."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--examples", help="only tests whose names match, as pytest -k takes it")
    chosen = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    number = 0
    while sum(outcome.n for outcome in outcomes().values()) < chosen.count:
        if not (FOLDER / f"round-{number}" / "done").exists():
            run_round(number, chosen.processes, chosen.examples)
            print(f"round {number}: {sum(o.n for o in outcomes().values()):,} inputs", flush=True)
        number += 1
    found = outcomes()
    print(report(found))
    return 1 if any(outcome.findings for outcome in found.values()) else 0


def run_round(number: int, processes: int, names: str | None) -> None:
    """Run all targets once; a round that was broken off begins again."""
    folder = FOLDER / f"round-{number}"
    folder.mkdir(exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.fuzz", "-p", "no:randomly"]
    command += ["-n", str(processes) if processes > 1 else "0", f"--hypothesis-seed={number}"]
    command += ["-k", names] if names else []
    environment = os.environ | {PROFILE_VARIABLE: "fuzz", FOLDER_VARIABLE: str(folder)}
    ended = subprocess.run(
        [*command, *FILES], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode < 0 or "crashed while running" in ended.stdout:
        died = Outcome(target=f"round {number}")
        died.note(f"a process died (status {ended.returncode})", ended.stdout[-_LONGEST_INPUT:])
        (folder / "died.jsonl").write_text(json.dumps(asdict(died)) + "\n")
    elif ended.returncode not in (0, 1):
        raise SystemExit(f"pytest could not run:\n{ended.stdout}{ended.stderr}")
    (folder / "done").touch()


def outcomes() -> dict[str, Outcome]:
    """Return what came of each target in all finished rounds."""
    found: dict[str, Outcome] = defaultdict(lambda: Outcome(target=""))
    for done in FOLDER.glob("round-*/done"):
        for path in done.parent.glob("*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                one = json.loads(line)
                found[one["target"]].target = one["target"]
                found[one["target"]].add(one)
    return dict(found)


def report(found: dict[str, Outcome]) -> str:
    """Return targets, counts, slowest, largest and findings as text."""
    lines = [f"{'inputs':>9} {'slowest':>9} {'largest':>9}  target"]
    for outcome in sorted(found.values(), key=lambda one: -one.slowest_s):
        lines.append(
            f"{outcome.n:9,} {outcome.slowest_s:7.2f} s {outcome.largest_mb:6.0f} MB  "
            f"{outcome.target.removeprefix('tests/')}"
        )
    n_findings = sum(len(outcome.findings) for outcome in found.values())
    lines.append(f"{sum(o.n for o in found.values()):9,} inputs, {n_findings} findings")
    for outcome in found.values():
        for finding in outcome.findings.values():
            lines.append(
                f"\n{outcome.target}\n  {finding.count} x {finding.what}\n  {finding.given}"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
