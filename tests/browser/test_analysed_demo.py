"""The Analysis tab with everything on it: numbers, a chart, and a name for every control."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import expect_eeg, open_demo, open_tab, saved

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


def compute(page: Page) -> None:
    page.locator("#compute-statistics").click()
    expect(page.locator("#statistics table")).to_be_visible()


def choose_channel(page: Page) -> None:
    page.locator("#chart-channel input").click()
    page.get_by_role("option", name="FP1-F7", exact=True).click()


def controls(page: Page) -> list[dict[str, Any]]:
    """Return the controls as a screen reader meets them: role and name."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "").strip()}
        for node in nodes
        if not node.get("ignored") and node.get("role", {}).get("value") in CONTROLS
    ]


def column_of(rows: Locator, number: int) -> list[float]:
    """Return the values in a column of the statistics, counted from 0."""
    cells = rows.locator(f"td:nth-child({number + 1})")
    return [float(value) for value in cells.evaluate_all("e => e.map((td) => td.dataset.value)")]


def test_numbers_of_the_whole_file_can_be_had(kept_page: Page) -> None:
    page = kept_page
    open_demo(page)
    compute(page)
    table = page.locator("#statistics")
    expect(table.get_by_role("columnheader")).to_have_count(9)
    table.get_by_label("All columns").check()
    median = table.get_by_role("button", name="Median (µV)", exact=True)
    median.hover()
    expect(table.get_by_role("tooltip").filter(visible=True)).to_have_text(
        "Half of the values are below, half above."
    )
    page.mouse.move(0, 0)
    table.get_by_role("button", name="Line length (µV)", exact=True).focus()
    page.keyboard.press("Tab")
    per_second = table.get_by_role("button", name="Line length per second (µV/s)", exact=True)
    expect(per_second).to_be_focused()
    expect(per_second).to_have_accessible_description(re.compile("rises in many seizures"))
    expect(table.get_by_role("tooltip").filter(visible=True)).to_contain_text("many seizures")
    page.keyboard.press("Escape")
    expect(table.get_by_role("tooltip").filter(visible=True)).to_have_count(0)
    first = table.get_by_role("rowheader").first
    expect(first).to_have_text("FP1-F7")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    heading = page.get_by_role("columnheader", name="Line length per second")
    expect(heading).to_have_attribute("aria-sort", "descending")
    strongest = table.locator("tbody tr").first
    cells = [column_of(row, 18) for row in (strongest, table.locator("tbody"))]
    assert cells[0] == [max(cells[1])]
    page.keyboard.press("Enter")
    expect(first).to_have_text("FP1-F7")
    expect(page.locator("#statistics-findings")).to_contain_text("T8-P8 appears twice")
    for name in ("CSV", "JSON"):
        assert saved(page, f"Statistics ({name})").endswith(f"_statistics.{name.lower()}")
    open_tab(page, "Annotations")
    expect(
        page.locator("#annotations").get_by_role("gridcell", name="left temporal")
    ).to_be_visible()


def test_charts_are_saved_and_every_control_has_a_name_and_a_place_for_the_keyboard(
    kept_page: Page,
) -> None:
    page = kept_page
    open_demo(page)
    open_tab(page, "Channel analysis")
    section = page.locator("#chart")
    expect(section).to_contain_text("Choose a channel")
    choose_channel(page)
    chart = section.locator(".figure-frame svg")
    expect(chart).to_have_attribute("aria-label", re.compile("^Amplitude histogram of FP1-F7"))
    page.get_by_role("radio", name="Spectrogram").check()
    expect(chart).to_have_attribute("aria-label", re.compile("^Spectrogram of FP1-F7"))
    page.locator("#eeg").get_by_label("Page", exact=True).select_option("10 s")
    section.locator(".time-axis").click(force=True)
    expect_eeg(page, "eeg", 295)
    for name in ("png", "svg", "pdf"):
        assert saved(page, f"Chart ({name.upper()})").endswith(f"_spectrogram_channel1.{name}")

    open_tab(page, "Statistics of the whole file")
    compute(page)
    found = []
    for pane in ("Channels", "Display", "Events"):
        page.locator("#eeg").get_by_role("tab", name=pane).click()
        assert page.evaluate(UNREACHABLE) == []
        found += controls(page)
    assert len(found) > 150
    assert [one for one in found if not one["name"]] == []
