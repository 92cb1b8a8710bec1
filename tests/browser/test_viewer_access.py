"""The EEG viewer for everybody: names, keys, languages, screens; and when it is closed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.bare_viewer import Open, seizure_with_overlays
from tests.browser.viewer_steps import (
    BODY,
    CANVAS,
    VIEWER,
    button,
    has_ink,
)

pytestmark = pytest.mark.browser


def test_every_control_has_a_name(viewer: Page) -> None:
    for tab in ("Events", "Channels", "Display"):
        viewer.get_by_role("tab", name=tab).click()
        nameless = viewer.evaluate(
            """() => {
              const all = document.querySelectorAll('.szv :is(button, input, select, canvas)');
              const isNamed = (e) => e.getAttribute('aria-label') || e.textContent.trim()
                || (e.labels && [...e.labels].some((label) => label.textContent.trim()));
              return [...all]
                .filter((e) => e.offsetParent && e.getAttribute('aria-hidden') !== 'true')
                .filter((e) => !isNamed(e)).map((e) => e.outerHTML.slice(0, 120));
            }"""
        )
        assert nameless == []


def test_keys_are_listed_and_the_panel_folds(viewer: Page) -> None:
    viewer.locator(CANVAS).press("?")
    dialog = viewer.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("PageDown")
    viewer.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    before = viewer.locator(CANVAS).bounding_box()
    viewer.locator(CANVAS).press("e")
    expect(viewer.locator(".szv-panel")).to_be_hidden()
    expect(viewer.locator(BODY)).to_have_attribute("data-state", "ready")
    viewer.wait_for_function(
        "(w) => document.querySelector('.szv-overlay').clientWidth > w",
        arg=before["width"] if before else 0,
    )


def test_italian_visitors_read_italian(open_viewer: Open) -> None:
    page = open_viewer(*seizure_with_overlays(), locale="it-IT").page
    expect(button(page, "Pagina successiva")).to_be_visible()
    expect(page.get_by_text("Trovati dal modello (2)")).to_be_visible()


def test_the_overview_becomes_finer_where_there_is_more_room(open_viewer: Open) -> None:
    page = open_viewer(*seizure_with_overlays(), viewport={"width": 390, "height": 844}).page
    page.wait_for_function(f"{VIEWER}.overview?.fraction === 1")
    assert page.evaluate(f"{VIEWER}.overview.activity.length") < 400
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_function(f"{VIEWER}.overview.activity.length > 1000")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_fits_a_phone_sharp_and_in_both_themes(open_viewer: Open, theme: str) -> None:
    page = open_viewer(
        *seizure_with_overlays(),
        theme=theme,
        viewport={"width": 390, "height": 844},
        device_scale_factor=2,
        has_touch=True,
    ).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = page.evaluate(
        "(() => { const c = document.querySelector('.szv-canvas');"
        " return [c.width / c.clientWidth, c.clientWidth]; })()"
    )
    assert sizes[0] == pytest.approx(2, abs=0.01)
    assert sizes[1] >= 290
    paper = page.evaluate(
        "[...document.querySelector('.szv-canvas').getContext('2d').getImageData(1, 1, 1, 1).data]"
    )
    assert (sum(paper[:3]) > 600) is (theme == "light")
    for colour in ("left", "right"):
        assert has_ink(page, colour)


def test_a_recording_closed_on_the_server_is_explained(viewer: Page) -> None:
    viewer.evaluate(f"{VIEWER}.handle = 'gone'")
    viewer.get_by_label("Montage", exact=True).select_option("Cz reference")
    expect(viewer.get_by_role("alert")).to_contain_text("no longer open")
