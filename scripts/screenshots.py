"""Makes the pictures of the README from the demo recording: `python -m scripts.screenshots`.

Wide ones go to `docs/images`; narrow and dark ones, for checking by eye, to `build/screenshots`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.app_server import ROOT, running_app
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path

IMAGES = ROOT / "docs" / "images"
SCRATCH = ROOT / "build" / "screenshots"
WIDE = (1440, 900)
NARROW = (390, 844)
MODEL_WAIT_MS = 120_000


def open_demo(page: Page, url: str) -> None:
    """Open the app and its demo recording."""
    page.goto(url)
    page.get_by_role("button", name="Open the demo").click()
    wait_for_eeg(page, "eeg")


def wait_for_eeg(page: Page, viewer: str) -> None:
    """Wait until a viewer, named by its id, has drawn its page and the whole recording."""
    body = page.locator(f"#{viewer} .szv-body")
    expect(body).to_have_attribute("data-state", "ready", timeout=60_000)
    page.wait_for_function(
        "(id) => document.querySelector(`#${id} .szv`).parentElement.szViewer.overview"
        "?.fraction === 1",
        arg=viewer,
    )


def analysis(page: Page) -> None:
    """Show a stretch with the start of a seizure."""
    page.get_by_role("tab", name="Analysis", exact=True).click()
    field = page.locator("#eeg").get_by_label("Go to a time")
    field.fill("0:02:26")
    field.press("Enter")
    expect(page.locator("#eeg .szv-body")).to_have_attribute("data-start", "146")
    field.blur()
    wait_for_eeg(page, "eeg")


def predict(page: Page) -> None:
    """Run the first model and show its first event."""
    page.get_by_role("tab", name="Predict", exact=True).click()
    page.locator("#run").click()
    expect(page.locator("#summary dl")).to_be_visible(timeout=MODEL_WAIT_MS)
    wait_for_eeg(page, "eeg")


def zoo(page: Page) -> None:
    """Show the list of models and the first card."""
    page.get_by_role("tab", name="Model Zoo").click()
    expect(page.locator("#card .zoo-card")).to_be_visible(timeout=60_000)


STEPS: dict[str, Callable[[Page], None]] = {"analysis": analysis, "predict": predict, "zoo": zoo}


def take(url: str, folder: Path, *, size: tuple[int, int], suffix: str, dark: bool) -> None:
    """Walk through the tabs and photograph each.

    Parameters
    ----------
    url : str
        Where the app answers.
    folder : Path
        Where the pictures go.
    size : tuple of int
        Width and height of the window.
    suffix : str
        What is added to the names.
    dark : bool
        Whether the dark theme is used.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
        )
        open_demo(page, f"{url}/?__theme={'dark' if dark else 'light'}")
        for name, step in STEPS.items():
            step(page)
            page.get_by_role("tablist").first.evaluate("tabs => tabs.scrollIntoView()")
            path = folder / f"{name}{suffix}.png"
            page.screenshot(path=path)
            make_smaller(path)
        browser.close()


def main() -> int:
    """Start the app, take all pictures, and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", help="an app that is already running")
    url = parser.parse_args().url
    if url:
        take_all(url)
        return 0
    folder = Path(tempfile.mkdtemp(prefix="screenshots-"))
    try:
        with running_app(folder) as server:
            take_all(server.url)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def make_smaller(path: Path) -> None:
    """Reduce a picture to 256 colours, which nobody sees on traces and text."""
    with Image.open(path) as picture:
        reduced = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    reduced.save(path, optimize=True)


def take_all(url: str) -> None:
    """Take the README's pictures and those for checking."""
    take(url, IMAGES, size=WIDE, suffix="", dark=False)
    for suffix, size, dark in (
        ("-wide", WIDE, False),
        ("-wide-dark", WIDE, True),
        ("-narrow", NARROW, False),
        ("-narrow-dark", NARROW, True),
    ):
        take(url, SCRATCH, size=size, suffix=suffix, dark=dark)
    print(f"{IMAGES.relative_to(ROOT)}, {SCRATCH.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
