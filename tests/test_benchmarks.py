from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest
import torch

from benchmarks import training
from benchmarks.start import until_done
from benchmarks.table import Row, interleaved, read_json, rows_of, table, write_json
from scripts import readme


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
    rounds = [calls[first : first + 2] for first in range(0, len(calls), 2)]
    assert [sorted(one) for one in rounds] == [["a", "b"]] * 8
    assert ["a", "b"] in rounds
    assert ["b", "a"] in rounds, "no way always follows the same other one"
    assert [row.n_rounds for row in rows] == [7, 7]


def test_results_come_back_as_they_were_written(tmp_path: Path) -> None:
    rows = rows_of("reading", {"ours": [1.0, 2.0, 4.0], "theirs": [3.0, 6.0, 9.0]}, "ms")
    write_json(tmp_path / "results.json", {"reading": rows})
    machine, parts = read_json(tmp_path / "results.json")
    assert parts == {"reading": rows}
    assert machine["numpy"]


def test_a_page_takes_its_table_from_the_measurements(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Row(
        task="reading", way="ours", median=12.34, low=12, high=1234, unit="ms", ratio=1, n_rounds=7
    )
    write_json(tmp_path / "results.json", {"reading": [row]})
    monkeypatch.setattr(readme, "RESULTS", tmp_path / "results.json")
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- benchmarks -->\nold figures\n<!-- end of benchmarks -->\nafter\n")
    monkeypatch.setitem(readme.TABLES, page, readme.TABLES[readme.BENCHMARKS])
    text = readme.with_tables(page)
    assert "old figures" not in text
    assert "| reading | ours | 12.3 ms | 12 to 1234 | 1 |" in text
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert table([row]) in text


def test_waiting_for_a_batch_is_told_from_working_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = count()
    monkeypatch.setattr(training.time, "perf_counter", lambda: float(next(seconds)))
    batch = (torch.zeros(32, 1, 1), torch.zeros(32))
    epochs: list[training.Epoch] = []
    handed_on = 0
    for one in training.timed(iter([batch, batch, batch]), epochs):
        assert one is batch
        handed_on += 1
        for _ in range(8):  # what is done with a batch takes eight ticks of the clock
            training.time.perf_counter()
    (epoch,) = epochs
    assert handed_on == 3
    assert epoch.n_windows == 96
    # One tick before each question for a batch, one while it is answered; three batches and the
    # end: 4 ticks of waiting, of 1 + 4 + 4 + 3 x 8.
    assert epoch.waited_s == 4
    assert epoch.lasted_s == 33
    assert epoch.waiting_percent == pytest.approx(100 * 4 / 33)
    assert epoch.ms_for_1000 == pytest.approx(1e6 * 33 / 96)


def test_a_program_that_fails_gives_no_figure(tmp_path: Path) -> None:
    wall_ms, processor_ms = until_done(["-c", "sum(range(100_000))"], tmp_path, os.environ)
    assert wall_ms > 0
    assert processor_ms > 0
    with pytest.raises(SystemExit, match="ended with 3"):
        until_done(["-c", "raise SystemExit(3)"], tmp_path, os.environ)
