"""A reverse proxy in a process's thread: it offers an app under a path of its own."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

_OWN = {"content-length", "transfer-encoding", "connection", "content-encoding"}


@contextlib.contextmanager
def running_proxy(app_url: str, path: str, listener: socket.socket) -> Iterator[None]:
    """Pass requests below a path on to an app, as nginx does with `proxy_set_header Host $host`."""
    client = httpx.AsyncClient(base_url=app_url, timeout=httpx.Timeout(None))

    async def pass_on(request: Request) -> StreamingResponse:
        headers = [(k, v) for k, v in request.headers.items() if k not in _OWN]
        asked = client.build_request(
            request.method,
            httpx.URL(path="/" + request.path_params["rest"], query=request.url.query.encode()),
            headers=[*headers, ("x-forwarded-for", "203.0.113.5"), ("x-forwarded-proto", "http")],
            content=await request.body(),
        )
        answer = await client.send(asked, stream=True)

        async def body() -> AsyncIterator[bytes]:
            async for piece in answer.aiter_bytes():
                yield piece
            await answer.aclose()

        passed = StreamingResponse(body(), answer.status_code)
        passed.raw_headers = [
            (name.lower(), value)
            for name, value in answer.headers.raw
            if name.lower().decode() not in _OWN
        ]
        return passed

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
    proxy = Starlette(routes=[Route(f"{path}/{{rest:path}}", pass_on, methods=methods)])
    config = uvicorn.Config(proxy, log_level="error", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while thread.is_alive() and not server.started:
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
