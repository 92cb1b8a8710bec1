"""Texts of numbers become recordings: what is detected, what is told, what is refused."""

from __future__ import annotations

import gc
import gzip
import json
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from seizure_core.channels.planning import plan_any_channels, plan_channels, read_rows
from seizure_core.distribution import value_distribution
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.figures import figure_png, page_figure
from seizure_core.formats import text_lines
from seizure_core.formats.text_layout import TextColumn, TextLayout, layout_from_dict
from seizure_core.opening import inspect_text, open_recording
from seizure_core.recording import Recording
from seizure_core.statistics import channel_statistics
from tests.shared_files import shared_file

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
FIRST_BONN_ROWS = [12, 22, 35, 45]


def messages(recording: Recording | TextLayout) -> str:
    return "\n".join(finding.message for finding in recording.findings)


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def noise(n_rows: int, n_channels: int, *, seed: int = 0, scale: float = 40.0) -> NDArray:
    return np.random.default_rng(seed).normal(scale=scale, size=(n_rows, n_channels)).round(3)


def table(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    return "".join(delimiter.join(str(cell) for cell in row) + "\n" for row in rows)


def timed(values: NDArray, rate_hz: float, digits: int = 6) -> list[list[object]]:
    return [[f"{i / rate_hz:.{digits}f}", *row] for i, row in enumerate(values)]


# Real files


@pytest.mark.parametrize("name", ["A", "E"])
def test_a_bonn_set_opens_at_its_known_rate_which_is_told(name: str) -> None:
    recording = open_recording(shared_file(f"bonn/set{name}.csv"))
    raw = np.loadtxt(shared_file(f"bonn/set{name}.csv"), delimiter=",", skiprows=1)
    assert recording.format == "CSV"
    assert {c.sampling_rate_hz for c in recording.channels} == {173.61}
    assert {c.unit for c in recording.channels} == {"uV"}
    assert recording.duration_s == pytest.approx(4097 / 173.61)
    np.testing.assert_array_equal(recording.read(), raw.T.astype(np.float32))
    assert "173.61 Hz is assumed" in messages(recording)
    assert "taken as uV" in messages(recording)


def test_a_bonn_segment_of_one_value_a_line_opens(tmp_path: Path) -> None:
    column = np.loadtxt(shared_file("bonn/setA.csv"), delimiter=",", skiprows=1)[:, 0]
    path = write(tmp_path / "Z001.txt", "".join(f"{value:.0f}\r\n" for value in column))
    recording = open_recording(path)
    assert recording.format == "TXT"
    assert recording.labels == ["Channel 1"]
    assert recording.channels[0].sampling_rate_hz == 173.61
    assert recording.read()[0, :4].tolist() == FIRST_BONN_ROWS
    plan = plan_any_channels(recording, min_channels=1)
    assert "Channel 1 taken as EEG" in plan.findings[0].message


def test_a_segment_of_unknown_rate_asks_for_it_and_takes_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "".join(f"{i % 7}\n" for i in range(300)))
    with pytest.raises(RecordingError, match="Give the sampling rate"):
        open_recording(path)
    layout = inspect_text(path)
    assert layout.sampling_rate_hz is None
    recording = open_recording(path, text_layout=layout.with_rate(100))
    assert recording.duration_s == 3.0


@pytest.mark.parametrize("number", [1, 10, 25])
def test_headset_files_open_packed_with_their_electrodes_only(number: int) -> None:
    path = shared_file(f"guinea-bissau/signal-{number}.csv.gz")
    recording = open_recording(path)
    with gzip.open(path, "rt") as stream:
        raw = np.genfromtxt(stream, delimiter=",", skip_header=1, usecols=range(1, 15))
    assert recording.labels == "AF3 AF4 F3 F4 F7 F8 FC5 FC6 O1 O2 P7 P8 T7 T8".split()
    assert {c.sampling_rate_hz for c in recording.channels} == {128}
    expected = raw.T - 8192 / 1.95
    np.testing.assert_allclose(recording.read(), expected, rtol=1e-6, atol=1e-6)
    assert "128 Hz is assumed" in messages(recording)
    assert "4201.03 uV are subtracted" in messages(recording)
    assert "not read as channels: COUNTER" in messages(recording)
    assert len(recording.segments) == 1


def test_headset_counts_stay_counts_where_the_layout_says_so() -> None:
    path = shared_file("guinea-bissau/signal-1.csv.gz")
    layout = inspect_text(path)
    counts = tuple(
        replace(column, unit="counts") if column.role == "signal" else column
        for column in layout.columns
    )
    recording = open_recording(path, text_layout=replace(layout, columns=counts, offset=0.0))
    assert {c.unit for c in recording.channels} == {"counts"}
    assert recording.read(["AF3"])[0, 0] == pytest.approx(4426.1538)
    with pytest.raises(RecordingError, match="none of its 14 channels is scalp EEG"):
        plan_channels(recording, ["AF3"])
    scaled = open_recording(
        path, text_layout=replace(layout, columns=counts, offset=4200.0, scale_uv=0.51)
    )
    assert scaled.channels[0].unit == "uV"
    assert "4200 is subtracted from all values; one unit is 0.51 uV" in messages(scaled)
    assert "assumed" not in messages(scaled)
    assert scaled.read(["AF3"])[0, 0] == pytest.approx((4426.15384615385 - 4200) * 0.51)


def test_planning_statistics_and_figures_work_on_texts() -> None:
    recording = open_recording(shared_file("guinea-bissau/signal-1.csv.gz"))
    plan = plan_channels(recording, ["F7-T7", "T7-P7"])
    rows = read_rows(recording, plan, [0, 1], 0, 128)
    f7, t7 = recording.read(["F7", "T7"], length_s=1.0)
    np.testing.assert_array_equal(rows[0], f7 - t7)
    assert len(plan_any_channels(recording, min_channels=4).sources) >= 4
    (statistics,) = channel_statistics(recording, ["AF3"])
    whole = recording.read(["AF3"])[0].astype(np.float64)
    assert statistics.mean == pytest.approx(whole.mean())
    assert statistics.n_missing == 0
    bonn = open_recording(shared_file("bonn/setE.csv"))
    assert value_distribution(bonn, "S001").counts.sum() == 4097
    assert channel_statistics(bonn, ["S001"])[0].clipped_fraction == 0
    figure = page_figure(bonn, ["S001", "S002"], start_s=0.0, length_s=10.0)
    assert figure_png(figure)[1:4] == b"PNG"


# Dialects


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
@SLOW
def test_signals_come_back_from_any_dialect(tmp_path: Path, data: st.DataObject) -> None:
    n_rows, n_channels = data.draw(st.sampled_from([(60, 2), (200, 5), (90, 1), (300, 3)]))
    values = noise(n_rows, n_channels, seed=data.draw(st.integers(0, 99)))
    written = data.draw(written_tables(values))
    path = write(tmp_path / "a.csv", written.text, written.encoding)
    layout = inspect_text(path)
    if written.has_rate:
        assert layout.sampling_rate_hz == written.rate_hz
    else:
        layout = layout.with_rate(written.rate_hz)
    recording = open_recording(path, text_layout=layout)
    np.testing.assert_allclose(recording.read(), values.T, rtol=1e-6)
    assert recording.channels[0].unit == "uV"
    assert layout_from_dict(json.loads(json.dumps(layout.to_dict()))) == layout


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
    recording = open_recording(path, text_layout=inspect_text(path).with_rate(100))
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


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("0.5,1,abc,3", r"line 52 holds 'abc' in column 3 \(F4\)"),
        ("0.5,1,2", "line 52 has 3 values, the lines before it 4"),
        ("0.5,1,2,3,4", "line 52 has 5 values"),
        ("# 0.5,1,2,3", "line 52 holds '# 0.5'"),
        ("soon,1,2,3", "column 1"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    rows = timed(noise(100, 3), 100, 2)
    text = table([["time", "F3", "F4", "C3"], *rows]).splitlines()
    text[51] = line
    path = write(tmp_path / "a.csv", "\n".join(text))
    layout = inspect_text(write(tmp_path / "b.csv", "\n".join([*text[:51], *text[52:]])))
    with pytest.raises(RecordingError, match=told):
        open_recording(path, text_layout=layout)


def test_a_cut_off_last_line_is_left_out_and_told(tmp_path: Path) -> None:
    text = table([["time", "F3", "F4"], *timed(noise(100, 2), 100, 2)])
    recording = open_recording(write(tmp_path / "a.csv", text + "1.00,3"))
    assert recording.channels[0].n_samples == 100
    assert "ends inside line 102" in messages(recording)


def test_markers_and_qualities_are_no_channels(tmp_path: Path) -> None:
    names = ["Sample Index", "Time", "Fp1", "Fp2", "CQ_Fp1", "Marker", "Remark", "Battery"]
    rows = [
        [i, f"{i / 250:.3f}", *v, 4, int(i == 50), "eyes open" if i == 7 else "", 88]
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("\n\n\n", "no line of it holds a value"),
        ("hello world\nthis is a letter\n", "no columns of numbers"),
        ("onset\tduration\teventType\n0.0\t5.0\tsz\n", "table of events"),
        ("1,2\n\x003,4\n", "zero bytes"),
    ],
)
def test_texts_that_are_no_recordings_are_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(RecordingError, match=told) as refused:
        open_recording(write(tmp_path / "a.csv", text))
    assert str(tmp_path) not in str(refused.value)


def test_a_text_above_the_bound_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_lines, "MAX_TEXT_BYTES", 1000)
    path = write(tmp_path / "a.csv", table(noise(100, 3)))
    with pytest.raises(RecordingError, match="Convert it to EDF"):
        open_recording(path)


@pytest.mark.parametrize(
    "change",
    [
        {"delimiter": "x"},
        {"encoding": "utf-7"},
        {"sampling_rate_hz": -1.0},
        {"sampling_rate_hz": float("nan")},
        {"scale_uv": 0.0},
        {"offset": float("inf")},
        {"columns": ()},
        {"columns": (TextColumn(label="a", role="time"),)},
        {"n_lines_before": -1},
        {"decimal": ","},
        {"sampling_rate_hz": "fast"},
    ],
)
def test_a_layout_out_of_its_bounds_is_refused(change: dict) -> None:
    with pytest.raises(ParameterError):
        TextLayout(**{"columns": (TextColumn(label="a"),), **change})


@pytest.mark.parametrize(
    "values", [{}, {"columns": [], "new": 1}, {"columns": [{"x": 1}]}, {"columns": 3}]
)
def test_a_layout_from_odd_json_is_refused(values: dict) -> None:
    with pytest.raises(ParameterError):
        layout_from_dict(values)


def test_memory_stays_bounded_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    text = table(timed(noise(500, 16), 256)) * 1
    body = "".join(text.splitlines(keepends=True))
    n_rows = 60_000
    lines = body.splitlines()
    rows = (f"{i / 256:.6f},{lines[i % 500].split(',', 1)[1]}\n" for i in range(n_rows))
    path = write(tmp_path / "a.csv", "".join(rows))
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes(), 1))
    for place in (path, packed):
        tracemalloc.start()
        recording = open_recording(place)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 25_000_000  # the file has 8 MB; chunks of one are parsed
        assert recording.read_samples([3], n_rows - 1, n_rows)[0, 0] == np.float32(
            lines[(n_rows - 1) % 500].split(",")[4]
        )
        del recording
        gc.collect()
        assert list(folder.iterdir()) == []


# Any bytes


ODD_LINES = [
    *(
        "1,2,3",
        "1;2;3",
        "1.5",
        "-7",
        "a,b,c",
        "time,Fp1",
        "# fs = 256",
        "%",
        "",
        " ",
        "nan,nan,nan",
    ),
    *('"1","2","3', ",,,", "1e999,2,3", "12:00:01,2,3", "99:99:99,1,2", "2020-13-41 00:00:00,1,2"),
    *(
        "1" * 400,
        "1," * 50,
        "\t\t",
        "0x10,1,2",
        "1_0,2,3",
        "\u0661,\u0662,\u0663",
        "1 2 3",
        "inf,1,2",
        "ö,ü,ß",
    ),
]


@given(
    lines=st.lists(st.sampled_from(ODD_LINES) | st.text(max_size=12), max_size=40),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    rate_hz=st.sampled_from([None, 100.0]),
)
@SLOW
def test_odd_lines_never_break_the_reader(
    tmp_path: Path, lines: list[str], end: str, rate_hz: float | None
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(end.join(lines).encode("utf-8", "surrogatepass"))
    survives(path, rate_hz)


@given(
    content=st.binary(max_size=300),
    start=st.sampled_from(
        [b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"1,2\n3,4\n", b"\x1f\x8b"]
    ),
)
@SLOW
def test_any_bytes_never_break_the_reader(tmp_path: Path, content: bytes, start: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(start + content)
    survives(path, 100.0)


@given(data=st.data())
@SLOW
def test_a_layout_for_another_file_never_breaks_the_reader(
    tmp_path: Path, data: st.DataObject
) -> None:
    path = write(tmp_path / "a.csv", table(timed(noise(50, 3), 100)))
    columns = tuple(
        TextColumn(
            label="x", role=data.draw(st.sampled_from(["signal", "time", "index", "marker"]))
        )
        for _ in range(data.draw(st.integers(1, 6)))
    )
    with suppress(RecordingError, ParameterError):
        layout = TextLayout(
            columns=(*columns, TextColumn(label="Fp1")),
            delimiter=data.draw(st.sampled_from([",", ";", " ", "", "\t"])),
            orientation=data.draw(st.sampled_from(["columns", "rows"])),
            labels_first=data.draw(st.booleans()),
            n_lines_before=data.draw(st.sampled_from([0, 3, 49, 50, 99])),
            time_unit=data.draw(st.sampled_from(["s", "ms", "clock", "samples"])),
            sampling_rate_hz=data.draw(st.sampled_from([0.001, 100.0, 1e6])),
        )
        read_ends(open_recording(path, text_layout=layout))


def survives(path: Path, rate_hz: float | None) -> None:
    refusal = ""
    tracemalloc.start()
    try:
        layout = inspect_text(path)
        if rate_hz is not None:
            layout = layout.with_rate(rate_hz)
        read_ends(open_recording(path, text_layout=layout))
    except RecordingError as error:
        refusal = str(error)
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 20_000_000
    assert str(path.parent) not in refusal


def read_ends(recording: Recording) -> None:
    for index, channel in enumerate(recording.channels):
        n_read = min(channel.n_samples, 500)
        assert recording.read_samples([index], 0, n_read).shape == (1, n_read)
        assert recording.read_samples([index], channel.n_samples - 1, channel.n_samples).size == 1
