"""How long the viewer takes in a browser, beside the same page as a Plotly figure.

Run from the project's root: `python -m benchmarks.viewer [PAGES] [HOURS ...]` (default: 30
pages of 1 and 24 hours; 24 hours need 1 GB in the temporary folder for as long as it runs).
Recordings have 23 channels at 256 Hz, pages last 30 s. Times run from the key to the painted
canvas, in headless Chromium without a graphics card. The Plotly column needs
`requirements-bench.txt`.
"""

from __future__ import annotations

import importlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.table import Row, rows_of, table
from seizure_core import open_recording
from seizure_core.events.event import Mark
from seizure_core.io.edf.writer import write_edf
from seizure_core.review.page import Review
from tests.chromium import CHROMIUM_ARGUMENTS, chromium_path
from ui.viewer.component import ViewerComponents, build_viewer
from ui.viewer.script import script_route

N_CHANNELS = 23
RATE_HZ = 256
PAGE_S = 30
PIECE_S = 600
LABELS = (
    "FP1-F7 F7-T7 T7-P7 P7-O1 FP1-F3 F3-C3 C3-P3 P3-O1 FP2-F4 F4-C4 C4-P4 P4-O2 FP2-F8 F8-T8 "
    "T8-P8 P8-O2 FZ-CZ CZ-PZ P7-T7 T7-FT9 FT9-FT10 FT10-T8 T8-P8"
).split()
VIEWER = "document.querySelector('.szv').parentElement.szViewer"
PLOTLY_PAGES = 6

# Runs a step of the viewer and resolves, with the time it took, once the page is painted.
TIMED = """(step) => new Promise((resolve) => {
  const viewer = document.querySelector('.szv').parentElement.szViewer;
  const { body, renderer } = viewer;
  const began = performance.now();
  new Function("viewer", step)(viewer);
  const wait = () => {
    const isDone = !renderer.isScheduled && body.dataset.state === 'ready'
      && body.dataset.start === String(viewer.view.start_s)
      && body.dataset.length === String(viewer.view.length_s);
    if (!isDone) return setTimeout(wait, 0);
    viewer.canvas.getContext('2d').getImageData(0, 0, 1, 1);  // all drawing has happened
    resolve(performance.now() - began);
  };
  wait();
})"""
# Opens what the viewer shows once more and resolves, with the time it took, once it is painted.
REOPENED = """() => new Promise((resolve) => {
  const viewer = document.querySelector('.szv').parentElement.szViewer;
  const began = performance.now();
  const wait = () => {
    if (viewer.renderer.isScheduled || !viewer.renderer.isWhole()) return setTimeout(wait, 0);
    viewer.canvas.getContext('2d').getImageData(0, 0, 1, 1);
    resolve(performance.now() - began);
  };
  viewer.open({ handle: viewer.handle, number: 0 }).then(wait);
})"""
N_MARKS = 10_000
IDLE = f"() => {VIEWER}.cache.waiting.size === 0"


def make_recording(path: Path, hours: float) -> None:
    """Write a recording of noise whose records repeat every ten minutes."""
    rng = np.random.default_rng(0)
    signals = rng.normal(scale=40.0, size=(N_CHANNELS, PIECE_S * RATE_HZ)).cumsum(axis=1)
    signals = 40.0 * (signals - signals.mean(axis=1, keepdims=True)) / signals.std(axis=1)[:, None]
    signals += rng.normal(scale=8.0, size=signals.shape)
    write_edf(path, signals, labels=LABELS, sampling_rate_hz=RATE_HZ, physical_range_uv=800.0)
    content = path.read_bytes()
    n_header = int(content[184:192])
    header = bytearray(content[:n_header])
    repeats = round(hours * 3600 / PIECE_S)
    header[236:244] = str(int(content[236:244]) * repeats).ljust(8).encode("ascii")
    with path.open("wb") as file:
        file.write(header)
        for _ in range(repeats):
            file.write(content[n_header:])


def plotly_figure(path: Path) -> Callable[[float], Any] | None:
    """Return a maker of pages as Plotly figures, None where Plotly is not installed."""
    try:
        graph_objects = importlib.import_module("plotly.graph_objects")
    except ImportError:
        return None

    def figure(start_s: float) -> Any:
        signals = open_recording(path).read(start_s=start_s, length_s=PAGE_S)
        times = start_s + np.arange(signals.shape[1]) / RATE_HZ
        made = graph_objects.Figure()
        for number, signal in enumerate(signals):
            made.add_scatter(x=times, y=signal - 120.0 * number, mode="lines", name=LABELS[number])
        return made.update_layout(title=f"page {start_s:g}", height=700, showlegend=False)

    return figure


def build_page(path: Path) -> tuple[gr.Blocks, ViewerComponents]:
    """Return a page with the viewer and, below it, the Plotly figure."""
    figure = plotly_figure(path)
    with gr.Blocks(fill_width=True, analytics_enabled=False) as demo:
        viewer = build_viewer()

        def start(request: gr.Request) -> dict[str, Any]:
            return viewer.show(viewer.open(open_recording(path), request), length_s=PAGE_S)

        demo.load(start, outputs=viewer.component, api_visibility="private")
        if figure is not None:
            place = gr.Number(label="Plotly start", value=0)
            plot = gr.Plot()
            go = gr.Button("Plotly page")
            go.click(figure, place, plot, api_visibility="private")
    return demo, viewer


@contextmanager
def served(path: Path) -> Iterator[tuple[str, ViewerComponents]]:
    """Serve the page while the block runs."""
    demo, viewer = build_page(path)
    _, url, _ = demo.launch(
        server_name="127.0.0.1",
        prevent_thread_lock=True,
        quiet=True,
        app_kwargs={"routes": [script_route()]},
    )
    try:
        yield url, viewer
    finally:
        demo.close(verbose=False)


def timed(page: Page, step: str) -> float:
    """Return the milliseconds one step of the viewer took."""
    return float(page.evaluate(TIMED, step))


def page_turns(page: Page, n_pages: int) -> list[float]:
    """Turn page after page, each once its successor has been fetched ahead."""
    times = []
    for _ in range(n_pages):
        page.wait_for_function(IDLE)
        times.append(timed(page, "viewer.turn(1);"))
    return times


def page_jumps(page: Page, n_pages: int, duration_s: float) -> list[float]:
    """Jump to pages that have never been fetched."""
    starts = random.Random(0).sample(range(int(duration_s) // PAGE_S), n_pages)
    times = []
    for number in starts:
        page.wait_for_function(IDLE)
        page.evaluate(f"{VIEWER}.cache.clear()")
        times.append(
            timed(page, f"viewer.look({{start_s: {number * PAGE_S}, length_s: {PAGE_S}}});")
        )
    return times


def overviews(page: Page, n_pages: int) -> list[float]:
    """Show the whole recording on one page, fetched anew each time."""
    times = []
    for _ in range(n_pages):
        timed(page, f"viewer.look({{start_s: 0, length_s: {PAGE_S}}});")
        page.wait_for_function(IDLE)
        page.evaluate(f"{VIEWER}.cache.clear()")
        times.append(timed(page, "viewer.chooseLength('whole');"))
    timed(page, f"viewer.look({{start_s: 0, length_s: {PAGE_S}}});")
    return times


def with_marks(page: Page, viewer: ViewerComponents, n_pages: int) -> dict[str, list[float]]:
    """Open the recording with many marks and turn its pages."""
    opened = viewer.store.get(page.evaluate(f"{VIEWER}.handle"))
    step_s = opened.recording.duration_s / N_MARKS
    opened.review = Review(
        marks=tuple(
            Mark(mark_id=f"m{i}", onset_s=i * step_s, duration_s=step_s / 4, kind="spike")
            for i in range(N_MARKS)
        )
    )
    return {
        f"open with {N_MARKS:,} marks": [float(page.evaluate(REOPENED)) for _ in range(n_pages)],
        f"turn a page of {PAGE_S} s with {N_MARKS:,} marks": page_turns(page, n_pages),
    }


def plotly_pages(page: Page) -> list[float]:
    """Have Plotly draw pages; empty where it is not installed."""
    button = page.get_by_role("button", name="Plotly page")
    if not button.count():
        return []
    times = []
    for number in range(1, PLOTLY_PAGES + 1):
        page.get_by_label("Plotly start").fill(str(number * PAGE_S))
        page.get_by_label("Plotly start").blur()
        began = time.perf_counter()
        button.click()
        page.wait_for_function(
            "(words) => document.querySelector('.gtitle')?.textContent === words"
            " && document.querySelectorAll('.scatterlayer .trace').length >= 23",
            arg=f"page {number * PAGE_S}",
            polling=5,
        )
        times.append(1000 * (time.perf_counter() - began))
    return times[1:]  # the first one also loads Plotly itself


def measure(path: Path, hours: float, n_pages: int, page: Page) -> list[Row]:
    """Measure one recording."""
    with served(path) as (url, viewer):
        page.goto(url)
        page.wait_for_selector('.szv-body[data-state="ready"]', timeout=60_000)
        page.wait_for_function(f"() => {VIEWER}.overview?.fraction === 1", timeout=600_000)
        times = {
            f"turn a page of {PAGE_S} s (fetched ahead)": page_turns(page, n_pages),
            f"jump to a page of {PAGE_S} s (fetched then)": page_jumps(page, n_pages, hours * 3600),
        }
        page.wait_for_function(IDLE)
        times["whole recording on one page"] = overviews(page, n_pages)
        times |= with_marks(page, viewer, n_pages)
        plotly = plotly_pages(page)
        viewer.store.close_session("")
    if plotly:
        times[f"the same page of {PAGE_S} s as a Plotly gr.Plot"] = plotly
    return rows_of(f"viewer in Chromium, {hours:g} h, 23 channels", times, "ms")


def measurements(n_pages: int, hours: Sequence[float]) -> list[Row]:
    """Measure recordings of some lengths."""
    rows = []
    with (
        tempfile.TemporaryDirectory(prefix="seizure-zoo-bench-") as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=CHROMIUM_ARGUMENTS
        )
        for one in hours:
            path = Path(folder) / f"{one:g}h.edf"
            make_recording(path, one)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            rows += measure(path, one, n_pages, page)
            page.close()
            path.unlink()
        browser.close()
    return rows


def main() -> None:
    """Measure recordings of the hours given on the command line."""
    n_pages = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    print(table(measurements(n_pages, [float(text) for text in sys.argv[2:]] or [1.0, 24.0])))


if __name__ == "__main__":
    main()
