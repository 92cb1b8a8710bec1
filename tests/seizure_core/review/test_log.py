from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from seizure_core.review.log import ReviewLog, ReviewLogError, first_fault
from tests.forks import forked

N = 10_000


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("log") / "log.jsonl"
    ReviewLog(path).append({"kind": "decision", "item": f"{n:016x}"} for n in range(N))
    return path


def test_what_was_appended_is_read_back_in_order(long_log: Path) -> None:
    entries = ReviewLog(long_log).read_new()
    assert [int(entry["item"], 16) for entry in entries] == list(range(N))
    assert first_fault(long_log) is None


def test_one_flipped_bit_in_ten_thousand_entries_is_found_in_its_line(
    long_log: Path, tmp_path: Path
) -> None:
    content = long_log.read_bytes()
    starts = [0, *(n + 1 for n, byte in enumerate(content) if byte == 0x0A)]
    rng = np.random.default_rng(23)
    # At random, and where a flip is hardest to see: ends of lines, the first and the last byte.
    places = [*rng.integers(len(content), size=3), starts[7] - 1, 0, len(content) - 1]
    damaged = tmp_path / "damaged.jsonl"
    for place in map(int, places):
        flipped = bytearray(content)
        flipped[place] ^= 1 << int(rng.integers(8))
        damaged.write_bytes(flipped)
        fault = first_fault(damaged)
        assert fault is not None, place
        assert fault.line == sum(start <= place for start in starts), place


@pytest.mark.parametrize(
    "bit", [0, 5, *(pytest.param(bit, marks=pytest.mark.slow) for bit in (1, 2, 3, 4, 6, 7))]
)
def test_every_bit_of_a_short_log_is_watched(bit: int, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ReviewLog(path).append({"kind": "note", "n": n} for n in range(2))
    content = path.read_bytes()
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << bit
        path.write_bytes(flipped)
        fault = first_fault(path)
        assert fault is not None
        assert fault.line == 1 + (place > content.index(b"\n")), place


def test_an_entry_that_was_taken_out_or_moved_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ReviewLog(path).append({"n": n} for n in range(5))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], *lines[3:]]))
    assert first_fault(path).line == 3  # type: ignore[union-attr]
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    assert first_fault(path).line == 1  # type: ignore[union-attr]
    with pytest.raises(ReviewLogError, match="line 1"):
        ReviewLog(path).append([{"n": 6}])


def test_a_reader_notices_that_entries_it_has_read_are_gone(tmp_path: Path) -> None:
    log = ReviewLog(tmp_path / "log.jsonl")
    log.append([{"n": 1}, {"n": 2}])
    lines = log.path.read_bytes().splitlines(keepends=True)
    log.path.write_bytes(lines[0])
    with pytest.raises(ReviewLogError, match="gone"):
        log.append([{"n": 3}])


def test_what_a_crash_left_of_an_entry_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    ReviewLog(path).append([{"n": 1}, {"n": 2}])
    whole = path.read_bytes()
    ReviewLog(path).append([{"n": 3}])
    torn = path.read_bytes()
    for end in range(len(whole), len(torn)):
        path.write_bytes(torn[:end])
        assert first_fault(path) is None
        log = ReviewLog(path)
        log.append([{"n": 4}])
        assert [entry["n"] for entry in ReviewLog(path).read_new()] == [1, 2, 4]


def _append_many(path: Path, who: int) -> None:
    log = ReviewLog(path)
    for n in range(40):
        log.append([{"who": who, "n": n}])


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    workers = [forked(_append_many, path, who) for who in range(2)]
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    entries = ReviewLog(path).read_new()
    for who in range(2):
        assert [entry["n"] for entry in entries if entry["who"] == who] == list(range(40))


def test_a_full_disk_leaves_the_log_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = ReviewLog(tmp_path / "log.jsonl")
    log.append([{"n": 1}])
    before = log.path.read_bytes()
    real = os.write

    def half(handle: int, content: bytes) -> int:
        if len(content) < 40:
            raise OSError(28, "No space left on device")
        return real(handle, bytes(content)[: len(content) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(OSError, match="No space"):
        log.append([{"n": 2}])
    monkeypatch.undo()
    assert log.path.read_bytes() == before
    log.append([{"n": 3}])
    assert [json.loads(line)["entry"]["n"] for line in log.path.read_text().splitlines()] == [1, 3]
