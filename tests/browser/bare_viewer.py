"""The viewer on a page of its own with the real server functions, and without Gradio: fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation, Recording
from tests.browser.shared_page import new_page
from tests.browser.slowness import slow_down
from tests.browser.watching import Watch
from tests.eeg_files import SEIZURE, eeg_file
from tests.memory_recording import memory_recording
from ui.errors import messages_script
from ui.viewer.handles import NO_OVERLAYS, HandleStore, Overlays
from ui.viewer.review_queue import ReviewQueue
from ui.viewer.script import definitions, style
from ui.viewer.server import server_functions

ADDRESS = "http://127.0.0.1/viewer/"
"""Never asked: the page is answered by the test."""
EMPTY = "empty"

# As in CHB-MIT: a derivation of the first group comes again at the end.
LABELS = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1", "FP2-F8", "F8-T8", "T8-P8", "P8-O2", "P7-T7"]
DURATION_S = 61.0

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><style>
body {{ margin: 0; font-family: sans-serif; }}
#viewer {{ {style} }}
</style>{head}</head><body class="{theme}"><button>outside</button>
<div id="viewer"><div class="szv"></div></div>
<script>{definitions}
const server = Object.fromEntries({names}.map((name) => [name, (data) => ask(name, data)]));
const props = {{ value: null }};
let changed = () => null;
const viewer = mountViewer({{
  element: document.querySelector("#viewer"), props, server, trigger: () => null,
  watch: (name, follow) => (changed = follow),
}});
const show = async (value) => {{ props.value = value; changed(); }};
const handleNow = handle().then((name) => show({{ handle: name, number: 1 }}));
</script></body></html>"""


class ViewerPage:
    """A page without Gradio for viewers: each that is opened on it takes the place of the last."""

    def __init__(self, context: BrowserContext, watch: Watch) -> None:
        self.page = new_page(context, watch, levels=("error", "warning"))
        self._shown: BareViewer | None = None
        self.page.expose_function("ask", lambda name, data: self._viewer.ask(name, data))
        self.page.expose_function("handle", lambda: self._viewer.handle)
        self.page.route(f"{ADDRESS}**", self._answer)

    @property
    def _viewer(self) -> BareViewer:
        assert self._shown is not None
        return self._shown

    def cleared(self) -> ViewerPage:
        """Return the page as that of a new visitor."""
        slow_down(self.page)
        self.page.goto(f"{ADDRESS}{EMPTY}")
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.mouse.move(0, 0)
        return self

    def rest(self) -> None:
        """Let the page wait for the next viewer."""
        self.page.goto(f"{ADDRESS}{EMPTY}")
        slow_down(self.page, 1)

    def show(self, viewer: BareViewer) -> None:
        """Load a viewer."""
        self._shown = viewer
        self.page.goto(ADDRESS)

    def _answer(self, route: Route) -> None:
        empty = route.request.url.endswith(EMPTY)
        body = "<p>nothing</p>" if empty else self._viewer.html
        route.fulfill(content_type="text/html", body=body)


class BareViewer:
    """One viewer on a page.

    Parameters
    ----------
    place : ViewerPage
        Where it is opened.
    recording : Recording
        What it shows.
    overlays : Overlays, optional
        What was found.
    theme : str
        "dark" or "".
    queue : ReviewQueue, optional
        The review it is part of, with this recording as the only one in `handles`.
    """

    def __init__(
        self,
        place: ViewerPage,
        recording: Recording,
        overlays: Overlays = NO_OVERLAYS,
        *,
        theme: str = "",
        queue: ReviewQueue | None = None,
    ) -> None:
        self.store = HandleStore()
        self.handle = self.store.open(recording, session="", overlays=overlays)
        if queue is not None:
            (first,) = queue.handles
            queue.handles[first] = self.handle
            self.store.get(self.handle).join(queue, first)
        self._functions = {f.__name__: f for f in server_functions(self.store)}
        self.html = _PAGE.format(
            style=style(),
            head=messages_script(),
            theme=theme,
            definitions=definitions().replace("</", "<\\/"),
            names=sorted(self._functions),
        )
        self.page: Page = place.page
        place.show(self)
        self.wait()

    def ask(self, name: str, data: Any) -> Mapping[str, Any]:
        """Return what the server answers."""
        return self._functions[name](data)

    def wait(self) -> None:
        """Wait until the page of the EEG stands on the screen, and the server knows the marks."""
        # What a key has asked for is drawn in the next frame, and until then the old page is ready.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")
        expect(self.page.locator(".szv-body")).to_have_attribute("data-state", "ready")
        self.page.evaluate("viewer.outbox.sending")

    def reload(self) -> None:
        """Load the page again; as in the app, the recording then has another handle."""
        self.wait()
        self.handle = self.store.resume(self.handle, session="")
        self.page.reload()
        self.wait()

    def press(self, *keys: str) -> None:
        """Press keys where the keyboard is."""
        for key in keys:
            self.page.keyboard.press(key)
        self.wait()

    def read(self, expression: str) -> Any:
        """Evaluate an expression about `viewer`, the one on the page."""
        return self.page.evaluate(expression)

    @property
    def start_s(self) -> float:
        """Where the page on the screen begins."""
        return float(self.read("viewer.view.start_s"))

    @property
    def has_keys(self) -> bool:
        """Whether the EEG has the keyboard."""
        return bool(self.read("document.activeElement === viewer.overlay"))


Open = Callable[..., BareViewer]
"""Opens a recording, `made()` if none is given, in a viewer of its own visitor."""


def made(**changes: object) -> Recording:
    """Return a recording of a minute with two annotations."""
    recording = memory_recording(LABELS, duration_s=DURATION_S)
    annotations = (
        Annotation(onset_s=5.0, duration_s=None, text="eyes open"),
        Annotation(onset_s=45.0, duration_s=2.0, text="chewing"),
    )
    return replace(recording, annotations=annotations, **changes)


def seizure_with_overlays() -> tuple[Recording, Overlays]:
    """Return a recording, an expert's seizure, a hit of a model and a false alarm of it."""
    recording = open_recording(eeg_file(SEIZURE))
    seconds = np.arange(int(recording.duration_s))
    probabilities = (1 / (1 + np.exp(-(seconds - 14) / 2))).astype(np.float32)
    return recording, Overlays(
        references=(Event(onset_s=10, duration_s=40),),
        predictions=(
            Event(onset_s=2, duration_s=3, confidence=0.55),
            Event(onset_s=13, duration_s=34, confidence=0.97),
        ),
        trace=ProbabilityTrace(probabilities=probabilities, duration_s=recording.duration_s),
        threshold=0.5,
        title="made up",
    )


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Return a new visitor."""
    return browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
    )
