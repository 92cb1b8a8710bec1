from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seizure_core.__main__ import main
from seizure_core.events.event import Event
from seizure_core.references import write_szcore_tsv
from seizure_core.references.check import check_folder
from tests.edf_files import build_edf, random_signals
from tests.seizure_core.references.test_references import ONE

SEIZURE = Event(onset_s=2.0, duration_s=3.0)


def recording(folder: Path, name: str, seconds: int = 10, **arguments: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    signals = random_signals(1, 256 * seconds)
    return build_edf(folder / name, signals, labels=["FP1-F7"], **arguments)  # type: ignore[arg-type]


def messages(folder: Path) -> list[str]:
    return [issue.message for issue in check_folder(folder).issues]


def test_a_sound_folder_has_no_issue(tmp_path: Path):
    recording(tmp_path, "a.edf")
    write_szcore_tsv(tmp_path / "a_events.tsv", [SEIZURE], duration_s=10.0)
    recording(tmp_path / "eeg", "sub-01_task-x_run-00_eeg.edf")
    write_szcore_tsv(tmp_path / "eeg" / "sub-01_task-x_run-00_events.tsv", [], duration_s=10.0)
    recording(tmp_path, "b.edf", annotations=[(1.0, 2.0, "seizure")])
    report = check_folder(tmp_path)
    assert report.issues == ()
    assert (report.n_recordings, report.n_described, report.n_seizures) == (3, 3, 2)


def test_recordings_without_reference_and_references_without_recording_are_named(tmp_path: Path):
    recording(tmp_path, "a.edf")
    write_szcore_tsv(tmp_path / "b_events.tsv", [], duration_s=10.0)
    assert messages(tmp_path) == [
        "1 recording is without a reference: a.edf.",
        "The recording is missing of 1 reference(s): b_events.tsv.",
    ]


def test_events_and_lengths_that_do_not_fit_the_recording_are_named(tmp_path: Path):
    recording(tmp_path, "a.edf")
    write_szcore_tsv(
        tmp_path / "a_events.tsv", [Event(onset_s=9.0, duration_s=6.0)], duration_s=20.0
    )
    assert messages(tmp_path) == [
        "a.edf: by a_events.tsv: The event 9 to 15 s reaches past the recording's end at 10 s.",
        "a.edf: it lasts 10 s, a_events.tsv says 20 s.",
    ]


def test_references_of_one_recording_that_contradict_each_other_are_named(tmp_path: Path):
    recording(tmp_path, "a.edf", annotations=[(2.5, 2.0, "seizure"), (7.0, 1.0, "seizure")])
    write_szcore_tsv(tmp_path / "a_events.tsv", [SEIZURE], duration_s=10.0)
    assert messages(tmp_path) == [
        "a.edf: a_events.tsv says 2 to 5 s, "
        "the annotations inside a.edf says 2.5 to 4.5 s, 7 to 8 s."
    ]


def test_files_that_cannot_be_read_are_named(tmp_path: Path):
    (tmp_path / "a.edf").write_bytes(b"no recording")
    (tmp_path / "a_events.tsv").write_text("nothing\n")
    (tmp_path / "x-summary.txt").write_text("nothing\n")
    (tmp_path / "RECORDS").write_bytes(b"\0")
    found = messages(tmp_path)
    assert [message.split(":")[0] for message in found] == [
        *("x-summary.txt", "RECORDS", "a_events.tsv", "a.edf")
    ]


def test_summaries_lists_and_binary_files_are_compared(tmp_path: Path):
    entry = "File Name: {}.edf\nNumber of Seizures in File: {}\n"
    times = "Seizure Start Time: 2996 seconds\nSeizure End Time: {} seconds\n"
    (tmp_path / "s-summary.txt").write_text(
        entry.format("a", 1)
        + times.format(3036)
        + entry.format("b", 1)
        + times.format(3000)
        + entry.format("c", 2)
    )
    (tmp_path / "a.edf.seizures").write_bytes(ONE)
    (tmp_path / "RECORDS").write_text("a.edf\nb.edf\nd.edf\n")
    (tmp_path / "RECORDS-WITH-SEIZURES").write_text("a.edf\nc.edf\ne.edf\n")
    assert messages(tmp_path) == [
        "s-summary.txt: c.edf is said to have 2 seizure(s), 0 are listed.",
        "b.edf: s-summary.txt says 2996 to 3000 s, but there is no b.edf.seizures.",
        "1 recording is listed in RECORDS but not described in s-summary.txt: d.edf.",
        "1 recording is described in s-summary.txt but not listed in RECORDS: c.edf.",
        "c.edf: RECORDS-WITH-SEIZURES lists it, but no seizure is marked in s-summary.txt.",
        "e.edf: RECORDS-WITH-SEIZURES lists it, but no reference speaks of it.",
        "b.edf: s-summary.txt says 2996 to 3000 s, but RECORDS-WITH-SEIZURES does not list it.",
    ]


def test_the_command_says_what_it_found_and_exits_accordingly(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    recording(tmp_path / "good", "a.edf")
    write_szcore_tsv(tmp_path / "good" / "a_events.tsv", [SEIZURE], duration_s=10.0)
    assert main(["check", str(tmp_path / "good")]) == 0
    assert (
        capsys.readouterr().out == "1 recordings, references of 1, 1 seizures, 0 contradictions\n"
    )
    recording(tmp_path / "bad", "a.edf")
    assert main(["check", str(tmp_path / "bad")]) == 1
    assert "- 1 recording is without a reference: a.edf." in capsys.readouterr().out
    (tmp_path / "empty").mkdir()
    assert main(["check", str(tmp_path / "empty")]) == 1
    assert "neither a recording nor a reference" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["check"], ["repair", "."]])
def test_wrong_usage_exits_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert "usage: python -m seizure_core" in capsys.readouterr().err


def test_the_command_runs_as_a_module(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "seizure_core", "check", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert (done.returncode, done.stdout) == (1, "")
