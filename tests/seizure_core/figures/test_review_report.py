from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from seizure_core.figures.review_report import write_review_report
from seizure_core.io.opening import open_recording
from seizure_core.review.folder import ReviewFolder, Verdict
from seizure_core.review.stamp import Printed
from tests.seizure_core.review.reviews import event, review_of


@pytest.fixture
def decided(tmp_path: Path) -> tuple[ReviewFolder, str]:
    review, (first, _) = review_of(tmp_path)
    one, two, three, four = review.state.candidates(first)
    long = replace(two.event, duration_s=45.0, side="left", text="clear")
    verdicts = [
        Verdict(item_id=one.item_id, decision="accepted"),
        Verdict(item_id=two.item_id, decision="changed", event=long),
        Verdict(item_id=three.item_id, decision="rejected"),
        Verdict(item_id=four.item_id, decision="rejected"),
    ]
    review.decide(verdicts, who="Dr A")
    return review, first


def sheets(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return [sheet.get_textpage().get_text_bounded() for sheet in document]


def report(folder: Path, review: ReviewFolder, recording_id: str, **printed: object) -> list[str]:
    path = folder / "report.pdf"
    n_sheets = write_review_report(
        path,
        review,
        recording_id,
        open_recording(folder / "Rossi_Maria.edf"),
        printed=Printed(**printed),  # type: ignore[arg-type]
    )
    found = sheets(path)
    assert len(found) == n_sheets
    return found


def test_a_report_says_who_decided_what_and_shows_each_accepted_event(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    found = report(tmp_path, *decided, reviewer="Dr A, MD")
    whole = "\n".join(found)
    assert "4 of 4 candidates decided: 2 accepted, 2 rejected" in whole
    assert "Dr A, MD" in whole
    assert "n1spool-cnn 1.0.0, threshold 0.6" in whole
    assert "0.9 min of seizure in all" in whole  # 10 and 45 s
    assert "left; clear" in whole
    assert "Seizure burden" in found[-4]  # the trends
    assert [text.count("Accepted event 1 of 2") for text in found[-3:]] == [1, 0, 0]
    assert sum("Accepted event 2 of 2" in text for text in found) == 2  # 45 s need two pages


def test_patient_file_and_date_are_printed_only_when_asked_for(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    plain = "\n".join(report(tmp_path, *decided))
    assert "Rossi" not in plain
    asked = "\n".join(report(tmp_path, *decided, patient="M. R.", with_file_name=True))
    assert "M. R." in asked
    assert "Rossi_Maria.edf" in asked


def test_what_was_not_decided_is_said_first(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    review.mark(first, event(20.0), who="Dr B")
    found = report(tmp_path, review, first)
    assert "Not reviewed to the end: 4 candidates are undecided" in found[0]
