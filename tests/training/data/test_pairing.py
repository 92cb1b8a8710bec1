from __future__ import annotations

from pathlib import Path

import pytest

from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_core.references.names import pairing_key
from tests.edf_files import build_edf
from tests.eeg_files import eeg_files
from tests.training.miniature_chbmit import MiniRecording, seizure_annotations, summary
from training.data.labelled_recordings import LabelledRecording, RefusedFile, open_labelled
from training.data.pairing import pair_files
from training.errors import DatasetError
from training.patients import patient_of, person_of, public_name


def touch(folder: Path, *names: str) -> list[Path]:
    paths = [folder / name for name in names]
    for path in paths:
        path.write_bytes(b"")
    return paths


@pytest.mark.parametrize(
    "name",
    [
        "chb01_03.edf",
        "chb01_03.edf.seizures",
        "chb01_03_events.tsv",
        "CHB01_03.EDF",
        "chb01_03.csv_bi",
        "chb01_03_eeg.edf",
        "chb01_03_annotations.edf",
    ],
)
def test_names_of_one_recording_have_one_key(name: str) -> None:
    assert pairing_key(name) == "chb01_03"


def test_every_clip_finds_its_reference_by_name() -> None:
    recordings = eeg_files("chbmit/chb0[23]/*.edf")
    references = eeg_files("chbmit/chb0[23]/*.tsv")
    pairing = pair_files(recordings, references[::-1])
    assert pairing.unknown == ()
    assert pairing.unused == ()
    for pair in pairing.pairs:
        assert pair.references[0].file.file_name == f"{pair.recording.location.stem}_events.tsv"


def test_summary_and_seizures_files_of_chbmit_are_paired_by_what_they_say(tmp_path: Path) -> None:
    summary_file = tmp_path / "chb02-summary.txt"
    with_seizure = ["chb02_16", "chb02_16+", "chb02_19"]
    described = [MiniRecording(name, 84_000, ((20, 55),)) for name in with_seizure]
    summary_file.write_text(summary("chb02", [*described, MiniRecording("chb02_01", 3_000)]))
    binary = touch(tmp_path, *(f"{name}.edf.seizures" for name in with_seizure))
    for path in binary:
        path.write_bytes(seizure_annotations([(20, 55)]))
    recordings = touch(tmp_path, *(f"{name}.edf" for name in [*with_seizure, "chb02_01"]))
    pairing = pair_files(recordings, [summary_file, *binary])
    found = {
        pair.recording.file_name: [one.file.file_name for one in pair.references]
        for pair in pairing.pairs
    }
    assert found == {
        "chb02_16.edf": ["chb02-summary.txt", "chb02_16.edf.seizures"],
        "chb02_16+.edf": ["chb02-summary.txt", "chb02_16+.edf.seizures"],
        "chb02_19.edf": ["chb02-summary.txt", "chb02_19.edf.seizures"],
        "chb02_01.edf": ["chb02-summary.txt"],
    }


def test_bids_and_tusz_names_are_paired(tmp_path: Path) -> None:
    stem = "sub-01_ses-01_task-szMonitoring_run-00"
    recordings = touch(tmp_path, f"{stem}_eeg.edf", "aaaaaaac_s001_t000.edf")
    references = touch(tmp_path, f"{stem}_events.tsv", "aaaaaaac_s001_t000.csv_bi")
    pairing = pair_files(recordings, references)
    assert [len(pair.references) for pair in pairing.pairs] == [1, 1]
    assert [pair.patient for pair in pairing.pairs] == ["sub-01", "aaaaaaac"]


def test_a_name_without_its_plus_sign_is_matched_only_where_one_recording_fits(
    tmp_path: Path,
) -> None:
    (only,) = touch(tmp_path, "rec_1+.edf")
    (reference,) = touch(tmp_path, "rec_1_events.tsv")
    assert pair_files([only], [reference]).pairs[0].references
    both = touch(tmp_path, "rec_1+.edf", "rec-1-.edf")
    ambiguous = pair_files(both, [reference])
    assert ambiguous.unused == ("rec_1_events.tsv",)
    assert ambiguous.unknown == ("rec_1+.edf", "rec-1-.edf")


def test_annotations_inside_a_recording_count_only_where_they_mark_seizures(
    tmp_path: Path,
) -> None:
    signals = [[0.0, 1.0] * 1280]
    marked = build_edf(
        tmp_path / "marked.edf", signals, reserved="EDF+C", annotations=[(2.0, 3.0, "seizure")]
    )
    chatty = build_edf(
        tmp_path / "chatty.edf", signals, reserved="EDF+C", annotations=[(2.0, 3.0, "eyes open")]
    )
    pairing = pair_files([marked, chatty], [])
    assert [pair.state for pair in pairing.pairs] == ["paired", "unknown"]
    opened = open_labelled(pairing.pairs[0])
    assert isinstance(opened, LabelledRecording)
    assert [(e.onset_s, e.duration_s) for e in opened.events] == [(2.0, 3.0)]


def test_a_recording_without_reference_is_asked_about_and_never_assumed_free(
    tmp_path: Path,
) -> None:
    path = build_edf(tmp_path / "silent.edf", [[0.0, 1.0] * 1280])
    pairing = pair_files([path], [])
    assert pairing.unknown == ("silent.edf",)
    assert isinstance(open_labelled(pairing.pairs[0]), RefusedFile)
    said = pairing.with_seizure_free("silent.edf")
    opened = open_labelled(said.pairs[0])
    assert said.unknown == ()
    assert isinstance(opened, LabelledRecording)
    assert opened.events == ()


def test_a_pairing_can_be_corrected(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", [[0.0, 1.0] * 1280])
    reference = tmp_path / "elsewhere.tsv"
    write_szcore_tsv(reference, [Event(onset_s=1.0, duration_s=2.0)], duration_s=10.0)
    pairing = pair_files([path], [reference])
    assert pairing.unused == ("elsewhere.tsv",)
    corrected = pairing.with_reference("a.edf", reference).with_patient("a.edf", "P7")
    assert corrected.pairs[0].references[0].how == "chosen"
    assert corrected.pairs[0].patient == "P7"
    assert corrected.with_reference("a.edf", None).unknown == ("a.edf",)
    with pytest.raises(DatasetError, match=r"no recording 'b\.edf'"):
        pairing.with_reference("b.edf", reference)
    with pytest.raises(DatasetError, match="needs a name"):
        pairing.with_patient("a.edf", "  ")


def test_two_recordings_of_one_name_and_none_at_all_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one, two = *touch(tmp_path, "a.edf"), *touch(tmp_path / "other", "a.edf")
    with pytest.raises(DatasetError, match=r"Two recordings are called a\.edf"):
        pair_files([one, two], [])
    with pytest.raises(DatasetError, match="at least one"):
        pair_files([], [])


def test_references_that_disagree_are_told_with_their_times(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", [[0.0, 1.0] * 12800])
    for name, onset in (("a_events.tsv", 10.0), ("a.csv", 14.0)):
        write_szcore_tsv(tmp_path / name, [Event(onset_s=onset, duration_s=20)], duration_s=100.0)
    pairing = pair_files([path], [tmp_path / "a_events.tsv", tmp_path / "a.csv"])
    opened = open_labelled(pairing.pairs[0])
    assert isinstance(opened, LabelledRecording)
    assert "two references disagree" in opened.warnings[0]
    assert "10 to 30 s" in opened.warnings[0]
    assert "14 to 34 s" in opened.warnings[0]


def test_a_damaged_reference_refuses_its_recording_with_the_reason(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", [[0.0, 1.0] * 1280])
    (tmp_path / "a.tsv").write_text("onset\tduration\teventType\nsoon\t3\tsz\n")
    refused = open_labelled(pair_files([path], [tmp_path / "a.tsv"]).pairs[0])
    assert isinstance(refused, RefusedFile)
    assert "a.tsv" in refused.reason
    assert refused.duration_s == 10.0


def test_patients_are_told_from_names_and_persons_from_patients() -> None:
    assert patient_of("chb01_03.edf") == "chb01"
    assert patient_of("Subject00_1.edf") == patient_of("Subject00_2.edf") == "Subject00"
    assert patient_of("night recording.edf") == "night recording"
    assert person_of("chb21") == person_of("chb01") != person_of("chb02")
    assert public_name("chb01", 1) == "chb01"
    assert public_name("Jane Doe", 2) == "patient 2"
