"""Steps that journeys through the EEG viewer share."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.bare_viewer import BareViewer

BODY = ".szv-body"
CANVAS = ".szv-overlay"
VIEWER = "document.querySelector('.szv').parentElement.szViewer"


def expect_page(page: Page, start_s: float, length_s: float = 10) -> None:
    body = page.locator(BODY)
    expect(body).to_have_attribute("data-start", f"{start_s:g}")
    expect(body).to_have_attribute("data-length", f"{length_s:g}")
    expect(body).to_have_attribute("data-state", "ready")


def picture(page: Page) -> str:
    """Return what stands on the signal canvas."""
    return str(page.evaluate("document.querySelector('.szv-canvas').toDataURL()"))


def has_ink(page: Page, colour: str) -> bool:
    """Return whether a colour of the style sheet is on the signal canvas."""
    return bool(
        page.evaluate(
            """(name) => {
              const body = document.querySelector('.szv-body');
              const hex = getComputedStyle(body).getPropertyValue('--szv-' + name).trim();
              const want = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
              const canvas = document.querySelector('.szv-canvas');
              const context = canvas.getContext('2d');
              const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
              for (let i = 0; i < data.length; i += 4) {
                if (want.every((v, k) => Math.abs(data[i + k] - v) < 12)) return true;
              }
              return false;
            }""",
            colour,
        )
    )


def drag(page: Page, from_share: float, to_share: float, height: float = 0.5) -> None:
    """Drag over the signals, between shares of the plot's width."""
    box = page.locator(CANVAS).bounding_box()
    assert box is not None
    left = page.evaluate(f"{VIEWER}.geometry.left")
    wide = box["width"] - left

    def x(share: float) -> float:
        return float(box["x"] + left + share * wide)

    y = box["y"] + height * box["height"]
    page.mouse.move(x(from_share), y)
    page.mouse.down()
    page.mouse.move(x((from_share + to_share) / 2), y + 3)
    page.mouse.move(x(to_share), y)
    page.mouse.up()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def python_read(viewer: BareViewer) -> str:
    """Return what the server knows of marks and decisions."""
    viewer.wait()
    review = viewer.store.get(viewer.handle).review
    marks = [f"{m.kind} {m.onset_s:.1f}+{m.duration_s:.1f} {m.text}" for m in review.marks]
    return f"{'; '.join(marks)} | {dict(sorted(review.decisions.items()))}"
