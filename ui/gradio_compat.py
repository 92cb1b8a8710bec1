"""What this app changes inside Gradio; each place has a test that fails when Gradio moves it."""

from __future__ import annotations

import json
from typing import Any


def answer_mcp_in_json() -> None:
    """Let MCP tools answer JSON; Gradio writes Python's text of a value, which nobody can parse.

    To be called once, before the app is launched with MCP on.
    """
    from gradio.mcp import GradioMCPServer

    as_python = GradioMCPServer.postprocess_output_data

    def as_json(self: GradioMCPServer, data: Any, root_url: str) -> Any:
        # Gradio hands over the values of a function that returns several as one tuple.
        several = len(data) == 1 and isinstance(data[0], tuple)
        values = data[0] if several else data
        return as_python(self, [_json_text(value) for value in values], root_url)

    GradioMCPServer.postprocess_output_data = as_json  # type: ignore[method-assign]


def _json_text(value: Any) -> Any:
    """Return plain data as JSON text; files and texts stay what they are."""
    is_text = isinstance(value, str)
    is_file = isinstance(value, dict) and "path" in value
    if is_text or is_file:
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
