"""Tab changes before and after a prediction of 24 h: `python -m benchmarks.tab_change`.

The ratio tells whether what a prediction leaves on the page slows everything else down.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, expect, sync_playwright

from seizure_core import open_recording
from tests.app_server import running_app
from tests.browser.journeys import open_tab
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path
from tests.edf_files import repeated
from tests.eeg_files import FOLDER_VARIABLE, SEIZURE, eeg_file

DAY_S = 86_400
ROUNDS = 5
TABS = ("Analysis", "Train", "Model Zoo", "Predict")
WAIT_MS = 600_000

# Two frames after the click: what the change draws is on the screen then.
_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> None:
    """Measure and print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ[FOLDER_VARIABLE] = str(folder / "eeg")
        data = folder / "data"
        data.mkdir()
        short = eeg_file(SEIZURE)
        n_times = DAY_S // round(open_recording(short).duration_s)
        repeated(data / "day.edf", short, n_times)
        with running_app(folder / "app", data_folder=data) as server, sync_playwright() as started:
            browser = started.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
            )
            expect.set_options(timeout=WAIT_MS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.url)
            page.get_by_label("Or one from the server's folder").click()
            page.get_by_role("option", name="day.edf").click()
            expect(page.locator("#facts")).to_contain_text("24 h")
            before = _changes_ms(page)
            open_tab(page, "Predict")
            page.locator("#run").click()
            expect(page.locator("#summary")).to_contain_text("24 h")
            after = _changes_ms(page)
            browser.close()
    print(f"before {median(before):.0f} ms, after {median(after):.0f} ms: ", end="")
    print(f"{median(after) / median(before):.2f} x ({len(before)} changes each)")


def _changes_ms(page: Page) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        for tab in TABS:
            began = time.perf_counter()
            open_tab(page, tab)
            page.evaluate(_DRAWN)
            times.append(1000 * (time.perf_counter() - began))
    return times


if __name__ == "__main__":
    main()
