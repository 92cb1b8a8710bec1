"""JSON schemas of what endpoints take and answer, made from their types; endpoints as MCP tools."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from gradio.data_classes import FileData
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from ui.api.endpoint import Endpoint, Parameter
from ui.gradio_compat import McpTool

FILE_BY_NAME = {"type": "string"}
"""How MCP clients give a file."""

FILE_BY_PLACE_OR_NAME = {
    "anyOf": [
        {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
        {"type": "string"},
    ]
}
"""How HTTP clients give one: by the place that its upload answered, or by name."""


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out titles that only say the name of a field once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schemas_of(kinds: Iterable[Any], prefix: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return a schema for each type, and the definitions that they refer to, by name.

    Parameters
    ----------
    kinds : iterable of type
        Types of answers.
    prefix : str
        Where the definitions will stand, as "#/$defs/".
    """
    mode: JsonSchemaMode = "serialization"
    adapters = [(n, mode, TypeAdapter[Any](kind)) for n, kind in enumerate(kinds)]
    found, definitions = TypeAdapter.json_schemas(
        adapters, ref_template=prefix + "{model}", schema_generator=_WithoutTitles
    )
    return [found[n, mode] for n, _, _ in adapters], definitions.get("$defs", {})


def parameters_schema(
    parameters: Iterable[Parameter], file: dict[str, Any], defaults: dict[str, Any]
) -> dict[str, Any]:
    """Return the schema of an object that holds what an endpoint takes.

    Parameters
    ----------
    parameters : iterable of Parameter
        What it takes.
    file : dict
        Schema of how a file is given.
    defaults : dict
        Defaults that differ from the function's.
    """
    properties, required = {}, []
    for parameter in parameters:
        schema = {
            **_schema(parameter.type, file),
            "description": parameter.description,
        }
        if parameter.is_required:
            required.append(parameter.name)
        else:
            schema["default"] = defaults.get(parameter.name, parameter.default)
        properties[parameter.name] = schema
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def several_schema(names: Iterable[str], schemas: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of an object of several values."""
    properties = dict(zip(names, schemas, strict=True))
    return {"type": "object", "properties": properties, "required": list(properties)}


def answer_schema(endpoint: Endpoint, schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the schema of what `Endpoint.named` returns, from those of the values."""
    return schemas[0] if len(schemas) == 1 else several_schema(endpoint.answers, schemas)


def _schema(kind: Any, file: dict[str, Any]) -> dict[str, Any]:
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema(get_args(kind)[0], file)}
    if get_origin(kind) in (Union, UnionType) and FileData in get_args(kind):
        return file
    return TypeAdapter(kind).json_schema()


def mcp_tools(endpoints: Sequence[Endpoint]) -> dict[str, McpTool]:
    """Return the tools by name."""
    return {endpoint.name: _tool(endpoint) for endpoint in endpoints}


def _tool(endpoint: Endpoint) -> McpTool:
    schemas, definitions = schemas_of(endpoint.answers.values(), "#/$defs/")
    answer = answer_schema(endpoint, schemas)
    wrapped = answer.get("type") == "array"
    if wrapped:
        answer = several_schema(["result"], [answer])

    def in_order(given: Mapping[str, Any]) -> list[Any]:
        return endpoint.in_order({**endpoint.mcp_defaults, **given})

    def structured(values: list[Any]) -> dict[str, Any]:
        found = endpoint.named(values)
        return {"result": found} if wrapped else found

    return McpTool(
        described={
            "name": endpoint.name,
            "description": endpoint.summary,
            "inputSchema": parameters_schema(
                endpoint.parameters, FILE_BY_NAME, dict(endpoint.mcp_defaults)
            ),
            "outputSchema": {"type": "object", **answer, "$defs": definitions},
            "annotations": {
                "readOnlyHint": not endpoint.writes,
                "destructiveHint": endpoint.destroys,
            },
        },
        in_order=in_order,
        structured=structured,
    )
