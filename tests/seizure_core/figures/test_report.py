"""The printed report: all that was found is on it, nobody is named, long lists go on."""

from __future__ import annotations

import itertools
import re
import zlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from seizure_core.channels.planning import plan_channels
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.marks import Mark
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.review import Review
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.figures import report as reporting
from seizure_core.figures.printing import MARGIN_IN, PAPER_IN
from seizure_core.figures.report import DetectionReport, ReportedNet, write_report
from seizure_core.figures.text_pages import (
    TextLine,
    blank_sheet,
    draw_lines,
    heading,
    sheets,
    table,
    width_in,
    wrapped,
)
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.signals.blocks import WorkCancelledError
from tests.eeg_files import SEIZURE, eeg_file

NET = ReportedNet(
    model_id="some-net",
    title="A net",
    version="1.2.3",
    weights_sha256="0123456789abcdef" * 4,
    sampling_rate_hz=256.0,
    window_s=4.0,
    stride_s=1.0,
    intended_use="Trying out.",
    limitations="Sees nothing.",
)


@pytest.fixture
def recording() -> Recording:
    return open_recording(eeg_file(SEIZURE))


def _report(recording: Recording, n_events: int) -> DetectionReport:
    plan = plan_channels(recording, ["FP1-F7", "F7-FP1", "F7-P7", "NOT-THERE"])
    rng = np.random.default_rng(0)
    return DetectionReport(
        net=NET,
        settings=PostProcessing(threshold=0.7, threshold_off=0.4, smoothing_s=5.0),
        trace=ProbabilityTrace(
            probabilities=rng.random(50).astype(np.float32), duration_s=recording.duration_s
        ),
        events=tuple(
            Event(onset_s=10.0 + 0.5 * i, duration_s=0.25, confidence=0.75) for i in range(n_events)
        ),
        channels=plan.sources,
        coverage=plan.coverage,
        findings=(
            *plan.findings,
            Finding(severity="warning", message=f"{recording.file_name} is odd."),
        ),
        app_version="9.9",
    )


def _texts(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Figure]:
    """Every sheet that is drawn."""
    figures: list[Figure] = []
    add_foot = reporting.add_foot

    def noting(figure: Figure, left: str, right: str) -> None:
        figures.append(figure)
        add_foot(figure, left, right)

    monkeypatch.setattr(reporting, "add_foot", noting)
    return figures


def test_a_report_says_all_that_was_found_and_names_no_file(
    recording: Recording, drawn: list[Figure], tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    n_sheets = write_report(path, _report(recording, 2), recording)
    assert n_sheets == len(drawn) == 4
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", _inflated(content))) == 4
    first, tables, *events = ["\n".join(_texts(figure)) for figure in drawn]
    for words in ("A net (some-net)", "1.2.3", "0.7; an event ends below 0.4", "EDF", "0:00:50",
                  "256 Hz", "75% could be had", "Seizure Zoo 9.9", "2 events"):  # fmt: skip
        assert words in first, words
    assert "0123456789abcdef" * 2 in first
    for words in ("0:00:10", "0:00:10.3", "0.750", "flipped", "chained", "missing", "FP1-F7",
                  "Warning: the recording is odd.", "Sees nothing.", "Trying out."):  # fmt: skip
        assert words in tables, words
    assert ["Event 1 of 2" in events[0], "Event 2 of 2" in events[1]] == [True, True]
    for sheet in (first, tables, *events):
        assert "research use only" in sheet.lower()
        assert recording.file_name not in sheet
    assert recording.file_name.encode() not in _inflated(content)


def _inflated(content: bytes) -> bytes:
    """Return a PDF's bytes with its compressed parts in the clear."""
    found = [content]
    for part in re.findall(rb"stream\r?\n(.*?)endstream", content, re.S):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)


def test_everything_stays_on_the_paper(
    recording: Recording, drawn: list[Figure], tmp_path: Path
) -> None:
    report = _report(recording, 3)
    wide = replace(NET, title="WIDE TITLE " * 20, limitations="NOTHING BUT CAPITALS " * 90)
    findings = tuple(Finding(severity="info", message="WORD " * n) for n in range(1, 60))
    write_report(
        tmp_path / "r.pdf", replace(report, net=wide, findings=findings), recording,
        with_file_name=True,
    )  # fmt: skip
    assert recording.file_name in "\n".join(_texts(drawn[0]))
    for figure in drawn:
        assert figure.get_size_inches() == pytest.approx(PAPER_IN)
        figure.set_dpi(72)
        width, height = PAPER_IN[0] * 72, PAPER_IN[1] * 72
        for text in figure.texts:
            box = text.get_window_extent()
            assert 0.5 * MARGIN_IN * 72 <= box.x0 <= box.x1 <= width - 0.5 * MARGIN_IN * 72
            assert 0 < box.y0 < box.y1 < height
        foot = max(t.get_window_extent().y1 for t in figure.texts if "research use" in t.get_text())
        assert all(
            t.get_window_extent().y0 > foot for t in figure.texts if "sheet" not in t.get_text()
            and "research use" not in t.get_text()
        )  # fmt: skip


def test_pages_of_eeg_are_bounded_and_the_rest_counted(
    recording: Recording, drawn: list[Figure], tmp_path: Path
) -> None:
    path = tmp_path / "r.pdf"
    write_report(path, _report(recording, 70), recording, most_event_pages=1)
    texts = ["\n".join(_texts(figure)) for figure in drawn]
    assert sum("Event 1 of 70" in text for text in texts) == 1
    assert not any("Event 2 of 70" in text for text in texts)
    assert "69 more are in this table only" in texts[1]
    # The table goes on with its header on the next sheets.
    assert "Onset (h:mm:ss)" in texts[2]
    with pytest.raises(ParameterError, match="0 or more"):
        write_report(path, _report(recording, 1), recording, most_event_pages=-1)


def test_a_report_of_nothing_says_that_this_proves_nothing(
    recording: Recording, drawn: list[Figure], tmp_path: Path
) -> None:
    assert write_report(tmp_path / "r.pdf", _report(recording, 0), recording) == 2
    assert "no proof" in "\n".join(_texts(drawn[1]))


def test_the_same_report_is_the_same_file_and_a_cancelled_one_is_none(
    recording: Recording, tmp_path: Path
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    report = replace(_report(recording, 1), made=datetime(2026, 1, 2, 3, 4))
    seen: list[float] = []
    for name in ("one.pdf", "two.pdf"):
        write_report(folder / name, report, recording, progress=seen.append)
    assert (folder / "one.pdf").read_bytes() == (folder / "two.pdf").read_bytes()
    assert seen == pytest.approx([1 / 3, 2 / 3, 1.0] * 2)
    answers = iter([False, True])
    with pytest.raises(WorkCancelledError):
        write_report(folder / "three.pdf", report, recording, cancelled=lambda: next(answers))
    assert sorted(path.name for path in folder.iterdir()) == ["one.pdf", "two.pdf"]


@given(st.text(max_size=200), st.floats(0.5, 6))
def test_wrapped_text_fits_and_loses_nothing(words: str, room_in: float) -> None:
    parts = wrapped(words, room_in)
    assert all(width_in(part, 9.0) <= room_in or len(part) == 1 for part in parts)
    assert "".join("".join(parts).split()) == "".join(words.split())


def test_cells_of_a_table_do_not_touch_their_neighbours() -> None:
    rows = [["EEG T5-REF + EEG FP1-REF " * 3, "WWWW MMMM " * 4, "x"]] * 3
    figure = blank_sheet()
    draw_lines(figure, table(["A", "B", "C"], rows, [1.7, 1.1, 2.0]))
    figure.set_dpi(300)  # nearly as fine as in a PDF
    lines: dict[float, list[tuple[float, float]]] = {}
    for text in figure.texts:
        box = text.get_window_extent()
        lines.setdefault(text.get_position()[1], []).append((box.x0, box.x1))
    for spans in lines.values():
        for (_, right), (left, _) in itertools.pairwise(sorted(spans)):
            assert left - right > 0.05 * 300


def test_a_heading_takes_all_along_that_it_and_they_must_keep() -> None:
    filler = [TextLine(cells=((0.0, "-"),)) for _ in range(33)]
    rows = table(["No."], [["two words " * 2]], [0.6])
    parted = sheets([*filler, *heading("Title"), *rows])
    assert [line.cells[0][1] for line in parted[-1]][:2] == ["Title", "No."]
    assert len(parted[-1]) == 1 + len(rows)


def test_sheets_keep_all_lines_and_headings_with_what_follows() -> None:
    lines = [TextLine(cells=((0.0, str(i)),), keeps=2 if i % 7 == 0 else 0) for i in range(300)]
    parted = sheets(lines)
    assert [line for part in parted for line in part] == lines
    assert not any(line.keeps for part in parted[:-1] for line in part[-2:])
    rows = table(["No."], [[str(i)] for i in range(100)], [1.0])
    assert all(part[0] is rows[0] for part in sheets(rows))


@pytest.mark.parametrize(
    ("onset_s", "duration_s", "pages", "left_out"),
    [
        (40.0, 20.0, [(30.0, 30.0)], False),
        (40.0, 52.0, [(30.0, 30.0), (60.0, 30.0), (90.0, 30.0)], False),
        (4.0, 60.0, [(0.0, 30.0), (30.0, 30.0), (60.0, 30.0)], False),
        (100.0, 200.0, [(90.0, 60.0), (150.0, 60.0), (210.0, 60.0), (270.0, 60.0)], False),
        (100.0, 900.0, [(90.0, 60.0), (150.0, 60.0), (210.0, 60.0), (945.0, 60.0)], True),
    ],
)
def test_an_event_is_printed_from_its_start_to_its_end(
    onset_s: float, duration_s: float, pages: list[tuple[float, float]], left_out: bool
) -> None:
    event = Event(onset_s=onset_s, duration_s=duration_s)
    planned = reporting.pages_of(event, 2000.0)
    assert [(page.start_s, page.length_s) for page in planned] == pages
    assert planned[0].start_s <= onset_s
    assert planned[-1].start_s + planned[-1].length_s >= event.offset_s
    assert ("not printed" in planned[-1].said) == left_out


def test_a_reviewed_report_holds_marks_and_decisions_and_prints_no_rejected_event(
    recording: Recording, drawn: list[Figure], tmp_path: Path
) -> None:
    accepted = Mark(
        mark_id="prediction-1", onset_s=11.0, duration_s=3.0, kind="sz_foc", origin="predicted"
    )
    own = Mark(mark_id="own-1", onset_s=30.0, duration_s=4.0, text="left temporal")
    remark = Mark(mark_id="own-2", onset_s=40.0, duration_s=1.0, kind="artefact", text="chewing")
    review = Review(marks=(accepted, own, remark), decisions={0: "rejected", 1: "accepted"})
    report = replace(
        _report(recording, 3),
        review=review,
        case="Night 7",
        reviewer="A. B.",
        made=datetime(2026, 11, 30, 12, 0),
    )
    write_report(tmp_path / "report.pdf", report, recording, with_file_name=True)
    first, tables, *events = ["\n".join(_texts(figure)) for figure in drawn]
    for words in ("Night 7", "A. B.", "1 accepted, 1 rejected, 1 undecided", recording.file_name,
                  "2026-11-30 12:00", "3 events"):  # fmt: skip
        assert words in first, words
    for words in ("accepted", "undecided", "marked by the reader", "left temporal", "Rejected",
                  "chewing", "artefact", "0:00:11", "sz_foc"):  # fmt: skip
        assert words in tables, words
    assert ["Event 1 of 3: 0:00:11" in events[0], len(events)] == [True, 3]
