"""How fast candidates of many nights are decided by keys alone, in a browser with the whole app.

Run from the project's root: `python -m benchmarks.reviewing [NIGHTS] [CANDIDATES]` (default: 8
nights of 24 hours, 200 candidates). The nights are copies of one file of 24 hours and 23 channels
at 256 Hz with other dates; 1 GB a night is needed in the temporary folder. Each candidate is
accepted or rejected with one key, every fifth after an edge was moved with another; the time runs
from the key that decides to the next candidate's page, painted. No mouse event is sent.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.viewer import VIEWER, make_recording
from seizure_core import open_recording
from seizure_core.events.event import Event
from seizure_core.review.folder import ReviewFolder, create_review, source_of
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path

HOURS = 24.0
REVIEW, READER = "nights", "benchmark"
DECIDED = """(keys) => new Promise((resolve) => {
  const viewer = document.querySelector('.szv').parentElement.szViewer;
  const { body, renderer, queue } = viewer;
  const press = (key) => viewer.overlay.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  const began = performance.now();
  const before = queue.at;
  keys.forEach(press);
  const wait = () => {
    const { queue } = viewer;
    const isDone = queue && (queue.at !== before || queue.nDecided === queue.items.length)
      && !queue.isMoving && !renderer.isScheduled && body.dataset.state === 'ready'
      && body.dataset.start === String(viewer.view.start_s);
    if (!isDone) return setTimeout(wait, 0);
    viewer.canvas.getContext('2d').getImageData(0, 0, 1, 1);  // all drawing has happened
    resolve(performance.now() - began);
  };
  wait();
})"""


def make_review(home: Path, nights: Path, n_nights: int, n_candidates: int) -> None:
    """Write the nights, and a review of them with candidates spread over all."""
    review = create_review(home / "reviews" / REVIEW)
    model = source_of("model", "a model 1.0.0", {"model_id": "a-model", "threshold": 0.5})
    rng = np.random.default_rng(23)
    first = nights / "night-1.edf"
    make_recording(first, HOURS)
    for number in range(n_nights):
        path = nights / f"night-{number + 1}.edf"
        if path != first:
            shutil.copyfile(first, path)
        with path.open("r+b") as file:
            file.seek(168)
            file.write(f"{number + 1:02d}.01.24".encode("ascii"))  # the day it began
        recording = open_recording(path)
        recording_id = review.add_recording(path, recording)
        share = n_candidates // n_nights + (number < n_candidates % n_nights)
        onsets_s = np.sort(rng.uniform(60, recording.duration_s - 120, share))
        events = [
            Event(onset_s=round(float(onset_s), 2), duration_s=8.0, confidence=float(sure))
            for onset_s, sure in zip(onsets_s, rng.uniform(0.5, 1.0, share), strict=True)
        ]
        review.add_events(recording_id, model, events)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run the app itself, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "SEIZURE_ZOO_HOME": str(folder / "home"),
        "GRADIO_TEMP_DIR": str(folder / "temporary"),
    }
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "app.py"], env=environment) as process:
        try:
            for _ in range(600):
                try:
                    httpx.get(f"{url}/healthz").raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.2)
            yield url
        finally:
            process.terminate()


def begin(page: Page) -> None:
    """Begin the review as a reader does, by keys."""
    page.locator("#review-queue button").first.focus()
    page.keyboard.press("Enter")
    page.locator("#reader textarea, #reader input").first.focus()
    page.keyboard.type(READER)
    page.locator("#review-begin").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {VIEWER}.queue && {VIEWER}.queue.at >= 0", timeout=60_000)
    page.wait_for_function("() => document.querySelector('.szv-body').dataset.state === 'ready'")
    page.evaluate(f"{VIEWER}.overlay.focus()")


def decide_all(page: Page, n: int, pause_s: float) -> list[float]:
    """Decide all candidates and return how long each next page took, in milliseconds."""
    found = []
    for number in range(n):
        keys = ["j"] if number % 5 == 0 else []
        keys.append("y" if number % 3 else "x")
        found.append(float(page.evaluate(DECIDED, keys)))
        page.wait_for_timeout(1000 * pause_s)  # a reader looks at the page
    page.evaluate(f"{VIEWER}.outbox.sending")
    return found


def main() -> None:
    """Decide, check that the log holds everything, and print the figures."""
    given = [int(one) for one in sys.argv[1:]]
    n_nights, n = [*given, *(8, 200)[len(given) :]]
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for made in ("home", "nights", "temporary"):
            (folder / made).mkdir()
        make_review(folder / "home", folder / "nights", n_nights, n)
        with served(folder) as url:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            mouse: list[str] = []
            page.expose_function("noted", lambda kind: mouse.append(kind))
            page.add_init_script(
                "['mousedown', 'pointerdown', 'click'].forEach((kind) => addEventListener(kind,"
                " (e) => e.detail && window.noted(kind), true))"
            )
            page.goto(url)
            page.wait_for_selector("#review-queue")
            begin(page)
            began = time.monotonic()
            times_ms = decide_all(page, n, 0.3)
            wall_s = time.monotonic() - began
            browser.close()
        state = ReviewFolder(folder / "home" / "reviews" / REVIEW).state
        decided = sum(item.is_decided for item in state.candidates())
        print(f"{decided} of {n} decided over {n_nights} nights in {wall_s:.0f} s, pauses included")
        p50, p95 = np.percentile(times_ms, [50, 95])
        print(f"next page drawn: median {p50:.0f} ms, p95 {p95:.0f} ms, max {max(times_ms):.0f} ms")
        print(f"mouse events: {len(mouse)}")


if __name__ == "__main__":
    main()
