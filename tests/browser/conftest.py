"""One real app, one headless Chromium and one page for the browser journeys of a worker.

Loading the app's page costs more than most journeys. So they share a page:

- `page` is that page loaded anew: nothing is open, nothing is remembered.
- `kept_page` is that page as the journey before left it, with the first tab in front and its
  messages closed. Far cheaper. A journey on it opens what it looks at (`open_demo`,
  `open_file`: what was open before goes, with all its results), and relies on nothing else.
- `visit` opens the app as another visitor, with an empty browser.

After every journey nothing may have gone wrong behind the scenes of any of them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from seizure_core.recording import Recording
from tests.app_server import AppServer, running_app
from tests.browser.bare_viewer import (
    BareViewer,
    Open,
    ViewerPage,
    made,
    new_context,
    seizure_with_overlays,
)
from tests.browser.shared_page import PATIENCE_MS, SIZE, SharedPage, new_page
from tests.browser.watching import Watch
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path
from tests.edf_files import build_edf, repeated
from tests.eeg_files import SEIZURE, eeg_file
from tests.training.material import NETWORK, make_dataset
from training.runs import worker
from training.runs.requests import new_run
from ui.viewer.handles import NO_OVERLAYS, Overlays
from ui.viewer.review_queue import ReviewQueue
from ui.viewer.script import definitions
from zoo.store.user_models import delete_model

FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """The app, with a short and a long recording in the server's folder and a link out of it."""
    data = tmp_path_factory.mktemp("data")
    (data / "ward").mkdir()
    build_edf(data / "ward" / "night.edf", [[0.0] * 256 * 20], labels=["Fp1"])
    repeated(data / "long.edf", eeg_file(SEIZURE), 300)
    outside = build_edf(tmp_path_factory.mktemp("outside") / "private.edf", [[0.0] * 256])
    (data / "link.edf").symlink_to(outside)
    with running_app(tmp_path_factory.mktemp("app"), data_folder=data) as server:
        yield server


@pytest.fixture
def apps_home(app: AppServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The app's own home, also for what the test itself calls."""
    home = app.temporary.parent / "home"
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def made_dataset(app: AppServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZURE_ZOO_HOME", str(app.temporary.parent / "home"))
        return make_dataset(tmp_path_factory.mktemp("patients"), title="Yesterday's").dataset_id


@pytest.fixture
def dataset_id(apps_home: Path, made_dataset: str) -> str:
    """A dataset in the app's own home, as if somebody had made it the day before."""
    return made_dataset


@pytest.fixture(scope="session")
def made_run(app: AppServer, made_dataset: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a short training, made once by the training itself, outside the app's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZURE_ZOO_HOME", str(app.temporary.parent / "home"))
        settings = {"epochs": 2, "batch_size": 8, "threads": 1, "device": "cpu", "title": "Ready"}
        run = new_run(made_dataset, NETWORK, settings)
        worker.work(run.run_id)
        return Path(shutil.move(run.folder, tmp_path_factory.mktemp("run")))


@pytest.fixture
def run_id(dataset_id: str, apps_home: Path, made_run: Path) -> str:
    """A finished run in the app's own home, with a model to test and to keep."""
    shutil.copytree(made_run, apps_home / "runs" / made_run.name)
    return made_run.name


# One for all journeys that follow each other, and not for the whole run: while Playwright is on,
# no other test of the process can use an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        yield started
        started.close()


@pytest.fixture(scope="package")
def watch() -> Watch:
    return Watch()


@pytest.fixture(autouse=True)
def nothing_goes_wrong(watch: Watch) -> Iterator[None]:
    """Fail a journey behind whose scenes something has gone wrong."""
    yield
    assert watch.take() == []


@pytest.fixture(autouse=True)
def home_stays_as_it_was(request: pytest.FixtureRequest) -> Iterator[None]:
    """Take away the datasets, runs and models of a journey: the next one starts without them."""
    if "app" not in request.fixturenames:
        yield
        return
    # What is made once for all journeys is there before.
    for name in {"made_dataset", "made_run"} & set(request.fixturenames):
        request.getfixturevalue(name)
    app: AppServer = request.getfixturevalue("app")
    home = app.temporary.parent / "home"
    before = _entries(home)
    yield
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SEIZURE_ZOO_HOME", str(home))
        for path in sorted(_entries(home) - before):
            if path.parent.name == "models":
                delete_model(path.name)
            else:
                shutil.rmtree(path)


def _entries(home: Path) -> set[Path]:
    """Return the folders of a home's datasets, runs, models and searches."""
    return {
        path
        for kind in ("datasets", "runs", "models", "studies")
        if (home / kind).is_dir()
        for path in (home / kind).iterdir()
        if path.is_dir() and not path.name.startswith(".")
    }


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a journey has failed: its page may be in any state."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="package")
def shared_page(browser: Browser, watch: Watch) -> Iterator[SharedPage]:
    shared = SharedPage(browser, watch)
    yield shared
    shared.drop()


@pytest.fixture
def page(shared_page: SharedPage, app: AppServer, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The worker's page, loaded anew."""
    yield shared_page.fresh(app.url)
    if request.node.stash.get(FAILED, False):
        shared_page.drop()
    shared_page.rest()


@pytest.fixture
def kept_page(
    shared_page: SharedPage, app: AppServer, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The worker's page as the journey before left it, in order."""
    yield shared_page.kept(app.url)
    if request.node.stash.get(FAILED, False):
        shared_page.drop()
    shared_page.rest()


@pytest.fixture
def visit(browser: Browser, watch: Watch, app: AppServer) -> Iterator[Callable[..., Page]]:
    """Open the app as a new visitor; `heard` is false where Gradio's own pages say errors."""
    contexts: list[BrowserContext] = []

    def open_page(
        locale: str = "en-US",
        altered: Callable[[str], str] | None = None,
        *,
        heard: bool = True,
        **looks: Any,
    ) -> Page:
        contexts.append(browser.new_context(**{"viewport": SIZE, "locale": locale, **looks}))
        page = new_page(contexts[-1], watch if heard else Watch())
        if altered is not None:
            page.route(f"{app.url.rstrip('/')}/", _answer_altered(altered))
        page.goto(app.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _answer_altered(alter: Callable[[str], str]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        original = route.fetch()
        route.fulfill(response=original, body=alter(original.text()))

    return answer


@pytest.fixture
def downloads(tmp_path: Path) -> Path:
    return tmp_path / "downloads"


@pytest.fixture(scope="package")
def viewer_page(browser: Browser, watch: Watch) -> Iterator[ViewerPage]:
    """The page that viewers without Gradio are opened on, one after the other."""
    context = new_context(browser)
    yield ViewerPage(context, watch)
    context.close()


@pytest.fixture
def open_viewer(browser: Browser, watch: Watch, viewer_page: ViewerPage) -> Iterator[Open]:
    """Open a recording in a viewer without Gradio, as a new visitor.

    The first is on the page that tests share, unless options say what another page is to be.
    """
    free = [viewer_page.cleared()]
    own: list[ViewerPage] = []

    def open_one(
        recording: Recording | None = None,
        overlays: Overlays = NO_OVERLAYS,
        theme: str = "",
        queue: ReviewQueue | None = None,
        **options: object,
    ) -> BareViewer:
        if options or not free:
            own.append(ViewerPage(new_context(browser, **options), watch))
            place = own[-1]
        else:
            place = free.pop()
        return BareViewer(place, recording or made(), overlays, theme=theme, queue=queue)

    yield open_one
    for one in own:
        one.page.context.close()
    viewer_page.rest()


@pytest.fixture
def opened(open_viewer: Open) -> BareViewer:
    """A recorded seizure, what an expert said of it, and what a model might have found."""
    return open_viewer(*seizure_with_overlays())


@pytest.fixture
def viewer(opened: BareViewer) -> Page:
    """The page of `opened`."""
    return opened.page


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Callable[[str], Any]]:
    """Evaluate an expression with the viewer's definitions."""
    page = browser.new_page()
    page.set_content("<p>nothing</p>")
    page.add_script_tag(content=definitions())
    yield page.evaluate
    page.close()
