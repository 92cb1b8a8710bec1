"""Texts of numbers become recordings: what is detected, and what is told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from seizure_core.channels.planning import plan_channels
from seizure_core.errors import RecordingError
from seizure_core.io.opening import inspect_text, open_recording
from tests.seizure_core.text_files import messages, noise, table, timed, write


@dataclass(frozen=True)
class Written:
    text: str
    encoding: str
    rate_hz: float
    has_rate: bool


@st.composite
def written_tables(draw: st.DrawFn, values: NDArray) -> Written:
    """Draw a way in which programs write signals, shape (n_rows, n_channels)."""
    n_channels = values.shape[1]
    delimiter = draw(st.sampled_from([",", ";", "\t", "|", " ", ", ", "  "]))
    decimal = draw(st.sampled_from([".", ","])) if delimiter.strip() != "," else "."
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    quote = draw(st.booleans()) and delimiter.strip() in {",", ";", "|"}
    rate_hz = draw(st.sampled_from([128.0, 173.61, 200.0, 256.0, 512.0]))
    leading = draw(st.sampled_from(["time", "index", "none"]))
    wide = delimiter.strip() in {",", ";"} and leading == "none" and draw(st.booleans())
    names = [f"Fp{i + 1}" if i < 2 else f"C{i}" for i in range(n_channels)]
    if wide:
        rows = [[f"{v!r}" for v in map(float, channel)] for channel in values.T]
        if draw(st.booleans()):
            rows = [[name, *row] for name, row in zip(names, rows, strict=True)]
        header = []
    else:
        rows = [[f"{v!r}" for v in map(float, row)] for row in values]
        unit = draw(st.sampled_from(["", " (uV)", "[uV]", "_uV"])) if delimiter.strip() else ""
        header = [name + unit for name in names]
        if leading == "time":
            rows = [[f"{i / rate_hz:.6f}", *row] for i, row in enumerate(rows)]
            header = [draw(st.sampled_from(["time", "Time", "t", "timestamp"])), *header]
        if leading == "index":
            first = draw(st.integers(0, 1))
            rows = [[str(i + first), *row] for i, row in enumerate(rows)]
            header = ["index", *header]
        if draw(st.booleans()):
            header = []
    if decimal == ",":
        rows = [[cell.replace(".", ",") for cell in row] for row in rows]
    if quote:
        rows = [[f'"{cell}"' for cell in row] for row in rows]
    lines = [delimiter.join(row) for row in ([header] if header else []) + rows]
    if draw(st.booleans()):
        lines = ["# made by a program", "# Fs = 173.61 Hz" if rate_hz == 173.61 else "#", *lines]
    stated = rate_hz == 173.61 and "# Fs = 173.61 Hz" in lines
    text = end.join(lines) + (end if draw(st.booleans()) else "")
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]))
    return Written(text, encoding, rate_hz, (leading == "time" and not wide) or stated)


@given(data=st.data())
def test_signals_come_back_from_any_dialect(tmp_path: Path, data: st.DataObject) -> None:
    n_rows, n_channels = data.draw(st.sampled_from([(60, 2), (200, 5), (90, 1), (300, 3)]))
    values = noise(n_rows, n_channels, seed=data.draw(st.integers(0, 99)))
    written = data.draw(written_tables(values))
    path = write(tmp_path / "a.csv", written.text, written.encoding)
    layout = inspect_text(path)
    if written.has_rate:
        assert layout.sampling_rate_hz == written.rate_hz
    else:
        layout = replace(layout, sampling_rate_hz=written.rate_hz)
    recording = open_recording(path, text_layout=layout)
    np.testing.assert_allclose(recording.read(), values.T, rtol=1e-6)
    assert recording.channels[0].unit == "uV"


@pytest.mark.parametrize(
    ("rate_hz", "digits", "unit", "factor"),
    [
        (256, 3, "s", 1),
        (256, 6, "s", 1),
        (173.61, 6, "s", 1),
        (250, 0, "ms", 1000),
        (512, 1, "", 1e3),
        (1000, 0, "", 1e6),
        (128, 9, "", 1),
    ],
)
def test_the_rate_is_read_from_the_times(
    tmp_path: Path, rate_hz: float, digits: int, unit: str, factor: float
) -> None:
    header = [f"Time ({unit})" if unit else "Time", "Fp1", "Fp2"]
    values = noise(1500, 2)
    rows = [[f"{i / rate_hz * factor:.{digits}f}", *row] for i, row in enumerate(values)]
    recording = open_recording(write(tmp_path / "a.csv", table([header, *rows])))
    assert recording.channels[0].sampling_rate_hz == rate_hz
    assert recording.labels == ["Fp1", "Fp2"]
    assert len(recording.segments) == 1


def test_clock_times_give_start_and_rate_also_past_midnight(tmp_path: Path) -> None:
    start = np.datetime64("2021-03-02T23:59:59.000")
    stamps = start + (np.arange(600) * 1000 // 200).astype("timedelta64[ms]")
    dated = [[str(t).replace("T", " "), *row] for t, row in zip(stamps, noise(600, 2), strict=True)]
    recording = open_recording(write(tmp_path / "a.csv", table([["time", "F3", "F4"], *dated])))
    assert recording.start_time == datetime(2021, 3, 2, 23, 59, 59)
    assert recording.channels[0].sampling_rate_hz == 200
    months = (("-03-02", "02-Mar-2021"), ("-03-03", "03-Mar-2021"))
    named = [[c.replace(f"2021{old}", new) for old, new in months if old in c] for c, *_ in dated]
    named = [[*clock, *cells[1:]] for clock, cells in zip(named, dated, strict=True)]
    recording = open_recording(write(tmp_path / "c.csv", table([["time", "F3", "F4"], *named])))
    assert recording.start_time == datetime(2021, 3, 2, 23, 59, 59)
    assert recording.duration_s == 3.0
    bare = [[cells[0].split(" ")[1], *cells[1:]] for cells in dated]
    recording = open_recording(write(tmp_path / "b.csv", table([["time", "F3", "F4"], *bare])))
    assert recording.start_time is None
    assert recording.duration_s == 3.0
    assert len(recording.segments) == 1


def test_uneven_times_of_packets_are_no_gaps_and_are_told(tmp_path: Path) -> None:
    times = np.repeat(np.arange(60) * 0.125, 16)  # 16 rows share one stamp: 128 Hz
    rows = [[f"{t:.3f}", *row] for t, row in zip(times, noise(960, 2), strict=True)]
    recording = open_recording(write(tmp_path / "a.csv", table([["timestamp", "F3", "F4"], *rows])))
    assert recording.channels[0].sampling_rate_hz == 128
    assert len(recording.segments) == 1
    assert "uneven" in messages(recording)


@pytest.mark.parametrize("kind", ["time", "index"])
def test_a_jump_of_the_times_is_a_gap(tmp_path: Path, kind: str) -> None:
    values = noise(600, 2)
    rows = timed(values, 100, 2) if kind == "time" else [[i, *v] for i, v in enumerate(values)]
    kept = rows[:200] + rows[350:]
    path = write(tmp_path / "a.csv", table([[kind, "F3", "F4"], *kept]))
    recording = open_recording(path, text_layout=replace(inspect_text(path), sampling_rate_hz=100))
    signals = recording.read()
    assert signals.shape == (2, 600)
    assert np.isnan(signals[:, 200:350]).all()
    np.testing.assert_array_equal(signals[:, 350:], values[350:].T.astype(np.float32))
    assert [(s.start_s, s.stop_s) for s in recording.segments] == [(0, 2), (3.5, 6)]
    assert "interrupted 1 time" in messages(recording)


def test_times_that_run_backwards_are_refused(tmp_path: Path) -> None:
    rows = timed(noise(300, 2), 100, 2)
    path = write(tmp_path / "a.csv", table([["time", "F3", "F4"], *rows, *rows[:20]]))
    with pytest.raises(RecordingError, match="row 301 lies"):
        open_recording(path)


def test_empty_cells_are_gaps_and_are_told(tmp_path: Path) -> None:
    rows = timed(noise(300, 3), 100, 2)
    rows[10][1] = ""
    rows[11][3] = "NA"
    rows[12][2] = "NaN"
    rows[13][3] = ""
    recording = open_recording(
        write(tmp_path / "a.csv", table([["time", "F3", "F4", "C3"], *rows]))
    )
    missing = np.argwhere(np.isnan(recording.read())).tolist()
    assert missing == [[0, 10], [1, 12], [2, 11], [2, 13]]
    assert "4 cells hold no (finite) value, the first in line 12" in messages(recording)


def test_markers_and_qualities_are_no_channels(tmp_path: Path) -> None:
    names = ["Sample Index", "Time", "Fp1", "Fp2", "CQ_Fp1", "Marker", "Remark", "Battery"]
    names += ["condition", "epoch"]  # as MNE-Python writes tables
    rows = [
        [i, f"{i / 250:.3f}", *v, 4, int(i == 50), "eyes open" if i == 7 else "", 88, 1, 0]
        for i, v in enumerate(noise(400, 2))
    ]
    path = write(tmp_path / "a.csv", table([names, *rows]))
    layout = inspect_text(path)
    roles = {column.label: column.role for column in layout.columns}
    assert roles == {
        "Sample Index": "index",
        "Time": "time",
        "Fp1": "signal",
        "Fp2": "signal",
        "CQ_Fp1": "quality",
        "Marker": "marker",
        "Remark": "marker",
        "Battery": "quality",
        "condition": "quality",
        "epoch": "quality",
    }
    assert layout.preview[0][:2] == ("0", "0.000")
    assert open_recording(path).labels == ["Fp1", "Fp2"]


@pytest.mark.parametrize(
    ("scale", "unit", "factor"), [(4e-5, "V", 1e6), (0.04, "mV", 1e3), (40.0, "uV", 1.0)]
)
def test_a_unit_that_is_not_named_is_guessed_and_marked(
    tmp_path: Path, scale: float, unit: str, factor: float
) -> None:
    values = np.random.default_rng(0).normal(scale=scale, size=(300, 2))
    path = write(tmp_path / "a.csv", table([["time", "F3", "F4"], *timed(values, 100, 2)]))
    recording = open_recording(path)
    assert f"{unit} is a guess" in messages(recording)
    assert recording.channels[0].unit == "uV"
    np.testing.assert_allclose(recording.read(), values.T * factor, rtol=1e-6)


def test_values_that_look_like_no_voltage_stay_without_a_unit(tmp_path: Path) -> None:
    values = noise(300, 2, scale=9e5)
    path = write(tmp_path / "a.csv", table([["time", "F3", "F4"], *timed(values, 100, 2)]))
    recording = open_recording(path)
    assert {c.unit for c in recording.channels} == {""}
    assert "without a unit" in messages(recording)
    assert "No unit is given" in plan_channels(recording, ["F3"]).findings[0].message


def test_comments_name_rate_and_unit(tmp_path: Path) -> None:
    text = "%EEG Data\n%Sample Rate = 250 Hz\n%Unit: mV\n" + table(noise(100, 3))
    recording = open_recording(write(tmp_path / "a.txt", text))
    assert recording.channels[0].sampling_rate_hz == 250
    assert recording.channels[0].stored_unit == "mV"
    text = "Sampling frequency: 500 Hz\nChannels: F3,F4,Fz\n" + table(noise(100, 3))
    assert open_recording(write(tmp_path / "b.csv", text)).labels == ["F3", "F4", "Fz"]
