"""Signs of seconds of EEG: each grows with what it is named after, and with nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from seizure_core.signals.model_input import ModelInput, prepare_input
from seizure_core.signals.signs import RATE_HZ, SIGNS, signs_of, signs_of_seconds
from tests.memory_recording import memory_recording

PAIRS = ["FP1-F7", "F7-T7", "T7-P7", "P7-O1"]
N = round(11 * RATE_HZ)
TIME_S = np.arange(N) / RATE_HZ


def noise(n_channels: int = 4, height_uv: float = 10.0) -> np.ndarray:
    return np.random.default_rng(0).normal(0.0, height_uv, (n_channels, N)).astype(np.float32)


def sign(signals: np.ndarray, name: str) -> float:
    signs = signs_of(signals.astype(np.float32))
    assert signs.shape == (10, len(SIGNS))
    return float(np.median(signs[:, SIGNS.index(name)]))


def tone(frequency_hz: float, height_uv: float = 50.0) -> np.ndarray:
    return height_uv * np.sin(2 * np.pi * frequency_hz * TIME_S)


def test_a_tone_has_its_amplitude_its_frequency_and_the_share_of_its_band() -> None:
    for frequency_hz, band in ((3.0, "delta"), (6.0, "theta"), (10.0, "alpha"), (20.0, "beta")):
        signals = np.tile(tone(frequency_hz), (4, 1))
        assert sign(signals, "amplitude") == pytest.approx(np.log10(50 / np.sqrt(2)), abs=0.03)
        assert 2 ** sign(signals, "peak") == pytest.approx(frequency_hz, abs=0.3)
        assert sign(signals, band) == pytest.approx(0.0, abs=0.02)
        assert sign(signals, "rhythm") > 0.95
    assert sign(noise() + tone(35.0, 100.0), "muscle") > -0.05


def test_spread_is_the_share_of_channels_that_carry_the_power() -> None:
    everywhere, one = noise(), noise()
    one[0] += 20 * tone(5.0)
    assert sign(everywhere, "spread") > 0.8
    assert sign(one, "spread") == pytest.approx(0.25, abs=0.02)
    assert sign(one, "contrast") > sign(everywhere, "contrast") + 1.0


def test_channels_that_move_together_are_synchronous() -> None:
    assert sign(np.tile(noise(1), (4, 1)), "synchrony") == pytest.approx(1.0, abs=0.01)
    assert sign(noise(), "synchrony") < 0.35


def test_offsets_drifts_and_channels_without_signal_change_nothing() -> None:
    plain = signs_of(noise())
    drifting = noise() + np.float32(5000.0) + (300.0 * TIME_S).astype(np.float32)
    np.testing.assert_allclose(signs_of(drifting.astype(np.float32)), plain, atol=0.02)
    with_dead = signs_of(np.concatenate([noise(), np.zeros((2, N), dtype=np.float32)]))
    np.testing.assert_allclose(with_dead, plain, atol=1e-4)
    assert np.isnan(signs_of(np.zeros((3, N), dtype=np.float32))).all()


def as_input() -> ModelInput:
    rng = np.random.default_rng(2)
    rows = [rng.normal(0.0, 20.0, 200 * 256) for _ in PAIRS]
    recording = memory_recording(PAIRS, rows, sampling_rates_hz=256.0, file_name="made.edf")
    return prepare_input(recording, channels=PAIRS, sampling_rate_hz=RATE_HZ)


def test_a_second_has_the_same_signs_whatever_stretch_it_is_read_in() -> None:
    whole = signs_of_seconds(as_input(), [(0, 200)])
    parts = signs_of_seconds(as_input(), [(0, 3), (90, 170), (199, 250)])
    assert np.isfinite(whole).all()
    known = np.isfinite(parts).all(axis=1)
    assert np.flatnonzero(known).tolist() == [0, 1, 2, *range(90, 170), 199]
    np.testing.assert_allclose(parts[known], whole[known], atol=1e-5)
