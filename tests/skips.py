"""Which tests may skip: those alone that compare with files the project does not carry."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("may_skip.txt")


def listed() -> dict[str, str]:
    """Return the reason of each test that may skip, by the test's name without parameters."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    rows = [line.split("  ", 1) for line in lines if line and not line.startswith("#")]
    return {name: reason.strip() for name, reason in rows}


def name_of(node_id: str) -> str:
    """Return a test's name without its parameters."""
    return node_id.split("[", 1)[0]


def check(item: pytest.Item, report: pytest.TestReport) -> None:
    """Turn a report of skipping into a failure if the test must not skip."""
    if name_of(item.nodeid) in listed():
        return
    report.outcome = "failed"
    report.longrepr = f"{_reason(report)}; it must not skip, or be named in tests/{LIST.name}"


def summarise(reporter: pytest.TerminalReporter) -> None:
    """Write the name of each skipped test, how many of its cases, and why."""
    reports = [one for one in reporter.stats.get("skipped", []) if hasattr(one, "nodeid")]
    if not reports:
        return
    reporter.section("skipped, as tests/may_skip.txt allows")
    rows = Counter((name_of(one.nodeid), _reason(one)) for one in reports)
    for (name, reason), n_cases in sorted(rows.items()):
        times = f" ({n_cases} cases)" if n_cases > 1 else ""
        reporter.line(f"{name}{times}: {reason}")


def _reason(report: pytest.TestReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")
