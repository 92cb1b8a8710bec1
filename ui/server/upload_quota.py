"""Room for uploads: a bound for each visitor, and the free disk for all of them."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.i18n.translation import language_of, speaking, tr
from ui.server.access import UPLOADS, asker
from ui.server.settings import MAX_VISITOR_VARIABLE

_MB = 10**6
# What an upload leaves free, so that the results about it can still be written.
_RESERVE_MB = 20


class UploadQuota:
    """ASGI middleware that refuses an upload for which there is no room.

    What a visitor has uploaded is counted by the files that are still there: Gradio deletes them
    with the session, or after some hours.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    folder : Path
        Where uploads are put; it need not exist.
    most_mb : int
        Megabytes that the uploads of one visitor (of one address) may hold.
    """

    def __init__(self, app: ASGIApp, *, folder: Path, most_mb: int) -> None:
        self._app = app
        self._folder = folder
        self._most = most_mb * _MB
        self._uploads: dict[str, set[Path]] = defaultdict(set)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an upload as far as there is room."""
        if scope["type"] != "http" or scope["path"].rstrip("/") != UPLOADS:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visitor = asker(scope, headers)
        left = self._most - self._held(visitor)
        room = min(left, self._free())
        length = headers.get("content-length", "0")
        try:
            if room <= 0 or (length.isdecimal() and int(length) > room):
                raise _NoRoomError
            await self._app(scope, _bounded(receive, room), self._noting(visitor, send))
        except _NoRoomError:
            with speaking(language_of(headers)):
                refusal = JSONResponse({"error": self._why(is_theirs=room == left)}, 413)
            await refusal(scope, receive, send)

    def _held(self, visitor: str) -> int:
        sizes = {path: _size(path) for path in self._uploads.get(visitor, ())}
        self._uploads[visitor] = {path for path, size in sizes.items() if size is not None}
        if not self._uploads[visitor]:
            del self._uploads[visitor]
        return sum(size or 0 for size in sizes.values())

    def _free(self) -> int:
        place = next(one for one in (self._folder, *self._folder.parents) if one.exists())
        return shutil.disk_usage(place).free - _RESERVE_MB * _MB

    def _why(self, *, is_theirs: bool) -> str:
        if is_theirs:
            return tr(
                "Your uploads may hold {most:,} MB together. Close recordings you no longer need "
                "(reload the page), or ask who runs the server to raise {variable}.",
                most=self._most // _MB,
                variable=MAX_VISITOR_VARIABLE,
            )
        return tr(
            "The server's disk has no room for this file. Delete datasets or runs that are no "
            "longer needed, or ask who runs the server."
        )

    def _noting(self, visitor: str, send: Send) -> Send:
        """Take note of the paths that the answer to an upload names."""
        body = bytearray()

        async def note(message: Message) -> None:
            if message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    self._uploads[visitor].update(_paths(bytes(body)))
            await send(message)

        return note


class _NoRoomError(Exception):
    """More comes than there is room for."""


def _bounded(receive: Receive, room: int) -> Receive:
    async def take() -> Message:
        nonlocal room
        message = await receive()
        room -= len(message.get("body", b""))
        if room < 0:
            raise _NoRoomError
        return message

    return take


def _paths(body: bytes) -> Iterable[Path]:
    try:
        paths = json.loads(body)
    except ValueError:
        return ()
    return (
        [Path(path) for path in paths if isinstance(path, str)] if isinstance(paths, list) else ()
    )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
