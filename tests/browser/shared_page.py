"""The one page that the journeys of a worker share, because loading the app costs seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.slowness import slow_down, slowed
from tests.browser.watching import Watch

# How long an expectation is retried; a pass never waits for it.
PATIENCE_MS = 60_000
SIZE: Any = {"width": 1440, "height": 900}


def new_page(context: BrowserContext, watch: Watch, **levels: Any) -> Page:
    """Return a page of a visitor that is listened to, and as slow as the environment asks for."""
    page = watch.follow(slowed(context.new_page()), **levels)
    page.set_default_timeout(PATIENCE_MS)
    return page


class SharedPage:
    """Hands out one page: loaded anew, or as the journey before left it but in order."""

    def __init__(self, browser: Browser, watch: Watch) -> None:
        self._make: Callable[[], Page] = lambda: new_page(
            browser.new_context(viewport=SIZE, locale="en-US"), watch
        )
        self._page: Page | None = None
        self._url = ""

    def fresh(self, url: str) -> Page:
        """Return the page with nothing opened and nothing remembered."""
        page = self._page = self._page or self._make()
        slow_down(page)
        page.unroute_all()
        page.set_viewport_size(SIZE)
        if self._url:
            # Cleared when the old page is gone: an answer that is late may still store something.
            page.goto(f"{self._url}/healthz")
            page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        page.context.clear_cookies()
        page.mouse.move(0, 0)
        page.goto(url)
        self._url = url
        return page

    def kept(self, url: str) -> Page:
        """Return the page as it is, with the first tab in front and no message over it."""
        page = self._page
        if page is None or self._url != url:
            return self.fresh(url)
        slow_down(page)
        page.unroute_all()
        page.set_viewport_size(SIZE)
        page.mouse.move(0, 0)
        page.keyboard.press("Escape")
        page.evaluate(
            """() => document.querySelectorAll("[data-testid=toast-close]")
              .forEach((one) => one.click())"""
        )
        expect(page.get_by_test_id("toast-body")).to_have_count(0)
        page.get_by_role("tab").first.click()
        return page

    def rest(self) -> None:
        """Let the page wait for the next journey."""
        if self._page is not None:
            slow_down(self._page, 1)

    def drop(self) -> None:
        """Close the page; the next journey gets another one."""
        if self._page is not None:
            self._page.context.close()
        self._page, self._url = None, ""
