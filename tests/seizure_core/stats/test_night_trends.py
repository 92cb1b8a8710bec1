from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.events.event import Event
from seizure_core.stats.night_trends import (
    BURDEN_LINE_S,
    NightTrends,
    burden_s,
    largest_burden_s,
    night_trends,
)
from tests.memory_recording import memory_recording

LEFT, RIGHT = ["F7-T7", "T7-P7", "F3-C3", "C3-P3"], ["F8-T8", "T8-P8", "F4-C4", "C4-P4"]
RATE_HZ, DURATION_S = 256, 60
N_SIMULATIONS = 200
RHYTHMIC, ASYMMETRIC = 0.6, 0.15


def background(rng: np.random.Generator, n: int = RATE_HZ * DURATION_S) -> NDArray[np.float64]:
    """Return EEG-like noise, 1/f with some alpha, partly common to all channels."""
    spectrum = np.fft.rfft(rng.normal(size=(9, n)), axis=1)
    f = np.fft.rfftfreq(n, 1 / RATE_HZ)
    shape = 1 / np.maximum(f, 0.5) + 0.15 * np.exp(-((f - 10) ** 2) / 2)
    noise = np.fft.irfft(spectrum * shape, n, axis=1)
    noise = noise[:8] + 0.5 * noise[8]
    return 12.0 * noise / noise.std(axis=1, keepdims=True)


def with_burst(
    signals: NDArray[np.float64], rng: np.random.Generator, side: int
) -> tuple[float, float]:
    """Add a burst of 2.5 Hz to one side, and return where."""
    onset_s, length_s = rng.uniform(5, 35), rng.uniform(12, 20)
    time = np.arange(signals.shape[1]) / RATE_HZ
    inside = (time >= onset_s) & (time < onset_s + length_s)
    phase = 2 * np.pi * rng.uniform(2.35, 2.65) * time + rng.uniform(0, 6)
    wave = np.cos(phase) + 0.4 * np.cos(2 * phase)
    gains = rng.uniform(25, 50, size=(4, 1))
    signals[4 * side : 4 * side + 4] += gains * wave * inside
    return onset_s, onset_s + length_s


def trends_of(signals: NDArray[np.float64]) -> NightTrends:
    return night_trends(memory_recording([*LEFT, *RIGHT], list(signals), sampling_rates_hz=RATE_HZ))


def alarms(trends: NightTrends, side: int) -> NDArray[np.bool_]:
    name = "right" if side else "left"
    towards = trends.asymmetry if side else -trends.asymmetry
    return (trends.sides[name].rhythmicity >= RHYTHMIC) & (towards >= ASYMMETRIC)


def test_one_sided_bursts_show_as_rhythm_and_asymmetry_and_background_does_not() -> None:
    rng = np.random.default_rng(23)
    seen = false = 0
    for number in range(N_SIMULATIONS):
        signals = background(rng)
        calm = trends_of(signals)
        false += bool(alarms(calm, 0).any() or alarms(calm, 1).any())
        side = number % 2
        onset_s, offset_s = with_burst(signals, rng, side)
        steps = np.arange(len(calm.asymmetry)) * calm.step_s
        touched = (steps < offset_s) & (steps + calm.step_s > onset_s)
        trends = trends_of(signals)
        seen += bool((alarms(trends, side) & touched).any())
        assert not alarms(trends, 1 - side).any()
    assert seen >= 0.95 * N_SIMULATIONS
    assert false <= 0.05 * N_SIMULATIONS


def test_amplitude_and_power_are_in_microvolts() -> None:
    time = np.arange(RATE_HZ * DURATION_S) / RATE_HZ
    sine = 20.0 * np.sin(2 * np.pi * 10.0 * time)
    trends = trends_of(np.stack([sine] * 4 + [3 * sine] * 4))
    left, right = trends.sides["left"], trends.sides["right"]
    assert left.amplitude_uv[1] == pytest.approx(40.0, rel=0.05)  # peak to peak
    assert right.amplitude_uv[1] == pytest.approx(120.0, rel=0.05)
    assert trends.asymmetry == pytest.approx(0.5, abs=0.01)
    peak = trends.frequencies_hz[left.power_uv2[:, 0].argmax()]
    assert peak == pytest.approx(10.0)
    assert left.power_uv2[:, 0].sum() == pytest.approx(200.0, rel=0.05)  # variance
    assert left.rhythmicity.min() > 0.9


def test_suppression_is_counted_and_gaps_are_unknown() -> None:
    rng = np.random.default_rng(1)
    signals = background(rng)
    signals[:, 20 * RATE_HZ : 30 * RATE_HZ] *= 0.05
    signals[:, 40 * RATE_HZ : 50 * RATE_HZ] = np.nan
    trends = trends_of(signals)
    suppression = trends.sides["left"].suppression
    assert suppression[2] > 0.95
    assert suppression[0] < 0.1
    assert np.isnan(suppression).tolist() == [False] * 4 + [True] + [False]
    assert np.isnan(trends.asymmetry[4])
    assert np.isnan(trends.sides["left"].amplitude_uv[:, 4]).all()


def test_a_recording_does_not_depend_on_how_it_is_cut_into_blocks() -> None:
    signals = background(np.random.default_rng(2), n=RATE_HZ * 37)
    trends = trends_of(signals)
    assert len(trends.asymmetry) == 4
    assert np.isfinite(trends.asymmetry).all()  # the last step is not whole


def test_a_recording_of_one_side_is_refused_with_the_reason() -> None:
    with pytest.raises(RecordingError, match="both sides of the head"):
        night_trends(memory_recording(LEFT))


def test_burden_is_exact_to_the_second() -> None:
    rng = np.random.default_rng(4)
    duration_s = 5.5 * 3600
    for _ in range(50):
        starts = np.sort(rng.integers(0, int(duration_s) - 400, size=12))
        events = [
            Event(onset_s=float(start), duration_s=float(rng.integers(1, 400))) for start in starts
        ]
        seconds = np.zeros(int(duration_s), dtype=bool)
        for event in events:
            seconds[int(event.onset_s) : int(event.offset_s)] = True
        expected = [seconds[hour * 3600 : (hour + 1) * 3600].sum() for hour in range(6)]
        assert burden_s(events, duration_s).tolist() == expected
        sums = np.convolve(seconds, np.ones(3600, dtype=int))[: len(seconds)]
        most, start_s = largest_burden_s(events, duration_s)
        assert most == sums.max()
        assert seconds[int(start_s) : int(start_s) + 3600].sum() == most


def test_burden_counts_seizures_alone_and_the_line_is_twelve_minutes() -> None:
    spike = Event(onset_s=0, duration_s=100, event_type="spike")
    assert burden_s([spike], 3600).tolist() == [0]
    assert largest_burden_s([], 3600) == (0, 0)
    assert BURDEN_LINE_S == 12 * 60
