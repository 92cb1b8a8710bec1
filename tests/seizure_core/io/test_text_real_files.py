"""Real tables of EEG open with the rate, unit and channels they have."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seizure_core.channels.planning import plan_any_channels, plan_channels, read_rows
from seizure_core.errors import RecordingError
from seizure_core.figures import figure_bytes, page_figure
from seizure_core.io.opening import inspect_text, open_recording
from seizure_core.stats.channel_statistics import channel_statistics
from seizure_core.stats.distribution import value_distribution
from tests.seizure_core.text_files import messages, write
from tests.shared_files import shared_file

FIRST_BONN_ROWS = [12, 22, 35, 45]


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
    recording = open_recording(path, text_layout=replace(layout, sampling_rate_hz=100))
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
    with pytest.raises(RecordingError, match="named like EEG are not voltages"):
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
    assert figure_bytes(figure)[1:4] == b"PNG"
