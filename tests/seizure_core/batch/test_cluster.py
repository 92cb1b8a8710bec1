from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from seizure_core.batch.cluster import on_cluster
from seizure_core.batch.planning import plan_batch
from seizure_core.batch.status import status_of
from seizure_core.batch.task import Batch, Task, TaskRow
from seizure_core.errors import SeizureZooError
from tests.seizure_core.batch.jobs import FAILS, KILLS, LengthJob, files, left_over
from tests.seizure_core.batch.test_engines import ENDED

ROOT = Path(__file__).resolve().parents[3]

# Dask's own threads and sockets end a little later than its objects are closed.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.usefixtures("no_sockets_left"),
]


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what Dask's programs leave out of the system's temporary folder."""
    monkeypatch.setenv("DASK_TEMPORARY_DIRECTORY", str(tmp_path / "scratch"))


@pytest.fixture
def batch(tmp_path: Path) -> Batch:
    return Batch(job=LengthJob(log=tmp_path / "log", takes_s=0.1), out=tmp_path / "out")


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextmanager
def dask(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of Dask's programs."""
    program = [sys.executable, "-m", "dask", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as ran:
        try:
            yield ran
        finally:
            ran.terminate()


@contextmanager
def scheduler(port: int) -> Iterator[subprocess.Popen[bytes]]:
    with dask("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard") as ran:
        until(lambda: socket.create_connection(("127.0.0.1", port), timeout=1).close())
        yield ran


@contextmanager
def worker(port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    with dask(
        "worker", f"tcp://127.0.0.1:{port}", "--nthreads", "1", "--no-dashboard", "--no-nanny",
        "--local-directory", str(folder),
    ) as ran:  # fmt: skip
        yield ran


def until(attempt: object) -> None:
    while True:
        try:
            attempt()  # type: ignore[operator]
        except OSError:
            time.sleep(0.1)
        else:
            return


def rows_of(batch: Batch, tasks: list[Task], address: str) -> Iterator[TaskRow]:
    return on_cluster(batch, plan_batch(batch, tasks, resume=True).tasks, address=address)


def test_a_local_cluster_names_what_ends_its_worker_and_does_the_rest(
    batch: Batch, tmp_path: Path
) -> None:
    contents = {"killer.edf": KILLS, "bad.edf": FAILS, **{f"{n}.edf": b"1" * n for n in range(6)}}
    tasks = files(tmp_path, contents)
    rows = {
        row.name: row for row in on_cluster(
            batch, plan_batch(batch, tasks).tasks, address="local", n_processes=2
        )
    }  # fmt: skip
    assert {name: row.message for name, row in rows.items() if not row.ok} == {
        "killer.edf": ENDED,
        "bad.edf": "bad.edf: it fails.",
    }
    assert len(rows) == 8
    assert left_over(batch) == []


def test_a_killed_worker_costs_one_recording(batch: Batch, tmp_path: Path) -> None:
    tasks = files(tmp_path, {f"{n:02}.edf": b"1" * n for n in range(12)})
    port = free_port()
    with (
        scheduler(port),
        worker(port, tmp_path / "one"),
        worker(port, tmp_path / "two"),
    ):
        rows = rows_of(batch, tasks, f"tcp://127.0.0.1:{port}")
        names = {next(rows).name for _ in range(3)}
        process = _process_of_worker(port)
        os.kill(process, signal.SIGKILL)
        names |= {row.name for row in rows}
    assert len(names) == 12
    begun = batch.job.begun()  # type: ignore[attr-defined]
    assert len(begun) <= 12 + 1
    status = status_of(batch.ledger)
    assert (status.n_done, status.n_failed, status.n_left) == (12, 0, 0)


def _process_of_worker(port: int) -> int:
    import distributed

    with distributed.Client(f"tcp://127.0.0.1:{port}", set_as_default=False) as client:
        return next(iter(client.run(os.getpid).values()))


PROGRAM = """
import sys
from pathlib import Path
from seizure_core.batch.cluster import on_cluster
from seizure_core.batch.planning import named_tasks, plan_batch
from seizure_core.batch.task import Batch
from tests.seizure_core.batch.jobs import LengthJob

folder, address = Path(sys.argv[1]), sys.argv[2]
batch = Batch(job=LengthJob(log=folder / "log", takes_s=0.1), out=folder / "out")
tasks = named_tasks((path, path.name) for path in sorted(folder.glob("*.edf")))
for row in on_cluster(batch, plan_batch(batch, tasks, resume=True).tasks, address=address):
    print(row.name, flush=True)
"""


def test_a_restarted_scheduler_goes_on_where_it_was(batch: Batch, tmp_path: Path) -> None:
    # In a process of its own: Dask keeps the socket to a scheduler that is gone.
    tasks = files(tmp_path, {f"{n:02}.edf": b"1" * n for n in range(12)})
    port = free_port()
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), f"tcp://127.0.0.1:{port}"]
    with ExitStack() as stack:
        first = stack.enter_context(scheduler(port))
        stack.enter_context(worker(port, tmp_path / "one"))
        program = stack.enter_context(
            subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        )
        assert program.stdout is not None
        names = [program.stdout.readline().strip() for _ in range(3)]
        first.kill()
        first.wait()
        with scheduler(port), worker(port, tmp_path / "one"), worker(port, tmp_path / "two"):
            names += program.stdout.read().split()
    assert program.returncode == 0
    assert sorted(names) == sorted(task.name for task in tasks)
    begun = batch.job.begun()  # type: ignore[attr-defined]
    assert len(begun) <= 12 + 5
    assert status_of(batch.ledger).n_done == 12


def test_where_no_scheduler_answers_the_address_is_named(
    batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seizure_core.batch.cluster._ANSWER_WITHIN_S", 1.0)
    tasks = files(tmp_path, {"a.edf": b"1"})
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(SeizureZooError, match=address):
        list(rows_of(batch, tasks, address))
