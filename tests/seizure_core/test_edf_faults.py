"""Faults in the header of one signal: they cost that signal at most, never the file."""

from __future__ import annotations

import gzip
import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from seizure_core import open_recording
from seizure_core.errors import RecordingError
from seizure_core.io.sequence import open_sequence
from seizure_core.recording import UNCALIBRATED, Recording
from tests.edf_files import build_edf

LABELS = ["FP1-F7", "F7-T7", "ECG", "T7-P7"]
LIMITS = ("physical_minimum", "physical_maximum", "digital_minimum", "digital_maximum")
GOOD = {
    "physical_minimum": "-3276.8",
    "physical_maximum": "3276.7",
    "digital_minimum": "-32768",
    "digital_maximum": "32767",
    "samples_per_record": "256",
}


def stored() -> np.ndarray:
    return np.random.default_rng(1).integers(-9000, 9000, size=(4, 256 * 6))


def faulty(path: Path, faults: dict[str, str], *, signal: int = 2, **more: object) -> Path:
    """Write four channels of 6 s, one of which has these fields."""
    n = 4 + ("annotations" in more)
    fields = {key: [GOOD[key]] * n for key in faults if key in GOOD}
    for key, value in faults.items():
        fields[key][signal] = value
    if n == 5 and signal != 4 and "samples_per_record" in fields:
        fields["samples_per_record"][4] = "10"
    fixed = more.pop("fixed", {})
    return build_edf(
        path,
        stored(),
        digital=True,
        labels=LABELS,
        annotation_bytes=20,
        fields={**fields, **fixed},  # type: ignore[dict-item]
        **more,  # type: ignore[arg-type]
    )


def voltages(recording: Recording) -> list[str]:
    return [channel.label for channel in recording.channels if channel.is_voltage]


def assert_exact(recording: Recording, labels: list[str]) -> None:
    for label in labels:
        expected = (stored()[LABELS.index(label)] * (6553.5 / 65535)).astype(np.float32)
        np.testing.assert_array_equal(recording.read([label])[0], expected)


def warnings_of(recording: Recording) -> list[str]:
    return [f.message for f in recording.findings if f.severity == "warning"]


UNKNOWN_LIMITS = [
    {"digital_minimum": "0", "digital_maximum": "0"},
    dict.fromkeys(LIMITS, "0"),
    dict.fromkeys(LIMITS, ""),
    {"physical_minimum": "7", "physical_maximum": "7"},
    {"digital_minimum": "-8192.5"},
    {"digital_maximum": "99999999"},
    {"physical_maximum": "99999999"},  # 100 V
    {"digital_minimum": "-9999999"},
    {"digital_maximum": "32,767"},
    *(
        {field: text}
        for field in LIMITS
        for text in ("", "nan", "inf", "-inf", "Rossi", "9E99", "1_0", "0x10", "--5")
    ),
]


@pytest.mark.parametrize("bdf", [False, True])
@pytest.mark.parametrize("fault", UNKNOWN_LIMITS, ids=str)
def test_a_channel_of_unknown_limits_is_uncalibrated_and_all_others_are_exact(
    tmp_path: Path, fault: dict, bdf: bool
) -> None:
    if bdf:
        values = stored() * 256
        fields = {k: [GOOD[k]] * 4 for k in LIMITS}
        fields["digital_minimum"], fields["digital_maximum"] = ["-8388608"] * 4, ["8388607"] * 4
        for key, value in fault.items():
            fields[key][2] = value
        path = build_edf(
            tmp_path / "a.bdf", values, digital=True, bdf=True, labels=LABELS, fields=fields
        )
        recording = open_recording(path)
    else:
        values = stored()
        recording = open_recording(faulty(tmp_path / "a.edf", fault))
        assert_exact(recording, ["FP1-F7", "F7-T7", "T7-P7"])
    assert voltages(recording) == ["FP1-F7", "F7-T7", "T7-P7"]
    dead = recording.channels[2]
    assert (dead.label, dead.unit, dead.stored_unit) == ("ECG", UNCALIBRATED, "uV")
    np.testing.assert_array_equal(recording.read(["ECG"])[0], values[2])
    (warning,) = warnings_of(recording)
    assert "uncalibrated" in warning
    assert "'ECG'" in warning
    assert "Rossi" not in warning


HIDDEN_COUNTS = ["", "?", "-1", "-256", "0", "1,000", "25x", "256.5"]
# How many bytes annotations take is any number: for the fifth signal the largest is a good one.
HIDING = [(0, "99999999"), (2, "99999999"), *itertools.product([0, 2, 4], HIDDEN_COUNTS)]


@pytest.mark.parametrize(("signal", "text"), HIDING)
def test_samples_per_record_that_one_signal_hides_are_computed_and_said(
    tmp_path: Path, text: str, signal: int
) -> None:
    path = faulty(
        tmp_path / "a.edf",
        {"samples_per_record": text},
        signal=signal,
        annotations=[(0.5, 1.0, "spike")],
    )
    recording = open_recording(path)
    assert voltages(recording) == LABELS
    assert_exact(recording, LABELS)
    assert [a.text for a in recording.annotations] == ["spike"]
    (warning,) = warnings_of(recording)
    assert f"of signal {signal + 1}" in warning
    assert f"by the size of the file it is {10 if signal == 4 else 256}" in warning


@pytest.mark.parametrize("packed", [False, True])
def test_a_packed_file_is_judged_by_its_size_unpacked(tmp_path: Path, packed: bool) -> None:
    path = faulty(tmp_path / "a.edf", {"samples_per_record": "?", "digital_maximum": ""})
    if packed:
        with path.open("rb") as source, gzip.open(tmp_path / "a.edf.gz", "wb") as target:
            shutil.copyfileobj(source, target)
        path = tmp_path / "a.edf.gz"
    recording = open_recording(path)
    assert_exact(recording, ["FP1-F7", "F7-T7", "T7-P7"])
    assert recording.channels[2].unit == UNCALIBRATED
    assert recording.channels[2].n_samples == 256 * 6


@pytest.mark.parametrize("stated", ["2560", "128", "99999", "999999"])
def test_a_signal_that_would_be_as_all_others_by_the_size_of_the_file_is_so(
    tmp_path: Path, stated: str
) -> None:
    recording = open_recording(faulty(tmp_path / "a.edf", {"samples_per_record": stated}))
    assert_exact(recording, LABELS)
    assert "by the size of the file it is 256" in warnings_of(recording)[0]


def test_one_of_two_signals_of_which_not_one_record_fits_the_file_is_as_the_other(
    tmp_path: Path,
) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        stored()[:2],
        digital=True,
        labels=LABELS[:2],
        fields={"samples_per_record": ["256", "99999"]},
    )
    assert_exact(open_recording(path), LABELS[:2])


def test_a_file_that_lacks_whole_records_keeps_its_rates(tmp_path: Path) -> None:
    # By its size alone the last signal would be as the other ones.
    path = build_edf(
        tmp_path / "a.edf",
        [*np.ones((2, 256 * 4)), np.ones(512 * 4)],
        sampling_rate_hz=[256, 256, 512],
    )
    path.write_bytes(path.read_bytes()[: -2 * 1024])
    recording = open_recording(path)
    assert [c.sampling_rate_hz for c in recording.channels] == [256, 256, 512]
    assert recording.duration_s == 3


def test_a_file_cut_off_is_not_taken_for_one_of_other_samples_per_record(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [np.ones(1024), np.ones(512), np.ones(2048)],
        samples_per_record=[256, 128, 512],
    )
    path.write_bytes(path.read_bytes()[: -2 * 896])
    recording = open_recording(path)
    assert [c.sampling_rate_hz for c in recording.channels] == [256, 128, 512]
    assert recording.duration_s == 3


def test_wrongly_computed_samples_per_record_are_noticed_by_the_time_stamps(
    tmp_path: Path,
) -> None:
    path = faulty(
        tmp_path / "a.edf",
        {"samples_per_record": "?"},
        signal=1,
        annotations=[(0.5, 1.0, "spike")],
    )
    path.write_bytes(path.read_bytes()[:-600])  # 50 samples a record
    with pytest.raises(RecordingError, match=r"signal 2 .*no time stamp"):
        open_recording(path)


@pytest.mark.parametrize(
    ("faults", "fixed", "words"),
    [
        ({"samples_per_record": "?"}, {"n_records": "-1"}, "number of data records is not given"),
        ({"samples_per_record": "?"}, {"n_records": "5"}, "in 5 data records do not give it"),
        ({}, {"samples_per_record": ["256", "?", "?", "256"]}, "signal 2 .* with signal 3"),
    ],
)
def test_where_the_bytes_lie_must_be_known(
    tmp_path: Path, faults: dict, fixed: dict, words: str
) -> None:
    with pytest.raises(RecordingError, match=words):
        open_recording(faulty(tmp_path / "a.edf", faults, fixed=fixed))


def test_signals_without_samples_or_of_impossible_rates_are_left_out(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [np.ones(256 * 2), [], np.zeros(2_000_000)],
        labels=["FP1-F7", "-", "ultrasound"],
        samples_per_record=[256, 1, 1_000_000],
        n_records=2,
        record_duration="1",
        fields={"samples_per_record": ["256", "0", "1000001"]},
    )
    # One sample a record is moved from the second signal to the third: the bytes stay clear.
    recording = open_recording(path)
    assert recording.labels == ["FP1-F7"]
    np.testing.assert_allclose(recording.read(), 1.0, atol=0.06)
    assert len(warnings_of(recording)) == 2


@pytest.mark.parametrize("reserved", ["EDF+C", "EDF+D"])
@pytest.mark.parametrize("stated", ["", "?", "-1", "0", "1e-9"])
def test_the_duration_of_a_data_record_follows_from_time_stamps(
    tmp_path: Path, stated: str, reserved: str
) -> None:
    onsets = [0, 0.5, 1, 1.5, 2, 2.5] if reserved == "EDF+C" else [0, 0.5, 1, 7, 7.5, 8]
    path = faulty(
        tmp_path / "a.edf",
        {},
        fixed={"record_duration": stated},
        annotations=[(0.5, None, "spike")],
        record_onsets=onsets,
        reserved=reserved,
    )
    recording = open_recording(path)
    assert recording.duration_s == onsets[-1] + 0.5
    assert {channel.sampling_rate_hz for channel in recording.channels} == {512}
    assert [a.onset_s for a in recording.annotations] == [0.5]
    assert "by the time stamps of the records it is 0.5 s" in warnings_of(recording)[0]
    path = faulty(tmp_path / "b.edf", {}, fixed={"record_duration": stated})
    with pytest.raises(RecordingError, match="duration of a data record"):
        open_recording(path)


@pytest.mark.parametrize("stated", ["", "0", "-1", "many", "512", "1280.0"])
def test_a_wrong_size_of_the_header_is_told_where_all_else_agrees(
    tmp_path: Path, stated: str
) -> None:
    path = faulty(tmp_path / "a.edf", {}, fixed={"header_bytes": stated})
    recording = open_recording(path)
    assert_exact(recording, LABELS)
    is_right = stated == "1280.0"
    assert [("says that it is" in one) for one in warnings_of(recording)] == [True] * (not is_right)


def test_limits_of_annotations_and_trigger_codes_count_for_nothing(tmp_path: Path) -> None:
    codes = np.array([0, 202, 65482, 1048581] * 64)
    for label in ("Status", "STATUS", "Trigger", "STI 014", "TRIG", "BDF Status", "Events"):
        path = build_edf(
            tmp_path / "a.bdf",
            [np.zeros(256), codes],
            labels=["Fp1", label],
            digital=True,
            bdf=True,
            physical_limits=("-262144", "262143"),
            annotations=[(0, None, "x")],
            fields={"digital_maximum": ["8388607", "", "nan"]},
        )
        recording = open_recording(path)
        np.testing.assert_array_equal(recording.read([label])[0], codes)
        assert [c.unit for c in recording.channels] == ["uV", "code"]
        assert warnings_of(recording) == []


def test_a_file_of_nothing_but_dead_channels_opens(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        stored(),
        labels=LABELS,
        digital=True,
        fields=dict.fromkeys(LIMITS, ["0"] * 4),
    )
    recording = open_recording(path)
    assert {channel.unit for channel in recording.channels} == {UNCALIBRATED}
    np.testing.assert_array_equal(recording.read(), stored())


@pytest.mark.parametrize(
    ("n_extra", "n_stated", "words"),
    [
        (100, "6", "100 bytes follow the last data record"),
        (100, "5", "2148 bytes follow the last data record that the header counts; 100 of them"),
        (100, "-1", "The last data record is cut off: 100 of its 2048 bytes"),
        (-100, "6", "The last data record is cut off: 1948 of its 2048 bytes"),
    ],
)
def test_what_follows_the_last_data_record_is_called_what_it_is(
    tmp_path: Path, n_extra: int, n_stated: str, words: str
) -> None:
    path = faulty(tmp_path / "a.edf", {}, fixed={"n_records": n_stated})
    content = path.read_bytes()
    path.write_bytes(content + b"x" * n_extra if n_extra > 0 else content[:n_extra])
    recording = open_recording(path)
    assert any(words in message for message in warnings_of(recording))
    assert recording.duration_s == (6 if n_extra > 0 else 5)


def test_commas_in_limits_are_told_and_those_that_may_part_thousands_are_a_warning(
    tmp_path: Path,
) -> None:
    for limits, severity in ((("-1,000", "1,000"), "warning"), (("-187,5", "187,5"), "info")):
        path = build_edf(
            tmp_path / "a.edf", [[0]], sampling_rate_hz=1, physical_limits=limits, digital=True
        )
        found = [f for f in open_recording(path).findings if "decimal commas" in f.message]
        assert [f.severity for f in found] == [severity]
        assert repr(limits[0]) in found[0].message


def test_a_channel_uncalibrated_in_one_file_of_a_sequence_is_so_in_all_of_it(
    tmp_path: Path,
) -> None:
    paths = [
        faulty(tmp_path / "a.edf", {}),
        faulty(tmp_path / "b.edf", {"digital_maximum": "inf"}, start_time="04.05.12"),
    ]
    recording = open_sequence(paths)
    assert [channel.unit for channel in recording.channels] == ["uV", "uV", UNCALIBRATED, "uV"]
    assert recording.duration_s == 12
    assert any(m.startswith("b.edf: These channels are unc") for m in warnings_of(recording))
