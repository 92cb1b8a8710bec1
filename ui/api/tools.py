"""The endpoints as tools of the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.api.endpoint import Endpoint
from ui.api.schemas import (
    FILE_BY_NAME,
    answer_schema,
    parameters_schema,
    schemas_of,
    several_schema,
)
from ui.gradio_compat import McpTool


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
