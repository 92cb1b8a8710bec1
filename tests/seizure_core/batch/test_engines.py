from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from seizure_core.batch.engines import in_pool, in_process
from seizure_core.batch.planning import plan_batch
from seizure_core.batch.status import status_of
from seizure_core.batch.task import Batch
from seizure_core.signals.blocks import WorkCancelledError
from tests.seizure_core.batch.jobs import FAILS, KILLS, KILLS_ONCE, LengthJob, files, left_over

ROOT = Path(__file__).resolve().parents[3]
CONTENTS = {
    "killer.edf": KILLS,
    "once.edf": KILLS_ONCE,
    "bad.edf": FAILS,
    **{f"{n}.edf": b"1" * n for n in range(6)},
}
ENDED = "killer.edf: the process that worked on it ended 2 times. Is there enough memory?"


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(job=LengthJob(log=tmp_path / "log"), out=tmp_path / "out")


def test_a_recording_that_ends_its_process_twice_is_named_and_the_others_are_done(
    batch: Batch, tmp_path: Path
) -> None:
    tasks = plan_batch(batch, files(tmp_path, CONTENTS)).tasks
    rows = {row.name: row for row in in_pool(batch, tasks, n_processes=2)}
    assert {name for name, row in rows.items() if not row.ok} == {"killer.edf", "bad.edf"}
    assert rows["killer.edf"].message == ENDED
    begun = batch.job.begun()  # type: ignore[attr-defined]
    assert {name: begun.count(name) for name in set(begun) if begun.count(name) > 1} == {
        "killer.edf": 2,
        "once.edf": 2,
    }
    assert left_over(batch) == []
    status = status_of(batch.ledger)
    assert (status.n_done, status.n_failed, status.n_left) == (7, 2, 0)
    assert ("killer.edf", ENDED) in status.failed


def test_cancelled_work_is_as_if_it_was_never_begun(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {f"{n}.edf": b"1" * n for n in range(3)})
    asked = iter((False, True))
    rows = in_process(batch, plan_batch(batch, tasks).tasks, cancelled=lambda: next(asked))
    assert next(rows).ok
    with pytest.raises(WorkCancelledError, match=r"1\.edf"):
        next(rows)
    assert left_over(batch) == []
    left = plan_batch(batch, tasks, resume=True).tasks
    assert [(task.name, task.reason) for task in left] == [("1.edf", ""), ("2.edf", "")]


PROGRAM = """
import sys
from pathlib import Path
from seizure_core.batch.engines import in_pool
from seizure_core.batch.planning import named_tasks, plan_batch
from seizure_core.batch.task import Batch
from tests.seizure_core.batch.jobs import LengthJob

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    batch = Batch(job=LengthJob(log=folder / "log", takes_s=float(sys.argv[2])), out=folder / "out")
    names = sorted(path.name for path in folder.glob("*.edf"))
    tasks = named_tasks((folder / name, name) for name in names)
    for row in in_pool(batch, plan_batch(batch, tasks, resume=True).tasks, n_processes=2):
        print(row.name, flush=True)
"""


ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}


def program(folder: Path, *, takes_s: float) -> list[str]:
    """Return the command that does a batch of the files in a folder."""
    path = folder / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    return [sys.executable, str(path), str(folder), str(takes_s)]


@pytest.mark.parametrize(
    "how", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_killed_program_repeats_at_most_one_recording_a_worker(
    batch: Batch, tmp_path: Path, how: signal.Signals
) -> None:
    tasks = files(tmp_path, {f"{n:02}.edf": b"1" * n for n in range(20)})
    command = program(tmp_path, takes_s=0.05)
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as ran:
        assert ran.stdout is not None
        for _ in range(5):
            assert ran.stdout.readline()
        ran.send_signal(how)
        # Reads to the end: the workers hold the other end until they are gone.
        ran.stdout.read()
    done = {entry.name for entry in batch.ledger.entries().values()}
    assert 5 <= len(done) < 20
    assert subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=False).returncode == 0
    begun = batch.job.begun()  # type: ignore[attr-defined]
    assert len(begun) <= 20 + 2
    assert len({*begun}) == 20
    status = status_of(batch.ledger)
    assert (status.n_done, status.n_failed, status.n_left) == (20, 0, 0)
    assert left_over(batch) == []
    assert [task.reason for task in plan_batch(batch, tasks, resume=True).tasks] == []
    assert time.time() >= max(entry.ended for entry in batch.ledger.entries().values())


def test_workers_of_a_killed_program_in_the_background_blame_no_recording(
    batch: Batch, tmp_path: Path
) -> None:
    files(tmp_path, {"0.edf": b"1", "1.edf": b"2"})
    # So a shell script begins what it puts in the background.
    ignoring = ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"]
    command = [*ignoring, *program(tmp_path, takes_s=600)]
    with subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as ran:
        while len(batch.job.begun()) < 2:  # type: ignore[attr-defined]
            assert ran.poll() is None
            time.sleep(0.01)
        ran.kill()
        assert ran.stdout is not None
        ran.stdout.read()
    assert left_over(batch) == []
