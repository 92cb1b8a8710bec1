"""The viewer's one script and style sheet, put together from their parts."""

from __future__ import annotations

import json
from pathlib import Path

from seizure_core.events.marks import REMARK_KINDS, SEIZURE_KINDS

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "it")

PARTS = (
    "time",
    "signals",
    "scale",
    "view",
    "marks",
    "under_way",
    "looks",
    "tiles",
    "dom",
    "geometry",
    "palette",
    "draw_traces",
    "draw_lanes",
    "draw_overlay",
    "overview",
    "toolbar",
    "panel_events",
    "panel_channels",
    "panel_display",
    "editor",
    "pointer",
    "keyboard",
    "frame",
    "renderer",
    "viewer_base",
    "reviewing",
    "montage_view",
    "viewer",
    "mount",
)
"""Files of `js/`, each after those it uses while it is loaded."""

MOUNT = "mountViewer({ element, trigger, props, server, watch });"
"""Runs in the browser for every viewer on a page."""


def texts(language: str) -> dict[str, str]:
    """Return every word the viewer says in a language."""
    path = FOLDER / "texts" / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def definitions() -> str:
    """Return the script without its last line: definitions only, nothing happens yet."""
    constants = {
        "TEXTS": {language: texts(language) for language in LANGUAGES},
        "KINDS": [*SEIZURE_KINDS, *REMARK_KINDS],
    }
    lines = [
        f"const {name} = {json.dumps(value, ensure_ascii=False)};"
        for name, value in constants.items()
    ]
    parts = [(FOLDER / "js" / f"{part}.js").read_text(encoding="utf-8") for part in PARTS]
    return "\n".join(['"use strict";', *lines, *parts])


def script() -> str:
    """Return what the browser runs for each viewer."""
    return f"{definitions()}\n{MOUNT}\n"


def style() -> str:
    """Return the style sheet, to be scoped by Gradio."""
    return (FOLDER / "viewer.css").read_text(encoding="utf-8")
