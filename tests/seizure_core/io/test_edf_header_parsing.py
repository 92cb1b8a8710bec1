from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import field_text, parse_decimal, parse_integer, parse_start
from seizure_core.io.edf.header import EdfHeader
from seizure_core.io.edf.header_parsing import parse_header
from tests.edf_files import build_edf, random_signals


def _header_of(path: Path) -> EdfHeader:
    return parse_header(path.read_bytes(), path.name, path.stat().st_size)


def test_a_header_is_read_with_the_exact_digits_of_its_numbers(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(2, 512),
        labels=["EEG Fp1", "ECG"],
        units=["uV", "mV"],
        physical_limits=[("-3200.59", "3200.59"), ("-0,20503", "1E+1")],
        digital_limits=[(-8192, 8191), (-32768, 32767)],
        record_duration="1.0",
    )
    header = _header_of(path)
    assert (header.format, header.sample_bytes, header.n_records) == ("EDF", 2, 2)
    assert header.record_duration_s == 1
    assert header.start_time == datetime(2021, 3, 2, 4, 5, 6)
    assert [s.label for s in header.signals] == ["EEG Fp1", "ECG"]
    assert header.signals[0].limits.physical_minimum == Fraction(-320059, 100)
    assert header.signals[1].limits.physical_minimum == Fraction(-20503, 100000)
    assert header.signals[1].limits.physical_maximum == 10
    assert header.record_bytes == 2 * 2 * 256
    (finding,) = header.findings
    assert finding.severity == "info"
    assert "decimal commas (the physical minimum of 'ECG', '-0,20503', as -0.20503)" in (
        finding.message
    )


@pytest.mark.parametrize(
    ("bdf", "reserved", "name"),
    [
        (False, "", "EDF"),
        (False, "EDF+C", "EDF+C"),
        (False, "EDF+D", "EDF+D"),
        (False, "reserved", "EDF"),
        (True, "24BIT", "BDF"),
        (True, "BDF+C", "BDF+C"),
        (True, "BDF+D", "BDF+D"),
    ],
)
def test_the_format_follows_from_version_and_reserved_field(
    tmp_path: Path, bdf: bool, reserved: str, name: str
) -> None:
    tals = [[b"+0\x14\x14\x00"]] if "+" in reserved else None
    path = build_edf(tmp_path / "a", random_signals(1, 256), bdf=bdf, reserved=reserved, tals=tals)
    assert _header_of(path).format == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"PK\x03\x04" + bytes(400), "looks like a ZIP archive"),
        (b"\x1f\x8b\x08" + bytes(400), "looks like a gzip archive"),
        (b"%PDF-1.7", "looks like a PDF document"),
        (b"time,FP1-F7\n0,1.5\n" * 40, "looks like a text file"),
        (b"<!DOCTYPE html><html>", "looks like a web page"),
        (b"MATLAB 5.0 MAT-file", "looks like a MATLAB file"),
        (bytes(range(256)) * 2, "not an EDF or BDF file"),
        (b"0       ", "has 8 bytes, but an EDF header has at least 256"),
    ],
)
def test_a_file_that_is_no_edf_is_named_for_what_it_looks_like(content: bytes, words: str) -> None:
    with pytest.raises(RecordingError, match=words):
        parse_header(content, "a.edf", len(content))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"n_signals": "abc"}, r"bytes 252 to 255 .*'abc'"),
        ({"n_signals": "0"}, "names 0 signals"),
        ({"n_signals": "-3"}, "names -3 signals"),
        ({"n_signals": "9"}, "says that it is 768 bytes long.* 9 signals has 2560"),
        (
            {"header_bytes": "512", "n_records": "-1"},
            "says that it is 512 bytes long.* 2 signals has 768",
        ),
        ({"header_bytes": "many", "n_records": "3"}, r"bytes 184 to 191 .*'many'"),
        ({"record_duration": "x"}, "duration of a data record.*'x'"),
        ({"record_duration": "-1"}, "duration of a data record.*'-1'"),
        ({"record_duration": "0"}, "duration of a data record.*'0' s, but a record holds 256"),
        ({"record_duration": "1e-5"}, "more than 1000000 Hz"),
        ({"samples_per_record": ["?", "x"]}, r"signal 1 \('EEG 1'\): its samples per data .*'\?'"),
        ({"samples_per_record": ["256", "-5"], "n_records": "-1"}, r"signal 2 .*'-5', not 1 or mo"),
        ({"samples_per_record": ["2000000", "256"], "n_records": "3"}, "2000000, more than 10000"),
        ({"samples_per_record": ["0", "0"]}, "none of its signals has any samples"),
    ],
)
def test_a_damaged_field_is_refused_with_its_place_and_value(
    tmp_path: Path, fields: dict, words: str
) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(2, 256), fields=fields)
    with pytest.raises(RecordingError, match=words):
        _header_of(path)


def test_a_file_that_ends_inside_its_header_is_refused_with_both_sizes(tmp_path: Path) -> None:
    raw = build_edf(tmp_path / "a.edf", random_signals(2, 256)).read_bytes()
    with pytest.raises(RecordingError, match="ends after 700 bytes, inside its header of 768"):
        parse_header(raw[:700], "a.edf", 700)


@pytest.mark.parametrize("count", ["-1", "", "lots", "-7"])
def test_a_record_count_that_is_none_is_left_open(tmp_path: Path, count: str) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(1, 256), fields={"n_records": count})
    assert _header_of(path).n_records is None


def test_odd_but_clear_limits_are_findings(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [[0], [0], [0]],
        labels=["up", "plain", "odd"],
        sampling_rate_hz=1,
        physical_limits=[("100", "-100"), ("0", "1"), ("-1", "1")],
        digital_limits=[(-10, 10), (-10, 10), (10, -10)],
        digital=True,
    )
    messages = [finding.message for finding in _header_of(path).findings]
    assert any("inverted" in m and m.endswith("up.") for m in messages)
    assert any("swapped" in m and m.endswith("odd.") for m in messages)


def test_an_annotation_signal_may_have_any_limits(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 256),
        annotations=[(0, None, "x")],
        fields={"digital_maximum": ["32767", ""], "digital_minimum": ["-32768", ""]},
    )
    assert _header_of(path).signals[1].is_annotation


@pytest.mark.parametrize(
    ("day", "clock", "plus", "expected"),
    [
        ("02.03.21", "04.05.06", "", datetime(2021, 3, 2, 4, 5, 6)),
        ("02.03.85", "04.05.06", "", datetime(1985, 3, 2, 4, 5, 6)),
        ("02.03.84", "04.05.06", "", datetime(2084, 3, 2, 4, 5, 6)),
        ("02/03/21", "04:05:06", "", datetime(2021, 3, 2, 4, 5, 6)),
        (" 2. 3.21", " 4: 5: 6", "", datetime(2021, 3, 2, 4, 5, 6)),
        ("2 3 21", "04 05 06", "", datetime(2021, 3, 2, 4, 5, 6)),
        ("02.03.yy", "4. 5. 6", "Startdate  2-MAR-2121 X", datetime(2121, 3, 2, 4, 5, 6)),
        ("2.3.21", "4.5.6", "", datetime(2021, 3, 2, 4, 5, 6)),
        ("02.03.yy", "04.05.06", "Startdate 02-MAR-2121 X X X", datetime(2121, 3, 2, 4, 5, 6)),
        ("02.03.21", "04.05.06", "Startdate 02-mar-1921 X", datetime(1921, 3, 2, 4, 5, 6)),
        ("02.03.21", "04.05.06", "Startdate 09-SEP-1999", datetime(2021, 3, 2, 4, 5, 6)),
        ("02.03.21", "04.05.06", "Startdate X X X X", datetime(2021, 3, 2, 4, 5, 6)),
        ("00.00.00", "00.00.00", "", None),
        ("31.02.21", "04.05.06", "", None),
        ("1.10.205", "04.05.06", "", None),
        ("02.03.21", "24.00.00", "", None),
        ("", "", "", None),
    ],
)
def test_start_times_of_every_writing(
    day: str, clock: str, plus: str, expected: datetime | None
) -> None:
    assert parse_start(day, clock, plus_text=plus) == expected


def test_numbers_are_read_leniently_but_never_guessed() -> None:
    assert parse_integer("+12") == 12
    assert parse_integer("256.0") == 256
    assert parse_integer("25x") is None
    assert parse_integer("1,000") is None
    assert parse_decimal("9.59375") == Fraction(307, 32)
    assert parse_decimal(",5") == Fraction(1, 2)
    assert parse_decimal("1e-2") == Fraction(1, 100)
    for text in ("", ".", "1e999", "inf", "1 2", "٣"):
        assert parse_decimal(text) is None
    assert field_text(b"Fp1\x00\x00  ") == "Fp1"
    assert field_text(b"a\x07b") == "a b"
    assert field_text("µV".encode("latin-1")) == field_text("µV".encode()) == "µV"
