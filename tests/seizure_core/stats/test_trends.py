"""Spectrograms and amplitude trends: the numbers of scipy on whole arrays, any blocks."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import signal

from seizure_core.errors import ParameterError
from seizure_core.io.opening import open_recording
from seizure_core.signals import blocks as streaming
from seizure_core.signals.blocks import WorkCancelledError
from seizure_core.stats.amplitude import amplitude_trends
from seizure_core.stats.spectrogram import spectrogram
from tests.eeg_files import REST, eeg_file
from tests.memory_recording import memory_recording

EEG = "chbmit/chb02/chb02_16_ictal_s140-150.edf"


def _scipy(x: np.ndarray, rate_hz: float, segment: int, step: int) -> tuple[np.ndarray, ...]:
    return signal.spectrogram(
        x.astype(np.float64), rate_hz, window="hann", nperseg=segment, noverlap=segment - step
    )


def test_short_recordings_show_every_segment_as_scipy_does() -> None:
    recording = open_recording(eeg_file(EEG))
    found = spectrogram(recording, ["T7-P7"])
    x = recording.read(["T7-P7"])[0]
    f, times, density = _scipy(x, 256.0, 512, 64)
    np.testing.assert_allclose(found.frequencies_hz, f)
    np.testing.assert_allclose(np.diff(found.edges_s), 0.25)
    known = np.isfinite(found.density[0])
    np.testing.assert_allclose(found.edges_s[:-1][known], times)
    np.testing.assert_allclose(found.density[:, known], density, rtol=1e-9, atol=1e-12)


def test_a_column_of_a_long_recording_is_the_mean_of_its_segments() -> None:
    recording = open_recording(eeg_file(REST))
    found = spectrogram(recording, [4], max_columns=20)
    x = recording.read([4])[0]
    _, times, density = _scipy(x, 500.0, 1000, 500)
    assert len(found.edges_s) - 1 <= 20
    for column, (left, right) in enumerate(zip(found.edges_s[:-1], found.edges_s[1:], strict=True)):
        inside = (times >= left) & (times < right)
        expected = density[:, inside].mean(axis=1)
        np.testing.assert_allclose(found.density[:, column], expected, rtol=1e-9, atol=1e-12)


def test_several_channels_are_averaged_and_must_be_alike() -> None:
    recording = memory_recording(
        ["A", "B", "C", "D"], duration_s=30.0, units=["uV", "uV", "mmHg", "uV"],
        sampling_rates_hz=[100.0, 100.0, 100.0, 50.0],
    )  # fmt: skip
    both = spectrogram(recording, ["A", "B"])
    one, other = (spectrogram(recording, [label]).density for label in "AB")
    np.testing.assert_allclose(both.density, (one + other) / 2)
    for wrong in (["A", "C"], ["A", "D"]):
        with pytest.raises(ParameterError, match="one unit and one sampling rate"):
            spectrogram(recording, wrong)
    with pytest.raises(ParameterError, match="columns"):
        spectrogram(recording, ["A"], max_columns=0)


def test_band_powers_of_the_columns_find_the_wave_that_is_there() -> None:
    t = np.arange(200 * 60) / 200
    wave = np.where(t < 30, np.sin(2 * np.pi * 6 * t), np.sin(2 * np.pi * 20 * t)) * np.sqrt(2)
    found = spectrogram(memory_recording(["A"], [wave], sampling_rates_hz=200.0), ["A"])
    delta, theta, _, beta, _ = found.band_powers()
    early = (found.edges_s[1:] < 28) & np.isfinite(theta)
    late = (found.edges_s[:-1] > 32) & np.isfinite(theta)
    np.testing.assert_allclose(theta[early], 1, rtol=1e-2)
    np.testing.assert_allclose(beta[late], 1, rtol=1e-2)
    assert max(delta[early].max(), beta[early].max(), theta[late].max()) < 1e-3


def _amplitudes(x: np.ndarray, rate_hz: float) -> np.ndarray:
    """The envelope of a whole signal, by its definition."""
    filtered = x.astype(np.float64)
    for corner_hz, kind in ((2.0, "highpass"), (15.0, "lowpass")):
        sections = signal.butter(2, corner_hz, kind, fs=rate_hz, output="sos")
        start = signal.sosfilt_zi(sections) * filtered[0]
        filtered = signal.sosfilt(sections, filtered, zi=start)[0]
    per_value = round(rate_hz / 2)
    whole = len(x) // per_value * per_value
    return np.pi * np.abs(filtered[:whole]).reshape(-1, per_value).mean(axis=1)


def test_amplitudes_of_a_recording_follow_their_definition() -> None:
    recording = open_recording(eeg_file(REST))
    trends = amplitude_trends(recording, [3, 8])
    for trend, x in zip(trends, recording.read([3, 8]), strict=True):
        envelope = _amplitudes(x, 500.0)
        for column in range(len(trend.median)):
            part = envelope[10 * column : 10 * column + 10]
            expected = np.quantile(part, [0.1, 0.5, 0.9])
            got = [trend.lower[column], trend.median[column], trend.upper[column]]
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


def test_a_steady_wave_in_the_band_reads_its_height_from_peak_to_peak() -> None:
    t = np.arange(256 * 120) / 256
    recording = memory_recording(
        ["alpha", "slow"], [50 * np.sin(2 * np.pi * 6 * t), 50 * np.sin(2 * np.pi * 0.3 * t)]
    )
    alpha, slow = amplitude_trends(recording)
    np.testing.assert_allclose(alpha.median[2:], 100, rtol=0.05)
    assert slow.upper[2:].max() < 5


def test_gaps_and_ends_have_no_amplitude_and_do_not_ring() -> None:
    x = np.random.default_rng(0).normal(scale=20, size=256 * 100)
    x[256 * 40 : 256 * 60] = np.nan
    x[256 * 60 :] += 3000
    (trend,) = amplitude_trends(memory_recording(["A"], [x]))
    assert np.isnan(trend.median[8:12]).all()
    assert np.isfinite(np.delete(trend.median, range(8, 12))).all()
    assert trend.upper[12] < 3 * trend.upper[3]


@pytest.mark.parametrize("block_values", [700, 30_000])
def test_no_digit_depends_on_blocks(block_values: int, monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(1).normal(size=(2, round(173.61 * 150))).astype(np.float32)
    x[1, 9000:9500] = np.nan
    recording = memory_recording(["A", "B"], list(x), sampling_rates_hz=173.61)
    whole, columns = amplitude_trends(recording), spectrogram(recording, ["B"], max_columns=50)
    monkeypatch.setattr(streaming, "_BLOCK_VALUES", block_values)
    assert spectrogram(recording, ["B"], max_columns=50).density.tobytes() == (
        columns.density.tobytes()
    )
    for again, trend in zip(amplitude_trends(recording), whole, strict=True):
        assert again.median.tobytes() == trend.median.tobytes()
        assert again.upper.tobytes() == trend.upper.tobytes()


def test_work_on_trends_ends_when_the_user_says_so() -> None:
    recording = memory_recording(["A"])
    for work in (spectrogram, amplitude_trends):
        with pytest.raises(WorkCancelledError):
            work(recording, ["A"], cancelled=lambda: True)


def test_channels_too_slow_for_the_band_are_refused() -> None:
    with pytest.raises(ParameterError, match="needs more than 30"):
        amplitude_trends(memory_recording(["SpO2"], sampling_rates_hz=1.0, duration_s=60.0))
