"""The bar's tabs, on a page of its own: Gradio's tabs are there later than the bar."""

from __future__ import annotations

import json

from playwright.sync_api import Browser, expect

from ui.top_bar import TABS, _script, _tabs_html

_PAGE = """<!doctype html><html lang="en"><head><title>Bar</title></head>
<body class="gradio-container"><div id="bar">{bar}</div>
<script>window.seizureZooLanguage = {{ shown: "en", choose() {{}} }};
((element) => {{ {script} }})(document.getElementById("bar"));</script></body></html>"""
# Gradio's own heads of tabs, as far as the bar knows them.
_GRADIOS_TABS = """(names) => {
  const list = document.createElement("div");
  for (const name of names) {
    const head = document.createElement("button");
    head.id = `${name}-tab-button`;
    head.setAttribute("aria-selected", String(name === names[0]));
    head.addEventListener("click", () => {
      for (const one of list.children) one.setAttribute("aria-selected", String(one === head));
    });
    list.append(head);
  }
  document.body.append(list);
}"""


def test_a_tab_pressed_before_gradios_tabs_are_there_opens_once_they_are(browser: Browser) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**", lambda route: route.fulfill(body=_page(), content_type="text/html"))
        page.goto("http://bar.invalid/")
        page.get_by_role("tab", name=TABS["train"]).click()
        page.evaluate(f"({_GRADIOS_TABS})({json.dumps(list(TABS))})")
        expect(page.locator("#train-tab-button")).to_have_attribute("aria-selected", "true")
        expect(page.locator(".gradio-container")).to_have_attribute("data-tab", "train")
        assert page.url.endswith("#train")


def _page() -> str:
    return _PAGE.format(bar=_tabs_html(), script=_script())
