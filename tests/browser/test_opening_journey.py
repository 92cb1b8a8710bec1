"""Ways to open a recording: the server's folder, texts, files that do not open."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.app_server import AppServer
from tests.browser.journeys import expect_eeg, open_tab, toast, upload
from tests.browser.slowness import slowed
from tests.edf_files import build_edf, started_at
from tests.shared_files import shared_file

pytestmark = pytest.mark.browser


def test_a_recording_of_the_servers_folder_is_opened_where_it_lies(page: Page) -> None:
    page.get_by_label("Or one from the server's folder").click()
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("ward/night.edf")
    options.first.click()
    expect(page.locator("#facts")).to_contain_text("night.edf")
    expect_eeg(page, "eeg", 0)


def test_a_text_is_shown_as_it_is_read_and_can_be_corrected(page: Page, tmp_path: Path) -> None:
    made = tmp_path / "made.csv"
    made.write_text("C3;C4\n" + "".join(f"{i % 7};{i % 5 - 2}\n" for i in range(3000)))
    upload(page, "analysis-upload", made)
    expect(toast(page)).to_contain_text("sampling rate")
    layout = page.locator("#text-layout")
    expect(layout.get_by_role("table")).to_contain_text("C4")
    expect(page.locator("#facts")).to_contain_text("No recording is open")
    layout.get_by_label("Sampling rate (Hz)").fill("100")
    layout.get_by_label("Unit of the values").click()
    page.get_by_role("option", name="mV", exact=True).click()
    layout.get_by_role("button", name="Open it as set here").click()
    facts = page.locator("#facts")
    for words in ("made.csv", "CSV", "30 s", "100 Hz"):
        expect(facts).to_contain_text(words)
    expect_eeg(page, "eeg", 0, 10)
    layout.get_by_label("Values are parted by").click()
    page.get_by_role("option", name="bar", exact=True).click()
    expect(toast(page).last).to_contain_text("Choose another delimiter")


def test_a_packed_table_of_real_eeg_opens_as_it_is(page: Page) -> None:
    upload(page, "analysis-upload", shared_file("guinea-bissau/signal-1.csv.gz"))
    expect(page.locator("#facts")).to_contain_text("signal-1.csv.gz")
    expect_eeg(page, "eeg", 0, 10)
    layout = page.locator("#text-layout")
    layout.get_by_text("How this text is read").click()
    expect(layout.get_by_role("table")).to_contain_text("AF3")
    expect(layout.get_by_label("Sampling rate (Hz)")).to_have_value("128")


def test_a_file_that_does_not_open_is_explained_by_its_bytes(page: Page, tmp_path: Path) -> None:
    notes = tmp_path / "notes.edf"
    notes.write_text("These are notes, not EEG.\n" * 40)
    upload(page, "analysis-upload", notes)
    why = page.locator("#why-not")
    expect(why).to_contain_text("Why this file does not open")
    why.get_by_text("What its bytes say").click()
    expect(why.get_by_role("table")).to_contain_text("first bytes")
    expect(page.get_by_role("button", name="Make a repaired copy")).to_be_hidden()


def test_a_cut_off_file_is_repaired_as_a_copy(page: Page, tmp_path: Path) -> None:
    cut = build_edf(tmp_path / "cut.edf", [[0.0] * 256 * 4])
    cut.write_bytes(cut.read_bytes()[:-100])
    upload(page, "analysis-upload", cut)
    why = page.locator("#why-not")
    expect(why).to_contain_text("A repaired copy can be made")
    why.get_by_role("button", name="Make a repaired copy and open it").click()
    expect(page.locator("#facts")).to_contain_text("cut_repaired.edf")
    with page.expect_download() as download:
        why.get_by_role("button", name="Download the repaired copy").or_(
            why.get_by_role("link", name="Download the repaired copy")
        ).first.click()
    assert Path(download.value.path()).stat().st_size < cut.stat().st_size


QUIET = "chbmit/chb01/chb01_03_interictal_s0-41.edf"
SEIZURE = "chbmit/chb01/chb01_03_seizure_s2986-3036.edf"


def upload_all(page: Page, paths: list[Path]) -> None:
    page.locator("#analysis-upload input[type=file]").set_input_files(paths)


def test_files_that_follow_each_other_are_one_recording_with_its_gap(
    page: Page, tmp_path: Path
) -> None:
    quiet = shared_file(QUIET)  # 41 s from 13:43:04 on
    late = started_at(tmp_path / "later.edf", shared_file(SEIZURE), "13.43.50")
    upload_all(page, [late, quiet])
    facts = page.locator("#facts")
    for words in ("chb01_03_interictal_s0-41.edf and 1 more", "96 s", "later.edf at 46 s"):
        expect(facts).to_contain_text(words)
    expect(facts).to_contain_text("Nothing was recorded between some of the files: 41 to 46 s")
    expect_eeg(page, "eeg", 0, 10)
    joins = page.locator("#eeg .szv").evaluate(
        "e => e.parentElement.szViewer.info.joins.map((join) => join.at_s)"
    )
    assert joins == [0, 46]
    page.get_by_role("button", name="Compute statistics").click()
    table = page.locator("#statistics")
    expect(table.get_by_role("rowheader")).to_have_count(23)
    expect(table.locator("tbody tr").first.get_by_role("cell").nth(2)).to_have_text("1280")
    open_tab(page, "Predict")
    page.get_by_role("button", name="Find seizures").click()
    expect(page.locator("#summary")).to_contain_text("of 96 s")


def test_files_that_overlap_are_shown_in_time_and_not_joined(page: Page) -> None:
    clips = ("chb02_16_preictal_s120-130.edf", "chb02_16_ictal_s140-150.edf")
    upload_all(page, [shared_file(f"chbmit/chb02/{name}") for name in clips])
    why = page.locator("#why-not")
    expect(why).to_contain_text("Why these files do not open as one recording")
    expect(why.get_by_role("cell", name="overlaps it by 10 s")).to_be_visible()
    expect(page.locator("#facts")).to_contain_text("No recording is open")


def test_header_orientation_and_times_of_a_text_are_corrected(page: Page, tmp_path: Path) -> None:
    short = tmp_path / "short.csv"
    short.write_text(
        "".join(
            f"E{row}," + ",".join(str((row * value) % 9 - 4.5) for value in range(40)) + "\n"
            for row in range(1, 13)
        )
    )
    upload(page, "analysis-upload", short)
    layout = page.locator("#text-layout")
    expect(layout).to_contain_text("12 lines, 41 columns")
    layout.get_by_label("A channel is").click()
    page.get_by_role("option", name="a line", exact=True).click()
    expect(layout).to_contain_text("12 channels, one a line")
    layout.get_by_label("Sampling rate (Hz)").fill("10")
    layout.get_by_role("button", name="Open it as set here").click()
    facts = page.locator("#facts")
    for words in ("short.csv", "12", "4 s", "10 Hz"):
        expect(facts).to_contain_text(words)

    timed = tmp_path / "timed.csv"
    rows = (f"{i % 7}.5,{1000 + 4 * i},{i % 5}.25\n" for i in range(1000))
    timed.write_text("C3,C4,Pz\n" + "".join(rows))
    upload(page, "analysis-upload", timed)
    expect(layout.get_by_role("columnheader")).to_have_text(["C3", "C4", "Pz"])
    layout.get_by_label("Times are in").click()
    page.get_by_role("option", name="2: C4", exact=True).click()
    expect(layout.get_by_label("Sampling rate (Hz)")).to_have_value("250")
    layout.get_by_role("checkbox", name="A line names the columns").uncheck()
    expect(layout.get_by_role("columnheader").first).to_have_text("Channel 1")
    layout.get_by_role("checkbox", name="A line names the columns").check()
    expect(layout.get_by_role("columnheader").first).to_have_text("C3")


@pytest.mark.parametrize("harm", ["truncated", "wrong record count"])
def test_a_damaged_real_recording_opens_repaired(page: Page, tmp_path: Path, harm: str) -> None:
    content = shared_file(SEIZURE).read_bytes()
    damaged = tmp_path / "chb01_03.edf"
    if harm == "truncated":
        damaged.write_bytes(content[:-5000])
    else:
        damaged.write_bytes(content[:236] + b"900     " + content[244:])
    upload(page, "analysis-upload", damaged)
    why = page.locator("#why-not")
    why.get_by_role("button", name="Make a repaired copy and open it").click()
    facts = page.locator("#facts")
    expect(facts).to_contain_text("chb01_03_repaired.edf")
    expect(facts).to_contain_text("49 s" if harm == "truncated" else "50 s")
    expect_eeg(page, "eeg", 0, 10)


def test_a_page_that_is_loaded_anew_has_its_recording_and_marks_again(
    browser: Browser, app: AppServer
) -> None:
    page = slowed(browser.new_page())  # not watched: a reload breaks off what Gradio listens to
    page.goto(app.url)
    upload(page, "analysis-upload", shared_file(SEIZURE))
    expect_eeg(page, "eeg", 0, 10)
    viewer = page.locator("#eeg")
    viewer.get_by_role("button", name="Add an event on this page").click()
    viewer.get_by_role("form", name="Event").get_by_role("button", name="Save").click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('seizure-zoo-open') !== null")
    for _ in range(2):
        page.reload()
        expect(toast(page)).to_contain_text("is open again after the reload, with your marks (1)")
        expect(page.locator("#facts")).to_contain_text("chb01_03_seizure_s2986-3036.edf")
        expect_eeg(page, "eeg", 0, 10)
        expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.evaluate("sessionStorage.setItem('seizure-zoo-open', 'gone')")
    page.reload()
    expect(toast(page)).to_contain_text("is no longer on the server")
    expect(page.locator("#facts")).to_contain_text("No recording is open")
    page.close()


def test_a_mark_the_server_did_not_get_before_the_reload_is_there_again(
    browser: Browser, app: AppServer
) -> None:
    page = slowed(browser.new_page())
    page.goto(app.url)
    upload(page, "analysis-upload", shared_file(SEIZURE))
    expect_eeg(page, "eeg", 0, 10)
    page.wait_for_function("sessionStorage.getItem('seizure-zoo-open') !== null")
    held: list[Route] = []

    def hold_marks(route: Route) -> None:
        is_marks = "viewer_review" in (route.request.post_data or "")
        held.append(route) if is_marks else route.continue_()

    page.route("**/component_server/**", hold_marks)
    viewer = page.locator("#eeg")
    for n in (1, 2):
        viewer.get_by_role("button", name="Add an event on this page").click()
        viewer.get_by_role("form", name="Event").get_by_role("button", name="Save").click()
        expect(viewer.get_by_text(f"Your marks ({n})")).to_be_visible()
    page.reload()
    expect(toast(page)).to_contain_text("is open again after the reload, with your marks (2)")
    expect(viewer.get_by_text("Your marks (2)")).to_be_visible()
    assert held
    page.unroute("**/component_server/**")
    page.reload()
    expect(toast(page)).to_contain_text("with your marks (2)")
    viewer.get_by_role("button", name="Delete").first.click()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('seizure-zoo-marks-under-way') === null")
    handle = page.evaluate("sessionStorage.getItem('seizure-zoo-open')")
    page.reload()
    expect(toast(page)).to_contain_text("with your marks (1)")

    page.wait_for_function(
        "before => sessionStorage.getItem('seizure-zoo-open') !== before", arg=handle
    )
    page.evaluate(
        """() => sessionStorage.setItem("seizure-zoo-marks-under-way", JSON.stringify({
          handle: sessionStorage.getItem("seizure-zoo-open"),
          marks: [{ id: "late", onset_s: 1e6, duration_s: 1, kind: "sz", text: "",
                    confidence: null, origin: "own" }],
        }))"""
    )
    page.reload()
    expect(toast(page).filter(has_text="onset_s must lie from 0 to 50")).to_be_visible()
    expect(toast(page).filter(has_text="with your marks (1)")).to_be_visible()
    expect(viewer.get_by_text("Your marks (1)")).to_be_visible()
    page.close()


def test_another_tab_does_not_have_it(page: Page) -> None:
    upload(page, "analysis-upload", shared_file(SEIZURE))
    expect_eeg(page, "eeg", 0, 10)
    other = slowed(page.context.new_page())
    other.goto(page.url)
    expect(other.locator("#facts")).to_contain_text("No recording is open")
    other.reload()
    expect(other.locator("#facts")).to_contain_text("No recording is open")
    expect(toast(other)).to_have_count(0)
