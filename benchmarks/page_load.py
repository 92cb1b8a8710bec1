"""How long a page takes to load: `python -m benchmarks.page_load [ROUNDS] [CHECKOUT]`.

From the request of a server that is ready to the first control that can be pressed, on a page that
has drawn itself and answers; in turns with a page of one text field in Gradio, and with another
checkout of this project if there is one. Each load is by a browser that has never seen the page.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from benchmarks.start import ROOT, SMALLEST_PAGE, served
from benchmarks.table import MIN_ROUNDS, rows_of, table
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path

WAIT_MS = 120_000
USABLE = {"app": "#open-demo", "smallest": "textarea"}

# Two frames later, what the page had to do is done.
_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def loaded(browser: Browser, url: str, usable: str) -> tuple[float, float]:
    """Return ms until the page can be used, and the kB it is built from."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(url, wait_until="commit")
    expect(page.locator(usable).first).to_be_enabled()
    page.evaluate(_DRAWN)
    usable_ms = 1000 * (time.perf_counter() - began)
    n_bytes = page.evaluate("() => JSON.stringify(window.gradio_config).length")
    context.close()
    return usable_ms, n_bytes / 1000


def main() -> None:
    """Measure and print the table."""
    rounds = max(int(sys.argv[1]) if len(sys.argv) > 1 else MIN_ROUNDS, MIN_ROUNDS)
    places = {"Seizure Zoo": ROOT}
    if len(sys.argv) > 2:
        other = Path(sys.argv[2]).resolve()
        places[f"the same in {other.name}"] = other
    expect.set_options(timeout=WAIT_MS)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        ways = {
            name: (stack.enter_context(served(["app.py"], place, folder))[0], USABLE["app"])
            for name, place in places.items()
        }
        smallest, _ = stack.enter_context(served(["-c", SMALLEST_PAGE], ROOT, folder))
        ways["a page of one text field in Gradio"] = smallest, USABLE["smallest"]
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
        for number in range(rounds + 1):  # the first warms up
            for name, (url, usable) in ways.items():
                took = loaded(browser, url, usable)
                if number:
                    taken[name].append(took)
        browser.close()
    for task, part, unit in (
        ("page until it can be used", 0, "ms"),
        ("what the page is built from", 1, "kB"),
    ):
        times = {name: [one[part] for one in all_] for name, all_ in taken.items()}
        print(table(rows_of(task, times, unit)))


if __name__ == "__main__":
    main()
