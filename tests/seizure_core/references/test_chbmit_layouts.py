"""What the project claims about the CHB-MIT database, counted on its annotation files."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.references.check import check_folder
from seizure_core.references.readers.chbmit import SummaryEntry, read_summary
from seizure_core.references.reading import read_reference
from tests.seizure_core.label_plans import plan_labels
from tests.shared_files import needs_shared_data, shared_file, shared_files

pytestmark = needs_shared_data
DERIVABLE_NOWHERE_ELSE = {"T7-FT9", "FT9-FT10", "FT10-T8"}


@pytest.fixture(scope="module")
def recordings() -> list[SummaryEntry]:
    summaries = shared_files("chbmit/annotations/*/*-summary.txt")
    return [recording for path in summaries for recording in read_summary(path).recordings]


def test_676_channel_lists_are_of_12_kinds(recordings: list[SummaryEntry]):
    kinds = Counter(recording.channels for recording in recordings)
    assert len(recordings) == 676
    assert sorted(kinds.values(), reverse=True) == [266, 211, 64, 39, 36, 26, 18, 11, 2, 1, 1, 1]
    assert {len(labels) for labels in kinds} == {22, 23, 24, 25, 28, 29, 31, 38}
    assert {recording.sampling_rate_hz for recording in recordings} == {256.0}


def test_645_recordings_have_all_23_rows_by_name_and_all_at_least_20(
    recordings: list[SummaryEntry],
):
    plans = {r.file_name: plan_labels(r.channels, CHBMIT_23) for r in recordings}
    missing = {name: {s.target for s in p if s.how == "missing"} for name, p in plans.items()}
    named = [n for n, p in plans.items() if all(s.how in ("exact", "renamed") for s in p)]
    assert len(named) == 645
    assert len([n for n, lacking in missing.items() if not lacking]) == 645
    assert all(
        lacking == DERIVABLE_NOWHERE_ELSE for n, lacking in missing.items() if n not in named
    )
    referential = [n for n, p in plans.items() if any(s.how == "subtracted" for s in p)]
    assert referential == ["chb12_27.edf", "chb12_28.edf", "chb12_29.edf"]


def test_no_row_ever_comes_from_a_channel_that_is_no_scalp_eeg(recordings: list[SummaryEntry]):
    used = {
        recording.channels[index]
        for recording in recordings
        for source in plan_labels(recording.channels, CHBMIT_23)
        for index, _ in source.terms
    }
    assert not used & {"-", ".", "ECG", "VNS", "LOC-ROC", "LUE-RAE", "EKG1-EKG2", "EKG1-CHIN"}


def test_summaries_hold_198_seizures(recordings: list[SummaryEntry]):
    expected = json.loads(shared_file("chbmit/annotations/seizures.json").read_text())
    found = {r.file_name: [[e.onset_s, e.offset_s] for e in r.events] for r in recordings}
    assert found == expected
    assert sum(len(events) for events in found.values()) == 198


def test_binary_annotations_hold_198_seizures_of_which_one_differs(
    recordings: list[SummaryEntry],
):
    summarised = {r.file_name: r.events for r in recordings}
    binary = {
        path.name.removesuffix(".seizures"): read_reference(path).events
        for path in shared_files("chbmit/annotations/*/*.seizures")
    }
    assert len(binary) == 141
    assert sum(len(events) for events in binary.values()) == 198
    assert [n for n, events in binary.items() if events != summarised[n]] == ["chb24_21.edf"]


def test_clock_times_give_every_recording_a_plausible_length(recordings: list[SummaryEntry]):
    without = [r for r in recordings if r.duration_s is None]
    assert {r.file_name[:5] for r in without} == {"chb24"}
    lengths = [r.duration_s for r in recordings if r.duration_s is not None]
    assert all(300 < length < 4.5 * 3600 for length in lengths)


def test_one_recording_is_picked_from_a_summary_by_name():
    path = shared_file("chbmit/annotations/chb01/chb01-summary.txt")
    for name in ("chb01_03.edf", "chb01_03", "CHB01_03.EDF"):
        reference = read_reference(path, recording_name=name)
        assert [(e.onset_s, e.offset_s) for e in reference.events] == [(2996.0, 3036.0)]
        assert reference.duration_s == 3600.0
    plus = read_reference(
        shared_file("chbmit/annotations/chb02/chb02-summary.txt"), recording_name="chb02_16+.edf"
    )
    assert len(plus.events) == 1


def test_the_checker_reports_the_known_contradictions_and_nothing_else():
    report = check_folder(shared_file("chbmit/annotations"))
    assert (report.n_described, report.n_seizures) == (676, 198)
    by_files = {issue.file_names: issue.message for issue in report.issues}
    unlisted = ("02", "05", "08", "10", "12", "16", "18", "19", "20", "22")
    assert set(by_files) == {
        ("chb24_21.edf",),
        ("chb07_18.edf",),
        ("chb07_19.edf",),
        tuple(f"chb24_{number}.edf" for number in unlisted),
    }
    assert "2804 to 2872 s" in by_files["chb24_21.edf",]
    assert "2404 to 2872 s" in by_files["chb24_21.edf",]
    assert "RECORDS-WITH-SEIZURES lists it" in by_files["chb07_18.edf",]
    assert "RECORDS-WITH-SEIZURES does not list it" in by_files["chb07_19.edf",]


def test_clips_and_their_tables_agree():
    for folder in ("chb01", "chb02", "chb03"):
        report = check_folder(shared_file(f"chbmit/{folder}"))
        assert report.issues == ()
        assert report.n_recordings == report.n_described > 0
