from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seizure_core.events.mark_files import read_marks
from seizure_core.io.opening import open_recording
from seizure_core.references import read_reference
from seizure_core.review.exports import KINDS, write_review
from seizure_core.review.folder import ReviewFolder, Verdict
from seizure_core.review.stamp import stamp_of
from tests.seizure_core.review.reviews import event, review_of


@pytest.fixture
def decided(tmp_path: Path) -> tuple[ReviewFolder, str]:
    review, (first, _) = review_of(tmp_path)
    one, two, three, _ = review.state.candidates(first)
    moved = replace(two.event, onset_s=198.5, side="left", channels=("F3", "C3"), text="clear")
    verdicts = [
        Verdict(item_id=one.item_id, decision="accepted"),
        Verdict(item_id=two.item_id, decision="changed", event=moved),
        Verdict(item_id=three.item_id, decision="rejected"),
    ]
    review.decide(verdicts, who="Dr A")
    spike = event(500.0, 0.25, event_type="spike", channels=("O1",), side="right", text="first")
    review.mark(first, spike, who="Dr B")
    return review, first


def export(review: ReviewFolder, recording_id: str, kind: str, folder: Path, **cut: float) -> Path:
    recording = open_recording(folder / "Rossi_Maria.edf")
    return write_review(folder, review, recording_id, kind, recording=recording, **cut)


def test_every_file_says_how_far_it_is_reviewed_and_by_whom(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    review, first = decided
    stamp = stamp_of(review, first)
    assert (stamp.reviewed, stamp.reviewed_by) == ("partly", ("Dr A", "Dr B"))
    assert (stamp.n_accepted, stamp.n_rejected, stamp.n_own) == (2, 1, 1)
    for kind in KINDS.keys() - {"report"}:  # see tests/seizure_core/figures/test_review_report.py
        content = export(review, first, kind, tmp_path).read_bytes()
        assert b"Dr A" in content, kind
    left = review.state.candidates(first)[-1]
    review.decide([Verdict(item_id=left.item_id, decision="rejected")], who="Dr B")
    assert stamp_of(review, first).reviewed == "yes"
    assert stamp_of(review).reviewed == "partly"


def test_what_was_not_reviewed_says_so(tmp_path: Path) -> None:
    review, (first, _) = review_of(tmp_path)
    assert "Not reviewed" in stamp_of(review, first).sentence
    assert b"Not reviewed" in export(review, first, "edf", tmp_path).read_bytes()
    rows = export(review, first, "tsv", tmp_path).read_text().splitlines()
    assert rows[1].split("\t")[-2:] == ["undecided", "n/a"]


def test_szcore_readers_read_the_table(decided: tuple[ReviewFolder, str], tmp_path: Path) -> None:
    path = export(*decided, "tsv", tmp_path)
    reference = read_reference(path)
    assert [one.onset_s for one in reference.events] == [100.0, 198.5, 400.0]
    from epilepsy2bids.annotations import Annotations

    strict = Annotations.loadTsv(str(path))
    assert [one["onset"] for one in strict.events] == [100.0, 198.5, 400.0]


def test_annotations_come_back_with_side_text_and_channels(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    marks, _ = read_marks(
        export(*decided, "edf", tmp_path), file_name="a.edf", recording_name="a.edf"
    )
    by_onset = {mark.onset_s: mark for mark in marks}
    assert (by_onset[198.5].side, by_onset[198.5].text) == ("left", "clear")
    assert by_onset[198.5].channels == ("F3", "C3")
    spike = by_onset[500.0]
    assert (spike.kind, spike.side, spike.text) == ("spike", "right", "first")
    assert spike.channels == ("O1",)
    assert 300.0 not in by_onset  # rejected


def test_the_recording_is_written_with_its_annotations_and_without_its_patient(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    before = open_recording(tmp_path / "Rossi_Maria.edf")
    after = open_recording(export(*decided, "recording", tmp_path))
    assert (after.labels, after.duration_s) == (before.labels, before.duration_s)
    step_uv = 800 / 65534
    assert np.abs(after.read() - before.read()).max() <= step_uv
    texts = [one.text for one in after.annotations]
    assert "sz" in texts
    assert "spike: (right) first@@O1" in texts
    assert texts[0].startswith("Reviewed by Dr A, Dr B: 3 of 4 candidates decided")


def test_a_cut_holds_its_own_events_at_their_new_times(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    cut = open_recording(export(*decided, "recording", tmp_path, start_s=190.0, stop_s=220.0))
    whole = open_recording(tmp_path / "Rossi_Maria.edf")
    assert cut.duration_s == 30.0
    near = whole.read(start_s=190.0, length_s=30.0)
    assert np.abs(cut.read() - near).max() <= 800 / 65534
    assert [(one.onset_s, one.text) for one in cut.annotations if one.text == "sz"] == [(8.5, "sz")]


def test_the_table_and_the_document_hold_all_events_and_decisions(
    decided: tuple[ReviewFolder, str], tmp_path: Path
) -> None:
    rows = list(csv.DictReader(export(*decided, "csv", tmp_path).read_text().splitlines()))
    assert [row["decision"] for row in rows] == [
        "accepted",
        "changed",
        "rejected",
        "undecided",
        "accepted",
    ]
    assert rows[-1]["hed"] == "Spike"
    document = json.loads(export(*decided, "json", tmp_path).read_text())
    assert document["log_sha256"] == decided[0].head[1]
    assert document["recordings"][0]["n_decided"] == 3
