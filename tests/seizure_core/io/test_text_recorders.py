"""Texts as recorders and programs write them: roles, rates, units, clocks and remarks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from seizure_core.channels.planning import plan_any_channels
from seizure_core.errors import RecordingError
from seizure_core.io.opening import inspect_text, open_recording
from seizure_core.recording import Recording
from tests.seizure_core.text_files import messages, noise, table, write

N = 3000
VALUES = noise(N, 2)


def rows_at(stamp: Callable[[int], object]) -> list[list[object]]:
    return [[stamp(i), *row] for i, row in enumerate(VALUES)]


def opened(tmp_path: Path, text: str, name: str = "a.csv") -> Recording:
    return open_recording(write(tmp_path / name, text))


def has_plain_rows(recording: Recording, rate_hz: float) -> bool:
    """Whether all rows became samples of F3 and F4 at that rate, without a gap."""
    return (
        recording.labels == ["F3", "F4"]
        and {channel.sampling_rate_hz for channel in recording.channels} == {rate_hz}
        and recording.duration_s == pytest.approx(N / rate_hz)
        and len(recording.segments) == 1
        and {channel.unit for channel in recording.channels} == {"uV"}
        and np.array_equal(recording.read(), VALUES.T.astype(np.float32))
    )


@pytest.mark.parametrize("rate_hz", [100, 128, 173.61, 250, 256, 512, 1000, 2048])
@pytest.mark.parametrize(
    "stamp",
    [
        lambda t_s: f"{t_s:.18e}",  # numpy.savetxt
        lambda t_s: f"{t_s:.7e}",
        lambda t_s: repr(t_s),
        lambda t_s: f"{(1671576040.953868 + t_s) / 1e9:.15f}E9",  # Java
        lambda t_s: f"{(1671576040953.868 + t_s * 1e3) / 1e12:.16f}E12",
        lambda t_s: f"{round(1671576040953868 + t_s * 1e6)}",
    ],
    ids=["savetxt", "e7", "repr", "E9 s", "E12 ms", "us"],
)
def test_times_in_any_notation_give_the_exact_rate(
    tmp_path: Path, rate_hz: float, stamp: Callable[[float], str]
) -> None:
    text = table([["timestamp", "F3", "F4"], *rows_at(lambda i: stamp(i / rate_hz))])
    assert has_plain_rows(opened(tmp_path, text), rate_hz)


@pytest.mark.parametrize(
    "line",
    [
        "%Sample Rate = 250.0 Hz",
        "# fs=250",
        "# sfreq: 250.0",
        '# {"sfreq": 250.0}',
        "Sampling Rate,250",
        "title: rest, sampling:250, subject:X",
        "title:rest,sampling rate:eeg_250;mot_64,samples:5120",
        "# Abtastrate: 250,0 Hz",
        "# srate: 0.25 kHz",
        "# sampling interval: 4 ms",
        "# notch frequency: 50 Hz, band-pass 0.5-70 Hz, sampling frequency: 250 Hz",
        "# recorded at 250 Hz with a 50 Hz notch",
    ],
)
def test_a_rate_in_words_is_read_and_beats_bursts_of_arrivals(tmp_path: Path, line: str) -> None:
    assert has_plain_rows(opened(tmp_path, line + "\n" + table([["F3", "F4"], *VALUES])), 250)
    arrivals = rows_at(lambda i: f"{1671576040.95 + (i // 16 + 1) * 16 / 250 + i % 16 * 5e-4:.3f}")
    recording = opened(tmp_path, line + "\n" + table([["Timestamp", "F3", "F4"], *arrivals]))
    assert has_plain_rows(recording, 250)
    assert "by the times of its rows" not in messages(recording)


@pytest.mark.parametrize("burst", [2, 3, 8, 12, 16, 50, 100, 400, 1000])
@pytest.mark.parametrize("step_s", [0.0, 3e-4])
def test_bursts_of_any_size_are_no_gaps(tmp_path: Path, burst: int, step_s: float) -> None:
    stamps = rows_at(lambda i: f"{9e3 + (i // burst) * burst / 250 + i % burst * step_s:.3f}")
    text = table([["time", "F3", "F4"], *stamps])
    assert has_plain_rows(opened(tmp_path, "# Sample Rate = 250 Hz\n" + text), 250)
    estimated = opened(tmp_path, text)
    assert has_plain_rows(estimated, 250)
    assert burst == 2 or "uneven" in messages(estimated)  # pairs look like rounded times


def test_unsteady_arrivals_are_no_gaps(tmp_path: Path) -> None:
    arrivals = np.cumsum(np.random.default_rng(2).uniform(0.5e-3, 7.5e-3, N))
    text = table([["time", "F3", "F4"], *rows_at(lambda i: f"{arrivals[i]:.4f}")])
    assert has_plain_rows(opened(tmp_path, "# fs=250\n" + text), 250)


@pytest.mark.parametrize("stated_hz", [128, 250, 512])
def test_a_stated_rate_that_the_times_contradict_is_used_and_told(
    tmp_path: Path, stated_hz: int
) -> None:
    text = f"# fs={stated_hz}\n" + table([["time", "F3", "F4"], *rows_at(lambda i: i / 256)])
    recording = opened(tmp_path, text)
    assert has_plain_rows(recording, stated_hz)
    assert f"says {stated_hz} Hz, but by the times of its rows it is 256 Hz" in messages(recording)


def test_lost_packets_are_gaps_also_with_a_stated_rate(tmp_path: Path) -> None:
    kept = [row for i, row in enumerate(rows_at(lambda i: f"{i / 250:.3f}")) if i % 300 > 20]
    for title in ("", "# fs=250\n"):
        recording = opened(tmp_path, title + table([["time", "F3", "F4"], *kept]))
        assert recording.channels[0].sampling_rate_hz == 250
        assert len(recording.segments) == 10


def test_names_may_carry_the_rate(tmp_path: Path) -> None:
    header = ['"F3 (uV, 256 Hz)"', "F4 [256 Hz]"]
    assert has_plain_rows(opened(tmp_path, table([header, *VALUES])), 256)


START = datetime(2022, 12, 20, 23, 59, 55)


@pytest.mark.parametrize(
    ("stamp", "is_dated"),
    [
        (lambda t, ms: f"{t:%I:%M:%S}.{ms} {t:%p}", False),
        (lambda t, ms: f"{t:%m/%d/%Y %I:%M:%S}.{ms} {t:%p}", True),
        (lambda t, ms: f"{t:%d.%m.%Y %H:%M:%S}.{ms}", True),
        (lambda t, ms: f"{t:%Y-%m-%dT%H:%M:%S}.{ms}+02:00", True),
        (lambda t, ms: f"{t:%H:%M:%S}:{ms}", False),
        (lambda t, ms: f'"{t:%H:%M:%S},{ms}"', False),
        (lambda t, ms: f"{t:%H:%M:%S}.{ms}", False),
    ],
)
def test_clocks_of_any_kind_go_on_past_midnight(
    tmp_path: Path, stamp: Callable[[datetime, str], str], is_dated: bool
) -> None:
    def written(i: int) -> str:
        time = START + timedelta(milliseconds=4 * i)
        return stamp(time, f"{time.microsecond // 1000:03d}")

    recording = opened(tmp_path, table([["time", "F3", "F4"], *rows_at(written)]))
    assert has_plain_rows(recording, 250)
    assert recording.start_time == (START if is_dated else None)


@pytest.mark.parametrize(
    "above",
    [
        [["Time", "F3", "F4"], ["ms", "uV", "uV"]],
        [["(ms)", "(uV)", "(uV)"], ["Time", "F3", "F4"]],
        [["# Time", "F3", "F4"], ["# ms", "uV", "uV"]],
        [["My recording", "", ""], ["Time", "F3", "F4"], ["[ms]", "[uV]", "[uV]"]],
        [["# electrodes: t F3 F4; unit: uV"]],
        [["SamplingInterval[ms]=4.000 Channels=2"], ["", "F3", "F4"], ["ms", "uV", "uV"]],
        [["Time_ms", "EEG.F3 (uV)", "RAW_F4_uV"]],
    ],
)
def test_names_and_units_stand_in_one_line_or_two(
    tmp_path: Path, above: Sequence[Sequence[str]]
) -> None:
    recording = opened(tmp_path, table([*above, *rows_at(lambda i: 4 * i)]))
    assert has_plain_rows(recording, 250)
    assert "names no unit" not in messages(recording)


def test_a_column_that_only_counts_rows_gives_no_rate(tmp_path: Path) -> None:
    text = table([["Time", "F3", "F4"], *rows_at(lambda i: i)])
    with pytest.raises(RecordingError, match="Give the sampling rate"):
        opened(tmp_path, text)
    assert has_plain_rows(opened(tmp_path, "# fs=250\n" + text), 250)


OTHER_COLUMNS = (
    "COUNTER INTERPOLATED CQ_F3 CQ.Overall EQ_F3 RAW_CQ HSI_TP9 HeadBandOn Battery BatteryPercent"
    " Gyro_X GYROY Accelerometer_X Accel_Channel_0 Delta_TP9 Theta_F3 POW.F3.Alpha EEG.Counter"
    " EEG.RawCq EEG.MarkerHardware EEG.BatteryPercent MarkerIndex MARKER Elements Other"
    " Analog_Channel_1 AUX_RIGHT OriginalTimestamp TIME_STAMP_s Sample_Index MOT.Q0 Status"
    " CNT BAT VALID DELTATIME GYR_X ACC_Z ADC_Status nSeq Right_AUX IsGood"
).split()


@pytest.mark.parametrize("name", OTHER_COLUMNS)
def test_what_is_no_electrode_is_no_channel_and_sets_no_unit(tmp_path: Path, name: str) -> None:
    rows = [[f"{i / 250:.3f}", *row, i % 7 * 1e4] for i, row in enumerate(VALUES)]
    recording = opened(tmp_path, table([["time", "F3", "F4", name], *rows]))
    assert has_plain_rows(recording, 250)
    assert name in messages(recording)


def openbci(header: Sequence[str], n_columns: int, stamp: Callable[[int], str]) -> str:
    rows = [
        [i % 256, *row, *noise(1, n_columns - 5, seed=i)[0], 0.01, stamp(i)]
        for i, row in enumerate(VALUES)
    ]
    return "".join(f"%{line}\n" for line in header) + table(rows, ", ")


def test_comments_tell_the_columns_of_an_old_openbci_text(tmp_path: Path) -> None:
    header = [
        "OpenBCI Raw EEG Data",
        "Sample Rate = 250.0 Hz",
        "First Column = SampleIndex",
        "Last Column = Timestamp ",
        "Other Columns = EEG data in microvolts followed by Accel Data (in G)",
    ]
    text = openbci(header, 13, lambda i: f"12:30:{40 + i // 250}.{i // 25 % 10}00")
    recording = opened(tmp_path, text, "a.txt")
    # As many words as columns are no names either.
    more = [*header[:-1], f"{header[-1]} x x x"]
    assert opened(tmp_path, openbci(more, 13, lambda i: "0"), "b.txt").labels == recording.labels
    assert recording.labels == [f"EXG Channel {i}" for i in range(8)]
    assert recording.channels[0].sampling_rate_hz == 250
    assert recording.channels[0].stored_unit == "microvolts"
    assert recording.duration_s == 12.0
    np.testing.assert_array_equal(recording.read()[:2], VALUES.T.astype(np.float32))
    assert len(plan_any_channels(recording, min_channels=4).sources) == 8


def test_a_counter_without_a_name_is_no_channel(tmp_path: Path) -> None:
    text = openbci(["Number of channels = 6", "Sample Rate = 250 Hz"], 12, lambda i: "0")
    recording = opened(tmp_path, text, "a.txt")
    assert recording.labels == [f"Channel {i}" for i in range(1, 7)]
    np.testing.assert_array_equal(recording.read()[:2], VALUES.T.astype(np.float32))


@pytest.mark.parametrize("kind", ["title", "columns"])
def test_headset_texts_lose_their_offset_and_all_but_electrodes(tmp_path: Path, kind: str) -> None:
    electrodes = "AF3 F7 F3 FC5 T7 P7 O1 O2 P8 T8 FC6 F4 F8 AF4".split()
    counts = np.random.default_rng(3).integers(8000, 8400, (600, 14))
    values = (counts / 1.95).round(6)
    names = ["COUNTER", *electrodes, "RAW_CQ", "GYROX", *(f"CQ_{e}" for e in electrodes)]
    if kind == "title":
        above = [[f"title: rest, sampling:128, labels:{' '.join(names)}, units:emotiv"]]
    else:
        names = ["EEG.Counter", *(f"EEG.{e}" for e in electrodes), "EEG.RawCq", "EEG.Battery"]
        names += [f"CQ.{e}" for e in electrodes]
        above = [["title:rest", "headset type:EPOCX", "sampling rate:eeg_128;mot_64"], names]
    rows = [[i % 128, *row, 0, 1600 + i % 5, *[4] * 14] for i, row in enumerate(values)]
    recording = opened(tmp_path, table([*above, *rows]))
    assert recording.labels == electrodes
    assert {c.sampling_rate_hz for c in recording.channels} == {128}
    np.testing.assert_allclose(recording.read(), values.T - 8192 / 1.95, atol=1e-4)
    assert "4201.03 uV are subtracted" in messages(recording)
    targets = plan_any_channels(recording, min_channels=1).targets
    assert targets[:3] == ("F7-T7", "T7-P7", "P7-O1")


def test_lines_with_a_time_and_a_remark_are_annotations(tmp_path: Path) -> None:
    start = datetime(2017, 11, 20, 23, 59, 59)
    rows = []
    for i, row in enumerate(VALUES):
        stamp = f"{start + timedelta(seconds=i / 256):%H:%M:%S.%f}"[:-3]
        rows.append([stamp, *row, 1.0, ""])
        if i in (500, 2000):
            rows.append([stamp, "", "", "", "/muse/elements/blink"])
        if i == 1000:
            rows.append([stamp, "seizure onset"])
    text = table([["TimeStamp", "RAW_F3", "RAW_F4", "HSI_TP9", "Elements"], *rows])
    recording = opened(tmp_path, text)
    assert has_plain_rows(recording, 256)
    told = [(round(a.onset_s, 2), a.text) for a in recording.annotations]
    blink = "/muse/elements/blink"
    assert told == [(1.95, blink), (3.91, "seizure onset"), (7.81, blink)]
    assert "3 lines hold a remark" in messages(recording)
    assert "cells hold no" not in messages(recording)


def test_a_text_beside_the_samples_lasts_as_long_as_its_rows(tmp_path: Path) -> None:
    rows = [
        [f"{i / 250:.3f}", *row, "seizure" if 500 <= i < 750 else ""]
        for i, row in enumerate(VALUES)
    ]
    recording = opened(tmp_path, table([["time", "F3", "F4", "label"], *rows]))
    assert has_plain_rows(recording, 250)
    (annotation,) = recording.annotations
    assert (annotation.onset_s, annotation.duration_s, annotation.text) == (2.0, 1.0, "seizure")


def test_the_unit_is_guessed_from_electrodes_alone(tmp_path: Path) -> None:
    rows = [[f"{i / 250:.3f}", *row, i % 3 * 1e-5, 0.0] for i, row in enumerate(VALUES)]
    layout = inspect_text(
        write(tmp_path / "a.csv", table([["time", "F3", "F4", "thing", "flat"], *rows]))
    )
    assert [c.unit for c in layout.columns if c.role == "signal"] == ["uV"] * 4


def test_a_line_is_a_channel_and_the_first_one_the_times(tmp_path: Path) -> None:
    lines = ["\t".join(["", *(f"{i / 256 * 1000:.4f}" for i in range(N))])]
    lines += [
        "\t".join([name, *map(str, row)]) for name, row in zip(("F3", "F4"), VALUES.T, strict=True)
    ]
    assert has_plain_rows(opened(tmp_path, "\n".join(lines), "a.txt"), 256)
