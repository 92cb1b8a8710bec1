"""What axe-core finds wrong on a page for people who see little or use no mouse."""

from __future__ import annotations

import time
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.shared_page import PATIENCE_MS

GRAVE = ("serious", "critical")
# What Gradio draws and cannot be changed from outside: rule, and which elements.
GRADIOS_OWN = {"nested-interactive": "button.icon-button:has(input[type=file]), .toast-header"}
_FINDINGS = """async ([grave, gradiosOwn]) => {
  const chosen = [...document.querySelectorAll("[role=tab][aria-selected=true]")]
    .map((tab) => tab.getAttribute("aria-controls"));
  const hidden = [...document.querySelectorAll("[role=tabpanel]")]
    .filter((panel) => !chosen.includes(panel.id) && getComputedStyle(panel).display === "none");
  const places = hidden.map((panel) => {
    const place = document.createComment("");
    panel.replaceWith(place);
    return place;
  });
  let violations;
  try {
    ({ violations } = await axe.run({ resultTypes: ["violations"], iframes: false }));
  } finally {
    places.forEach((place, number) => place.replaceWith(hidden[number]));
  }
  const isGradios = (id, [target]) =>
    gradiosOwn[id] && document.querySelector(target)?.closest(gradiosOwn[id]);
  return violations.filter(({ impact }) => grave.includes(impact)).flatMap(({ id, nodes }) =>
    nodes.filter(({ target }) => !isGradios(id, target))
      .map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}"""


def expect_accessible(page: Page) -> None:
    """Wait until nothing grave is wrong; what fades in is pale for a moment.

    Raises
    ------
    AssertionError
        Something stays wrong; it is named.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    until = time.monotonic() + PATIENCE_MS / 1000
    while (found := findings(page)) and time.monotonic() < until:
        page.wait_for_timeout(500)
    assert not found, f"at {page.viewport_size}: " + "\n".join(found)


def findings(page: Page) -> list[Any]:
    """Return what is grave and ours, in words.

    Tabs that are not shown are taken off the page meanwhile: most of axe's time goes to them.
    """
    found: list[Any] = page.evaluate(_FINDINGS, [GRAVE, GRADIOS_OWN])
    return found
