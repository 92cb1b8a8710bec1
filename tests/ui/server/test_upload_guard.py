from __future__ import annotations

from pathlib import Path

import anyio
from starlette.types import Message, Receive, Scope, Send

from ui.server.upload_guard import UploadGuard

UPLOADS = {"/tmp/uploads/hash/a.edf"}


async def passed_on(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def status_of(address: str, uploads: set[str] = UPLOADS) -> int:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    async def ask() -> None:
        scope = {"type": "http", "method": "GET", "path": address, "headers": []}
        await UploadGuard(passed_on, uploads=uploads)(scope, receive, send)

    anyio.run(ask)
    status: int = sent[0]["status"]
    return status


def test_uploads_are_refused_however_their_path_is_written() -> None:
    for path in (
        "/gradio_api/file=/tmp/uploads/hash/a.edf",
        "/gradio_api/file=/tmp/uploads/x/../hash/a.edf",
        "/gradio_api/file=/tmp/uploads//hash/./a.edf",
        "/gradio_api/file//tmp/uploads/hash/a.edf",
    ):
        assert status_of(path) == 403, path


def test_an_upload_is_refused_through_a_link_to_it(tmp_path: Path) -> None:
    upload = tmp_path / "a.edf"
    upload.write_bytes(b"")
    (tmp_path / "link.edf").symlink_to(upload)
    assert status_of(f"/gradio_api/file={tmp_path}/link.edf", {str(upload.resolve())}) == 403


def test_everything_else_passes() -> None:
    assert status_of("/gradio_api/file=/tmp/uploads/hash/a_events.tsv") == 200
    assert status_of("/config") == 200
    assert status_of("/") == 200


def test_an_address_no_file_can_have_is_not_found() -> None:
    assert status_of("/gradio_api/file=/tmp/a\0.edf") == 404
