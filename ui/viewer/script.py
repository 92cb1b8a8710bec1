"""The viewer's one script and style sheet, put together from their parts.

The script is a module of its own that a browser fetches once, however many viewers a page has:
within the component it would be part of what each page is built from.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from seizure_core.events.types import EVENT_TYPES
from seizure_core.json_document import read_json

FOLDER = Path(__file__).parent
TEXTS_FOLDER = FOLDER / "texts"

PARTS = (
    "time",
    "signals",
    "scale",
    "view",
    "on_page",
    "marks",
    "under_way",
    "outbox",
    "looks",
    "seen",
    "tiles",
    "dom",
    "geometry",
    "palette",
    "draw_traces",
    "draw_lanes",
    "draw_overlay",
    "overview",
    "trends",
    "spectrum",
    "auto_paging",
    "toolbar",
    "threshold",
    "export_menu",
    "panel_events",
    "panel_channels",
    "panel_display",
    "editor",
    "pointer",
    "keyboard",
    "frame",
    "renderer",
    "review_queue",
    "viewer_base",
    "reviewing",
    "montage_view",
    "viewer",
    "mount",
)
"""Files of `js/`, each after those it uses while it is loaded."""

ADDRESS = "/viewer.js"


def texts(language: str) -> dict[str, str]:
    """Return every word the viewer says in a language; what it lacks is English."""
    words: dict[str, str] = read_json(TEXTS_FOLDER / "en.json")
    words |= read_json(TEXTS_FOLDER / f"{language}.json")
    return words


@cache
def definitions() -> str:
    """Return the script: definitions only, nothing happens yet."""
    constants = {
        "TEXTS": {path.stem: texts(path.stem) for path in sorted(TEXTS_FOLDER.glob("*.json"))},
        "KINDS": [one.code for one in EVENT_TYPES],
        "HOTKEYS": {one.hotkey: one.code for one in EVENT_TYPES},
    }
    lines = [
        f"const {name} = {json.dumps(value, ensure_ascii=False)};"
        for name, value in constants.items()
    ]
    parts = [(FOLDER / "js" / f"{part}.js").read_text(encoding="utf-8") for part in PARTS]
    return "\n".join(['"use strict";', *lines, *parts])


def module() -> str:
    """Return the script as the module that pages import."""
    return f"{definitions()}\nexport {{ mountViewer }};\n"


def mounting_script() -> str:
    """Return what the browser runs for each viewer: it fetches the script and makes a viewer."""
    version = hashlib.sha256(definitions().encode()).hexdigest()[:12]
    # Gradio knows the events of a component by the names it finds in its script.
    return f"""\
// tells Python of "marks_changed", "threshold_moved" and "explain_asked"
const root = window.gradio_config?.root || location.origin;
import(`${{root}}{ADDRESS}?{version}`)
  .then(({{ mountViewer }}) => mountViewer({{ element, trigger, props, server, watch }}));
"""


def script_route() -> Route:
    """Return where the server has the script; a browser keeps it until it changes."""

    def answer(request: Request) -> Response:
        return Response(
            module(),
            media_type="text/javascript",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    return Route(ADDRESS, answer)


def style() -> str:
    """Return the style sheet, to be scoped by Gradio."""
    return (FOLDER / "viewer.css").read_text(encoding="utf-8")
