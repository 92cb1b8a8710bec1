from __future__ import annotations

import numpy as np
import pytest

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.events.line_length import line_length_events
from seizure_core.simulator import SimulatedSeizure, SimulationSpec, simulate
from tests.memory_recording import memory_recording
from training.evaluate.baselines import (
    BASELINES,
    GotmanSettings,
    bipolar_pairs,
    gotman_like,
    half_wave_turns,
    suspicious_epochs,
)
from training.evaluate.finders import card_result, find_all

RATE_HZ = 128


def rhythmic(start_s: float, stop_s: float, *, height_uv: float = 150.0) -> np.ndarray:
    """Return 120 s of faint noise with a 5 Hz rhythm between two times, shape (18, n)."""
    rng = np.random.default_rng(0)
    times_s = np.arange(120 * RATE_HZ) / RATE_HZ
    signals = rng.normal(0.0, 10.0, (18, len(times_s)))
    inside = (times_s >= start_s) & (times_s < stop_s)
    signals[:, inside] += height_uv * np.sin(2 * np.pi * 5.0 * times_s[inside])
    return signals.astype(np.float32)


def test_gotmans_rules_find_a_rhythm_that_stands_out_and_nothing_else() -> None:
    recording = memory_recording(DOUBLE_BANANA_18, rhythmic(60.0, 80.0), sampling_rates_hz=RATE_HZ)
    events = gotman_like(recording).events
    assert events
    assert events[0].onset_s == pytest.approx(60.0, abs=2.0)
    assert all(58.0 <= one.onset_s and one.offset_s <= 82.0 for one in events)
    calm = memory_recording(DOUBLE_BANANA_18, rhythmic(60.0, 60.0), sampling_rates_hz=RATE_HZ)
    assert gotman_like(calm).events == ()


def test_a_rhythm_of_one_channel_alone_is_no_seizure_by_gotmans_rules() -> None:
    signals = rhythmic(60.0, 60.0)
    signals[3] = rhythmic(60.0, 80.0)[3]
    recording = memory_recording(DOUBLE_BANANA_18, signals, sampling_rates_hz=RATE_HZ)
    assert gotman_like(recording).events == ()


def test_half_waves_of_a_sine_last_half_a_period_and_small_turns_are_passed_over() -> None:
    times_s = np.arange(4 * RATE_HZ) / RATE_HZ
    sine = 50.0 * np.sin(2 * np.pi * 4.0 * times_s)
    ripple = 0.4 * np.sin(2 * np.pi * 40.0 * times_s)
    turns = half_wave_turns(sine + ripple, 2.0)
    assert np.abs(np.diff(turns) / RATE_HZ - 0.125).max() < 0.03
    assert len(half_wave_turns(np.zeros(100), 2.0)) == 0


def test_irregular_half_waves_are_not_suspicious() -> None:
    numbers = GotmanSettings(max_variation=0.01)
    recording = memory_recording(DOUBLE_BANANA_18, rhythmic(60.0, 80.0), sampling_rates_hz=RATE_HZ)
    signal = bipolar_pairs(recording)[0].astype(np.float64)
    assert suspicious_epochs(signal, 60, GotmanSettings()).any()
    assert not suspicious_epochs(signal, 60, numbers).any()


def test_line_length_is_the_one_that_tests_of_models_are_held_against() -> None:
    recording = memory_recording(DOUBLE_BANANA_18, rhythmic(60.0, 80.0), sampling_rates_hz=RATE_HZ)
    events = BASELINES["line length"](recording).events
    assert events == line_length_events(recording)
    assert len(events) == 1
    assert events[0].onset_s == pytest.approx(60.0, abs=3.0)


def test_always_finds_all_and_never_finds_none() -> None:
    spec = SimulationSpec(
        duration_s=400.0, seizures=(SimulatedSeizure(onset_s=100.0, duration_s=30.0),)
    )
    simulated = simulate(spec)
    known = [(simulated.as_recording("one"), simulated.events)]
    always, never = (
        card_result(find_all(finder, known), dataset="x", split="", note="")["metrics"]
        for finder in (BASELINES["always alarm"], BASELINES["never alarm"])
    )
    assert always["sensitivity"]["value"] == 1.0
    assert always["false_alarms_per_24h"]["value"] > 0
    assert never["sensitivity"]["value"] == 0.0
    assert never["false_alarms_per_24h"]["value"] == 0.0
    assert always["calibration_error"]["value"] is None
