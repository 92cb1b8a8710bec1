from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_zoo.cli import main
from tests.seizure_core.review.reviews import DURATION_S, recording_file, review_of

Run = Callable[..., Any]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `review` with --json and return its answer; `status` is what it must end with."""

    def run(*arguments: object, status: int = 0) -> Any:
        capsys.readouterr()
        assert main(["review", *map(str, arguments), "--json"]) == status
        printed = capsys.readouterr()
        return json.loads(printed.out) if printed.out else printed.err

    return run


def test_a_script_lists_decides_and_exports(run: Run, tmp_path: Path) -> None:
    review_of(tmp_path)
    place = tmp_path / "review"
    listed = run("list", place, "--undecided")
    assert (listed["n_decided"], listed["n_candidates"], len(listed["events"])) == (0, 8, 8)
    assert listed["events"][0]["found"]["confidence"] == 0.62  # the largest doubt
    first, second, *_ = [one["item"] for one in listed["events"]]
    run("decide", place, "rejected", first, "--by", "Dr A")
    changed = run("decide", place, "changed", second, "--side", "left", "--by", "Dr A")
    assert changed["events"][0]["event"]["side"] == "left"
    marking = ("--onset", 30, "--duration", 0.2, "--type", "spike", "--by", "Dr A")
    marked = run("mark", place, "night2", *marking)
    assert marked["decision"] == "accepted"
    listed = run("list", place, "--recording", "Rossi_Maria.edf")
    assert [one["decision"] for one in listed["events"]][-1] == "rejected"
    kinds = ("tsv", "edf", "csv", "json", "recording")
    written = run("export", place, "--to", tmp_path / "out", "--as", *kinds)
    assert len(written["files"]) == 10
    assert all(Path(file).stat().st_size for file in written["files"])
    assert run("verify", place)["ok"]


def test_an_audit_finds_the_entry_that_was_changed(run: Run, tmp_path: Path) -> None:
    review_of(tmp_path)
    log = tmp_path / "review" / "log.jsonl"
    lines = log.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("0.95", "0.59")
    log.write_text("".join(lines))
    assert run("verify", log.parent, status=1)["line"] == 4
    assert "line 4" in run("list", log.parent, status=1)


def test_readers_of_files_are_compared(run: Run, tmp_path: Path) -> None:
    place = tmp_path / "review"
    night = recording_file(tmp_path, "night")
    for reader, onset_s in (("A", 100.0), ("B", 400.0)):
        table = tmp_path / f"night_{reader}.tsv"
        write_szcore_tsv(
            table,
            [Event(onset_s=onset_s, duration_s=20.0, text="not to be kept")],
            duration_s=DURATION_S,
        )
        added = run("add", place, night, "--references", table, "--reader", reader)
    assert added["recordings"][0]["n_candidates"] == 2
    found = run("compare", place)
    assert [row["sensitivity"] for row in found["pairs"]] == [0.0, 0.0]
    assert [one["onset_s"] for one in found["disagreements"]] == [100.0, 400.0]
    assert found["disagreements"][0]["file_name"] == "night.edf"
    assert found["kappa_readers"] < 0


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (["list", "{review}/none"], 2),
        (["decide", "{review}", "accepted", "0123", "--by", "A"], 2),
        (["mark", "{review}", "night2", "--by", "A"], 2),
        (["mark", "{review}", "night2", "--onset", "9999", "--by", "A"], 2),
        (["compare", "{review}"], 2),
        (["add", "{review}", "{review}", "--reader", "A"], 2),
        (["export", "{review}", "--to", "{review}/log.jsonl"], 1),
    ],
)
def test_wrong_use_says_why_and_changes_nothing(
    wrong: list[str], status: int, run: Run, tmp_path: Path
) -> None:
    review, _ = review_of(tmp_path)
    n_entries = review.head[0]
    assert run(*(one.format(review=tmp_path / "review") for one in wrong), status=status)
    assert review.state
    assert review.head[0] == n_entries
