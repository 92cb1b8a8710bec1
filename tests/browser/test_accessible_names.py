"""Every control of the Analysis tab can be reached by the keyboard and says what it is."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import open_demo

pytestmark = pytest.mark.browser

CONTROLS = frozenset(
    {
        "button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio",
        "searchbox", "slider", "spinbutton", "switch", "tab", "textbox",
    }
)  # fmt: skip
# Controls out of the Tab order that the arrow keys reach from a neighbour in it.
UNREACHABLE = """() => {
  const controls = "button, input, select, textarea, a[href], [role=slider], [role=tab]";
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    && e.getClientRects().length > 0 && !e.disabled && e.type !== "file";
  const inGroup = (e) => e.type === "radio" || e.getAttribute("role") === "tab";
  return [...document.querySelectorAll(controls)]
    .filter((e) => shown(e) && e.tabIndex < 0 && !inGroup(e) && !e.closest("[aria-hidden=true]"))
    .map((e) => e.outerHTML.slice(0, 160));
}"""


def fill(page: Page) -> None:
    """Bring everything of the tab to the screen."""
    open_demo(page)
    page.locator("#compute-statistics").click()
    expect(page.locator("#statistics table")).to_be_visible()
    page.locator("#chart-channel input").click()
    page.get_by_role("option", name="FP1-F7", exact=True).click()
    expect(page.locator("#chart img")).to_be_visible()


def controls(page: Page) -> list[dict[str, Any]]:
    """Return the controls as a screen reader meets them: role, name, whether focus can go there."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "").strip()}
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in CONTROLS
    ]


def test_every_control_of_the_analysis_tab_has_a_name(page: Page) -> None:
    fill(page)
    viewer = page.locator("#eeg")
    found = []
    for pane in ("Channels", "Display", "Events"):
        viewer.get_by_role("tab", name=pane).click()
        found += controls(page)
    assert len(found) > 150
    assert [one for one in found if not one["name"]] == []


def test_every_control_of_the_analysis_tab_is_reached_by_the_keyboard(page: Page) -> None:
    fill(page)
    for pane in ("Channels", "Display", "Events"):
        page.locator("#eeg").get_by_role("tab", name=pane).click()
        assert page.evaluate(UNREACHABLE) == []
