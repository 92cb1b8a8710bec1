"""Tab changes before and after a prediction of 24 h: `python -m benchmarks.tab_change`.

The ratios tell whether what a long prediction leaves on the page slows everything down: to no
result at all, and to the result of 50 s.
"""

from __future__ import annotations

import os
import shutil
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
ROUNDS = 7
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
        shutil.copy(short, data / "short.edf")
        with running_app(folder / "app", data_folder=data) as server, sync_playwright() as started:
            browser = started.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
            )
            expect.set_options(timeout=WAIT_MS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.url)
            _open(page, "day.edf", "24 h")
            nothing = _changes_ms(page)
            _open(page, "short.edf", "50 s")
            _search(page, "of 50 s")
            short_result = _changes_ms(page)
            _open(page, "day.edf", "24 h")
            _search(page, "24 h")
            long_result = _changes_ms(page)
            browser.close()
    for tab in TABS:
        day = median(long_result[tab])
        print(
            f"{tab}: {day:.0f} ms after 24 h; {day / median(nothing[tab]):.2f} x no result, "
            f"{day / median(short_result[tab]):.2f} x the result of 50 s"
        )


def _open(page: Page, name: str, facts: str) -> None:
    open_tab(page, "Analysis")
    page.get_by_label("Or one from the server's folder").click()
    page.get_by_role("option", name=name).click()
    expect(page.locator("#facts")).to_contain_text(facts)


def _search(page: Page, summary: str) -> None:
    open_tab(page, "Predict")
    page.locator("#run").click()
    expect(page.locator("#summary")).to_contain_text(summary)


def _changes_ms(page: Page) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {tab: [] for tab in TABS}
    for _ in range(ROUNDS):
        for tab in TABS:
            began = time.perf_counter()
            open_tab(page, tab)
            page.evaluate(_DRAWN)
            times[tab].append(1000 * (time.perf_counter() - began))
            # What goes on after the change belongs to no other tab.
            page.wait_for_timeout(500)
    return times


if __name__ == "__main__":
    main()
