"""Ways to open a recording: the server's folder, texts, files that do not open, a reload."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.journeys import (
    ask_for_a_file,
    expect_eeg,
    open_demo,
    open_file,
    open_tab,
    opening,
    saved,
    toast,
    upload,
)
from tests.browser.shared_page import new_page
from tests.browser.watching import Watch
from tests.edf_files import build_edf, started_at
from tests.eeg_files import QUIET, SEIZURE, eeg_file

pytestmark = pytest.mark.browser


def timed_table(path: Path) -> Path:
    """Write a table of 4 s at 250 Hz whose second column holds the times."""
    rows = (f"{i % 7}.5,{1000 + 4 * i},{i % 5}.25\n" for i in range(1000))
    path.write_text("C3,C4,Pz\n" + "".join(rows))
    return path


def choose(page: Page, label: str, option: str) -> None:
    page.locator("#text-layout").get_by_label(label).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_a_recording_of_the_servers_folder_is_opened_where_it_lies(kept_page: Page) -> None:
    page = kept_page
    ask_for_a_file(page)
    page.get_by_label("Or one from the server's folder").click()
    expect(page.get_by_role("option").filter(has_text="private")).to_have_count(0)
    with opening(page):
        page.get_by_role("option", name="ward/night.edf").click()
    expect(page.locator("#facts")).to_contain_text("night.edf")
    expect_eeg(page, "eeg", 0)


def test_a_text_is_shown_as_it_is_read_and_can_be_corrected(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    open_demo(page)
    made = tmp_path / "made.csv"
    made.write_text("C3;C4\n" + "".join(f"{i % 7};{i % 5 - 2}\n" for i in range(3000)))
    upload(page, "upload", made)
    expect(toast(page)).to_contain_text("sampling rate")
    layout, facts = page.locator("#text-layout"), page.locator("#facts")
    expect(layout.get_by_role("table")).to_contain_text("C4")
    expect(facts).to_contain_text("demo_simulated_two_seizures.edf")
    layout.get_by_label("Sampling rate (Hz)").fill("100")
    choose(page, "Unit of the values", "mV")
    with opening(page):
        layout.get_by_role("button", name="Open it as set here").click()
    for words in ("made.csv", "CSV", "30 s", "100 Hz"):
        expect(facts).to_contain_text(words)
    ask_for_a_file(page)
    choose(page, "Values are separated by", "bar")
    expect(toast(page).filter(has_text="Choose another delimiter")).to_be_visible()

    short = tmp_path / "short.csv"
    short.write_text(
        "".join(
            f"E{row}," + ",".join(str((row * value) % 9 - 4.5) for value in range(40)) + "\n"
            for row in range(1, 13)
        )
    )
    upload(page, "upload", short)
    expect(layout).to_contain_text("12 lines, 41 columns")
    choose(page, "A channel is", "a line")
    expect(layout).to_contain_text("12 channels, one a line")
    layout.get_by_label("Sampling rate (Hz)").fill("10")
    with opening(page):
        layout.get_by_role("button", name="Open it as set here").click()
    for words in ("short.csv", "12", "4 s", "10 Hz"):
        expect(facts).to_contain_text(words)

    upload(page, "upload", timed_table(tmp_path / "timed.csv"))
    expect(layout.get_by_role("columnheader")).to_have_text(["C3", "C4", "Pz"])
    choose(page, "Times are in", "2: C4")
    expect(layout.get_by_label("Sampling rate (Hz)")).to_have_value("250")
    layout.get_by_role("checkbox", name="A line names the columns").uncheck()
    expect(layout.get_by_role("columnheader").first).to_have_text("Channel 1")
    layout.get_by_role("checkbox", name="A line names the columns").check()
    expect(layout.get_by_role("columnheader").first).to_have_text("C3")


def test_a_packed_table_that_says_its_times_opens_as_it_is(kept_page: Page, tmp_path: Path) -> None:
    page = kept_page
    packed = tmp_path / "packed.csv.gz"
    rows = "".join(f"{i / 128:.7f},{i % 7}.5,{i % 5}.25\n" for i in range(1280))
    packed.write_bytes(gzip.compress(f"time (s),AF3,AF4\n{rows}".encode()))
    open_file(page, packed)
    expect(page.locator("#facts")).to_contain_text("packed.csv.gz")
    ask_for_a_file(page)
    layout = page.locator("#text-layout")
    layout.get_by_text("How this text is read").click()
    expect(layout.get_by_role("table")).to_contain_text("AF3")
    expect(layout.get_by_label("Sampling rate (Hz)")).to_have_value("128")


DROP = """(target, text) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], "notes.edf"));
  target.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
}"""


def test_a_file_dropped_on_the_eeg_that_is_none_is_explained_and_the_old_one_stays(
    kept_page: Page,
) -> None:
    page = kept_page
    open_demo(page)
    page.locator("#eeg .szv-overlay").evaluate(DROP, "These are notes, not EEG.\n" * 40)
    expect(toast(page)).to_contain_text("notes.edf")
    why = page.locator("#why-not")
    expect(why).to_contain_text("Why this file does not open")
    why.get_by_text("Fields of the file, by byte").click()
    expect(why.get_by_role("table")).to_contain_text("first bytes")
    expect(page.get_by_role("button", name="Make a repaired copy")).to_be_hidden()
    expect(page.locator("#facts")).to_contain_text("demo_simulated_two_seizures.edf")


def test_a_cut_off_file_is_repaired_as_a_copy(kept_page: Page, tmp_path: Path) -> None:
    page = kept_page
    cut = build_edf(tmp_path / "cut.edf", [[0.0] * 256 * 4])
    cut.write_bytes(cut.read_bytes()[:-100])
    open_file(page, cut)  # what is whole of it
    ask_for_a_file(page)
    why = page.locator("#why-not")
    expect(why).to_contain_text("A repaired copy can be made")
    with opening(page):
        why.get_by_role("button", name="Make a repaired copy and open it").click()
    expect(page.locator("#facts")).to_contain_text("cut_repaired.edf")
    expect(page.locator("#facts")).to_contain_text("3 s")
    expect_eeg(page, "eeg", 0)
    ask_for_a_file(page)
    assert saved(page, "Download the repaired copy") == "cut_repaired.edf"


def test_files_that_follow_each_other_are_one_recording_with_its_gap(
    kept_page: Page, tmp_path: Path
) -> None:
    page = kept_page
    quiet = eeg_file(QUIET)  # 41 s from 13:43:04 on
    open_file(page, started_at(tmp_path / "later.edf", eeg_file(SEIZURE), "13.43.50"), quiet)
    facts = page.locator("#facts")
    for words in ("chb01_03_interictal_s0-41.edf and 1 more", "96 s", "later.edf at 46 s"):
        expect(facts).to_contain_text(words)
    expect(facts).to_contain_text("Nothing was recorded between some of the files: 41 to 46 s")
    joins = page.locator("#eeg .szv").evaluate(
        "e => e.parentElement.szViewer.info.joins.map((join) => join.at_s)"
    )
    assert joins == [0, 46]
    page.get_by_role("button", name="Compute statistics").click()
    table = page.locator("#statistics")
    expect(table.get_by_role("rowheader")).to_have_count(23)
    # 1,280 of 24,576 samples are missing.
    row = table.locator("tbody tr").first
    expect(row.get_by_role("cell", name="5.21", exact=True)).to_be_visible()
    open_tab(page, "Predict")
    page.locator("#run").click()
    expect(page.locator("#summary")).to_contain_text("of 96 s")

    # Two that overlap are shown in time, and what is open stays.
    open_tab(page, "Analysis")
    clips = ("chb02_16_preictal_s120-130.edf", "chb02_16_ictal_s140-150.edf")
    upload(page, "upload", [eeg_file(f"chbmit/chb02/{name}") for name in clips])
    why = page.locator("#why-not")
    expect(why).to_contain_text("Why these files do not open as one recording")
    expect(why.get_by_role("cell", name="overlaps it by 10 s")).to_be_visible()
    expect(facts).to_contain_text("96 s")


def mark_this_page(page: Page) -> None:
    viewer = page.locator("#eeg")
    viewer.get_by_role("button", name="Add an event on this page").click()
    viewer.get_by_role("form", name="Event").get_by_role("button", name="Save").click()


def handle(page: Page) -> str | None:
    found: str | None = page.evaluate("sessionStorage.getItem('seizure-zoo-open')")
    return found


def test_a_page_loaded_anew_has_its_recording_and_marks_again_also_those_under_way(
    page: Page, watch: Watch
) -> None:
    open_file(page, eeg_file(SEIZURE))
    held: list[Route] = []

    def hold_marks(route: Route) -> None:
        is_marks = "viewer_review" in (route.request.post_data or "")
        held.append(route) if is_marks else route.continue_()

    page.route("**/component_server/**", hold_marks)
    viewer = page.locator("#eeg")
    for n in (1, 2):
        mark_this_page(page)
        expect(viewer.get_by_text(f"Your marks ({n})")).to_be_visible()
    page.reload()
    expect(toast(page)).to_contain_text("is open again as you left it, with your marks (2)")
    expect(page.locator("#facts")).to_contain_text("chb01_03_seizure_s2986-3036.edf")
    expect_eeg(page, "eeg", 0, 10)
    expect(viewer.get_by_text("Your marks (2)")).to_be_visible()
    assert held
    page.unroute("**/component_server/**")

    # What another tab of the browser has is its own.
    other = new_page(page.context, watch)
    other.goto(page.url)
    expect(other.locator("#opening")).to_be_visible()
    expect(toast(other)).to_have_count(0)
    other.close()

    before = handle(page)
    viewer.get_by_role("button", name="Delete").first.click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('seizure-zoo-review-under-way') === null")
    # A mark under way that cannot be: it is refused, and those of before stay.
    page.evaluate(
        """() => sessionStorage.setItem("seizure-zoo-review-under-way", JSON.stringify({
          [sessionStorage.getItem("seizure-zoo-open")]: {
            marks: [{ id: "late", onset_s: 1e6, duration_s: 1, kind: "sz", text: "",
                      confidence: null, origin: "own" }],
          },
        }))"""
    )
    page.reload()
    expect(toast(page).filter(has_text="onset_s must lie from 0 to 50")).to_be_visible()
    expect(toast(page).filter(has_text="with your marks (1)")).to_be_visible()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.wait_for_function(
        "before => sessionStorage.getItem('seizure-zoo-open') !== before", arg=before
    )

    page.evaluate("sessionStorage.setItem('seizure-zoo-open', 'gone')")
    page.reload()
    expect(toast(page)).to_contain_text("is no longer on the server")
    expect(page.locator("#opening")).to_be_visible()
