"""Return of the open recording to a page that is reloaded, or the message that it is gone.

What was marked and decided comes from the server, unless the page had changed it and not heard
back: then it brings it along (ui/viewer/js/under_way.js), and that is newer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import gradio as gr
from gradio.blocks import Block

from seizure_core.errors import ParameterError
from ui.errors import inform, message_for, warn
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import Sessions
from ui.server.queues import OPENING_QUEUE
from ui.viewer.component import ViewerComponents
from ui.viewer.handles import HandleStore, UnknownHandleError
from ui.viewer.requests import ViewerRequest

_KEY = "seizure-zoo-open"
_UNDER_WAY = "seizure-zoo-review-under-way"
_MAX_REVIEWS = 1000

# The tab's own storage: no other tab and no other site can read it, and it ends with the tab.
_REMEMBER = f"""(shown) => {{
  const handle = shown?.handle;
  if (handle) sessionStorage.setItem("{_KEY}", handle);
  else sessionStorage.removeItem("{_KEY}");
}}"""
_RECALL = f"""() => {{
  const handle = sessionStorage.getItem("{_KEY}");
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival && ["reload", "back_forward"].includes(arrival.type) && handle) {{
    const underWay = JSON.parse(sessionStorage.getItem("{_UNDER_WAY}")) || {{}};
    const reviews = Object.entries(underWay).map(([of, review]) => ({{ ...review, handle: of }}));
    return JSON.stringify({{ handle, reviews }});
  }}
  ["{_KEY}", "{_UNDER_WAY}"].forEach((key) => sessionStorage.removeItem(key));
  return "";
}}"""


def remember(viewer: ViewerComponents) -> None:
    """Let the page keep the handle of what the viewer shows."""
    listen(viewer.component.change, None, inputs=viewer.component, js=_REMEMBER)


def wire_return(
    sessions: Sessions,
    current: gr.State,
    show: Callable[[OpenRecording], Updates],
    showing: Sequence[Block],
    demo: gr.Blocks,
) -> None:
    """Let a page that is loaded again ask for what it had open.

    Parameters
    ----------
    sessions : Sessions
        Where it is kept.
    current : gr.State
        The session's `OpenRecording`, or None.
    show : callable
        Returns what the page shows of a recording that has just been opened.
    showing : sequence of component
        What `show` gives values for.
    demo : gr.Blocks
        The app.
    """
    ticket = gr.Textbox("", visible="hidden", label="Open before", elem_id="open-before")

    def resume(asked: str, request: gr.Request) -> Updates:
        ticket = ViewerRequest(json.loads(asked))
        take_reviews(sessions.store, ticket)
        opened = sessions.resume(ticket.text("handle"), request)
        n_marks = len(sessions.store.get(opened.handle).review.marks)
        inform(
            tr(
                "{file} is open again as you left it, with your marks ({n}).",
                file=opened.recording.file_name,
                n=n_marks,
            )
        )
        return {current: opened, **show(opened)}

    listen(demo.load, None, outputs=ticket, js=_RECALL)
    listen(
        ticket.change,
        resume,
        inputs=ticket,
        outputs=[current, *showing],
        quiet=True,
        queue=OPENING_QUEUE,
    )


def take_reviews(store: HandleStore, ticket: ViewerRequest) -> None:
    """Take the reviews a page brings along; that of before stays where one cannot be."""
    for item in ticket.items("reviews", maximum=_MAX_REVIEWS):
        try:
            brought = ViewerRequest(item)
            store.left(brought.text("handle")).take_review(brought)
        except UnknownHandleError:  # told with the recording itself, or it was closed on purpose
            continue
        except ParameterError as error:
            warn(message_for(error))
