"""The OpenAPI description of the API, made from the endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seizure_core import __version__
from ui.api.endpoint import Endpoint
from ui.api.schemas import FILE_BY_PLACE_OR_NAME, answer_schema, parameters_schema, schemas_of

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
            **{status: _refusal(sentence) for status, sentence in _REFUSALS.items()},
        },
    }


def _refusal(description: str) -> dict[str, Any]:
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
