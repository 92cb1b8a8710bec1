from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

import pytest

from seizure_core.batch.engines import in_process
from seizure_core.batch.planning import Shard, named_tasks, plan_batch, tasks_of
from seizure_core.batch.task import Batch, Task, TaskRow
from seizure_core.errors import ParameterError
from tests.edf_files import build_edf
from tests.seizure_core.batch.jobs import FAILS, LengthJob, files, left_over


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(job=LengthJob(log=tmp_path / "log"), out=tmp_path / "out")


def done(batch: Batch, tasks: list[Task]) -> list[TaskRow]:
    """Do in a new run what a resumed batch still has to do."""
    run = replace(batch, run_id=secrets.token_hex(8))
    return list(in_process(run, plan_batch(run, tasks, resume=True).tasks))


def reasons(batch: Batch, tasks: list[Task]) -> dict[str, str]:
    return {task.name: task.reason for task in plan_batch(batch, tasks, resume=True).tasks}


def test_what_is_done_is_not_done_again(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {"a.edf": b"123", "ward/b.edf": b"1"})
    assert [row.ok for row in done(batch, tasks)] == [True, True]
    assert (batch.out / "ward" / "b_length.txt").read_text() == "1 bytes\n"
    assert done(batch, tasks) == []
    assert left_over(batch) == []
    assert len(list(in_process(batch, plan_batch(batch, tasks).tasks))) == 2


def test_a_copy_with_another_time_is_the_same_recording(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {"a.edf": b"123"})
    done(batch, tasks)
    os.utime(tmp_path / "a.edf", ns=(1, 1))
    assert reasons(batch, tasks) == {}


def test_every_recording_that_is_done_again_says_why(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {"a.edf": b"123", "b.edf": b"123", "bad.edf": FAILS, "d.edf": b"1"})
    done(batch, tasks)
    state = (tmp_path / "a.edf").stat()
    (tmp_path / "a.edf").write_bytes(b"124")
    os.utime(tmp_path / "a.edf", ns=(state.st_atime_ns, state.st_mtime_ns + 1))
    (batch.out / "b_length.txt").unlink()
    assert reasons(batch, tasks) == {
        "a.edf": "a.edf has changed",
        "b.edf": "its result b_length.txt is gone or was changed",
        "bad.edf": "it failed before",
    }
    done(batch, tasks)
    assert (batch.out / "b_length.txt").exists()
    assert reasons(batch, tasks) == {"bad.edf": "it failed before"}
    other = replace(batch, job=LengthJob(log=tmp_path / "log", unit="B"))
    assert reasons(other, tasks)["d.edf"] == "unit was bytes, is B"
    assert all(row.ok or row.name == "bad.edf" for row in done(other, tasks))
    assert (batch.out / "d_length.txt").read_text() == "1 B\n"
    told = {name: entry.reason for name, entry in other.ledger.entries().items()}
    assert told["d.edf"] == "unit was bytes, is B"


def test_a_result_that_somebody_edited_is_not_replaced(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {"a.edf": b"123"})
    done(batch, tasks)
    (batch.out / "a_length.txt").write_text("three, as I counted\n")
    (row,) = done(batch, tasks)
    assert "--overwrite" in row.message
    assert "as I counted" in (batch.out / "a_length.txt").read_text()
    (row,) = done(replace(batch, overwrite=True), tasks)
    assert row.ok


def test_shards_share_the_recordings_whatever_else_lies_there(tmp_path: Path) -> None:
    tasks = named_tasks((tmp_path / f"{n}.edf", f"{n}.edf") for n in range(100))
    parts = [{task.name for task in tasks if Shard(number=i, n=3).has(task)} for i in (1, 2, 3)]
    assert sum(len(part) for part in parts) == len(set.union(*parts)) == 100
    assert min(len(part) for part in parts) > 20
    fewer = {task.name for task in tasks[1:] if Shard(number=1, n=3).has(task)}
    assert fewer == parts[0] - {tasks[0].name}
    for text in ("0/3", "4/3", "1", "a/b", "1/0"):
        with pytest.raises(ParameterError):
            Shard.parse(text)


def test_a_tree_gives_its_recordings_and_nothing_else(tmp_path: Path) -> None:
    for name in ("b/night.edf", "a/night.edf", "a/night.bdf", ".hidden/x.edf", "out/old.edf"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        build_edf(tmp_path / name, [[0.0, 1.0]], labels=["FP1-F7"], sampling_rate_hz=2)
    (tmp_path / "a" / "night_events.tsv").write_text("onset\tduration\n1\t2\n")
    (tmp_path / "a" / "night_annotations.edf").write_bytes(b"")
    tasks = tasks_of([tmp_path], out=tmp_path / "out")
    assert [task.name for task in tasks] == ["a/night.bdf", "a/night_2.edf", "b/night.edf"]
    assert [task.stem for task in tasks] == ["night", "night_2", "night"]


def test_files_of_one_name_get_stems_of_their_own(tmp_path: Path) -> None:
    names = ["a.edf", "b.edf", "A.bdf", "a.edf"]
    tasks = named_tasks((tmp_path / name, name) for name in names)
    assert [task.stem for task in tasks] == ["a", "b", "A_2", "a_3"]
