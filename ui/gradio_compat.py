"""Changes to Gradio's internals; each has a test that fails when Gradio changes that place."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio import processing_utils, routes
from gradio.blocks import Block
from gradio.context import LocalContext, get_blocks_context
from gradio.renderable import Renderable
from gradio.route_utils import GradioMultiPartParser
from starlette.concurrency import run_in_threadpool
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Scope


def leave_other_sites_to_the_guard() -> None:
    """Switch off Gradio's own answers to other websites' pages, which welcome most of them.

    They come before any middleware of ours. To be called once, before the app is launched.
    """
    routes.CustomCORSMiddleware = lambda app, **_: app  # type: ignore[assignment, attr-defined]


def ask_no_foreign_name_server() -> None:
    """Keep Gradio from asking Google where a private host is; to be called once."""

    async def no_addresses(_: str) -> list[str]:
        return []

    processing_utils.sh.async_resolve_hostname_google = no_addresses  # type: ignore[attr-defined]


def has_logged_in(scope: Scope) -> bool:
    """Return whether a request to the app bears the cookie of a login."""
    return any(token in scope["app"].tokens for token in _tokens(scope))


def log_out(scope: Scope) -> None:
    """End the login whose cookie a request bears; Gradio ends those of everybody, or none."""
    for token in _tokens(scope):
        scope["app"].tokens.pop(token, None)
    scope["query_string"] = b"all_session=false"


def _tokens(scope: Scope) -> list[str]:
    cookies = Request(scope).cookies
    kinds = ("access-token", "access-token-unsecure")
    names = [f"{kind}-{scope['app'].cookie_id}" for kind in kinds]
    return [cookies[name] for name in names if name in cookies]


def request_headers() -> Mapping[str, str] | None:
    """Return the headers of the request that is handled just now; None outside of events."""
    return getattr(LocalContext.request.get(None), "headers", None)


@dataclass(frozen=True, slots=True)
class McpTool:
    """A tool of the Model Context Protocol; it calls the endpoint of its name.

    Attributes
    ----------
    described : dict
        What clients are told, as `mcp.types.Tool` takes it.
    in_order : callable
        Returns the arguments of the endpoint from those of the tool.
    structured : callable
        Returns the answer of the tool from the values of the endpoint.
    """

    described: dict[str, Any]
    in_order: Callable[[Mapping[str, Any]], list[Any]]
    structured: Callable[[list[Any]], dict[str, Any]]


Guard = Callable[[Callable[..., Any]], Callable[..., Any]]
"""Returns a handler in place of another."""


def serve_tools(title: str, version: str, tools: Mapping[str, McpTool]) -> None:
    """Let Gradio offer these tools to MCP clients, in place of what it makes of the endpoints.

    Gradio's own answer with Python's text of a value, which no program can parse, and say neither
    what they answer nor whether they write. To be called once, before a launch with MCP on.
    """
    from gradio import mcp, route_utils

    class ToolServer(mcp.GradioMCPServer):
        def create_mcp_server(self) -> Any:
            server: Any = self.Server(title, version=version)

            @server.list_tools()  # type: ignore[untyped-decorator]
            async def list_tools() -> list[Any]:
                return [self.types.Tool(**tool.described) for tool in tools.values()]

            # The endpoints check what they are given, and say it in words.
            @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
            async def call_tool(name: str, given: dict[str, Any]) -> Any:
                if name not in tools:
                    raise ValueError(f"There is no tool {name[:80]!r}.")
                values = await self._asked(name, tools[name].in_order(given))
                return self.types.CallToolResult(
                    content=[*self.postprocess_output_data([*map(_json_text, values)], "")],
                    structuredContent=tools[name].structured(values),
                )

            return server

        async def _asked(self, name: str, values: list[Any]) -> list[Any]:
            """Return what the endpoint answers; it is called over HTTP, as by any client."""
            context: Any = self.mcp_server.request_context
            headers = dict(context.request.headers)
            headers.pop("content-length", None)
            client = await run_in_threadpool(self._get_or_create_client)
            job = client.submit(*values, api_name=f"/{name}", headers=headers)
            token = context.meta.progressToken if context.meta else None
            if token is None:
                (answer,) = await self._execute_tool_without_progress(job)
                answer = list(answer) if isinstance(answer, tuple) else [answer]
            else:
                answer = await self._execute_tool_with_progress(job, token)
            root = route_utils.get_root_url(
                request=context.request,
                route_path=self.get_route_path(context.request),
                root_path=self.root_path,
            )
            return list(processing_utils.add_root_url(answer, root, None))

        def get_fn_description(self, block_fn: Any, tool_name: str) -> tuple[str, dict[str, str]]:
            tool = tools[block_fn.api_name].described
            taken = tool["inputSchema"]["properties"]
            return tool["description"], {name: taken[name]["description"] for name in taken}

    mcp.GradioMCPServer = ToolServer  # type: ignore[misc]


def _json_text(value: Any) -> Any:
    """Return plain data as JSON text; files and texts stay what they are."""
    if isinstance(value, str) or (isinstance(value, dict) and "path" in value):
        return value
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def describe_endpoint(
    blocks: PartedBlocks,
    published: gr.events.Dependency,
    *,
    takes: Mapping[str, str],
    answers: Iterable[str],
    complete: Callable[[list[Any]], list[Any]],
) -> None:
    """Say on Gradio's page about the API what an endpoint takes and answers.

    Parameters
    ----------
    blocks : PartedBlocks
        What the endpoint was published in.
    published : Dependency
        As `gr.api` returned it.
    takes : mapping of str to str
        A sentence for each parameter.
    answers : iterable of str
        Names of the values it answers.
    complete : callable
        Returns the values of all parameters from those that were sent, or raises.
    """
    function = blocks.fns[published["id"]]
    block: Any
    for block, (name, sentence) in zip(function.inputs, takes.items(), strict=True):
        block.label = name
        block._api_info |= {"description": sentence, "additional_description": sentence}
    for block, name in zip(function.outputs, answers, strict=True):
        block.label = name
    blocks.complete[function._id] = complete


class LaterPart(Renderable):
    """A part of the page that is built with the app and sent to a page when it first asks for it.

    `gr.render` builds a part at each event for each session. Here the blocks are there from the
    start, one set for all sessions, and only their place on the page waits. A listener in the part
    may listen to, read and change what is outside, but not the other way round, and no listener may
    follow one of the other side; `demo.load` in the part means its coming.
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
        # The page would copy the whole part at each step of any event, to say there how far it is.
        config = get_blocks_context()
        assert config is not None
        next(fn for fn in config.fns.values() if fn.renderable is self).show_progress_on = []

    def apply(self) -> None:
        """Build nothing: the part exists already."""

    @contextmanager
    def building(self, guarded: Guard) -> Iterator[None]:
        """Let what is built in the block be sent later, and its handlers be guarded."""
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
            if listener.fn is not None:
                listener.fn = guarded(listener.fn)
            read.update(listener.inputs)
            written.update(listener.outputs)
        # Gradio's page learns who fills in a component from the listeners it begins with.
        for block in read | written:
            if not isinstance(block, gr.components.Component) or block.rendered_in is not self:
                continue
            if block.interactive is None:
                block.interactive = block in read


@contextmanager
def sent_when_opened(
    opened: Callable[..., Any],
    *,
    may_see: Callable[[], bool] = lambda: True,
    guarded: Guard = lambda handler: handler,
) -> Iterator[None]:
    """Let what is built in the block be sent to a page when it is first asked for there.

    Parameters
    ----------
    opened : event
        Such as `select` of a tab.
    may_see : callable
        Whether the present visitor gets the part.
    guarded : callable
        Returns a handler that refuses everybody else, who may call it without the page.
    """
    asked = gr.State(False)
    # In the queue: Gradio's page hears of a state that has changed from there alone.
    opened(
        may_see,
        outputs=asked,
        show_progress="hidden",
        show_progress_on=[],
        api_visibility="private",
    )
    with LaterPart(asked).building(guarded):
        yield


class PartedBlocks(gr.Blocks):
    """Blocks whose pages begin without their `LaterPart`s, and whose endpoints check their calls.

    Attributes
    ----------
    complete : dict of int to callable
        By the number of an endpoint's function, what checks and completes the values sent to it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.complete: dict[int, Callable[[list[Any]], list[Any]]] = {}
        super().__init__(*args, **kwargs)
        # Gradio also has addresses that call an endpoint without waiting in its queue.
        self.api_open = False

    def queue(self, *args: Any, **options: Any) -> PartedBlocks:
        """Look for events every 10 ms, and do not sum them up.

        Gradio looks every 1 ms, which takes 6 % of a processor with no events; and after each event
        it makes a table of the last 10,000 for a page that is not served: 25 ms once 60 functions
        have been called.
        """
        super().queue(*args, **options)
        self._queue.sleep_when_free = 0.01
        self._queue.compute_analytics_summary = lambda _: {}  # type: ignore[method-assign]
        return self

    def validate_inputs(self, block_fn: Any, inputs: list[Any]) -> None:
        """Complete the values sent to an endpoint; Gradio refuses too few without a reason."""
        if block_fn._id in self.complete:
            inputs[:] = self.complete[block_fn._id](inputs)
        super().validate_inputs(block_fn, inputs)

    def get_config_file(self) -> Any:
        """Return what clients of the API are told, and what a page is built from at first.

        Gradio's page has a node for each value of each endpoint, though it shows none.
        """
        config: Any = super().get_config_file()
        config["components"] = [part for part in config["components"] if "rendered_in" not in part]
        config["dependencies"] = [
            event for event in config["dependencies"] if event["rendered_in"] is None
        ]
        later = {part.container_id for part in self.renderables if isinstance(part, LaterPart)}
        shown = {part["id"] for part in config["components"] if part["type"] != "api"}
        heard = {event["id"] for event in config["dependencies"]}
        for page in config["page"].values():
            _keep(page["layout"], shown, later)
            page["components"] = [number for number in page["components"] if number in shown]
            page["dependencies"] = [number for number in page["dependencies"] if number in heard]
        _keep(config["layout"], shown, later)
        self._describe_values(config["components"])
        return config

    def _describe_values(self, components: list[dict[str, Any]]) -> None:
        """Describe only the values that clients send and get: no page reads that."""
        public = [function for function in self.fns.values() if function.api_visibility == "public"]
        told = {block._id for function in public for block in (*function.inputs, *function.outputs)}
        for component in components:
            if component["id"] not in told:
                for key in (
                    "api_info",
                    "api_info_as_input",
                    "api_info_as_output",
                    "example_inputs",
                ):
                    component.pop(key, None)


def _keep(layout: Any, shown: set[int], later: set[int]) -> None:
    """Keep what a page shows at first; the containers of what comes later are empty."""
    if "children" in layout:
        children = [] if layout["id"] in later else layout["children"]
        layout["children"] = [child for child in children if child["id"] in shown]
        for child in layout["children"]:
            _keep(child, shown, later)


def delete_broken_uploads() -> None:
    """Let an upload that ends early leave nothing on the disk; to be called once, before launch."""
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
