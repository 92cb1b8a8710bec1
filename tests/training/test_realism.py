"""The comparison of simulated and real EEG: its features, its classifier, its report."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scripts.realism import report
from scripts.realism.features import FEATURES, features_of
from scripts.realism.telling_apart import area_under_curve, tell_apart
from tests.eeg_files import eeg_file, eeg_files

RATE_HZ = 256.0


def value(signals: np.ndarray, name: str) -> float:
    return float(features_of(signals.astype(np.float32), RATE_HZ)[FEATURES.index(name)])


def tones(frequency_hz: float, amplitude_uv: float, n_channels: int = 4) -> np.ndarray:
    time_s = np.arange(1280) / RATE_HZ
    phases = np.arange(n_channels)[:, None]
    return amplitude_uv * np.sin(2 * np.pi * frequency_hz * time_s + phases)


def test_features_are_what_they_are_called() -> None:
    alpha = tones(10.0, 20.0)
    assert value(alpha, "log rms") == pytest.approx(np.log10(20 / np.sqrt(2)), abs=0.01)
    assert value(alpha, "log share of alpha") == pytest.approx(0.0, abs=0.05)
    assert value(alpha, "log share of delta") < -3
    assert value(alpha, "kurtosis") == pytest.approx(-1.5, abs=0.05)
    rng = np.random.default_rng(1)
    white = rng.normal(0, 10, (6, 5120))
    assert value(white, "spectral slope") == pytest.approx(0.0, abs=0.1)
    assert value(np.cumsum(white, axis=1), "spectral slope") == pytest.approx(-2.0, abs=0.15)
    assert value(white, "median absolute correlation") < 0.05
    assert value(np.vstack([white, white[:1]]), "largest absolute correlation") == 1.0


def test_channels_without_signal_do_not_count() -> None:
    alpha = tones(10.0, 20.0)
    np.testing.assert_array_equal(
        features_of(alpha.astype(np.float32), RATE_HZ),
        features_of(np.vstack([alpha, np.zeros((3, 1280))]).astype(np.float32), RATE_HZ),
    )


def sources(prefix: str, n: int) -> list[str]:
    return [f"{prefix}{index // 4}" for index in range(n)]


@pytest.mark.parametrize(("shift", "low", "high"), [(0.0, 0.35, 0.65), (4.0, 0.95, 1.0)])
def test_the_classifier_tells_apart_what_differs_and_nothing_else(
    shift: float, low: float, high: float
) -> None:
    rng = np.random.default_rng(2)
    real, simulated = rng.normal(0, 1, (80, 5)), rng.normal(0, 1, (80, 5))
    real[:, 2] += shift
    telling = tell_apart(
        real,
        simulated,
        real_sources=sources("r", 80),
        simulated_sources=sources("s", 80),
        names="abcde",
    )
    assert low <= telling.area <= high
    assert max(telling.single, key=lambda name: telling.single[name]) == "c" or shift == 0.0


def test_what_is_peculiar_to_a_recording_does_not_help_on_others() -> None:
    rng = np.random.default_rng(3)
    # Each source has its own place; which class it is, has nothing to do with it.
    places = rng.normal(0, 5, (40, 4))
    real, simulated = np.repeat(places[:20], 4, axis=0), np.repeat(places[20:], 4, axis=0)
    telling = tell_apart(
        real + rng.normal(0, 0.1, real.shape),
        simulated + rng.normal(0, 0.1, simulated.shape),
        real_sources=sources("r", 80),
        simulated_sources=sources("s", 80),
        names="abcd",
    )
    assert 0.2 <= telling.area <= 0.8


def test_the_area_counts_ties_as_half() -> None:
    assert area_under_curve(np.array([1.0, 2.0, 2.0, 3.0]), np.array([0, 0, 1, 1])) == 0.875


def test_the_report_compares_recordings_with_simulated_eeg(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = [*eeg_files("chbmit/chb0[23]/*.edf"), *eeg_files("chbmit/chb0[23]/*.tsv")]
    data = clips[0].parents[2]
    for subject in range(4):
        eeg_file(f"eegmat/Subject{subject:02d}_1.edf")
    monkeypatch.setattr(report, "N_SIMULATED", 3)
    tellings = report.write_report(data, tmp_path)
    written = (tmp_path / "simulator.md").read_text()
    for kind, telling in tellings.items():
        assert f"| {kind} | {telling.area:.2f} | {telling.n_real} " in written
        assert 0.0 <= telling.area <= 1.0
    assert (tmp_path / "images" / report.PICTURE).read_bytes().startswith(b"\x89PNG")
