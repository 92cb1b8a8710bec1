"""A full house: 50 people look at EEG, 10 search it for seizures, 1 model is trained.

Run from the project's root: `python -m benchmarks.load [--minutes 10] [--json FILE]`. The app is
served from this checkout on two cores of this machine, which the visitors use as well. They are
HTTP clients that ask for what the pages ask for, and come and go. First they look, and the
training runs; then the searches begin. The exit status is 1 if a bound is missed.

"Idle" is the app after the first visitor has opened, looked, searched and left: what is loaded at
the first search, such as torch, stays.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import numpy as np

from benchmarks.start import ROOT, served
from benchmarks.table import Row, machine, put_rows, rows_of, table
from benchmarks.viewer import LABELS, RATE_HZ, make_recording
from benchmarks.visitors import Figures, House, look, search, train, visit
from seizure_core.events.event import Event
from seizure_core.io.edf.writer import write_edf
from seizure_core.references import write_szcore_tsv
from zoo.store.recommendation import default_model

N_CORES = 2
MODEL_ID = "n1spool-cnn"
"""Whose network is trained; searches are done with the default model."""

NIGHT, NIGHT_S = "night.edf", 3600.0
N_TRAINING, TRAINING_S = 4, 900
SEIZURE = Event(onset_s=420.0, duration_s=60.0)

MAX_SLOWER, MAX_GROWTH, MAX_LEFT = 3.0, 1.05, 1.2
MOST_IDLE_THREADS = 4
"""Workers that answered the last calls wait for the next ones, and end with these."""
SETTLE_S = 60.0
PATIENCE_S = 300.0
ALONE_PART = 0.3
"""How long all look before the searches begin, as a part of the time with them."""
ALONE, FULL = "50 look, 1 trains", "50 look, 1 trains, 10 search"
MIN_TIMES = 2


@dataclass(frozen=True, slots=True)
class State:
    """The app's process at a moment: resident memory, threads, open files and connections."""

    memory_mb: float
    threads: int
    handles: int

    @classmethod
    def of(cls, number: int) -> State:
        """Look at a process."""
        place = Path(f"/proc/{number}")
        lines = (place / "status").read_text().splitlines()
        told = dict(line.split(":", 1) for line in lines)
        return cls(
            int(told["VmRSS"].split()[0]) / 1024,
            int(told["Threads"]),
            len(list((place / "fd").iterdir())),
        )

    @classmethod
    def typical(cls, states: Iterable[State]) -> State:
        """Return the medians of several moments."""
        values = [(one.memory_mb, one.threads, one.handles) for one in states]
        memory_mb, threads, handles = (median(column) for column in zip(*values, strict=True))
        return cls(memory_mb, round(threads), round(handles))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What was measured.

    Attributes
    ----------
    idle, half, end, left : State
        After the first visitor, at half time and at the end of the full house, after all left.
    figures : Figures
        What visitors met, first without and then with searches.
    """

    idle: State
    half: State
    end: State
    left: State
    figures: Figures

    def bounds(self) -> dict[str, tuple[str, bool]]:
        """Return for each bound the figure, and whether it is met."""
        errors = self.figures.errors
        slower = _p95(self._times_ms(FULL, "page")) / _p95(self._times_ms(ALONE, "page"))
        growth = self.end.memory_mb / self.half.memory_mb
        left = self.left.memory_mb / self.idle.memory_mb
        threads = self.left.threads - self.idle.threads
        handles = self.left.handles - self.idle.handles
        return {
            "errors: none": (str(len(errors)), not errors),
            f"p95 of pages with searches to without: at most {MAX_SLOWER:g}": (
                f"{slower:.2f}",
                slower <= MAX_SLOWER,
            ),
            f"memory at the end to half time: at most {MAX_GROWTH:g}": (
                f"{growth:.3f}",
                growth <= MAX_GROWTH,
            ),
            f"memory after all left to idle: at most {MAX_LEFT:g}": (
                f"{left:.3f}",
                left <= MAX_LEFT,
            ),
            f"threads more than idle: at most {MOST_IDLE_THREADS}": (
                str(threads),
                threads <= MOST_IDLE_THREADS,
            ),
            "files and connections more than idle: none": (str(handles), handles <= 0),
        }

    def rows(self) -> list[Row]:
        """Return the figures as rows of the table of all benchmarks."""
        pages = {phase: self._times_ms(phase, "page") for phase in (ALONE, FULL)}
        rows = rows_of("full house: a page of 10 s", pages, "ms")
        for what, words in (("open", "open 1 h"), ("search", "search 1 h, the queue included")):
            rows += rows_of(f"full house: {words}", {FULL: self._times_ms(FULL, what)}, "ms")
        states = {
            "idle": self.idle,
            "at half time": self.half,
            "at the end": self.end,
            "after all left": self.left,
        }
        for what, unit in (("memory_mb", "MB"), ("threads", "threads"), ("handles", "handles")):
            values = {way: [float(getattr(state, what))] for way, state in states.items()}
            rows += rows_of(f"full house: the app's {what.removesuffix('_mb')}", values, unit)
        return rows

    def _times_ms(self, phase: str, what: str) -> list[float]:
        found = self.figures.times_ms.get((phase, what), [])
        if len(found) < MIN_TIMES:
            raise SystemExit(f"Only {len(found)} times ({phase}: {what}): let it take longer.")
        return found


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


class Run:
    """One run of the load on an app that is served.

    Parameters
    ----------
    house : House
        The app.
    number : int
        Its process.
    lookers, searchers : int
        How many people.
    """

    def __init__(self, house: House, number: int, *, lookers: int, searchers: int) -> None:
        self._house, self._number = house, number
        self._lookers, self._searchers = lookers, searchers
        self._model_id = default_model() or MODEL_ID

    async def course(self, *, alone_s: float, full_s: float) -> Course:
        """Return what happens."""
        figures = Figures()
        await self._first_visitor(figures)
        await asyncio.sleep(min(SETTLE_S, full_s))
        idle = await self._state(full_s / 10)
        dataset_id = await self._dataset()
        figures.phase = ALONE
        people = [look(self._house, figures, NIGHT, NIGHT_S) for _ in range(self._lookers)]
        async with crowd(*people, train(self._house, figures, dataset_id, MODEL_ID)):
            await asyncio.sleep(alone_s)
            figures.phase = FULL
            searching = [
                search(self._house, figures, NIGHT, self._model_id) for _ in range(self._searchers)
            ]
            async with crowd(*searching):
                await asyncio.sleep(full_s * 0.4)
                half = await self._state(full_s / 10)
                await asyncio.sleep(full_s * 0.4)
                end = await self._state(full_s / 10)
        await asyncio.sleep(SETTLE_S)
        left = await self._state(full_s / 10)
        return Course(idle=idle, half=half, end=end, left=left, figures=figures)

    async def _first_visitor(self, figures: Figures) -> None:
        await visit(self._house, figures, NIGHT, NIGHT_S, n_pages=3)
        with figures.timed("search"):
            await self._house.call("predict", recording=f"data:{NIGHT}", model_id=self._model_id)

    async def _dataset(self) -> str:
        names = [f"training{number}" for number in range(N_TRAINING)]
        made = await self._house.call(
            "create_dataset",
            recordings=[f"data:{name}.edf" for name in names],
            references=[f"data:{name}_events.tsv" for name in names],
        )
        return str(made["dataset_id"])

    async def _state(self, over_s: float) -> State:
        until = time.monotonic() + over_s
        states: list[State] = []
        while not states or time.monotonic() < until:
            states.append(State.of(self._number))
            await asyncio.sleep(0.5)
        return State.typical(states)


@contextlib.asynccontextmanager
async def crowd(*people: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let people come for as long as the block runs."""
    tasks = [asyncio.create_task(one) for one in people]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    for one in ended:
        if isinstance(one, Exception):
            raise one


def write_recordings(folder: Path) -> None:
    """Write the recording that all look at, and those to train with, with their references."""
    make_recording(folder / NIGHT, NIGHT_S / 3600)
    rng = np.random.default_rng(0)
    for number in range(N_TRAINING):
        signals = rng.normal(scale=50.0, size=(len(LABELS), TRAINING_S * RATE_HZ))
        path = folder / f"training{number}.edf"
        write_edf(path, signals, labels=LABELS, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
        write_szcore_tsv(folder / f"training{number}_events.tsv", [SEIZURE], duration_s=TRAINING_S)


async def measured(url: str, number: int, arguments: argparse.Namespace) -> Course:
    """Let everybody come to the app at an address."""
    # The app closes a connection that was idle for 5 s; what is sent at that moment is lost, and a
    # browser would send it again.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=2.0)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, limits=limits) as client:
        house = House(client, (await client.get("/config")).json())
        run = Run(house, number, lookers=arguments.lookers, searchers=arguments.searchers)
        full_s = 60 * arguments.minutes
        return await run.course(alone_s=full_s * ALONE_PART, full_s=full_s)


def main() -> int:
    """Measure, print and write the figures; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load")
    parser.add_argument("--minutes", type=float, default=10.0, help="How long the house is full.")
    parser.add_argument("--lookers", type=int, default=50)
    parser.add_argument("--searchers", type=int, default=10)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:N_CORES])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "data").mkdir()
        write_recordings(folder / "data")
        where = {"SEIZURE_ZOO_DATA": str(folder / "data"), "TMPDIR": name}
        with served(["app.py"], ROOT, folder, **where) as (url, process):
            course = asyncio.run(measured(url, process.pid, arguments))
    rows = course.rows()
    if arguments.json:
        put_rows(arguments.json, "load", rows)
    print(", ".join(f"{name} {value}" for name, value in machine().items()))
    print(table(rows))
    for error in sorted(set(course.figures.errors)):
        print(error, file=sys.stderr)
    for bound, (figure, is_met) in course.bounds().items():
        print(f"{'met   ' if is_met else 'MISSED'}  {bound}; {figure}")
    return int(not all(is_met for _, is_met in course.bounds().values()))


if __name__ == "__main__":
    sys.exit(main())
