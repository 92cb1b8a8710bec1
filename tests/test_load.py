"""The load of `benchmarks/`: its visitors meet the real app, and its bounds can be missed."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from benchmarks.load import ALONE, FULL, Course, State, crowd
from benchmarks.visitors import Figures, House, visit
from seizure_core.demo import demo_recording
from tests.app_server import running_app

FAST, SLOW = [10.0] * 40, [31.0] * 40
TIMES = {(phase, what): FAST for phase in (ALONE, FULL) for what in ("page", "open", "search")}
STATE = State(memory_mb=400.0, threads=20, handles=40)
MET = Course(idle=STATE, half=STATE, end=STATE, left=STATE, figures=Figures(times_ms=TIMES))

MISSED = {
    "errors": replace(MET, figures=Figures(times_ms=TIMES, errors=["page: 500"])),
    "p95 of pages": replace(MET, figures=Figures(times_ms=TIMES | {(FULL, "page"): SLOW})),
    "memory at the end": replace(MET, end=replace(STATE, memory_mb=421.0)),
    "memory after": replace(MET, left=replace(STATE, memory_mb=481.0)),
    "threads": replace(MET, left=replace(STATE, threads=25)),
    "files": replace(MET, left=replace(STATE, handles=41)),
}


@pytest.mark.parametrize("bound", MISSED)
def test_each_bound_can_be_missed(bound: str) -> None:
    assert all(is_met for _, is_met in MET.bounds().values())
    missed = [name for name, (_, is_met) in MISSED[bound].bounds().items() if not is_met]
    assert len(missed) == 1
    assert missed[0].startswith(bound)


def test_all_figures_are_in_the_table() -> None:
    rows = {(row.task, row.way): row.median for row in MISSED["p95 of pages"].rows()}
    assert rows["full house: a page of 10 s", FULL] == 31.0
    assert rows["full house: the app's memory", "after all left"] == 400.0


def test_a_person_who_breaks_down_ends_the_load() -> None:
    async def break_down() -> None:
        raise ValueError("not the app's fault")

    async def load() -> None:
        async with crowd(break_down(), asyncio.sleep(60)):
            await asyncio.sleep(0)

    with pytest.raises(ValueError, match="not the app's fault"):
        asyncio.run(load())


@pytest.mark.slow
def test_visitors_open_look_and_search_in_the_real_app(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    name = demo_recording(data).name
    figures = Figures()

    async def load(url: str) -> None:
        async with httpx.AsyncClient(base_url=url, timeout=None) as client:
            house = House(client, (await client.get("/config")).json())
            await visit(house, figures, name, 600.0, n_pages=2)
            with figures.timed("search"):
                await house.call("predict", recording=f"data:{name}", model_id="n1spool-cnn")
            await visit(house, figures, "missing.edf", 600.0, n_pages=2)

    with running_app(tmp_path / "app", data_folder=data) as app:
        asyncio.run(load(app.url))
    assert {what: len(times) for (_, what), times in figures.times_ms.items()} == {
        "open": 1,
        "page": 2,
        "search": 1,
    }
    (error,) = figures.errors
    assert error.startswith("open: RefusedError"), "what the app refuses is an error"
