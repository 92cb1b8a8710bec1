from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyedflib
import pytest

from seizure_core import Recording, open_recording
from tests.edf_files import build_edf, random_signals

N_THREADS = 8


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [
        build_edf(
            tmp_path / f"{seed}.edf",
            random_signals(4, 5120, seed=seed),
            annotations=[(seed, None, f"file {seed}")],
            bdf=seed % 2 == 1,
        )
        for seed in range(4)
    ]


def _at_once(job: Callable[[int], None]) -> None:
    """Run a job in several threads that start together; the first failure is raised."""
    gate = threading.Barrier(N_THREADS)

    def run(number: int) -> None:
        gate.wait()
        job(number)

    with ThreadPoolExecutor(N_THREADS) as pool:
        for done in [pool.submit(run, number) for number in range(N_THREADS)]:
            done.result()


def _read_here_and_there(reader: Recording, whole: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for _ in range(40):
        start, stop = sorted(rng.integers(0, 5121, size=2))
        rows = rng.permutation(4)[:2]
        read = reader.read_samples([int(row) for row in rows], int(start), int(stop))
        assert read.tobytes() == whole[rows, start:stop].tobytes()


def test_many_threads_read_one_recording_and_get_its_values(files: list[Path]) -> None:
    recording = open_recording(files[0])
    whole = recording.read()
    _at_once(lambda number: _read_here_and_there(recording, whole, number))


def test_many_threads_open_and_read_many_recordings(files: list[Path]) -> None:
    wholes = [open_recording(path).read() for path in files]

    def job(number: int) -> None:
        for turn in range(8):
            which = (number + turn) % len(files)
            recording = open_recording(files[which])
            assert recording.annotations[0].text == f"file {which}"
            _read_here_and_there(recording, wholes[which], number)

    _at_once(job)


def test_naked_pyedflib_does_not_hold_what_is_asked_of_recordings_here(files: list[Path]) -> None:
    """Two threads that open one file: naked pyedflib refuses one, `open_recording` serves both."""
    first = pyedflib.EdfReader(str(files[0]))
    refusals: list[OSError] = []

    def open_again() -> None:
        try:
            pyedflib.EdfReader(str(files[0])).close()
        except OSError as error:
            refusals.append(error)

    thread = threading.Thread(target=open_again)
    thread.start()
    thread.join()
    first.close()
    assert "already been opened" in str(refusals[0])

    kept = [open_recording(files[0]) for _ in range(2)]
    assert kept[0].read().tobytes() == kept[1].read().tobytes()


def test_more_recordings_are_open_at_once_than_pyedflib_has_handles(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(1, 256))
    recordings = []
    for number in range(150):
        copy = tmp_path / f"{number}.edf"
        copy.write_bytes(path.read_bytes())
        recordings.append(open_recording(copy))
    assert len({recording.read().tobytes() for recording in recordings}) == 1
