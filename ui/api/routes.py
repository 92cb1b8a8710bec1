"""The endpoints over plain HTTP: one request with named arguments, one JSON answer.

Gradio's own way (join the queue, then listen to a stream of events) stays as well, and does the
work: a call waits in the same queue, under the same rules, as one from any client.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seizure_core.errors import ParameterError
from seizure_core.json_document import JsonError, parse_json
from seizure_core.messages import Message
from ui.api.endpoint import Endpoint
from ui.api.openapi import openapi_document
from ui.errors import message_for

_QUEUE = "/gradio_api/call/"
# They belong to the outer request alone.
_OWN_HEADERS = ("content-length", "content-type", "accept-encoding", "transfer-encoding")


class _UnknownEndpointError(ParameterError):
    """There is no endpoint of this name."""


def api_routes(endpoints: Sequence[Endpoint]) -> list[Route]:
    """Return the routes; they come before Gradio's of the same address."""
    by_name = {endpoint.name: endpoint for endpoint in endpoints}
    document = openapi_document(endpoints)

    async def call(request: Request) -> Response:
        try:
            endpoint, order = await _asked(request, by_name)
        except ParameterError as error:
            return _refusal(error)
        async with _inside(request) as inside:
            joined = await inside.post(_QUEUE + endpoint.name, json=order)
            if joined.is_error:
                return _passed_on(joined)
            number = joined.json()["event_id"]
            stream = await inside.get(f"{_QUEUE}{endpoint.name}/{number}")
        return _last_word(stream.text, endpoint)

    async def join(request: Request) -> Response:
        try:
            endpoint, order = await _asked(request, by_name)
        except ParameterError as error:
            return _refusal(error)
        async with _inside(request) as inside:
            return _passed_on(await inside.post(_QUEUE + endpoint.name, json=order))

    async def describe(request: Request) -> Response:
        async with _inside(request) as inside:
            login = await inside.get("/gradio_api/login_check")
        return _passed_on(login) if login.is_error else JSONResponse(document)

    return [
        Route("/api/{name}", call, methods=["POST"]),
        Route(_QUEUE + "v2/{name}", join, methods=["POST"]),
        Route("/openapi.json", describe),
        Route("/gradio_api/openapi.json", describe),
    ]


async def _asked(
    request: Request, endpoints: Mapping[str, Endpoint]
) -> tuple[Endpoint, dict[str, Any]]:
    """Return the endpoint that is called, and the order for Gradio's queue.

    Raises
    ------
    ParameterError
        There is no such endpoint, or it cannot be called like that.
    """
    name = request.path_params["name"]
    if name not in endpoints:
        near = difflib.get_close_matches(name, endpoints, n=1)
        raise _UnknownEndpointError(
            "There is no endpoint /{name}.{near}",
            name=name[:80],
            near=Message(" Did you mean {near}?", near=near[0]) if near else "",
        )
    try:
        given = parse_json(await request.body() or b"{}")
    except JsonError as error:
        raise ParameterError("The body is no valid JSON: {error}", error=error) from error
    if not isinstance(given, dict):
        raise ParameterError(
            'The body must be a JSON object of named arguments, such as {"model_id": "..."}.'
        )
    # On a Space, how a visitor lets the app act in their name.
    token = given.pop("oauth_token", None)
    order: dict[str, Any] = {"data": endpoints[name].in_order(given)}
    return endpoints[name], order if token is None else order | {"oauth_token": token}


def _inside(request: Request) -> httpx.AsyncClient:
    """Return a client of this very app that asks in the name of who has asked."""
    headers = [(name, value) for name, value in request.headers.items() if name not in _OWN_HEADERS]
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=request.app, client=request.client or ("", 0)),
        base_url=f"{request.url.scheme}://{request.url.netloc}",
        headers=headers,
        timeout=httpx.Timeout(None),  # Gradio says when a call is over
    )


def _last_word(stream: str, endpoint: Endpoint) -> Response:
    """Return the answer that Gradio's stream of events ends with."""
    *_, last = stream.strip().split("\n\n")
    event, _, data = last.partition("\n")
    value = json.loads(data.removeprefix("data: "))
    if event == "event: complete":
        return JSONResponse(endpoint.named(value))
    message = value.get("error") if isinstance(value, dict) else value
    if message is None:
        return JSONResponse({"error": "The server failed at this; its log says why."}, 500)
    return JSONResponse({"error": message}, 400)


def _refusal(error: ParameterError) -> Response:
    status = 404 if isinstance(error, _UnknownEndpointError) else 400
    return JSONResponse({"error": message_for(error)}, status)


def _passed_on(answer: httpx.Response) -> Response:
    return Response(
        answer.content, answer.status_code, media_type=answer.headers.get("content-type")
    )
