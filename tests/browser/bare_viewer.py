"""The viewer on a page of its own with the real server functions, and without Gradio: fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from seizure_core.recording import Annotation, Recording
from tests.memory_recording import memory_recording
from ui.errors import messages_script
from ui.viewer.handles import NO_OVERLAYS, HandleStore, Overlays
from ui.viewer.review_queue import ReviewQueue
from ui.viewer.script import definitions, style
from ui.viewer.server import server_functions

ADDRESS = "http://viewer.invalid/"
"""Never looked up: the page is answered by the test."""

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


class BareViewer:
    """One viewer on one page.

    Parameters
    ----------
    context : BrowserContext
        Where the page is opened; a context has its own storage.
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
        context: BrowserContext,
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
        self.troubles: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.expose_function("ask", self._ask)
        self.page.expose_function("handle", lambda: self.handle)
        body = _PAGE.format(
            style=style(),
            head=messages_script(),
            theme=theme,
            definitions=definitions().replace("</", "<\\/"),
            names=sorted(self._functions),
        )
        self.page.route(ADDRESS, lambda route: _answer(route, body))
        self.page.goto(ADDRESS)
        self.wait()

    def _ask(self, name: str, data: Any) -> Mapping[str, Any]:
        return self._functions[name](data)

    def wait(self) -> None:
        """Wait until the page of the EEG stands on the screen, and the server knows the marks."""
        expect(self.page.locator(".szv-body")).to_have_attribute("data-state", "ready")
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => done()))")
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


def new_context(browser: Browser, **options: Any) -> BrowserContext:
    """Return a new visitor."""
    return browser.new_context(
        **{"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", **options}
    )


def _answer(route: Route, body: str) -> None:
    route.fulfill(content_type="text/html", body=body)
