from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import quote
from benchmarks.table import Row, interleaved, read_json, rows_of, table, write_json


def test_ratios_compare_what_was_measured_in_the_same_round() -> None:
    # A busy second round slows both: the ratio stays.
    rows = rows_of("reading", {"ours": [10.0, 100.0, 10.0], "theirs": [20.0, 200.0, 30.0]}, "ms")
    assert [row.way for row in rows] == ["ours", "theirs"]
    assert [row.ratio for row in rows] == [1.0, 2.0]
    assert rows[1].median == 30.0
    assert rows[1].n_rounds == 3


def test_all_ways_take_turns_and_a_round_to_warm_up_is_left_out() -> None:
    calls: list[str] = []
    rows = interleaved("task", {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, 2)
    assert calls == ["a", "b"] * 8
    assert [row.n_rounds for row in rows] == [7, 7]


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = rows_of("reading", {"ours": [1.0, 2.0, 4.0], "theirs": [3.0, 6.0, 9.0]}, "ms")
    write_json(tmp_path / "results.json", {"reading": rows})
    machine, parts = read_json(tmp_path / "results.json")
    assert parts == {"reading": rows}
    assert machine["numpy"]


def test_the_table_stands_between_the_marks_of_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row(
        task="reading", way="ours", median=12.34, low=12, high=1234, unit="ms", ratio=1, n_rounds=7
    )
    write_json(tmp_path / "results.json", {"reading": [row]})
    monkeypatch.setattr(quote, "RESULTS", tmp_path / "results.json")
    text = f"before\n{quote.BEGIN}\nold figures\n{quote.END}\nafter\n"
    quoted = quote.with_benchmarks(text)
    assert "old figures" not in quoted
    assert "| reading | ours | 12.3 ms | 12 to 1234 | 1 |" in quoted
    assert quoted.startswith("before\n")
    assert quoted.endswith("\nafter\n")
    assert quote.with_benchmarks(quoted) == quoted
    assert table([row]) in quoted
