"""Protection of uploaded recordings, which Gradio serves to anyone who has the link."""

from __future__ import annotations

import os
from collections.abc import Container

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

FILE_ROUTES = ("/file=", "/file/")


class UploadGuard:
    """ASGI middleware that answers 403 to requests for an uploaded file.

    No user needs to download what they have uploaded themselves. Files that the app made
    (events, windows, pictures) stay reachable under their unguessable addresses.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    uploads : container of str
        Absolute paths of all uploaded files; Gradio keeps it up to date.
    """

    def __init__(self, app: ASGIApp, *, uploads: Container[str]) -> None:
        self._app = app
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it asks for an uploaded file."""
        if scope["type"] == "http" and "\0" in scope["path"]:
            # No file has such a name, and the system's functions raise at it.
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
            return
        if scope["type"] == "http" and self._asks_for_upload(scope["path"]):
            refusal = PlainTextResponse("Uploaded recordings are not served.", status_code=403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _asks_for_upload(self, address: str) -> bool:
        asked = [address.partition(route)[2] for route in FILE_ROUTES]
        return any(
            os.path.realpath(path) in self._uploads or os.path.abspath(path) in self._uploads  # noqa: PTH100 - links not followed
            for path in asked
            if path
        )
