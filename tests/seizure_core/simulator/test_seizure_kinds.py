"""The seizures that detectors missed: attenuation, fast activity, short, young and one-sided."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from seizure_core.simulator import SimulatedSeizure, SimulationSpec, simulate
from tests.seizure_core.simulator.added import (
    BASE,
    added,
    peak_hz,
    plain,
    rms,
    row,
    seconds,
    share,
)


def recording(kind: str, base: SimulationSpec = BASE, **what: Any) -> np.ndarray:
    values: dict[str, Any] = {"onset_s": 20.0, "duration_s": 20.0, "muscle_uv": 0.0, **what}
    seizure = SimulatedSeizure(kind=kind, **values)  # type: ignore[arg-type]
    return simulate(replace(base, seizures=(seizure,))).signals_uv


def alone(kind: str, base: SimulationSpec = BASE, **what: Any) -> np.ndarray:
    return recording(kind, base, **what) - plain(base)


@pytest.mark.parametrize("kind", ["electrodecremental", "tonic_fast"])
def test_it_begins_with_attenuation_and_fast_activity(kind: str) -> None:
    # Away from the focus and early, so that attenuation shows and not what follows.
    seen = recording(kind, focus="F3", peak_uv=60.0, spread_s=20.0)
    before, onset = seconds(seen, 5.0, 20.0), seconds(seen, 20.8, 24.0)
    assert rms(onset, "O1") < 0.7 * rms(before, "O1")
    assert share(row(onset, "F3"), 14.0, 32.0) > 2 * share(row(before, "F3"), 14.0, 32.0)


def test_an_electrodecremental_seizure_ends_in_slow_rhythm() -> None:
    seizure = alone("electrodecremental", focus="F3", peak_uv=300.0)
    assert share(row(seconds(seizure, 20.5, 25.0), "F3"), 13.0, 32.0) > 0.3
    assert peak_hz(row(seconds(seizure, 35.0, 40.0), "F3")) < 6.0


def test_a_tonic_seizure_stays_fast_and_strains_all_muscles() -> None:
    seizure, strained = (
        seconds(alone("tonic_fast", duration_s=10.0, peak_uv=150.0, muscle_uv=level), 23.0, 29.0)
        for level in (0.0, None)
    )
    assert 7.0 < peak_hz(row(seizure, "FZ")) < 20.0
    for temple in ("T7", "T8"):
        still = share(row(seizure, temple), 25.0, 128.0)
        assert share(row(strained, temple), 25.0, 128.0) > still + 0.05


def test_a_hypermotor_seizure_hides_under_movement() -> None:
    seizure = seconds(alone("hypermotor", focus="F4", peak_uv=150.0), 25.0, 40.0)
    assert share(row(seizure, "O1"), 0.3, 4.5) > 0.6
    assert rms(seizure, "O1") > 0.1 * rms(seizure, "F4")


def test_an_absence_is_three_per_second_at_once_everywhere_and_over_at_once() -> None:
    seizure = alone("absence", duration_s=7.0, peak_uv=250.0)
    assert peak_hz(row(seconds(seizure, 20.5, 26.5), "F3")) == pytest.approx(3.1, abs=0.4)
    assert rms(seconds(seizure, 20.5, 22.0), "F3") > 0.6 * rms(seconds(seizure, 23.0, 26.0), "F3")
    assert rms(seizure, "F3") == pytest.approx(rms(seizure, "F4"), rel=0.5)
    assert not seconds(seizure, 27.1, 60.0).any()


def test_a_seizure_of_a_neonate_is_slow_sharp_and_on_one_side() -> None:
    young = replace(BASE, background=replace(BASE.background, age="neonate"))
    seizure = alone("neonatal", young, focus="C3")
    assert 0.4 < peak_hz(row(seconds(seizure, 24.0, 39.0), "C3")) < 3.0
    assert rms(seizure, "C3") > 4 * rms(seizure, "C4")


def test_a_one_sided_seizure_never_crosses() -> None:
    def temple(kind: str, plus: str, minus: str) -> float:
        late = seconds(alone(kind, focus="T7", spread_s=1.0), 32.0, 39.0)
        return float((row(late, plus) - row(late, minus)).std())

    assert temple("one_sided", "T8", "P8") < 0.1 * temple("one_sided", "T7", "P7")
    assert temple("temporal_theta", "T8", "P8") > 0.5 * temple("temporal_theta", "T7", "P7")


def test_deep_sleep_has_slow_waves_and_k_complexes_at_the_vertex() -> None:
    asleep = replace(BASE, background=replace(BASE.background, sleep_fraction=1.0))
    slow = added(asleep, background=replace(asleep.background, slow_wave_uv=60.0))
    assert share(row(slow, "CZ"), 0.4, 2.1) > 0.9
    assert rms(slow, "CZ") > 2 * rms(slow, "O1")
    complexes = added(asleep, background=replace(asleep.background, k_complexes_per_min=4.0))
    assert row(complexes, "CZ").min() < -75.0
    assert rms(complexes, "CZ") > 2 * rms(complexes, "O1")
    awake = added(background=replace(BASE.background, k_complexes_per_min=4.0))
    assert not awake.any()


def test_sleep_spindles_wax_and_wane_at_twelve_to_fifteen_per_second_at_the_vertex() -> None:
    asleep = replace(BASE, background=replace(BASE.background, sleep_fraction=1.0))
    spindles = added(asleep, background=replace(asleep.background, clear_spindles_per_min=6.0))
    assert share(row(spindles, "CZ"), 11.5, 15.0) > 0.95
    assert rms(spindles, "CZ") > 1.5 * rms(spindles, "F7")
    by_second = row(spindles, "CZ").reshape(-1, 256).std(axis=1)
    assert np.median(by_second) < 0.05 * by_second.max()


def test_the_eeg_of_a_neonate_alternates_between_bursts_and_near_silence() -> None:
    young = replace(BASE.background, age="neonate", alpha_uv=0.0, beta_uv=0.0)
    steady = replace(BASE.background, alpha_uv=0.0, beta_uv=0.0)

    def contrast(background: Any) -> float:
        signal = row(simulate(replace(BASE, background=background)).signals_uv, "C3")
        by_second = signal.reshape(-1, 256).std(axis=1)
        return float(np.percentile(by_second, 90) / np.percentile(by_second, 10))

    assert contrast(young) > 1.5 * contrast(steady)


def test_a_child_has_slow_waves_at_the_back_and_rhythmic_slowing_when_drowsy() -> None:
    closed = replace(BASE.background, eyes_closed_fraction=1.0)
    base = replace(BASE, background=closed)
    waves = added(base, background=replace(closed, age="child"))
    assert share(row(waves, "O1"), 0.4, 4.0) > 0.8
    assert rms(waves, "O1") > 3 * rms(waves, "FZ")
    drowsy = replace(BASE.background, sleep_fraction=0.5, eyes_closed_fraction=0.0)
    long = replace(BASE, background=drowsy, duration_s=300.0)
    bursts = added(long, background=replace(drowsy, age="child"))
    assert 2.5 < peak_hz(row(bursts, "CZ")) < 5.5
