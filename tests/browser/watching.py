"""Hears what goes wrong behind the scenes of the pages that journeys walk through."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page

# Gradio says so of what it was listening to when the page went away under it.
LEFT_BY_A_RELOAD = ("signal is aborted without reason", "Connection errored out")
# Advice on how the tests read a canvas.
ABOUT_THE_TESTS = ("willReadFrequently",)


class Watch:
    """Collects errors of pages, and what they ask other machines for.

    What Gradio says while a page goes away is forgiven once the next one has loaded in its
    place; on a page that stays it is trouble.
    """

    def __init__(self) -> None:
        self._troubles: list[str] = []
        self._broken_off: dict[Page, list[str]] = {}

    def follow(self, page: Page, *, levels: tuple[str, ...] = ("error",)) -> Page:
        """Listen to a page, to the messages of its console at the levels given; return it."""
        broken_off = self._broken_off.setdefault(page, [])

        def note(message: ConsoleMessage) -> None:
            if message.type not in levels or any(one in message.text for one in ABOUT_THE_TESTS):
                return
            by_reload = any(one in message.text for one in LEFT_BY_A_RELOAD)
            (broken_off if by_reload else self._troubles).append(f"console: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: self._troubles.append(f"page error: {error}"))
        page.on("request", lambda request: self._note_outside(request.url))
        page.on("load", lambda _: broken_off.clear())
        return page

    def take(self) -> list[str]:
        """Return what has gone wrong since it was last asked for."""
        troubles = self._troubles + [text for one in self._broken_off.values() for text in one]
        self._troubles.clear()
        for one in self._broken_off.values():
            one.clear()
        return troubles

    def _note_outside(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.hostname != "127.0.0.1":
            self._troubles.append(f"request off this machine: {url}")
