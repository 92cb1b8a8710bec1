"""The API as MCP tools, called by the real MCP client."""

from __future__ import annotations

import json
import re
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from seizure_core.demo import demo_recording
from tests.api.test_api_list import ENDPOINTS
from tests.api.test_api_permissions import WRITING
from tests.api.test_http import DEMO, WRONG
from tests.app_server import AppServer

MODEL = "n1spool-cnn"


def ask(app: AppServer, *calls: tuple[str, dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Return the tools, and the answer to each call."""

    async def talk() -> tuple[list[Any], list[Any]]:
        async with (
            streamable_http_client(f"{app.url}/gradio_api/mcp/") as (reading, writing, *_),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return tools, [await session.call_tool(name, given) for name, given in calls]

    return anyio.run(talk)


def answered(app: AppServer, name: str, **given: Any) -> Any:
    """Return the value a tool answers first, from its JSON."""
    _, (answer,) = ask(app, (name, given))
    assert not answer.isError, answer.content
    return json.loads(answer.content[0].text)


def refusal(app: AppServer, name: str, **given: Any) -> str:
    """Return what a tool says that must refuse."""
    _, (answer,) = ask(app, (name, given))
    assert answer.isError
    return str(answer.content[0].text)


def uploaded(app: AppServer, path: Path) -> str:
    """Upload a file as `gradio upload-mcp` does, and return the address it gets."""
    border = uuid.uuid4().hex
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="files"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + path.read_bytes() + f"\r\n--{border}--\r\n".encode()
    request = urllib.request.Request(
        f"{app.url}/gradio_api/upload",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={border}"},
    )
    with urllib.request.urlopen(request) as answer:
        (place,) = json.loads(answer.read())
    return f"{app.url}/gradio_api/file={place}"


def test_every_endpoint_is_a_tool_that_says_what_it_does(app: AppServer) -> None:
    tools, _ = ask(app)
    assert {f"/{tool.name}" for tool in tools} == set(ENDPOINTS)
    for tool in tools:
        assert re.match(r"[A-Z][^.]+\.", tool.description), tool.name
        wanted = [name for name, needed in ENDPOINTS[f"/{tool.name}"] if needed]
        assert tool.inputSchema.get("required", []) == wanted
        assert list(tool.inputSchema["properties"]) == [
            name for name, _ in ENDPOINTS[f"/{tool.name}"]
        ]
        for one in tool.inputSchema["properties"].values():
            assert one["description"].endswith("."), tool.name


def test_tools_say_whether_they_read_or_write(app: AppServer) -> None:
    tools, _ = ask(app)
    reading = {tool.name for tool in tools if tool.annotations.readOnlyHint}
    assert {f"/{tool.name}" for tool in tools} - {f"/{name}" for name in reading} == set(WRITING)
    destroying = {tool.name for tool in tools if tool.annotations.destructiveHint}
    assert destroying == {"delete_dataset", "delete_run", "delete_model", "delete_review"}


def test_gradios_page_about_the_tools_describes_their_arguments(app: AppServer) -> None:
    with urllib.request.urlopen(f"{app.url}/gradio_api/mcp/schema") as answer:
        described = json.loads(answer.read())
    assert len(described) == len(ENDPOINTS)
    for tool in described:
        for one in tool["inputSchema"]["properties"].values():
            assert one["description"].endswith(".")


@pytest.mark.parametrize(("given", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_answered_in_words(
    app: AppServer, given: dict[str, Any], reason: str
) -> None:
    assert reason in refusal(app, "predict", **given)


def test_an_unknown_tool_is_named(app: AppServer) -> None:
    assert "no tool 'predictt'" in refusal(app, "predictt")


def test_tools_without_files_answer(app: AppServer) -> None:
    _, (models,) = ask(app, ("list_models", {}))
    assert MODEL in [one["model_id"] for one in models.structuredContent["result"]]
    assert json.loads(models.content[0].text) == models.structuredContent["result"]
    layers = [{"type": "flatten"}, {"type": "linear", "out_features": 2}]
    answer = answered(app, "check_network", network=layers, n_channels=2, n_samples=64)
    assert (answer["n_parameters"], answer["valid"], answer["errors"]) == (258, True, [])
    flat = answered(app, "check_network", network=layers[:1], n_channels=2, n_samples=64)
    assert flat["valid"] is False
    assert "shipped with Seizure Zoo" in refusal(app, "delete_model", model_id=MODEL)


def test_a_file_that_was_uploaded_is_named_by_its_address(app: AppServer, tmp_path: Path) -> None:
    address = uploaded(app, demo_recording(tmp_path))
    described = answered(app, "describe_recording", recording=address)
    assert described["duration_s"] == 600.0
    _, (answer,) = ask(app, ("predict", {"recording": address, "model_id": MODEL, "stride_s": 30}))
    assert not answer.isError, answer.content
    found, events, windows = (part.text for part in answer.content)
    # The client compares what is structured with the tool's schema.
    assert answer.structuredContent == {
        "result": json.loads(found),
        "events_file": {"file_name": Path(events).name, "url": events},
        "windows_file": {"file_name": Path(windows).name, "url": windows},
    }
    assert json.loads(found)["file_name"] == "demo_simulated_two_seizures.edf"
    assert "windows" not in json.loads(found)
    assert events.startswith(app.url)
    assert events.endswith("_events.tsv")
    assert windows.endswith("_windows.csv")


def test_a_file_of_the_servers_folder_is_named(app: AppServer) -> None:
    name = "data:demo_simulated_two_seizures.edf"
    assert answered(app, "describe_recording", recording=name)["n_channels"] == 23
    _, (picture,) = ask(app, ("view_recording", {"recording": name}))
    assert [part.type for part in picture.content] == ["image", "text"]
    assert picture.structuredContent["url"].endswith("_page.png")


def test_rows_of_windows_come_when_they_are_asked_for_and_progress_is_told(app: AppServer) -> None:
    told: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")

    async def talk() -> Any:
        async with (
            streamable_http_client(f"{app.url}/gradio_api/mcp/") as (reading, writing, *_),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            given = {"recording": DEMO, "model_id": MODEL, "stride_s": 30, "windows": True}
            return await session.call_tool("predict", given, progress_callback=note)

    answer = anyio.run(talk)
    assert len(answer.structuredContent["result"]["windows"]) == 20
    assert told


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("http://127.0.0.1:9/a.edf", "must be one that anybody can reach"),
        ("http://169.254.169.254/latest/a.edf", "must be one that anybody can reach"),
        ("/etc/passwd", "is none of these"),
        ("data:application/octet-stream;base64,AAAA", "not taken as a base64 text"),
    ],
)
def test_nothing_of_the_servers_own_network_or_disk_is_fetched(
    app: AppServer, given: str, reason: str
) -> None:
    assert reason in refusal(app, "describe_recording", recording=given)


def test_another_file_of_the_server_is_not_an_upload(app: AppServer) -> None:
    given = f"{app.url}/gradio_api/file=/etc/passwd"
    assert "could not be fetched" in refusal(app, "describe_recording", recording=given)
    cache = next(app.temporary.glob("seizure-zoo-*"))
    inside = f"{app.url}/gradio_api/file={cache}/uploads/../../../../etc/passwd"
    assert "could not be fetched" in refusal(app, "describe_recording", recording=inside)


def test_a_tool_that_a_proxy_asks_for_is_asked_for_by_a_stranger(app: AppServer) -> None:
    call = {"name": "delete_run", "arguments": {"run_id": "none"}}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = {"accept": "application/json, text/event-stream"}
    for more, reason in (({}, "no run"), ({"x-forwarded-for": "203.0.113.5"}, "has no login")):
        answer = httpx.post(f"{app.url}/gradio_api/mcp/", json=body, headers=headers | more)
        assert reason in answer.text
