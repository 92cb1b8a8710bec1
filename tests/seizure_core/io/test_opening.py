from __future__ import annotations

import tracemalloc
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from seizure_core import Annotation, Recording, open_recording
from seizure_core.errors import RecordingError
from seizure_core.recording import Segment
from tests.edf_files import build_edf, random_signals


def _messages(recording: Recording) -> str:
    return " | ".join(f"{f.severity}: {f.message}" for f in recording.findings)


def test_a_plain_file_opens_with_its_facts_and_without_findings(tmp_path: Path) -> None:
    signals = random_signals(2, 2560)
    path = build_edf(tmp_path / "stored-name", signals, labels=["FP1-F7", "F7-T7"])
    recording = open_recording(path, file_name="night.edf")
    assert recording.file_name == "night.edf"
    assert recording.format == "EDF"
    assert recording.duration_s == 10
    assert recording.start_time == datetime(2021, 3, 2, 4, 5, 6)
    assert recording.labels == ["FP1-F7", "F7-T7"]
    assert recording.segments == (Segment(start_s=0, duration_s=10),)
    assert recording.findings == ()
    channel = recording.channels[1]
    assert (channel.unit, channel.stored_unit, channel.sampling_rate_hz) == ("uV", "uV", 256)
    assert (channel.n_samples, channel.minimum, channel.maximum) == (2560, -3276.8, 3276.7)
    np.testing.assert_allclose(recording.read(), signals, atol=0.0501)


@pytest.mark.parametrize(
    ("unit", "low", "high"),
    [
        ("mV", "-3.20059", "3.20059"),
        ("V", "-.003201", ".0032010"),
        ("nV", "-3200590", "3200590"),
        ("\u00b5V", "-3200.59", "3200.59"),
        ("uV", "-3200,59", "3200,59"),
        ("mV", "-3.2006", "3.2006"),
    ],
)
def test_another_unit_of_voltage_gives_the_very_same_samples(
    tmp_path: Path, unit: str, low: str, high: str
) -> None:
    stored = np.random.default_rng(0).integers(-8192, 8192, size=(1, 1000))
    scale = {"mV": 1e-3, "V": 1e-6, "nV": 1e3}.get(unit, 1.0)
    micro = [f"{round(float(text.replace(',', '.')) / scale, 3):.8g}" for text in (low, high)]
    build = {"digital": True, "digital_limits": (-8192, 8191), "sampling_rate_hz": 250}
    first = open_recording(
        build_edf(tmp_path / "a.edf", stored, physical_limits=tuple(micro), **build)
    )
    second = open_recording(
        build_edf(tmp_path / "b.edf", stored, units=unit, physical_limits=(low, high), **build)
    )
    assert second.channels[0].unit == "uV"
    assert second.channels[0].stored_unit == unit
    assert first.read().tobytes() == second.read().tobytes()


def test_other_units_blank_ones_and_trigger_codes_stay_and_are_told(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.bdf",
        [[5], [6], [7], [8]],
        labels=["Temp", "Event marker", "Status", "C3"],
        units=["DegC", "", "uV", "uV"],
        sampling_rate_hz=1,
        physical_limits=[("0", "100")] * 3 + [("-100", "100")],
        bdf=True,
    )
    recording = open_recording(path)
    assert [c.unit for c in recording.channels] == ["DegC", "", "code", "uV"]
    assert [c.is_voltage for c in recording.channels] == [False, False, False, True]
    assert recording.read(["Temp"])[0, 0] == pytest.approx(5, abs=1e-4)
    told = _messages(recording)
    assert "in 'DegC', which is not a voltage, and are not converted: Temp." in told
    assert "name no unit and stay as stored: Event marker." in told
    assert "trigger codes, no voltage: Status." in told


def test_labels_that_repeat_are_told(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(3, 256), labels=["T8-P8", "-", "T8-P8"])
    assert "'T8-P8' (2 times)" in _messages(open_recording(path))


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("-1", "does not say how many data records there are"),
        ("99", "says 99 data records, the file holds 4; 4 are read"),
        ("2", "says 2 data records, the file holds 4; 4 are read"),
    ],
)
def test_a_wrong_record_count_is_told_and_all_records_are_read(
    tmp_path: Path, stated: str, words: str
) -> None:
    signals = random_signals(2, 1024)
    whole = open_recording(build_edf(tmp_path / "a.edf", signals))
    recording = open_recording(build_edf(tmp_path / "b.edf", signals, fields={"n_records": stated}))
    assert words in _messages(recording)
    assert recording.duration_s == 4
    assert recording.read().tobytes() == whole.read().tobytes()


def test_a_cut_off_last_record_is_told_and_left_out(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(2, 1024))
    whole = open_recording(path).read()
    path.write_bytes(path.read_bytes()[:-300])
    recording = open_recording(path)
    assert recording.duration_s == 3
    assert recording.read().tobytes() == whole[:, :768].tobytes()
    told = _messages(recording)
    assert "724 of its 1024 bytes are there, 0.707 s of 1 s" in told
    assert "says 4 data records, the file holds 3" in told


def test_a_file_without_one_whole_record_is_refused(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(2, 256))
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(RecordingError, match="1023 bytes after its header, less than one data rec"):
        open_recording(path)


def test_gaps_are_kept_as_missing_samples(tmp_path: Path) -> None:
    signals = random_signals(2, 5 * 256)
    path = build_edf(
        tmp_path / "a.edf",
        signals,
        reserved="EDF+D",
        record_onsets=["0.5", "1.5", "10.75", "11.75", "30.5"],
        annotations=[("11", 2, "seizure")],
    )
    recording = open_recording(path)
    assert recording.format == "EDF+D"
    assert recording.start_time == datetime(2021, 3, 2, 4, 5, 6, 500_000)
    assert recording.segments == (
        Segment(start_s=0, duration_s=2),
        Segment(start_s=10.25, duration_s=2),
        Segment(start_s=30, duration_s=1),
    )
    assert recording.duration_s == 31
    assert recording.annotations == (Annotation(onset_s=10.5, duration_s=2, text="seizure"),)
    assert "2 to 10.25 s, 12.25 to 30 s" in _messages(recording)
    read = recording.read()
    assert read.shape == (2, 31 * 256)
    missing = np.isnan(read[0])
    assert missing.sum() == 26 * 256
    assert not missing[:512].any()
    assert missing[512:2624].all()
    np.testing.assert_allclose(read[:, 2624:3136], signals[:, 512:1024], atol=0.0501)
    part = recording.read_samples([1], 2500, 2700)
    assert part.tobytes() == read[1:, 2500:2700].tobytes()


def test_gaps_in_a_24_bit_file_with_two_rates_are_kept(tmp_path: Path) -> None:
    fast, slow = random_signals(1, 768)[0], random_signals(1, 30)[0]
    path = build_edf(
        tmp_path / "a.bdf",
        [fast, slow],
        sampling_rate_hz=[256, 10],
        reserved="BDF+D",
        bdf=True,
        record_onsets=[0, 1, "3.33"],
    )
    recording = open_recording(path)
    assert recording.format == "BDF+D"
    assert [c.n_samples for c in recording.channels] == [852 + 256, 33 + 10]
    read = recording.read([1])[0]
    np.testing.assert_allclose(read[33:], slow[20:], atol=1e-3)
    assert np.isnan(read[20:33]).all()


def test_a_file_that_claims_to_be_continuous_but_jumps_is_placed_by_its_stamps(
    tmp_path: Path,
) -> None:
    signals = random_signals(1, 768)
    path = build_edf(tmp_path / "a.edf", signals, record_onsets=[0, 1, 60])
    recording = open_recording(path)
    assert recording.format == "EDF+C"
    assert recording.duration_s == 61
    assert recording.segments == (
        Segment(start_s=0, duration_s=2),
        Segment(start_s=60, duration_s=1),
    )
    np.testing.assert_allclose(recording.read(start_s=60)[0], signals[0, 512:], atol=0.0501)
    assert "time stamps of 1 data records jump; the first is record 3, by +58 s. It is placed" in (
        _messages(recording)
    )


def test_a_jump_after_a_record_without_a_stamp_is_placed_too(tmp_path: Path) -> None:
    stamped = [f"+{onset}\x14\x14\x00".encode() for onset in (0, 1, 60)]
    tals = [[stamped[0], b"", stamped[2]]]
    path = build_edf(tmp_path / "a.edf", random_signals(1, 768), tals=tals)
    recording = open_recording(path)
    assert [segment.start_s for segment in recording.segments] == [0, 60]
    assert "time stamps of 1 data records jump; the first is record 3, by +58 s. It is placed" in (
        _messages(recording)
    )


@pytest.mark.parametrize("stamps", [[0, 10, 2], [0, 10, 11, 3], [5, 4, 3]])
def test_stamps_that_run_backwards_are_a_problem_and_move_nothing(
    tmp_path: Path, stamps: list[float]
) -> None:
    path = build_edf(tmp_path / "a.edf", random_signals(1, 256 * len(stamps)), record_onsets=stamps)
    recording = open_recording(path)
    assert recording.duration_s == len(stamps)
    (problem,) = [one for one in recording.findings if one.severity == "error"]
    assert "cannot be put on one time line" in problem.message


def test_stamps_rounded_to_whole_seconds_do_not_jump(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 384 * 6),
        record_duration="1.5",
        record_onsets=[0, 1, 3, 4, 6, 7],
    )
    recording = open_recording(path)
    assert recording.duration_s == 9
    assert not recording.findings


def test_marks_follow_stamps_that_drift_against_the_samples(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 2560),
        record_onsets=[round(1.3 * n, 1) for n in range(10)],
        annotations=[("6.5", "1", "sz")],
    )
    recording = open_recording(path)
    assert recording.duration_s == 10
    assert [one.onset_s for one in recording.annotations] == [5.0]  # record 6 of 10
    assert "drift by +2.7 s" in _messages(recording)


def test_a_sub_second_start_shifts_the_start_and_not_the_samples(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 512),
        record_onsets=["0.3945312", "1.3945312"],
        annotations=[("0.3945312", None, "first"), ("2", "0.5", "later")],
    )
    recording = open_recording(path)
    assert recording.start_time == datetime(2021, 3, 2, 4, 5, 6, 394531)
    assert recording.segments == (Segment(start_s=0, duration_s=2),)
    assert [(a.onset_s, a.text) for a in recording.annotations] == [
        (0.0, "first"),
        (1.6054688, "later"),
    ]


def test_several_annotation_signals_are_all_read_in_order_of_time(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 512),
        tals=[
            [b"+0\x14\x14\x00+1.5\x14late\x14\x00", b"+1\x14\x14\x00"],
            [b"+0.5\x15" + b"1\x14early\x14also\x14\x00", b"broken\x00"],
        ],
    )
    recording = open_recording(path)
    assert [(a.onset_s, a.duration_s, a.text) for a in recording.annotations] == [
        (0.5, 1.0, "early"),
        (0.5, 1.0, "also"),
        (1.5, None, "late"),
    ]
    assert "The time of 1 entry of the annotation signals" in _messages(recording)


def test_a_file_of_annotations_only_opens_and_says_so_when_read(tmp_path: Path) -> None:
    path = build_edf(tmp_path / "a.edf", record_duration="0", annotations=[(3, 4, "N2")])
    recording = open_recording(path)
    assert recording.channels == ()
    assert recording.annotations == (Annotation(onset_s=3, duration_s=4, text="N2"),)
    assert "no signals, only annotations" in _messages(recording)
    with pytest.raises(RecordingError, match="only annotations"):
        recording.read()


def test_nothing_about_the_patient_reaches_the_recording(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(1, 256),
        patient="MCH-0234567 F 02-MAY-1951 Canary_Wharf",
        recording="Startdate 02-MAR-2021 Canary-001 Canary_Nurse Canary_Device",
        annotations=[(0, None, "eyes open")],
    )
    recording = open_recording(path)
    assert "Canary" not in repr(recording)
    assert "1951" not in repr(recording)


def test_a_header_that_claims_a_billion_records_costs_nothing(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        random_signals(2, 512),
        annotations=[(0, None, "x")],
        fields={"n_records": "99999999"},
    )
    tracemalloc.start()
    recording = open_recording(path)
    recording.read()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert recording.duration_s == 2
    assert peak < 2_000_000


def test_a_gap_of_a_month_costs_nothing_until_it_is_read_whole(tmp_path: Path) -> None:
    month_s = 30 * 86400
    path = build_edf(
        tmp_path / "a.edf", random_signals(1, 512), reserved="EDF+D", record_onsets=[0, month_s]
    )
    tracemalloc.start()
    recording = open_recording(path)
    assert np.isnan(recording.read(start_s=month_s / 2, length_s=10)).all()
    last = recording.read(start_s=month_s, length_s=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not np.isnan(last).any()
    assert recording.channels[0].n_samples == (month_s + 1) * 256
    assert peak < 2_000_000


def test_what_does_not_fit_into_memory_is_refused_with_its_size(tmp_path: Path) -> None:
    path = build_edf(
        tmp_path / "a.edf",
        [[0] * 200_000] * 50,
        sampling_rate_hz=100_000,
        reserved="EDF+D",
        record_onsets=[0, 39 * 86400],
        digital=True,
    )
    with pytest.raises(RecordingError, match="do not fit into memory"):
        open_recording(path).read()


@pytest.mark.parametrize(
    ("place", "words"), [("missing.edf", "there is no such file"), ("", "this is a folder")]
)
def test_a_file_that_is_not_there_is_named_without_its_folder(
    tmp_path: Path, place: str, words: str
) -> None:
    with pytest.raises(RecordingError, match=words) as caught:
        open_recording(tmp_path / place)
    assert str(tmp_path) not in str(caught.value)
