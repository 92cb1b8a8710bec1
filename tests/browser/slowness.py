"""Makes pages slow on purpose: shows what otherwise only slow machines and networks meet."""

from __future__ import annotations

import os

from playwright.sync_api import Page

# How many times slower than this machine pages are to be.
SLOWER = float(os.environ.get("SEIZURE_ZOO_TEST_SLOWER", "1"))
# How long every answer of the server is to be held back.
LATER_MS = float(os.environ.get("SEIZURE_ZOO_TEST_LATER_MS", "0"))


def slowed(page: Page) -> Page:
    """Return a page as slow as the environment asks for; usually just as it is."""
    slow_down(page)
    if LATER_MS > 0:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": LATER_MS,
                "downloadThroughput": -1,
                "uploadThroughput": -1,
            },
        )
    return page


def slow_down(page: Page, slower: float = SLOWER) -> None:
    """Let a page be so many times slower than this machine from now on.

    Chromium slows a page by keeping a processor busy, also while nothing happens on it: a page
    that waits for its next journey is to rest, with 1, lest it slow all others.
    """
    if SLOWER > 1:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
