"""Every wish that `docs/wishes.md` says is granted names a test that exists."""

from __future__ import annotations

import re

from tests.app_server import ROOT

_ROW = re.compile(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]*) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def test_the_wishes_that_are_granted_name_tests_and_the_others_say_why() -> None:
    rows = _ROW.findall((ROOT / "docs" / "wishes.md").read_text(encoding="utf-8"))
    assert [int(number) for number, _, _ in rows] == list(range(1, 26))
    granted = [tests for _, here, tests in rows if here.startswith("yes")]
    assert len(granted) >= 20
    assert all(_TEST.search(tests) for tests in granted)
    assert all(": " in here for _, here, _ in rows if not here.startswith("yes"))


def test_every_named_test_exists() -> None:
    named = _TEST.findall((ROOT / "docs" / "wishes.md").read_text(encoding="utf-8"))
    lost = [
        f"{path}::{name}"
        for path, name in named
        if f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert named
    assert lost == []
