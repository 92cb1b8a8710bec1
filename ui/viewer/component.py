"""The viewer as a Gradio component, and what tabs say to it.

A tab builds one viewer, opens recordings in it and sends it to a place:

    viewer = build_viewer(store)
    handle = viewer.open(recording, request)           # in a handler with a gr.Request
    return viewer.show(handle, start_s=120.0)          # the component's new value
    viewer.review(handle).marks                        # what the person marked

The browser fetches signals by the handle alone. It dies with the session: call
`viewer.bind(demo)` once within the Blocks.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gradio as gr
from gradio.routes import ORJSONResponse

from seizure_core.events.event import Event, seizure_events
from seizure_core.recording import Recording
from seizure_core.review.page import Review
from ui.viewer.handles import NO_OVERLAYS, HandleStore, Overlays
from ui.viewer.script import mounting_script, style
from ui.viewer.server import ServerFunction, server_functions
from zoo.inference.detection import Detection

TEMPLATE = '<div class="szv"></div>'

ViewerValue = dict[str, Any]
"""What the component holds: which recording, where in it; no signal and no file name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerComponents:
    """One viewer on a page.

    Attributes
    ----------
    component : gr.HTML
        To be listed among the outputs of handlers that return `show(...)`, or None for no
        recording. Its event `marks_changed` tells that the person has marked, judged or undone
        something, `threshold_moved` that the result's events are those of another threshold,
        `explain_asked` that it wants to know why the model found an event.
    store : HandleStore
        The open recordings.
    """

    component: gr.HTML
    store: HandleStore
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def open(
        self, recording: Recording, request: gr.Request, overlays: Overlays = NO_OVERLAYS
    ) -> str:
        """Take in a recording for the visitor's session and return its handle."""
        session = request.session_hash or ""
        return self.store.open(recording, session=session, overlays=overlays)

    def show(
        self,
        handle: str,
        *,
        start_s: float | None = None,
        length_s: float | None = None,
        event: Event | None = None,
        overlays: Overlays | None = None,
    ) -> ViewerValue:
        """Return the component's value that brings a place of a recording to the screen.

        Parameters
        ----------
        handle : str
            From `open`.
        start_s : float, optional
            Where the page begins; the start of the recording if neither it nor an event is given.
        length_s : float, optional
            Length of the page; unchanged (10 s at first) if omitted.
        event : Event, optional
            Centred on the page instead.
        overlays : Overlays, optional
            Take the place of what was drawn with the signals; decisions about earlier
            predictions are dropped, marks are kept.

        Raises
        ------
        UnknownHandleError
            Nothing is open under the handle.
        """
        opened = self.store.get(handle)
        if overlays is not None:
            opened.overlays = overlays
            opened.review = opened.review.without_decisions()
        value: ViewerValue = {
            "handle": handle,
            "start_s": start_s,
            "length_s": length_s,
            "reload": overlays is not None,
            # The browser acts on a value that differs: showing the same place twice must.
            "number": next(self._numbers),
        }
        if event is not None:
            value["event"] = {"onset_s": event.onset_s, "duration_s": event.duration_s}
        return value

    def refresh(self, handle: str) -> ViewerValue:
        """Return the component's value that fetches marks and overlays again and stays there.

        Raises
        ------
        UnknownHandleError
            Nothing is open under the handle.
        """
        self.store.get(handle)
        return {"handle": handle, "reload": True, "stay": True, "number": next(self._numbers)}

    def review(self, handle: str) -> Review:
        """Return the person's marks and decisions about predicted events, as they are now.

        Raises
        ------
        UnknownHandleError
            Nothing is open under the handle.
        """
        return self.store.get(handle).review

    def found(self, handle: str) -> Detection | None:
        """Return the result on the screen, at the threshold it stands at; None if there is none.

        Raises
        ------
        UnknownHandleError
            Nothing is open under the handle.
        """
        return self.store.get(handle).overlays.found

    def reference(self, handle: str) -> tuple[Event, ...]:
        """Return the marked seizures as events, fit as a reference for scores and training."""
        return seizure_events(self.review(handle).marks)

    def bind(self, demo: gr.Blocks) -> None:
        """Close a session's recordings when it ends."""

        def close(request: gr.Request) -> None:
            self.store.close_session(request.session_hash or "")

        demo.unload(close)


def build_viewer(store: HandleStore | None = None, *, elem_id: str = "viewer") -> ViewerComponents:
    """Make a viewer where one is within `gr.Blocks`.

    Parameters
    ----------
    store : HandleStore, optional
        The app's open recordings; one of its own if omitted.
    elem_id : str
        Of the element on the page.
    """
    store = store or HandleStore()
    component = gr.HTML(
        value=None,
        html_template=TEMPLATE,
        css_template=style(),
        js_on_load=mounting_script(),
        apply_default_css=False,
        padding=False,
        server_functions=[_written(function) for function in server_functions(store)],
        elem_id=elem_id,
        label="EEG",
    )
    return ViewerComponents(component=component, store=store)


def _written(function: ServerFunction) -> Callable[[Any], ORJSONResponse]:
    """Return a function that answers with JSON: FastAPI would first go through every value."""

    def written(data: Any = None) -> ORJSONResponse:
        return ORJSONResponse(function(data))

    written.__name__ = function.__name__
    return written
