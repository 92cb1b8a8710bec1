"""Text of drawings as a real browser sets it: inside its box, whatever the font."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from ui.drawings.network import network_svg
from zoo.presets import PRESETS

pytestmark = pytest.mark.browser

# Texts that leave the box they are written in, and texts that lie on one another.
CROWDED = """() => [...document.querySelectorAll('svg.szn')].flatMap((svg) => {
  const found = [];
  for (const layer of svg.querySelectorAll('g.layer')) {
    const frame = layer.querySelector(':scope > .box, :scope > .frame').getBoundingClientRect();
    const texts = [...layer.querySelectorAll(':scope > text')];
    const places = texts.map((text) => text.getBoundingClientRect());
    places.forEach((place, i) => {
      const outside = place.left < frame.left || place.right > frame.right ||
        place.bottom > frame.bottom || place.top < frame.top;
      const beside = places.slice(i + 1).some((other) => place.left < other.right &&
        other.left < place.right && place.top + 3 < other.bottom && other.top + 3 < place.bottom);
      if (outside || beside) found.push(texts[i].textContent);
    });
  }
  const paper = svg.getBoundingClientRect();
  for (const text of svg.querySelectorAll('text')) {
    const place = text.getBoundingClientRect();
    if (place.right > paper.right || place.bottom > paper.bottom) found.push(text.textContent);
  }
  return found;
})"""


@pytest.mark.parametrize("font", ["Source Sans Pro, sans-serif", "DejaVu Sans"])
def test_no_text_of_a_drawing_is_cut_off_or_covered(browser: Browser, font: str) -> None:
    faulty = [{"type": "max_pool1d", "kernel_size": 5000}, *PRESETS[0].layers]
    drawings = [
        network_svg(
            one.layers,
            n_channels=one.n_channels or 19,
            n_samples=one.n_samples,
            sampling_rate_hz=one.sampling_rate_hz,
        )
        for one in PRESETS
    ] + [
        network_svg(faulty, n_channels=23, n_samples=1000),
        network_svg([{"type": "w" * 80, "m" * 60: "W" * 60}], n_channels=23, n_samples=1000),
    ]
    page = browser.new_page()
    page.set_content(f"<body style='font-family: {font}'>{''.join(drawings)}</body>")
    assert page.locator("svg.szn").count() == len(drawings)
    assert page.evaluate(CROWDED) == []
    page.close()
