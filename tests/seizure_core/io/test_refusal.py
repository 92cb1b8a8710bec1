"""Why a file does not open, without a word about the patient; and what can be repaired."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.opening import RefusedFileError, open_file, open_recording
from seizure_core.io.refusal import RefusalReport, repair
from tests.edf_files import build_edf, random_signals, replace_bytes
from tests.shared_files import shared_files

PATIENT = "X1234 F 02-MAR-1951 Rossi_Maria"
RECORDING = "Startdate 02-MAR-2021 Bianchi_Ward Doctor_Verdi Nihon"


def edf(path: Path, **more: object) -> Path:
    return build_edf(path, random_signals(2, 1024), patient=PATIENT, recording=RECORDING, **more)  # type: ignore[arg-type]


def report_of(path: Path) -> RefusalReport:
    """Return what is known about a file, whether it opens or not."""
    try:
        report = open_file(path, wholly=True).report
    except RefusedFileError as error:
        report = error.report
    assert report is not None
    return report


def says_nothing_about_the_patient(text: str) -> bool:
    secrets = ("Rossi", "Maria", "X1234", "1951", "Bianchi", "Verdi", "Nihon")
    return not any(secret.casefold() in text.casefold() for secret in secrets)


@pytest.mark.parametrize(
    ("fields", "what", "offset", "found", "expected", "opens"),
    [
        ({"n_signals": "7"}, "number of header bytes", 184, "'768'", "2048", False),
        ({"header_bytes": "512"}, "number of header bytes", 184, "'512'", "768", True),
        ({"n_signals": "zwei"}, "number of signals", 252, "'xxxx'", "1 to 9999", False),
        ({"record_duration": "-1"}, "duration of a data record", 244, "'-1'", "0 or more", False),
        (
            {"samples_per_record": ["256", "?"], "n_records": "-1"},
            "signal 2: samples per data record",
            256 + 2 * 216 + 8,
            "'?'",
            "1 or more",
            False,
        ),
        (
            {"digital_maximum": ["32767", "-32768"]},
            "signal 2: digital maximum",
            256 + 2 * 128 + 8,
            "'-32768'",
            "another number",
            True,
        ),
        (
            {"physical_minimum": ["Rossi", "1"]},
            "signal 1: physical minimum",
            256 + 2 * 104,
            "'xxxxx'",
            "a number",
            True,
        ),
    ],
)
def test_the_wrong_field_is_named_with_its_bytes(
    tmp_path: Path, fields: dict, what: str, offset: int, found: str, expected: str, opens: bool
) -> None:
    path = edf(tmp_path / "a.edf", fields=fields)
    report = report_of(path)
    assert report.opens == opens
    assert bool(report.reason) != opens
    wrong = {fact.what: fact for fact in report.facts if not fact.is_right}
    assert (wrong[what].offset, wrong[what].found) == (offset, found)
    assert expected in wrong[what].expected
    assert report.repair == ""
    assert says_nothing_about_the_patient(str(report.findings))
    facts = "\n".join(f"{fact.what} {fact.found} {fact.expected}" for fact in report.facts)
    assert says_nothing_about_the_patient(facts)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "0 bytes"),
        (b"PK\x03\x04" + bytes(300), "ZIP archive"),
        (b"Maria Rossi, born 1951\n", "text file"),
        (b"0       " + b"Rossi Maria".ljust(100), "108 bytes"),
    ],
)
def test_files_of_other_kinds_are_described(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.edf"
    path.write_bytes(content)
    report = report_of(path)
    assert not report.opens
    assert told in str(report)
    assert says_nothing_about_the_patient(str(report))


def test_of_a_packed_file_the_bytes_inside_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.edf.gz"
    fields = {"digital_maximum": ["32767", "-32768"]}
    path.write_bytes(gzip.compress(edf(tmp_path / "a.edf", fields=fields).read_bytes()))
    report = report_of(path)
    assert report.opens
    wrong = [fact.what for fact in report.facts if not fact.is_right]
    assert wrong == ["signal 2: digital maximum"]
    path.write_bytes(path.read_bytes()[:300])
    cut = report_of(path)
    assert not cut.opens
    assert "gzip archive" in str(cut)


def test_a_header_shifted_by_lost_bytes_shows_no_name(tmp_path: Path) -> None:
    content = edf(tmp_path / "a.edf").read_bytes()
    path = tmp_path / "b.edf"
    path.write_bytes(content[:8] + b" " * 100 + content[8:])
    facts = report_of(path).facts
    assert any(not fact.is_right for fact in facts)
    assert says_nothing_about_the_patient(str([fact.found for fact in facts]))


def test_a_file_that_opens_is_said_to_open(tmp_path: Path) -> None:
    report = report_of(edf(tmp_path / "a.edf"))
    assert report.opens
    assert report.reason == report.repair == ""
    assert all(fact.is_right for fact in report.facts)


@pytest.mark.parametrize("path", shared_files("conformance/**/*.[eb]df"), ids=lambda p: p.name)
def test_real_files_have_only_right_facts(path: Path) -> None:
    assert [fact.what for fact in report_of(path).facts if not fact.is_right] == []


@given(place=st.integers(0, 767), new=st.binary(min_size=1, max_size=9), size=st.integers(0, 5000))
def test_any_damage_gives_a_report(tmp_path: Path, place: int, new: bytes, size: int) -> None:
    path = replace_bytes(edf(tmp_path / "a.edf"), place, new)
    path.write_bytes(path.read_bytes()[:size])
    report = report_of(path)
    assert report.opens != bool(report.reason)
    if report.repair:
        out = tmp_path / "repaired.edf"
        out.unlink(missing_ok=True)
        repair(path, out)
        assert report_of(out).repair == ""


@pytest.mark.parametrize("stated", ["-1", "9", "1", "99999999", "soon"])
@pytest.mark.parametrize("n_cut", [0, 1, 700])
def test_count_and_cut_off_record_are_repaired_in_a_copy(
    tmp_path: Path, stated: str, n_cut: int
) -> None:
    path = edf(tmp_path / "a.edf", fields={"n_records": stated})
    content = path.read_bytes()[: -n_cut or None]
    path.write_bytes(content)
    assert report_of(path).repair
    change = repair(path, tmp_path / "b.edf")
    n_records = 3 if n_cut else 4
    kept = 768 + n_records * 1024
    left_out = f"{1024 - n_cut} bytes after the last complete data record are ignored"
    assert (left_out in change) == bool(n_cut)
    assert path.read_bytes() == content
    repaired = (tmp_path / "b.edf").read_bytes()
    assert repaired == content[:236] + f"{n_records}".ljust(8).encode() + content[244:kept]
    recording = open_recording(tmp_path / "b.edf")
    assert not any(f.severity == "warning" for f in recording.findings)
    np.testing.assert_array_equal(recording.read(), open_recording(path).read())
    assert f"{n_records} data records instead of" in change


def test_a_file_in_order_or_damaged_otherwise_is_not_repaired(tmp_path: Path) -> None:
    whole = edf(tmp_path / "a.edf")
    with pytest.raises(RecordingError, match="nothing to repair"):
        repair(whole, tmp_path / "b.edf")
    damaged = edf(tmp_path / "c.edf", fields={"n_signals": "7", "n_records": "-1"})
    with pytest.raises(RecordingError, match="header"):
        repair(damaged, tmp_path / "b.edf")
    short = edf(tmp_path / "d.edf")
    short.write_bytes(short.read_bytes()[:900])
    with pytest.raises(RecordingError, match="cannot be repaired"):
        repair(short, tmp_path / "b.edf")
    assert not (tmp_path / "b.edf").exists()


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    path = edf(tmp_path / "a.edf", fields={"n_records": "-1"})
    before = path.read_bytes()
    for out in (path, edf(tmp_path / "b.edf")):
        with pytest.raises(ParameterError, match="already"):
            repair(path, out)
    with pytest.raises(ParameterError, match="folder"):
        repair(path, tmp_path / "none" / "b.edf")
    assert path.read_bytes() == before
