"""The watch of `make fuzz` sees what no input may do, and its report says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import pytest
from hypothesis.errors import UnsatisfiedAssumption

from tests.fuzz import FILES, MOST_MB, ROOT, Outcome, report, watched


def test_its_files_hold_property_tests_and_none_made_for_it_is_missing() -> None:
    for name in FILES:
        assert "@given" in (ROOT / name).read_text(encoding="utf-8"), name
    made = {str(path.relative_to(ROOT)) for path in ROOT.glob("tests/**/test_*_fuzz.py")}
    assert made <= set(FILES)


def fails(kind: type[Exception]) -> Callable[[str], None]:
    def test(text: str) -> None:
        raise kind(text)

    return test


def test_errors_are_counted_by_their_place_with_their_shortest_input() -> None:
    outcome = Outcome(target="tests/a.py::b")
    run = watched(fails(KeyError), outcome)
    for text in ("longer", "x"):
        run(text=text)
    (finding,) = outcome.findings.values()
    assert finding.what.startswith("KeyError at test_fuzz.py:")
    assert (finding.count, finding.given) == (2, "{'text': 'x'}")
    again = Outcome(target=outcome.target)
    again.add(asdict(outcome))
    again.add(asdict(outcome))
    assert again.n == 4
    assert "KeyError" in report({"b": again})
    assert "4 inputs" in report({"b": again})


def test_an_input_that_takes_much_memory_is_a_finding() -> None:
    outcome = Outcome(target="b")
    held: list[bytes] = []
    watched(lambda: held.append(b"x" * int((MOST_MB + 50) * 2**20)), outcome)()
    assert [*outcome.findings] == ["large"]
    assert outcome.largest_mb > MOST_MB


def test_an_input_that_the_test_does_not_want_is_not_counted() -> None:
    outcome = Outcome(target="b")
    with pytest.raises(UnsatisfiedAssumption):
        watched(fails(UnsatisfiedAssumption), outcome)(text="x")
    assert (outcome.n, outcome.findings) == (0, {})
