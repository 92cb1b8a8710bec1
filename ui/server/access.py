"""Access control: this machine's user, strangers, and other websites through a user's browser.

Listening on this machine only is not enough to know. A website can resolve its own name to this
machine (DNS rebinding) or send forms here, and a proxy passes requests of strangers on. So the
headers of each request are looked at, in one place.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from seizure_core.errors import SeizureZooError
from ui.gradio_compat import has_logged_in, log_out, request_headers
from ui.i18n import words
from ui.i18n.translation import language_of, speaking, tr
from ui.server.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

LOGGER = logging.getLogger("seizure_zoo.access")

MAX_BODY_MB = 16
"""Largest body of a request that is no upload."""

MOST_WRONG_PASSWORDS, WRONG_WITHIN_S = 5, 60.0

UPLOADS = "/gradio_api/upload"
_LOGOUT = "/logout"
# Gradio does not ask for a login here.
_FOR_LOGGED_IN = ("/gradio_api/cancel", "/gradio_api/reset")
# Gradio keeps the values of a session here, without end; nothing of ours asks for it.
_CLOSED = "/gradio_api/deep_link"
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class NotAllowedError(SeizureZooError):
    """The operator's settings do not let visitors do this."""


def may_write(settings: Settings) -> bool:
    """Return whether the present visitor may train, save, delete and publish.

    Outside of a request only the settings count.
    """
    if not settings.may_write or settings.login is not None:
        return settings.may_write
    headers = request_headers()
    return headers is None or is_owner(headers)


def check_may_write(settings: Settings) -> None:
    """Refuse changes where strangers can reach the app.

    Raises
    ------
    NotAllowedError
        The app has no login, and can be reached from other machines.
    """
    if not may_write(settings):
        raise NotAllowedError(words.NO_WRITING)


def for_writers(settings: Settings, handler: Callable[P, R]) -> Callable[P, R]:
    """Make a handler that changes something refuse where that is not allowed."""

    @functools.wraps(handler)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        check_may_write(settings)
        return handler(*args, **kwargs)

    return run


def is_owner(headers: Mapping[str, str]) -> bool:
    """Return whether a request names this machine as such, and no proxy has passed it on."""
    return _is_loopback(headers.get("host", "")) and not any(
        headers.get(name) for name in _FORWARDED
    )


class AccessGuard:
    """ASGI middleware that refuses requests from the wrong host, website or login.

    - Without a login, an app for this machine only answers to its own names and to its public
      address.
    - Another website's page may not call the app in the name of who looks at it.
    - A logout ends its own login alone; the same login may be in use elsewhere.
    - Bodies are bounded; wrong passwords are logged, and many of them have to wait.

    Parameters
    ----------
    app : ASGI application
        What is guarded.
    settings : Settings
        Where it listens, whom it asks for a login, and under which address it is known.
    """

    def __init__(self, app: ASGIApp, *, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._wrong: dict[str, deque[float]] = defaultdict(deque)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        if scope["path"].rstrip("/") == "/login" and scope["method"] == "POST":
            send = self._watched(asker(scope, headers), send)
        if scope["path"].rstrip("/") == _LOGOUT and self._settings.login is not None:
            log_out(scope)
        if scope["path"].rstrip("/") != UPLOADS:
            receive = _bounded(receive)
        try:
            await self._app(scope, receive, _with_strict_cookies(send))
        except _BodyTooLargeError:
            await _answer(413, words.BODY_TOO_LARGE, headers)(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        if not self._is_name_of_ours(headers.get("host", "")):
            return _answer(421, words.FOREIGN_NAME, headers)
        if self._is_of_another_site(scope, headers):
            return _answer(403, words.FOREIGN_PAGE, headers)
        if scope["path"].rstrip("/") == _CLOSED:
            return JSONResponse({"error": "Not Found"}, 404)
        length = headers.get("content-length", "0")
        is_upload = scope["path"].rstrip("/") == UPLOADS
        if not is_upload and length.isdecimal() and int(length) > MAX_BODY_MB * 2**20:
            return _answer(413, words.BODY_TOO_LARGE, headers)
        if (
            self._settings.login is not None
            and scope["path"].rstrip("/") in _FOR_LOGGED_IN
            and not has_logged_in(scope)
        ):
            return _answer(401, words.LOG_IN_FIRST, headers)
        if scope["path"].rstrip("/") == "/login" and self._must_wait(asker(scope, headers)):
            return _answer(429, words.TOO_MANY_PASSWORDS, headers)
        return None

    def _is_name_of_ours(self, host: str) -> bool:
        settings = self._settings
        if settings.login is not None or not settings.is_for_this_machine_only:
            return True
        return _is_loopback(host) or host == self._public

    def _is_of_another_site(self, scope: Scope, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is not None:
            forwarded = headers.get("x-forwarded-host", "").partition(",")[0].strip()
            ours = {headers.get("host"), forwarded, self._public} - {"", None}
            return urlsplit(origin).netloc not in ours
        # Without an Origin come links and pictures: they change nothing but this.
        is_logout = scope["path"].rstrip("/") == _LOGOUT
        return is_logout and headers.get("sec-fetch-site") in ("cross-site", "same-site")

    @property
    def _public(self) -> str:
        return urlsplit(self._settings.public_url or "").netloc

    def _must_wait(self, asker: str) -> bool:
        times = self._wrong[asker]
        while times and times[0] < time.monotonic() - WRONG_WITHIN_S:
            times.popleft()
        return len(times) >= MOST_WRONG_PASSWORDS

    def _watched(self, asker: str, send: Send) -> Send:
        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 400:
                self._wrong[asker].append(time.monotonic())
                LOGGER.warning("wrong user or password from %s", asker)
            await send(message)

        return watch


class _BodyTooLargeError(Exception):
    """More has come than a request may hold."""


def _bounded(receive: Receive) -> Receive:
    left = MAX_BODY_MB * 2**20

    async def take() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise _BodyTooLargeError
        return message

    return take


def _with_strict_cookies(send: Send) -> Send:
    """Let the cookies of a login be sent to this very site alone."""

    async def strict(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [_strict(name, value) for name, value in message["headers"]]
        await send(message)

    return strict


def _strict(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    if name.lower() != b"set-cookie" or not value.startswith(b"access-token-"):
        return name, value
    kept = [part for part in value.split(b"; ") if not part.lower().startswith(b"samesite")]
    return name, b"; ".join([*kept, b"SameSite=Strict"])


def asker(scope: Scope, headers: Headers) -> str:
    """Return who logs in: the address, or what a proxy on this machine says it is."""
    address = str((scope.get("client") or ("unknown",))[0])
    passed_on = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return passed_on if passed_on and _is_loopback(address) else address


def _is_loopback(host: str) -> bool:
    """Return whether a name, with or without a port, is one of this machine's own."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _answer(status: int, sentence: str, headers: Mapping[str, str]) -> JSONResponse:
    with speaking(language_of(headers)):
        return JSONResponse({"error": tr(sentence)}, status)
