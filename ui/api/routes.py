"""The endpoints over plain HTTP, described by OpenAPI: named arguments in, one JSON answer out.

Gradio's own way (join the queue, then listen to a stream of events) stays as well, and does the
work: a call waits in the same queue, under the same rules, as one from any client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from seizure_core import __version__
from seizure_core.errors import ParameterError
from seizure_core.json_document import JsonError, parse_json
from seizure_core.messages import Message, near_names
from ui.api.endpoint import Endpoint
from ui.api.schemas import FILE_BY_PLACE_OR_NAME, answer_schema, parameters_schema, schemas_of
from ui.errors import message_for

_INTRODUCTION = """\
Seizure Zoo reads EEG recordings, finds seizures in them, and trains models for that.

Each endpoint takes a JSON object of named arguments and answers JSON once it is done. A file is
uploaded first with `/gradio_api/upload` and given as `{"path": PLACE}`, where PLACE is what the
upload answered; a file of the server's data folder is given as `"data:NAME"`, and one of the web
by its address. Files that an endpoint answers are fetched from their `url`."""

_REFUSALS = {
    "400": "An argument lacks, is unknown or cannot be used; or this is not allowed.",
    "401": "The app asks for a login.",
    "500": "An unexpected error; the server's log has the details under the reference.",
}


def openapi_document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the description, as OpenAPI 3.1."""
    kinds = [kind for endpoint in endpoints for kind in endpoint.answers.values()]
    schemas, definitions = schemas_of(kinds, "#/components/schemas/")
    paths, values = {"/gradio_api/upload": {"post": _UPLOAD}}, iter(schemas)
    for endpoint in endpoints:
        answers = [next(values) for _ in endpoint.answers]
        operation = _operation(endpoint, answer_schema(endpoint, answers))
        paths[f"/api/{endpoint.name}"] = {"post": operation}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Seizure Zoo",
            "version": __version__,
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {
                **definitions,
                "Refusal": {
                    "type": "object",
                    "description": "Why there is no answer, in a sentence.",
                    "properties": {"error": {"type": "string"}},
                    "required": ["error"],
                },
            }
        },
    }


def _operation(endpoint: Endpoint, answer: dict[str, Any]) -> dict[str, Any]:
    taken = parameters_schema(endpoint.parameters, FILE_BY_PLACE_OR_NAME, {})
    return {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "tags": ["writing" if endpoint.writes else "reading"],
        "requestBody": {
            "required": bool(taken["required"]),
            "content": {"application/json": {"schema": taken}},
        },
        "responses": {
            "200": {
                "description": "What was asked for.",
                "content": {"application/json": {"schema": answer}},
            },
            **{status: _refusal_schema(sentence) for status, sentence in _REFUSALS.items()},
        },
    }


def _refusal_schema(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Refusal"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


_UPLOAD = {
    "operationId": "upload",
    "summary": "Upload files; answers the place of each on the server.",
    "tags": ["files"],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {
                                "type": "string",
                                "contentMediaType": "application/octet-stream",
                            },
                        }
                    },
                    "required": ["files"],
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "Places, in the order of the files.",
            "content": {
                "application/json": {"schema": {"type": "array", "items": {"type": "string"}}}
            },
        },
        "413": {"description": "A file is larger than the server allows."},
    },
}


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
        near = near_names(name, endpoints, most=1)
        raise _UnknownEndpointError(
            "There is no endpoint /{name}.{near}",
            name=name,
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
