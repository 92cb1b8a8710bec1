"""The printed report: all that was found is on it, nobody is named, long lists go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from seizure_core.channels.planning import plan_channels
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, Mark
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.figures.paper import MARGIN_IN
from seizure_core.figures.report import pages_of, write_report
from seizure_core.figures.report_facts import DetectionReport, ReportedModel
from seizure_core.io.opening import open_recording
from seizure_core.recording import Finding, Recording
from seizure_core.review.page import Review
from seizure_core.signals.blocks import WorkCancelledError
from tests.eeg_files import SEIZURE, eeg_file

MODEL = ReportedModel(
    model_id="some-model",
    title="A model",
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
        model=MODEL,
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
            Finding.warning("{file} is odd.", file=recording.file_name),
        ),
        app_version="9.9",
    )


def _texts(path: Path) -> list[str]:
    """Return the text of each sheet as a reader would select and copy it."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(text.split()) for text in pages]


def test_a_report_says_all_that_was_found_and_names_no_file(
    recording: Recording, tmp_path: Path
) -> None:
    path = tmp_path / "report.pdf"
    n_sheets = write_report(path, _report(recording, 2), recording)
    assert path.read_bytes().startswith(b"%PDF")
    first, tables, *events = _texts(path)
    assert n_sheets == 2 + len(events) == 4
    for words in ("A model (some-model)", "1.2.3", "0.7; an event ends below 0.4", "EDF", "0:00:50",
                  "256 Hz", "75% could be had", "Seizure Zoo 9.9", "2 events", "threshold",
                  "0123456789abcdef" * 2, "sheet 1 of 4"):  # fmt: skip
        assert words in first, words
    for words in ("0:00:10", "0:00:10.3", "0.750", "flipped", "chained", "missing", "FP1-F7",
                  "Warning: the recording is odd.", "Sees nothing.", "Trying out."):  # fmt: skip
        assert words in tables, words
    assert ["Event 1 of 2" in events[0], "Event 2 of 2" in events[1]] == [True, True]
    # The EEG's own labels can be selected too.
    assert all(word in events[0] for word in ("F7-FP1", "negative up", "Time from start"))
    for sheet in (first, tables, *events):
        assert "research use only" in sheet.lower()
        assert recording.file_name not in sheet
    assert recording.file_name.encode() not in path.read_bytes()


def test_the_file_s_properties_name_the_program_and_no_patient(
    recording: Recording, tmp_path: Path
) -> None:
    report = replace(_report(recording, 0), made=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    write_report(tmp_path / "r.pdf", report, recording)
    with pypdfium2.PdfDocument(tmp_path / "r.pdf") as document:
        found = {key: value for key, value in document.get_metadata_dict().items() if value}
    assert found == {
        "Title": "Seizure detection report",
        "Creator": "Seizure Zoo",
        "CreationDate": "D:20260102030400Z",
    }


def test_everything_stays_on_the_paper(recording: Recording, tmp_path: Path) -> None:
    report = _report(recording, 3)
    wide = replace(
        MODEL, title="WIDE TITLE " * 20, limitations="NOTHING BUT CAPITALS " * 90 + "W" * 300
    )
    findings = tuple(Finding.info("WORD " * n) for n in range(1, 60))
    channels = tuple(
        replace(source, source="EEG T5-REF + EEG FP1-REF " * 4) for source in report.channels
    )
    report = replace(
        report, model=wide, findings=findings, channels=channels, case="\U0001f9e0脑" * 80
    )
    write_report(tmp_path / "r.pdf", report, recording, with_file_name=True)
    assert recording.file_name in _texts(tmp_path / "r.pdf")[0]
    with pypdfium2.PdfDocument(tmp_path / "r.pdf") as document:
        for page in document:
            assert page.get_size() == pytest.approx((841.89, 595.28), abs=0.01)
            text = page.get_textpage()
            boxes = np.array([text.get_charbox(i) for i in range(text.count_chars())])
            left, bottom, right, top = boxes[(boxes[:, 2] > boxes[:, 0])].T
            margin = 0.5 * 72 * MARGIN_IN
            assert left.min() > margin
            assert right.max() < 841.89 - margin
            assert top.max() < 595.28 - margin
            # Between the text and the line at the foot there is room.
            foot = bottom < 72 * (MARGIN_IN + 0.15)
            assert foot.sum() > 60
            assert bottom[~foot].min() > top[foot].max() + 6


def test_pages_of_eeg_are_bounded_and_the_rest_counted(
    recording: Recording, tmp_path: Path
) -> None:
    path = tmp_path / "r.pdf"
    write_report(path, _report(recording, 70), recording, max_event_pages=1)
    texts = _texts(path)
    assert sum("Event 1 of 70" in text for text in texts) == 1
    assert not any("Event 2 of 70" in text for text in texts)
    assert "69 more are in this table only" in texts[1]
    # The table goes on with its header on the next sheets.
    assert "Onset (h:mm:ss)" in texts[2]
    with pytest.raises(ParameterError, match="0 or more"):
        write_report(path, _report(recording, 1), recording, max_event_pages=-1)


def test_a_report_of_nothing_says_that_this_proves_nothing(
    recording: Recording, tmp_path: Path
) -> None:
    assert write_report(tmp_path / "r.pdf", _report(recording, 0), recording) == 2
    assert "no proof" in _texts(tmp_path / "r.pdf")[1]


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
    planned = pages_of(event, 2000.0)
    assert [(page.start_s, page.length_s) for page in planned] == pages
    assert planned[0].start_s <= onset_s
    assert planned[-1].start_s + planned[-1].length_s >= event.offset_s
    assert ("not printed" in planned[-1].said) == left_out


def test_a_reviewed_report_holds_marks_and_decisions_and_prints_no_rejected_event(
    recording: Recording, tmp_path: Path
) -> None:
    accepted = Mark(
        mark_id="prediction-1", onset_s=11.5, duration_s=3.0, kind="sz_foc", origin="predicted"
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
    first, tables, *events = _texts(tmp_path / "report.pdf")
    for words in ("Night 7", "A. B.", "1 accepted, 1 rejected, 1 undecided", recording.file_name,
                  "2026-11-30 12:00", "3 events"):  # fmt: skip
        assert words in first, words
    for words in ("accepted", "undecided", "marked by the reader", "left temporal", "Rejected",
                  "chewing", "artefact", "0:00:11", "sz_foc"):  # fmt: skip
        assert words in tables, words
    assert ["Event 1 of 3: 0:00:11" in events[0], len(events)] == [True, 3]
