"""What this app changes inside Gradio; each place has a test that fails when Gradio moves it."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block
from gradio.context import get_blocks_context
from gradio.renderable import Renderable
from gradio.route_utils import GradioMultiPartParser
from starlette.formparsers import MultiPartException


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


class LaterPart(Renderable):
    """A part of the page that is built with the app and sent to a page when it first asks for it.

    `gr.render` sends a part when an event asks for it, but builds it at each event for each
    session. Here the blocks are there from the start: one set for all sessions, known to whatever
    looks through the app, and only their place on the page waits. A listener in the part may
    listen to, read and change what is outside. What is outside must not do so with the part, and
    no listener may follow one of the other side; `demo.load` in the part means its coming.
    """

    def __init__(self, asked: gr.State) -> None:
        super().__init__(
            lambda: None,
            inputs=[],
            triggers=[(asked, "change")],
            concurrency_limit=None,
            concurrency_id=None,
            trigger_mode="once",
            queue=False,
            show_progress="hidden",
        )

    def apply(self) -> None:
        """Build nothing: it is there."""

    @contextmanager
    def building(self) -> Iterator[None]:
        """Let what is built in the block be sent later."""
        config = get_blocks_context()
        assert config is not None
        blocks, fns = set(config.blocks), set(config.fns)
        with self.container:
            yield
        for block_id in config.blocks.keys() - blocks:
            config.blocks[block_id].rendered_in = self
        read: set[Block] = set()
        written: set[Block] = set()
        for fn_id in config.fns.keys() - fns:
            listener = config.fns[fn_id]
            listener.rendered_in = self
            read.update(listener.inputs)
            written.update(listener.outputs)
        # Gradio's page learns who fills in a component from the listeners it begins with.
        for block in read | written:
            if not isinstance(block, gr.components.Component) or block.rendered_in is not self:
                continue
            if block.interactive is None:
                block.interactive = block in read


@contextmanager
def sent_when_opened(tab: gr.Tab) -> Iterator[None]:
    """Let what is built in the block be sent to a page when the tab is first opened there."""
    asked = gr.State(False)
    # In the queue: Gradio's page hears of a state that has changed from there alone.
    tab.select(
        lambda: True,
        outputs=asked,
        show_progress="hidden",
        api_visibility="private",
    )
    with LaterPart(asked).building():
        yield


class PartedBlocks(gr.Blocks):
    """Blocks whose pages begin without their `LaterPart`s."""

    def get_config_file(self) -> Any:
        """Return what a page is built from at first."""
        config: Any = super().get_config_file()
        later = {one.container_id for one in self.renderables if isinstance(one, LaterPart)}
        config["components"] = [one for one in config["components"] if "rendered_in" not in one]
        config["dependencies"] = [
            one for one in config["dependencies"] if one["rendered_in"] is None
        ]
        for layout in (config["layout"], *(page["layout"] for page in config["page"].values())):
            _empty(layout, later)
        shown = {one["id"] for one in config["components"]}
        heard = {one["id"] for one in config["dependencies"]}
        for page in config["page"].values():
            page["components"] = [one for one in page["components"] if one in shown]
            page["dependencies"] = [one for one in page["dependencies"] if one in heard]
        return config


def _empty(layout: Any, containers: set[int]) -> None:
    for child in layout.get("children", []):
        if child["id"] in containers:
            child["children"] = []
        else:
            _empty(child, containers)


def delete_broken_uploads() -> None:
    """Let an upload that ends early leave nothing on the disk; Gradio's sweep never sees it.

    To be called once, before the app is launched.
    """
    parse = GradioMultiPartParser.parse

    @functools.wraps(parse)
    async def parse_and_tidy(self: GradioMultiPartParser) -> Any:
        try:
            return await parse(self)
        except BaseException as error:
            for file in self._files_to_close_on_error:
                file.close()
                Path(file.name).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise MultiPartException(
                    f"The file could not be stored on the server: {error.strerror or error}. "
                    "Nothing of it was kept."
                ) from error
            raise

    GradioMultiPartParser.parse = parse_and_tidy  # type: ignore[method-assign]
