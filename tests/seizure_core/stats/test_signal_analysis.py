"""Spectra, Hjorth's parameters, copies of channels: scipy's and numpy's numbers, any blocks."""

from __future__ import annotations

import csv
import itertools
import json
import math
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from seizure_core.io.opening import open_recording
from seizure_core.signals import blocks as streaming
from seizure_core.signals.blocks import WorkCancelledError
from seizure_core.stats.channel_statistics import (
    ChannelStatistics,
    channel_statistics,
    recording_statistics,
)
from seizure_core.stats.equal_channels import PairFinder
from seizure_core.stats.facts import STATISTIC_FACTS, write_statistics_csv, write_statistics_json
from seizure_core.stats.pieces import PIECE_SAMPLES, SignalPiece, Waveform, recut
from seizure_core.stats.spectra import BANDS, WelchAverage, power_spectra
from tests.eeg_files import REST, eeg_file
from tests.memory_recording import memory_recording
from tests.properties import examples

FILES = ["chbmit/chb03/chb03_01_ictal_s372-382.edf", REST]


def _hjorth(x: np.ndarray, rate_hz: float) -> tuple[float, float]:
    first, second = np.diff(x), np.diff(x, n=2)
    mobility = math.sqrt(first.var() / x.var())
    return mobility * rate_hz, math.sqrt(second.var() / first.var()) / mobility


def _bands(x: np.ndarray, rate_hz: float) -> dict[str, float]:
    f, density = signal.welch(x, rate_hz, nperseg=min(round(4 * rate_hz), len(x)))
    return {
        band.name: density[(f >= band.low_hz) & (f < band.high_hz)].sum() * f[1] for band in BANDS
    } | {hz: density[(f >= hz - 1) & (f < hz + 1)].sum() * f[1] for hz in (50, 60)}


@pytest.mark.parametrize("name", FILES)
def test_whole_recordings_give_the_numbers_of_scipy_on_whole_arrays(name: str) -> None:
    recording = open_recording(eeg_file(name))
    rate_hz = recording.channels[0].sampling_rate_hz
    for row, samples in zip(channel_statistics(recording), recording.read(), strict=True):
        x = samples.astype(np.float64)
        assert (row.hjorth_mobility_per_s, row.hjorth_complexity) == pytest.approx(
            _hjorth(x, rate_hz), rel=1e-9
        )
        assert row.zero_crossings == np.count_nonzero(np.diff(np.signbit(x)))
        assert row.zero_crossings_per_s == pytest.approx(row.zero_crossings / len(x) * rate_hz)
        powers = _bands(x, rate_hz)
        total = sum(powers[band.name] for band in BANDS)
        for band in BANDS:
            power = powers[band.name]
            assert getattr(row, f"{band.name}_power") == pytest.approx(power, rel=1e-9)
            assert getattr(row, f"{band.name}_relative") == pytest.approx(power / total, rel=1e-9)
        assert row.mains_50hz_ratio == pytest.approx(powers[50] / total, rel=1e-9)
        assert row.mains_60hz_ratio == pytest.approx(powers[60] / total, rel=1e-9)


@pytest.mark.parametrize(("rate_hz", "seconds"), [(256.0, 61.3), (173.61, 23.6), (64.0, 2.5)])
def test_spectra_are_those_of_scipys_welch(rate_hz: float, seconds: float) -> None:
    recording = memory_recording(["A", "B"], sampling_rates_hz=rate_hz, duration_s=seconds)
    for spectrum, samples in zip(power_spectra(recording), recording.read(), strict=True):
        f, density = signal.welch(
            samples.astype(np.float64), rate_hz, nperseg=min(round(4 * rate_hz), len(samples))
        )
        np.testing.assert_allclose(spectrum.frequencies_hz, f, rtol=1e-12)
        np.testing.assert_allclose(spectrum.density, density, rtol=1e-9, atol=1e-14)


def test_a_spectrum_never_spans_a_gap() -> None:
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=1500), rng.normal(size=2600) + 1000
    joined = np.concatenate((first, np.full(333, np.nan), second, np.full(50, np.nan)))
    recording = memory_recording(["A"], [joined], sampling_rates_hz=100.0)
    (spectrum,) = power_spectra(recording)
    parts = [signal.welch(x.astype(np.float32), 100.0, nperseg=400)[1] for x in (first, second)]
    counts = [(len(x) - 400) // 200 + 1 for x in (first, second)]
    expected = (parts[0] * counts[0] + parts[1] * counts[1]) / sum(counts)
    assert spectrum.n_segments == sum(counts)
    np.testing.assert_allclose(spectrum.density[2:], expected[2:], rtol=1e-2)
    assert spectrum.power(0, 2) < 1.0  # no trace of the step of 1000


def test_the_power_of_a_sine_is_where_and_what_it_is() -> None:
    t = np.arange(256 * 60) / 256
    wave = 30 * np.sqrt(2) * np.sin(2 * np.pi * 10 * t) + 9 * np.sqrt(2) * np.sin(
        2 * np.pi * 60 * t
    )
    (row,) = channel_statistics(memory_recording(["A"], [wave]))
    assert row.alpha_power == pytest.approx(900, rel=1e-3)
    assert row.alpha_relative == pytest.approx(1, abs=1e-6)
    assert row.mains_60hz_ratio == pytest.approx(0.09, rel=1e-3)
    assert row.mains_50hz_ratio < 1e-6
    (pure,) = channel_statistics(memory_recording(["A"], [np.sin(2 * np.pi * 10 * t + 0.1)]))
    assert pure.hjorth_mobility_per_s == pytest.approx(2 * np.pi * 10, rel=0.01)
    assert pure.hjorth_complexity == pytest.approx(1, abs=0.01)
    assert pure.zero_crossings_per_s == pytest.approx(20, abs=0.1)


def test_bands_beyond_half_the_sampling_rate_are_undefined_and_not_counted() -> None:
    (row,) = channel_statistics(memory_recording(["A"], sampling_rates_hz=64.0, duration_s=30.0))
    assert math.isnan(row.gamma_power)
    assert math.isnan(row.mains_50hz_ratio)
    parts = [row.delta_relative, row.theta_relative, row.alpha_relative, row.beta_relative]
    assert sum(parts) == pytest.approx(1)


@examples(0.5)
@given(st.lists(st.integers(0, 40_000), max_size=8), st.booleans())
def test_no_digit_depends_on_how_a_signal_is_cut(cuts: list[int], with_gap: bool) -> None:
    data = np.random.default_rng(5).normal(3.0, 20.0, size=(2, 40_000)).astype(np.float32)
    if with_gap:
        data[0, 16_000:17_000] = np.nan
        data[1, 39_990:] = np.inf
    seen = []
    for pieces in ([data], np.split(data, sorted(cuts), axis=1)):
        waveform, welch = Waveform(), WelchAverage(100.0, 40_000)
        sizes = []
        for rows in recut(pieces):
            sizes.append(rows.shape[1])
            waveform.add(SignalPiece.of(rows[0]))
            welch.add(SignalPiece.of(rows[1]))
        assert set(sizes[:-1]) <= {PIECE_SAMPLES}
        seen.append(
            (
                waveform.line_length,
                waveform.zero_crossings,
                waveform.complexity,
                waveform.mobility_per_s(100.0),
                welch.density.tobytes(),
            )
        )
    assert seen[0] == seen[1]


@given(st.lists(st.sampled_from([-2.0, -0.5, 0.0, 1.0, np.nan]), max_size=40), st.integers(1, 7))
def test_waveforms_of_any_pieces_are_the_plain_definition(values: list[float], size: int) -> None:
    x = np.array(values, dtype=np.float32)
    waveform = Waveform()
    for start in range(0, len(x), size):
        waveform.add(SignalPiece.of(x[start : start + size]))
    beside = [(a, b) for a, b in itertools.pairwise(values) if a == a and b == b]
    assert waveform.line_length == pytest.approx(sum(abs(b - a) for a, b in beside))
    assert waveform.zero_crossings == sum((a < 0) != (b < 0) for a, b in beside)


def test_copies_and_opposites_of_a_recording_are_named() -> None:
    recording = open_recording(eeg_file("chbmit/chb03/chb03_01_ictal_s372-382.edf"))
    statistics = recording_statistics(recording)
    by_number = {row.number: row for row in statistics.channels}
    assert by_number[15].equal_to == (23,)
    assert by_number[23].equal_to == (15,)
    assert by_number[3].opposite_of == (19,)
    assert by_number[19].opposite_of == (3,)
    assert sum(len(row.equal_to) + len(row.opposite_of) for row in statistics.channels) == 4
    messages = [finding.message for finding in statistics.findings]
    assert "T8-P8 appears twice: channels 15 and 23 are equal." in messages
    assert "P7-T7 (channel 19) is the opposite of T7-P7 (channel 3)." in messages


def test_likeness_is_refuted_by_one_sample_and_flat_channels_are_alike_in_nothing() -> None:
    x = np.random.default_rng(0).normal(size=40_000).astype(np.float32)
    almost, flat = x.copy(), np.full(40_000, 2.0)
    almost[39_000] += 0.01
    gone = np.where(np.arange(40_000) == 7, np.nan, x)
    signals = [x, almost, x, -x + 5, gone, gone, -gone, flat, flat]
    recording = memory_recording([f"C{i}" for i in range(9)], signals)
    rows = channel_statistics(recording)
    assert [row.equal_to for row in rows] == [(3,), (), (1,), (), (6,), (5,), (), (), ()]
    assert [row.opposite_of for row in rows[:4]] == [(4,), (), (4,), (1, 3)]
    assert [row.opposite_of for row in rows[4:]] == [(7,), (7,), (5, 6), (), ()]


def test_a_channel_of_another_sampling_rate_is_no_copy() -> None:
    x = np.arange(100.0)
    rows = channel_statistics(memory_recording(["A", "B"], [x, x], sampling_rates_hz=[50.0, 100.0]))
    assert [row.equal_to for row in rows] == [(), ()]


@examples(0.5)
@given(
    st.lists(st.lists(st.integers(-2, 2), min_size=6, max_size=6), min_size=1, max_size=6),
    st.integers(1, 6),
)
def test_pairs_are_those_found_by_comparing_everything(rows: list[list[int]], size: int) -> None:
    data = np.array(rows, dtype=np.float32)
    finder = PairFinder(len(data))
    for start in range(0, 6, size):
        finder.add(data[:, start : start + size])
    varies = [bool(np.ptp(row)) for row in data]
    pairs = [(i, j) for i in range(len(data)) for j in range(i + 1, len(data))]
    assert finder.opposite_pairs() == [
        (i, j) for i, j in pairs if varies[i] and varies[j] and not np.ptp(data[i] + data[j])
    ]
    equal = {p for c in finder.equal_classes() for p in pairs if p[0] in c and p[1] in c}
    assert equal == {p for p in pairs if varies[p[0]] and np.array_equal(*data[list(p)])}


def test_strong_mains_is_named_with_its_channel_muscle_is_not() -> None:
    rng = np.random.default_rng(2)
    t = np.arange(256 * 30) / 256
    eeg = np.cumsum(rng.normal(size=(3, len(t))), axis=1)
    eeg -= signal.savgol_filter(eeg, 513, 1)
    eeg[0] += 20 * np.sin(2 * np.pi * 60 * t)
    eeg[1] += rng.normal(scale=40, size=len(t))
    statistics = recording_statistics(memory_recording(["T8-P8", "MUSCLE", "QUIET"], list(eeg)))
    (message,) = [f.message for f in statistics.findings if "mains" in f.message]
    assert message.startswith("60 Hz mains strong on T8-P8 (14 uV RMS")
    assert "MUSCLE" not in message


def test_a_pure_wave_of_one_mains_is_not_called_the_other() -> None:
    wave = 70 * np.sin(2 * np.pi * 50 * np.arange(256 * 30) / 256)
    statistics = recording_statistics(memory_recording(["sine"], [wave]))
    (message,) = [f.message for f in statistics.findings if "mains" in f.message]
    assert message == (
        "50 Hz mains strong on sine (49 uV RMS, more than 100 times the EEG's power)."
    )


def test_a_flat_stretch_is_named_with_its_length() -> None:
    data = np.random.default_rng(0).normal(size=(2, 256 * 400))
    data[0, 2560 : 2560 + 256 * 312] = 0.0
    statistics = recording_statistics(memory_recording(["FT9-FT10", "B"], list(data)))
    assert any(
        f.message.startswith("FT9-FT10 is flat") and "312 s" in f.message
        for f in statistics.findings
    )


@pytest.mark.parametrize("after", [0, 3])
def test_work_ends_when_the_user_says_so(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "_BLOCK_VALUES", 1024)
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) > after

    recording = memory_recording(["A", "B"], duration_s=20.0)
    with pytest.raises(WorkCancelledError, match="stopped as asked"):
        recording_statistics(recording, cancelled=cancelled)
    assert len(recording.reader.calls) == after  # type: ignore[attr-defined]


def test_every_statistic_is_explained_in_order_with_its_unit() -> None:
    names = [field.name for field in fields(ChannelStatistics)]
    assert list(STATISTIC_FACTS) == names
    for fact in STATISTIC_FACTS.values():
        assert fact.explanation.endswith(".")
        assert len(fact.title) <= 26
    assert STATISTIC_FACTS["alpha_power"].unit_for("uV") == "µV²"
    assert STATISTIC_FACTS["line_length_per_s"].unit_for("mmHg") == "mmHg/s"
    assert STATISTIC_FACTS["mean"].unit_for("") == ""
    assert STATISTIC_FACTS["skewness"].unit_for("uV") == ""


def test_exports_hold_every_number_and_no_formula(tmp_path: Path) -> None:
    recording = memory_recording(
        ["=1+1", "B", "C"], [np.sin(np.arange(999.0)), -np.sin(np.arange(999.0)), np.zeros(999)]
    )
    statistics = recording_statistics(recording)
    write_statistics_csv(tmp_path / "s.csv", statistics)
    write_statistics_json(tmp_path / "s.json", statistics)
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    assert list(table[0]) == list(STATISTIC_FACTS)
    assert [row["label"] for row in table] == ["'=1+1", "B", "C"]
    assert float(table[0]["rms"]) == pytest.approx(statistics.channels[0].rms)
    assert (table[0]["opposite_of"], table[2]["opposite_of"], table[2]["skewness"]) == ("2", "", "")
    plain = json.loads((tmp_path / "s.json").read_text(encoding="utf-8"))
    assert plain["channels"][0]["label"] == "=1+1"
    assert plain["channels"][2]["skewness"] is None
    assert plain["channels"][1]["rms"] == statistics.channels[1].rms
    assert plain["units"]["delta_power"] == "{unit}²"
    assert sorted(path.name for path in tmp_path.glob("s*")) == ["s.csv", "s.json"] + (
        ["seizure-zoo-home"] if (tmp_path / "seizure-zoo-home").exists() else []
    )
