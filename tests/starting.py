"""Starts the app and reviews with it, and tells what that has loaded and left, as JSON.

Run as a process of its own, `python -m tests.starting`: modules that tests have loaded stay.
"""

from __future__ import annotations

import gc
import json
import socket
import sys
import urllib.request
from types import SimpleNamespace
from typing import Any

HEAVY = ("torch", "safetensors", "scipy.signal", "scipy.optimize", "matplotlib")


def loaded(*names: str) -> list[str]:
    """Return which modules are there."""
    return [name for name in names if name in sys.modules]


def review(services: Any) -> None:
    """Open the first candidate of the review "ward", turn to another recording and decide."""
    import gradio as gr

    from ui.opening.sessions import Sessions
    from ui.predict.review_panel import ReviewPanel
    from ui.stopping import WorkStops
    from ui.viewer.handles import HandleStore
    from ui.viewer.server import server_functions

    with gr.Blocks(analytics_enabled=False):
        store = HandleStore()
        sessions = Sessions(sources=services.recordings, store=store, stops=WorkStops())
        panel = ReviewPanel(services, sessions, gr.State(None))
    request: Any = SimpleNamespace(session_hash="s", username=None)
    handle = panel.begin(None, "ward", "Dr A", "doubt", request).handle

    ask = {one.__name__: one for one in server_functions(store)}
    assert ask["viewer_open"]({"handle": handle})["is_queued"]
    queue = ask["viewer_queue"]({"handle": handle})
    ask["viewer_montage"]({"handle": handle, "montage": "recorded"})
    shown = {"montage": "recorded", "rows": [0, 1], "start_s": 0, "length_s": 10, "columns": 500}
    assert ask["viewer_page"]({"handle": handle, **shown})["data"]
    other = next(
        one["recording"] for one in queue["items"] if one["recording"] != queue["recording"]
    )
    ask["viewer_queue_open"]({"handle": handle, "recording": other})
    decided = {"marks": [], "shifts": [], "decisions": [{"prediction": 1, "decision": "rejected"}]}
    assert ask["viewer_review"]({"handle": handle, **decided})["n_decided"] == 1


def main() -> None:
    """Build, fail to serve, serve, review."""
    stubs: list[str] = []
    sys.addaudithook(
        lambda event, args: (
            event == "open" and str(args[0]).endswith(".pyi") and stubs.append(args[0])
        )
    )
    import app

    told: dict[str, Any] = {
        "stubs": stubs,
        "collects_garbage": gc.isenabled(),
        "n_left_alone": gc.get_freeze_count(),
        "finders": [type(one).__module__ for one in sys.meta_path],
    }
    with socket.socket() as taken:
        taken.bind((app.settings.server_name, app.settings.server_port))
        taken.listen()
        told["status_at_a_port_in_use"] = app.main()
    options = app.launch_options(app.demo, app.services)
    _, url, _ = app.demo.launch(**options, prevent_thread_lock=True)
    told["page"] = urllib.request.urlopen(url).read().decode()
    told["loaded_to_show_it"] = loaded(*HEAVY, "mcp", "jsonschema")
    app.demo.close(verbose=False)
    review(app.services)
    told["loaded_to_review"] = loaded("torch", "safetensors")
    print(json.dumps(told))


if __name__ == "__main__":
    main()
