"""Tools for reading: spectrum, cycles, what was seen, automatic paging, raw beside filtered."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

from seizure_core.events.event import Event, Mark
from seizure_core.review.page import Review
from tests.browser.bare_viewer import DURATION_S, LABELS, BareViewer, Open
from tests.browser.viewer_steps import has_ink, picture
from tests.memory_recording import memory_recording
from ui.viewer.handles import Overlays

pytestmark = pytest.mark.browser

RATE_HZ = 256


@pytest.fixture
def viewer(open_viewer: Open) -> BareViewer:
    """A minute with 10 Hz of 100 µV from trough to crest on every channel, and some noise."""
    time_s = np.arange(round(DURATION_S * RATE_HZ)) / RATE_HZ
    rng = np.random.default_rng(1)
    signals = [
        50 * np.sin(2 * np.pi * 10 * time_s) + rng.normal(scale=2, size=len(time_s)) for _ in LABELS
    ]
    opened = open_viewer(memory_recording(LABELS, signals))
    opened.read("viewer.overlay.focus()")
    return opened


def measure(viewer: BareViewer, from_x: int, to_x: int, *, adding: bool = False) -> list[str]:
    """Drag over a trace with the calipers, and return what they say."""
    box = viewer.page.locator(".szv-overlay").bounding_box()
    assert box is not None
    y = box["y"] + viewer.read("viewer.geometry.middles[2]")
    mouse, keyboard = viewer.page.mouse, viewer.page.keyboard
    if adding:
        keyboard.down("Shift")
    mouse.move(box["x"] + from_x, y)
    mouse.down()
    mouse.move(box["x"] + to_x, y)
    mouse.up()
    keyboard.up("Shift")
    lines: list[str] = viewer.read("viewer.measurement.lines")
    return lines


def test_the_spectrum_of_the_page_or_of_a_measured_stretch_stands_over_the_eeg(
    viewer: BareViewer,
) -> None:
    pane = viewer.page.locator(".szv-spectrum")
    expect(pane).to_be_hidden()
    viewer.press("s")
    expect(pane).to_contain_text("Spectrum 0:00:00.0")
    expect(pane).to_contain_text("mean of 9 channels")
    expect(pane).to_contain_text("100 %")
    peak = (
        "(({ step_hz, density }) => step_hz * density.indexOf(Math.max(...density)))"
        "(viewer.spectrum.main)"
    )
    assert viewer.read(peak) == 10
    # A sine of 50 µV has a power of 1250 µV²: the density times the width of its bins.
    power = "viewer.spectrum.main.density.reduce((a, b) => a + b) * viewer.spectrum.main.step_hz"
    assert viewer.read(power) == pytest.approx(1254, rel=0.02)
    viewer.press("PageDown")
    expect(pane).to_contain_text("Spectrum 0:00:10.0")
    viewer.press("c")
    measure(viewer, 300, 700)
    expect(pane).to_contain_text("T7-P7 ·")
    box = viewer.page.locator(".szv-spectrum-canvas").bounding_box()
    assert box is not None
    viewer.page.mouse.move(box["x"] + 100, box["y"] + 100)
    expect(pane).to_contain_text("µV²/Hz")
    viewer.press("s")
    expect(pane).to_be_hidden()


def test_escape_closes_the_spectrum_wherever_one_has_clicked(viewer: BareViewer) -> None:
    page, pane = viewer.page, viewer.page.locator(".szv-spectrum")
    viewer.press("s", "Escape")
    expect(pane).to_be_hidden()
    viewer.press("s")
    page.get_by_role("button", name="Close the spectrum").focus()
    viewer.press("Escape")
    expect(pane).to_be_hidden()
    viewer.press("r", "s")
    for canvas in (".szv-spectrum-canvas", ".szv-trends-canvas"):
        page.locator(canvas).click()
        assert viewer.has_keys
    viewer.press("Escape")
    expect(pane).to_be_hidden()


def test_a_stretch_that_is_too_short_for_a_spectrum_is_explained(viewer: BareViewer) -> None:
    viewer.press("s", "c")
    measure(viewer, 300, 330)
    expect(viewer.page.locator(".szv-spectrum")).to_contain_text("at least 1 s")


def test_calipers_count_the_cycles_and_add_up_with_shift(viewer: BareViewer) -> None:
    viewer.press("c")
    first = measure(viewer, 300, 700)
    assert "cycles of 100 ms: 10 Hz, 10" in first[2]
    assert viewer.read("viewer.measurement.cycles.n") > 20
    second = measure(viewer, 800, 900, adding=True)
    total = viewer.read("viewer.measurement.sum_s")
    lone = viewer.read("viewer.measurement.to_s - viewer.measurement.from_s")
    assert total == pytest.approx(5 * lone, rel=0.05)
    assert second[-1].startswith("together ")
    assert not measure(viewer, 800, 900)[-1].startswith("together ")


def test_a_line_in_the_overview_shows_what_was_seen_already(viewer: BareViewer) -> None:
    assert viewer.read("viewer.seen") == [[0, 10]]
    viewer.press("PageDown")
    viewer.press("End")
    assert viewer.read("viewer.seen") == [[0, 20], [51, 61]]
    strip = viewer.page.locator(".szv-strip")
    expect(strip).to_have_attribute(
        "title", "Line at the top: 49 % was shown, on pages of up to 2 min"
    )
    ink = """(() => {
      const canvas = document.querySelector('.szv-strip');
      const c = canvas.getContext('2d');
      const at = (share) => [...c.getImageData(share * canvas.width, 1, 1, 1).data];
      return [0.05, 0.25, 0.5, 0.95].map(at).map((colour) => colour.join());
    })()"""
    first, second, unseen, last = viewer.read(ink)
    assert first == second != unseen
    assert last != unseen
    viewer.reload()
    assert viewer.read("viewer.seen") == [[0, 20], [51, 61]]


def test_pages_turn_by_themselves_until_a_key_is_pressed_or_the_recording_ends(
    viewer: BareViewer,
) -> None:
    page = viewer.page
    page.get_by_role("tab", name="Display").click()
    page.get_by_label("Turn by itself every").select_option("0.5")
    viewer.read("viewer.overlay.focus()")
    button = page.get_by_role("button", name="Turn pages automatically")
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".szv-where")).to_contain_text("A page every 0.5 s")
    page.wait_for_function("viewer.view.start_s >= 20")
    page.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")
    viewer.wait()
    stood = viewer.start_s
    page.wait_for_timeout(1200)
    assert viewer.start_s == stood
    button.click()
    page.wait_for_function("viewer.view.start_s === 51")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".szv-where")).to_contain_text("The end of the recording")
    assert viewer.read("viewer.seen") == [[0, 61]]


def test_the_unfiltered_eeg_is_drawn_behind_the_filtered_one_and_moves_with_it(
    viewer: BareViewer,
) -> None:
    drawn = "viewer.renderer.rawPages().map((page) => page.start_s)"
    viewer.press("f")
    assert viewer.read(drawn) == [], "without a filter both are one"
    viewer.page.get_by_label("Low-pass", exact=True).select_option("15")
    viewer.page.wait_for_function(f"{drawn}.length === 1")
    viewer.wait()
    assert has_ink(viewer.page, "raw")
    viewer.read("viewer.overlay.focus()")
    viewer.press("PageDown")
    viewer.page.wait_for_function(f"{drawn}.join() === '10'")
    swing = "Signals.usualRange(viewer.partsOf(0, PAGES), 10, 20)"
    filtered, raw = (
        viewer.read(swing.replace("PAGES", pages))
        for pages in ("viewer.visiblePages()", "viewer.renderer.rawPages()")
    )
    assert raw > 1.05 * filtered
    both = picture(viewer.page)
    viewer.press("f")
    assert viewer.read(drawn) == []
    assert picture(viewer.page) != both


def test_a_second_view_has_the_unfiltered_eeg_and_moves_along(viewer: BareViewer) -> None:
    views = "viewer.geometry.below?.middles.length ?? 0"
    viewer.press("d")
    assert viewer.read(views) == 0, "without a filter both are one"
    viewer.page.get_by_label("Low-pass", exact=True).select_option("15")
    n_rows = viewer.read("viewer.shown().length")
    viewer.page.wait_for_function(f"{views} === {n_rows}")
    viewer.wait()
    first = picture(viewer.page)
    viewer.read("viewer.overlay.focus()")
    viewer.press("PageDown")
    viewer.page.wait_for_function("viewer.renderer.rawPages().some((p) => p.start_s === 10)")
    viewer.wait()
    assert picture(viewer.page) != first
    # The pointer finds the row it is at in either view.
    for middles in ("viewer.geometry.middles", "viewer.geometry.below.middles"):
        assert viewer.read(f"Geometry.rowAt(viewer.geometry, {middles}[2])") == 2
    viewer.press("d")
    assert viewer.read(views) == 0


def test_ten_thousand_marks_are_shown_and_pages_turn(open_viewer: Open) -> None:
    viewer = open_viewer()
    marks = tuple(
        Mark(mark_id=f"m{i}", onset_s=i * DURATION_S / 10_000, duration_s=0.001, kind="spike")
        for i in range(10_000)
    )
    viewer.store.get(viewer.handle).review = Review(marks=marks)
    viewer.read("show({ handle: viewer.handle, reload: true, stay: true, number: 2 })")
    page = viewer.page
    expect(page.get_by_text("Your marks (10000)")).to_be_visible()
    expect(page.get_by_text("and 9500 more")).to_be_visible()
    viewer.read("viewer.overlay.focus()")
    viewer.press("PageDown", "n")
    expect(page.locator(".szv-where")).to_contain_text("Marks: Spike")
    assert viewer.read("viewer.state().marks.length") == 10_000


def test_an_event_shades_the_page_whose_both_ends_lie_off_the_screen(open_viewer: Open) -> None:
    event = Event(onset_s=5, duration_s=50)
    viewer = open_viewer(overlays=Overlays(references=(event,)))
    viewer.read("viewer.overlay.focus()")

    def shade() -> list[int]:
        """Return the colour of the paper at the first row's upper edge, in the page's middle."""
        viewer.read("viewer.set({ grid: false })")
        viewer.wait()
        colour: list[int] = viewer.read(
            """(() => {
              const { canvas, geometry: g } = viewer;
              const ratio = canvas.width / canvas.clientWidth;
              const c = canvas.getContext('2d');
              const x = (g.left + g.plotWidth / 2) * ratio;
              return [...c.getImageData(x, (g.top - 2) * ratio, 1, 1).data];
            })()"""
        )
        return colour

    viewer.press("PageDown", "PageDown")
    inside = shade()
    viewer.read("viewer.info.references = []")
    viewer.read("viewer.draw()")
    assert inside != shade()
