from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import inspect_text, open_file
from seizure_core.io.text.layout import TextCorrection
from tests.edf_files import build_edf
from ui.opening.help import (
    OpeningHelp,
    Pending,
    corrected,
    help_with,
    preview_html,
    read_again,
    report_html,
    why_not_open,
)
from ui.opening.recordings import RecordingSources
from ui.opening.tab_opening import in_order_of_names
from ui.server.work_folders import WorkFolders

TEXT = "<b>;C4\n" + "".join(f"{i % 7}.5;{i % 5 - 2}.25\n" for i in range(400))


@pytest.fixture
def sources(tmp_path: Path) -> RecordingSources:
    for name in ("uploads", "data"):
        (tmp_path / name).mkdir()
    return RecordingSources(
        upload_folder=tmp_path / "uploads",
        data_folder=tmp_path / "data",
        work=WorkFolders(root=tmp_path / "work", keep_s=3600),
        demo_folder=tmp_path / "demo",
    )


def uploaded_text(sources: RecordingSources) -> str:
    path = sources.upload_folder / "a.csv"
    path.write_text(TEXT)
    return str(path)


def refused(
    sources: RecordingSources, given: list[str], match: str | None = None
) -> Pending | None:
    with pytest.raises(RecordingError, match=match) as caught:
        sources.take(given)
    assert list(sources.work.root.iterdir()) == []
    return why_not_open(caught.value, given)


def damaged(sources: RecordingSources) -> Path:
    """Return an upload whose last data record is cut off."""
    path = build_edf(sources.upload_folder / "cut.edf", [[0.0] * 256 * 4])
    path.write_bytes(path.read_bytes()[:-100])
    return path


def test_a_text_without_a_rate_is_opened_once_it_is_given(sources: RecordingSources) -> None:
    given = uploaded_text(sources)
    pending = refused(sources, [given], "sampling rate")
    assert pending is not None
    assert pending.layout is not None
    layout = corrected(pending.layout, rate="100", unit="mV", signals=[1])
    recording = sources.take([given], text_layout=layout).recording
    assert recording.labels == ["C4"]
    assert recording.duration_s == 4.0
    assert recording.read(length_s=0.01)[0, 0] == pytest.approx(-2250)


@pytest.mark.parametrize(
    ("rate", "signals", "part"),
    [("", [0], "rate must be a number"), ("-1", [0], "0.001"), ("100", [], "at least one column")],
)
def test_what_cannot_be_is_explained(
    sources: RecordingSources, rate: str, signals: list[int], part: str
) -> None:
    layout = inspect_text(uploaded_text(sources))
    with pytest.raises(ParameterError, match=part):
        corrected(layout, rate=rate, unit="as the file says", signals=signals)


def test_another_delimiter_is_tried(sources: RecordingSources) -> None:
    given = uploaded_text(sources)
    pending = Pending(given=(given,), layout=inspect_text(given))
    with pytest.raises(RecordingError, match="Choose another delimiter"):
        read_again(sources, pending, TextCorrection(delimiter="|"))
    changed = read_again(sources, pending, TextCorrection(delimiter=";"))
    assert changed.layout is not None
    assert len(changed.layout.columns) == 2


def test_names_from_a_text_are_escaped(sources: RecordingSources) -> None:
    shown = preview_html(inspect_text(uploaded_text(sources)))
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_a_damaged_file_opens_repaired_and_stays_as_it_was(sources: RecordingSources) -> None:
    path = damaged(sources)
    before = path.read_bytes()
    report = open_file(path, wholly=True).report
    assert report is not None
    assert "ignored" in report_html(report)
    opened, copy = sources.repaired(str(path))
    assert copy.name == "cut_repaired.edf"
    assert opened.recording.duration_s == 3.0
    assert path.read_bytes() == before
    sources.release(opened)
    assert not copy.exists()


def test_a_file_that_says_a_wrong_number_of_records_opens_repaired(
    sources: RecordingSources,
) -> None:
    path = build_edf(sources.upload_folder / "count.edf", [[0.0] * 256 * 4])
    content = path.read_bytes()
    path.write_bytes(content[:236] + b"900     " + content[244:])
    opened, copy = sources.repaired(str(path))
    assert copy.name == "count_repaired.edf"
    assert opened.recording.duration_s == 4.0
    sources.release(opened)


def test_what_cannot_be_repaired_leaves_nothing_behind(sources: RecordingSources) -> None:
    whole = build_edf(sources.upload_folder / "whole.edf", [[0.0] * 256])
    with pytest.raises(RecordingError, match="nothing to repair"):
        sources.repaired(str(whole))
    assert list(sources.work.root.iterdir()) == []


def _help_of(sources: RecordingSources, given: str) -> Pending | None:
    opened = sources.take([given])
    try:
        return help_with(opened, [given])
    finally:
        sources.release(opened)


def test_help_is_offered_only_where_it_helps(sources: RecordingSources) -> None:
    whole = build_edf(sources.data_folder / "whole.edf", [[0.0] * 256])  # type: ignore[operator]
    assert _help_of(sources, f"data:{whole.name}") is None
    found = _help_of(sources, str(damaged(sources)))
    assert found is not None
    assert found.can_repair


def test_a_rate_somebody_typed_outlives_a_correction_that_changes_none(
    sources: RecordingSources,
) -> None:
    given = uploaded_text(sources)
    before = Pending(given=(given,), layout=inspect_text(given))
    with gr.Blocks():
        shown = OpeningHelp()
    first = shown.offered(before, opened=False)
    assert first[shown.rate] == ""
    assert first[shown.corrections["delimiter"]] == ";"
    after = shown.corrected(read_again(sources, before, TextCorrection(has_header=False)), before)
    assert after[shown.corrections["has_header"]] is False
    assert shown.rate not in after
    assert shown.unit not in after


def test_a_file_of_the_servers_folder_is_opened_where_it_lies(sources: RecordingSources) -> None:
    build_edf(sources.data_folder / "b.edf", [[0.0] * 256])  # type: ignore[operator]
    opened = sources.take(["data:b.edf"])
    assert opened.recording.file_name == "b.edf"
    assert opened.folder is None
    with pytest.raises(ParameterError, match="There is no recording"):
        sources.take(["data:../uploads/a.csv"])


def test_files_that_overlap_are_shown_in_order_of_time(sources: RecordingSources) -> None:
    first = build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560], start_time="04.05.06")
    second = build_edf(sources.upload_folder / "b.edf", [[0.0] * 2560], start_time="04.05.10")
    given = [str(second), str(first)]
    found = refused(sources, given, "starts 6 s before")
    assert found is not None
    shown = found.report
    assert "overlaps it by 6" in shown
    assert shown.index("a.edf</td>") < shown.index("b.edf</td>")


def test_of_several_files_the_one_that_does_not_open_is_explained(
    sources: RecordingSources,
) -> None:
    whole = build_edf(sources.upload_folder / "a.edf", [[0.0] * 2560])
    notes = sources.upload_folder / "notes.edf"
    notes.write_text("These are notes, not EEG.")
    found = refused(sources, [str(whole), str(notes)])
    assert found is not None
    assert found.given == (str(notes),)
    shown = found.report
    assert "notes.edf" in shown
    assert "Why this file does not open" in shown


def test_texts_that_follow_each_other_are_read_alike(sources: RecordingSources) -> None:
    given = []
    for name in ("part10.txt", "part2.txt"):
        path = sources.upload_folder / name
        path.write_text("".join(f"{i % 7 - 3}.25\n" for i in range(400)))
        given.append(str(path))
    given = in_order_of_names(given)
    pending = refused(sources, given)
    assert pending is not None
    assert pending.layout is not None
    layout = corrected(pending.layout, rate="100", unit="mV", signals=[0])
    opened = sources.take(pending.given, text_layout=layout)
    assert [part.file_name for part in opened.recording.parts] == ["part2.txt", "part10.txt"]
    assert opened.recording.duration_s == 8
    assert opened.recording.read(length_s=0.01)[0, 0] == pytest.approx(-3250)
    sources.release(opened)
    assert list(sources.work.root.iterdir()) == []
