"""A page that is loaded anew gets the recording it had open back, or is told that it is gone."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from ui import text
from ui.errors import for_browser
from ui.i18n import tr
from ui.recordings import OpenRecording
from ui.sessions import Sessions
from ui.viewer.component import ViewerComponents

_KEY = "seizure-zoo-open"

# The tab's own storage: no other tab and no other site can read it, and it ends with the tab.
_REMEMBER = f"""(shown) => {{
  if (shown && shown.handle) sessionStorage.setItem("{_KEY}", shown.handle);
  else sessionStorage.removeItem("{_KEY}");
}}"""
_RECALL = f"""() => {{
  const kept = sessionStorage.getItem("{_KEY}") ?? "";
  const [arrival] = performance.getEntriesByType("navigation");
  if (arrival && ["reload", "back_forward"].includes(arrival.type)) return kept;
  sessionStorage.removeItem("{_KEY}");
  return "";
}}"""


def remember(shown: gr.events.Dependency, viewer: ViewerComponents) -> None:
    """Let the page keep the handle of what a viewer shows after an event."""
    shown.success(None, inputs=viewer.component, js=_REMEMBER, api_visibility="private")


def wire_return(
    sessions: Sessions,
    current: gr.State,
    show: Callable[[gr.events.Dependency], None],
    demo: gr.Blocks,
) -> None:
    """Let a page that is loaded anew ask for what it had open.

    Parameters
    ----------
    sessions : Sessions
        Where it is kept.
    current : gr.State
        The session's `OpenRecording`, or None.
    show : callable
        Takes the event that has opened a recording and lets the tabs show it.
    demo : gr.Blocks
        The app.
    """
    ticket = gr.Textbox("", visible="hidden", label="Open before", elem_id="open-before")

    @for_browser
    def resume(handle: str, request: gr.Request) -> OpenRecording | None:
        opened = sessions.resume(handle, request)
        n_marks = len(sessions.store.get(opened.handle).review.marks)
        gr.Info(tr(text.RETURNED, file=opened.recording.file_name, n=n_marks))
        return opened

    demo.load(None, outputs=ticket, js=_RECALL, api_visibility="private")
    show(ticket.change(resume, inputs=ticket, outputs=current, api_visibility="private"))
