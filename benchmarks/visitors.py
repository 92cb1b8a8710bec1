"""Visitors of the app as light HTTP clients: they ask for what its pages ask for."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

PAGE_S = 10.0
PAGE_COLUMNS = 1600
LOOK_S = 3.0
"""How long a page is looked at, on average."""
MIN_PAGES, MAX_PAGES = 10, 30
"""How many pages a visit has."""
PAUSE_S = 2.0
"""From the end of a search to the next one of the same person, on average."""


@dataclass(slots=True)
class Figures:
    """What visitors met.

    Attributes
    ----------
    phase : str
        What is happening in the house.
    times_ms : dict of (str, str) to list of float
        How long answers took, by the phase in which it was asked and what was asked for.
    errors : list of str
        What went wrong.
    """

    phase: str = ""
    times_ms: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Time the block; whatever goes wrong in it is an error of the app, not of the load."""
        began, key = time.perf_counter(), (self.phase, what)
        try:
            yield
        except (httpx.HTTPError, KeyError, RefusedError) as error:
            self.errors.append(f"{what}: {type(error).__name__}: {error}"[:300])
        else:
            self.times_ms.setdefault(key, []).append(1000 * (time.perf_counter() - began))


class RefusedError(Exception):
    """The app answers with a message instead of what was asked for."""


@dataclass(frozen=True, slots=True)
class House:
    """The app as clients see it.

    Attributes
    ----------
    client : httpx.AsyncClient
        Reaches it.
    config : mapping
        What its page is built from.
    """

    client: httpx.AsyncClient
    config: Mapping[str, Any]

    def component(self, elem_id: str) -> int:
        """Return the number of a component."""
        (found,) = (c for c in self.config["components"] if c["props"].get("elem_id") == elem_id)
        return int(found["id"])

    def event(self, trigger: tuple[int | None, str], output: int) -> dict[str, Any]:
        """Return the event of a trigger that fills in a component."""
        (found,) = (
            event
            for event in self.config["dependencies"]
            if output in event["outputs"]
            and any(
                kind == trigger[1] and trigger[0] in (None, one) for one, kind in event["targets"]
            )
        )
        return dict(found)

    async def call(self, endpoint: str, **arguments: Any) -> Any:
        """Return what an endpoint answers."""
        return await self.answer("/api/" + endpoint, arguments)

    async def answer(self, place: str, body: Mapping[str, Any]) -> Any:
        """Return the JSON that a place answers."""
        answer = await self.client.post(place, json=body)
        told = answer.json()
        if answer.is_error or (isinstance(told, dict) and told.get("error")):
            raise RefusedError(f"{answer.status_code} {told}")
        return told


class Visitor:
    """A person with the page open; its session begins and ends with the block.

    Parameters
    ----------
    house : House
        The app.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._session = secrets.token_hex(6)
        self._handle = ""
        self._viewer = house.component("eeg")
        self._montage: Mapping[str, Any] = {}

    async def __aenter__(self) -> Self:
        """Load the page and keep the connection by which the app knows that it is open."""
        (await self._house.client.get("/")).raise_for_status()
        self._alive = asyncio.create_task(self._stay())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the page."""
        self._alive.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._alive

    async def _stay(self) -> None:
        place = f"/gradio_api/heartbeat/{self._session}"
        async with self._house.client.stream("GET", place) as stream:
            async for _ in stream.aiter_bytes():
                pass

    @property
    def sees_eeg(self) -> bool:
        """Whether a recording is open."""
        return bool(self._montage)

    async def open(self, name: str) -> None:
        """Open a recording of the server's folder in the viewer."""
        folder = self._house.component("server-folder")
        await self._happen(self._house.event((None, "load"), folder), [])
        opening = self._house.event((folder, "input"), self._viewer)
        shown = await self._happen(opening, [None, name])
        self._handle = shown[opening["outputs"].index(self._viewer)]["handle"]
        opened = await self._ask("viewer_open")
        first = opened["montages"][0]["id"]
        self._montage = await self._ask("viewer_montage", montage=first) | {"id": first}
        await self._ask("viewer_overview", columns=PAGE_COLUMNS)

    async def look(self, start_s: float) -> None:
        """Look at a page of all rows."""
        await self._ask(
            "viewer_page",
            montage=self._montage["id"],
            rows=list(range(len(self._montage["rows"]))),
            start_s=start_s,
            length_s=PAGE_S,
            columns=PAGE_COLUMNS,
        )

    async def _ask(self, name: str, **data: Any) -> Any:
        body = {
            "session_hash": self._session,
            "component_id": self._viewer,
            "fn_name": name,
            "data": {"handle": self._handle, **data},
        }
        return await self._house.answer("/gradio_api/component_server", body)

    async def _happen(self, event: Mapping[str, Any], data: list[Any]) -> list[Any]:
        """Let an event happen on the page, and return its outputs."""
        body = {"data": data, "fn_index": event["id"], "session_hash": self._session}
        await self._house.answer("/gradio_api/queue/join", body)
        place = f"/gradio_api/queue/data?session_hash={self._session}"
        async with self._house.client.stream("GET", place) as stream:
            async for line in stream.aiter_lines():
                told = json.loads(line.removeprefix("data: ")) if line else {}
                if told.get("msg") == "process_completed":
                    if not told["success"]:
                        raise RefusedError(str(told["output"]))
                    return list(told["output"]["data"])
        raise RefusedError("The stream of events ended too early.")


async def visit(house: House, figures: Figures, name: str, duration_s: float, n_pages: int) -> None:
    """Come, look at some pages of a recording, and go."""
    async with Visitor(house) as visitor:
        with figures.timed("open"):
            await visitor.open(name)
        if not visitor.sees_eeg:
            await asyncio.sleep(LOOK_S)
            return
        start_s = random.uniform(0, duration_s / 2)
        for _ in range(n_pages):
            with figures.timed("page"):
                await visitor.look(start_s)
            start_s = (start_s + PAGE_S) % (duration_s - PAGE_S)
            await asyncio.sleep(random.expovariate(1 / LOOK_S))


async def look(house: House, figures: Figures, name: str, duration_s: float) -> None:
    """Visit again and again."""
    await asyncio.sleep(random.uniform(0, 3 * LOOK_S))
    while True:
        n_pages = random.randint(MIN_PAGES, MAX_PAGES)
        await visit(house, figures, name, duration_s, n_pages)


async def search(house: House, figures: Figures, name: str, model_id: str) -> None:
    """Search a recording for seizures again and again."""
    while True:
        with figures.timed("search"):
            await house.call("predict", recording=f"data:{name}", model_id=model_id)
        await asyncio.sleep(random.expovariate(1 / PAUSE_S))


async def train(house: House, figures: Figures, dataset_id: str, model_id: str) -> None:
    """Train the network of a model again and again."""
    settings = {"epochs": 200, "start_weights": False}
    while True:
        with figures.timed("training"):
            started = await house.call(
                "train", dataset_id=dataset_id, network=model_id, settings=settings
            )
            try:
                await _wait_for(house, started["run_id"])
            finally:
                await house.call("stop_training", run_id=started["run_id"])
        await asyncio.sleep(PAUSE_S)


async def _wait_for(house: House, run_id: str) -> None:
    state = "queued"
    while state in ("queued", "running"):
        await asyncio.sleep(2)
        told = await house.call("training_status", run_id=run_id)
        state = told["state"]
    if state != "done":
        raise RefusedError(f"The training is {state}: {told['message']}")
