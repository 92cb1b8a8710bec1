"""One real app and one headless Chromium for all browser journeys of a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    expect,
    sync_playwright,
)

from tests.app_server import AppServer, running_app
from tests.browser.slowness import slowed
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path
from tests.edf_files import build_edf
from tests.training.material import make_dataset
from tests.viewer_page import running_viewer

# How long an expectation is retried; a pass never waits for it.
PATIENCE_MS = 60_000


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    data = tmp_path_factory.mktemp("data")
    (data / "ward").mkdir()
    build_edf(data / "ward" / "night.edf", [[0.0] * 256 * 20], labels=["Fp1"])
    outside = build_edf(tmp_path_factory.mktemp("outside") / "private.edf", [[0.0] * 256])
    (data / "link.edf").symlink_to(outside)
    with running_app(tmp_path_factory.mktemp("app"), data_folder=data) as server:
        yield server


@pytest.fixture
def dataset_id(app: AppServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dataset in the app's own home, as if somebody had made it the day before."""
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(app.temporary.parent / "home"))
    return make_dataset(tmp_path / "patients", title="Yesterday's").dataset_id


# One a module: while Playwright is on, no other test of the process can use an event loop.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        yield started
        started.close()


# Gradio says so of what it was listening to when the page went away under it.
LEFT_BY_A_RELOAD = ("signal is aborted without reason", "Connection errored out")


@pytest.fixture
def visit(browser: Browser, app: AppServer) -> Iterator[Callable[..., Page]]:
    """Open the app as a new visitor; at the end nothing may have gone wrong behind the scenes."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []
    watched: list[tuple[list[Page], list[str]]] = []

    def watch(page: Page) -> None:
        loads: list[Page] = []
        broken_off: list[str] = []
        watched.append((loads, broken_off))
        page.on("load", lambda loaded: loads.append(loaded))

        def note(message: ConsoleMessage) -> None:
            if message.type == "error":
                by_reload = any(one in message.text for one in LEFT_BY_A_RELOAD)
                (broken_off if by_reload else troubles).append(f"console: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
        page.on("request", lambda request: _note_outside(request.url, troubles))

    def open_page(locale: str = "en-US", altered: Callable[[str], str] | None = None) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale)
        contexts.append(context)
        page = slowed(context.new_page())
        page.set_default_timeout(PATIENCE_MS)
        watch(page)
        if altered is not None:
            page.route(f"{app.url.rstrip('/')}/", _answer_altered(altered))
        page.goto(app.url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    # A page that was never reloaded has no such excuse. Gradio says it while the old page goes,
    # which is before the new one has loaded: only now is it known whether there was one.
    troubles += [text for loads, texts in watched if len(loads) < 2 for text in texts]
    assert troubles == []


def _answer_altered(alter: Callable[[str], str]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        original = route.fetch()
        route.fulfill(response=original, body=alter(original.text()))

    return answer


@pytest.fixture
def page(visit: Callable[[], Page]) -> Page:
    return visit()


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path / "downloads"


def _note_outside(url: str, troubles: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob", "about"):
        return
    if parts.hostname != "127.0.0.1":
        troubles.append(f"request off this machine: {url}")


def _is_trouble(message: ConsoleMessage) -> bool:
    """Leave out advice on how this test reads the canvas."""
    return message.type in ("error", "warning") and "willReadFrequently" not in message.text


@pytest.fixture(scope="session")
def viewer_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_viewer(tmp_path_factory.mktemp("viewer")) as address:
        yield address


@pytest.fixture
def visit_viewer(browser: Browser, viewer_url: str) -> Iterator[Callable[..., Page]]:
    """Open the viewer as a new visitor; at the end nothing may have gone wrong unseen."""
    troubles: list[str] = []
    contexts = []

    def visit(**options: Any) -> Page:
        theme = options.pop("theme", "light")
        context = browser.new_context(
            **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
        )
        contexts.append(context)
        page = slowed(context.new_page())
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda m: troubles.append(m.text) if _is_trouble(m) else None)
        page.goto(f"{viewer_url}/?__theme={theme}")
        expect(page.locator(".szv-body")).to_have_attribute("data-state", "ready")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def viewer(visit_viewer: Callable[..., Page]) -> Page:
    return visit_viewer()
