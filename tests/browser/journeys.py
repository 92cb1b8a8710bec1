"""Steps that several journeys share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect


def open_tab(page: Page, name: str) -> None:
    # Steps of Train that are done have a tick.
    page.get_by_role("tab", name=re.compile(rf"^{re.escape(name)}( \u2713)?$")).click()


def unfold(page: Page) -> None:
    """Unfold all parts of the tab that is open, and those in them."""
    page.evaluate(
        """async () => {
          const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
          const closed = () => [...document.querySelectorAll(".label-wrap:not(.open)")]
            .filter((part) => part.offsetParent);
          for (let depth = 0; depth < 3 && closed().length; depth += 1) {
            closed().forEach((part) => part.click());
            for (let n = 0; n < 4; n += 1) await frame();
          }
        }"""
    )


# The handle of what the viewer knows all of, once the page has kept it; else null.
_SHOWN = """(() => {
  const viewer = document.querySelector("#eeg .szv")?.parentElement.szViewer;
  const isThere = viewer?.info && viewer.rows.length > 0;
  return isThere && sessionStorage.getItem("seizure-zoo-open") === viewer.handle
    ? viewer.handle : null;
})()"""


@contextmanager
def opening(page: Page) -> Iterator[None]:
    """Wait until the recording that is opened in the block is shown.

    Also where another recording, or the same one, was open before.
    """
    before = page.evaluate("sessionStorage.getItem('seizure-zoo-open')")
    yield
    page.wait_for_function(
        f"(before) => {{ const now = {_SHOWN}; return now && now !== before; }}", arg=before
    )


def ask_for_a_file(page: Page) -> None:
    """Show what opens recordings, whether one is open or not."""
    page.locator(".gradio-container[data-tab]").wait_for()
    if not page.locator("#opening").is_visible():
        page.locator("#open-again > summary").click()


def open_demo(page: Page) -> None:
    ask_for_a_file(page)
    with opening(page):
        page.locator("#open-demo").click()
    expect(page.locator("#facts")).to_contain_text("demo_simulated_two_seizures.edf")
    expect_eeg(page, "eeg", 0)


def open_file(page: Page, *paths: Path) -> None:
    """Open a recording, of one file or several."""
    with opening(page):
        upload(page, "upload", paths)
    expect_eeg(page, "eeg", 0)


def upload(page: Page, box: str, paths: Path | Sequence[Path]) -> None:
    """Drop files into an upload box, named by its id."""
    page.locator(f"#{box} input[type=file]").set_input_files(paths)


def choose_model(page: Page, name: str) -> None:
    """Choose a model in Predict, which is in front, and wait until its numbers are there."""
    unfold(page)
    chosen, threshold = page.locator("#model input"), field(page, "predict-threshold")
    expect(threshold).to_be_enabled()
    if name in chosen.input_value():
        return
    threshold.fill("0.123456")  # in place of which the model's comes
    chosen.click()
    page.get_by_role("option", name=name).click()
    expect(chosen).to_have_value(re.compile(re.escape(name)))
    expect(threshold).not_to_have_value("0.123456")


def search(
    page: Page,
    model: str | None,
    *,
    threshold: str = "",
    stride_s: str = "",
    ends: str | None = None,
) -> None:
    """Search the open recording with a model, None for the one chosen; an empty number is its own.

    Numbers other than a model's own go with the one chosen: what a model that is being chosen
    brings may come after them. Waits for the result, or for the message it ends with.
    """
    open_tab(page, "Predict")
    if model is None:
        unfold(page)
        expect(field(page, "predict-threshold")).not_to_have_value("")
    else:
        choose_model(page, model)
    fill(page, "predict-threshold", threshold)
    fill(page, "stride-s", stride_s)
    page.evaluate("document.querySelector('#summary dl')?.setAttribute('data-old', '')")
    page.locator("#run").click()
    if ends is None:
        expect(page.locator("#summary dl:not([data-old])")).to_contain_text("Highest probability")
    else:
        expect(toast(page).filter(has_text=ends)).to_be_visible()


def field(page: Page, name: str) -> Locator:
    """Return a field, named by its id."""
    return page.locator(f"#{name} :is(input, textarea)")


def fill(page: Page, name: str, value: str) -> None:
    """Fill in a field, named by its id."""
    field(page, name).fill(value)


def write_network(page: Page, text: str) -> None:
    """Write a network into Train in place of the one that stands there."""
    code = page.locator("#network-code .cm-content")
    if not code.is_visible():
        page.get_by_role("button", name="The network as JSON").click()
    code.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(text)


def keep(page: Page, run: str, model_id: str) -> None:
    """Keep the model of a run, named by its title, in the zoo."""
    open_tab(page, "5 Keep")
    page.locator("#save-run input").click()
    page.get_by_role("option", name=run).click()
    fill(page, "save-id", model_id)
    fill(page, "save-title", f"Model of {run}")
    page.locator("#save-model").click()
    expect(page.locator("#saved")).to_contain_text(f"({model_id}) is in the zoo")


def expect_eeg(page: Page, viewer: str, start_s: float, length_s: float | None = None) -> None:
    """Wait until a viewer, named by its id, shows the EEG from a moment on."""
    body = page.locator(f"#{viewer} .szv-body")
    expect(body).to_have_attribute("data-start", f"{start_s:g}")
    if length_s is not None:
        expect(body).to_have_attribute("data-length", f"{length_s:g}")
    expect(body).to_have_attribute("data-state", "ready")


def saved(page: Page, button: str) -> str:
    """Press a download button and return the name of the file that comes."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).or_(
            page.get_by_role("link", name=button)
        ).first.click()
    assert Path(download.value.path()).stat().st_size > 0
    return download.value.suggested_filename


def toast(page: Page) -> Locator:
    return page.get_by_test_id("toast-body")
