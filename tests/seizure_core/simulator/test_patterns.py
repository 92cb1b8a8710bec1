"""Patterns that are no seizures: each has the spectrum, form and place it is known for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from seizure_core.errors import ParameterError
from seizure_core.simulator import PATTERN_KINDS, SimulatedPattern, SimulationSpec
from tests.seizure_core.simulator.added import (
    AGAINST_CZ,
    BASE,
    RATE_HZ,
    added,
    intervals_s,
    peak_hz,
    rms,
    row,
    seconds,
    share,
)


def pattern(kind: str, base: SimulationSpec = BASE, **what: Any) -> np.ndarray:
    """Return 40 s of a pattern alone, without what surrounds it."""
    one = SimulatedPattern(onset_s=10.0, duration_s=40.0, kind=kind, **what)  # type: ignore[arg-type]
    return seconds(added(base, patterns=(one,)), 10.0, 50.0)


@pytest.mark.parametrize("kind", PATTERN_KINDS)
def test_a_pattern_is_where_its_spec_puts_it_and_does_not_evolve(kind: str) -> None:
    one = SimulatedPattern(onset_s=10.0, duration_s=40.0, kind=kind, frequency_hz=3.0)  # type: ignore[arg-type]
    whole = added(patterns=(one,))
    assert not seconds(whole, 0.0, 10.0).any()
    assert not seconds(whole, 50.1, 60.0).any()
    early, late = seconds(whole, 12.0, 28.0).std(), seconds(whole, 32.0, 48.0).std()
    assert 0.6 < early / late < 1.7
    assert not added().any()


def test_generalised_rhythmic_delta_is_frontal_and_the_same_on_both_sides() -> None:
    grda = pattern("grda", frequency_hz=2.0)
    assert peak_hz(row(grda, "FZ")) == pytest.approx(2.0, abs=0.3)
    assert share(row(grda, "FZ"), 1.0, 4.5) > 0.95
    assert rms(grda, "FZ") > 2 * rms(grda, "O1")
    assert rms(grda, "F3") == pytest.approx(rms(grda, "F4"), rel=0.1)


def test_lateralised_rhythmic_delta_stays_on_its_side() -> None:
    lrda = pattern("lrda", AGAINST_CZ, frequency_hz=1.5, focus="T7")
    assert peak_hz(row(lrda, "T7")) == pytest.approx(1.5, abs=0.3)
    assert rms(lrda, "T7") > 5 * rms(lrda, "T8")


@pytest.mark.parametrize(("kind", "frequency_hz"), [("gpd", 1.5), ("lpd", 1.0)])
def test_periodic_discharges_are_sharp_and_come_at_equal_intervals(
    kind: str, frequency_hz: float
) -> None:
    base = AGAINST_CZ if kind == "lpd" else BASE
    discharges = pattern(kind, base, frequency_hz=frequency_hz, focus="T7")
    times_s = intervals_s(row(discharges, "T7" if kind == "lpd" else "FZ"))
    assert np.median(times_s) == pytest.approx(1 / frequency_hz, rel=0.1)
    assert times_s.std() < 0.2 * times_s.mean()
    near_and_far = rms(discharges, "T7") / rms(discharges, "T8")
    assert near_and_far == pytest.approx(1.0, abs=0.2) if kind == "gpd" else near_and_far > 5


def test_spikes_in_sleep_come_irregularly_from_one_focus() -> None:
    spikes = pattern("sleep_spikes", frequency_hz=1.0, focus="C3")
    times_s = intervals_s(row(spikes, "C3"))
    assert times_s.std() > 0.35 * times_s.mean()
    assert rms(spikes, "C3") > 3 * rms(spikes, "F8")


def test_generalised_fast_activity_is_a_frontal_spindle_of_fast_waves() -> None:
    fast = pattern("gpfa", frequency_hz=18.0)
    assert peak_hz(row(fast, "FZ")) == pytest.approx(18.0, abs=1.5)
    assert share(row(fast, "FZ"), 12.0, 25.0) > 0.9
    assert rms(seconds(fast, 15.0, 25.0), "FZ") > 1.5 * rms(seconds(fast, 0.0, 4.0), "FZ")


def test_photic_driving_has_the_flashes_frequency_and_its_double_at_the_back() -> None:
    driving = pattern("photic_driving", frequency_hz=9.0)
    signal = row(driving, "O1")
    assert peak_hz(signal) == pytest.approx(9.0, abs=0.3)
    assert share(signal, 8.5, 9.5) + share(signal, 17.5, 18.5) > 0.95
    assert share(signal, 17.5, 18.5) > 0.1
    assert rms(driving, "O2") > 10 * rms(driving, "FZ")


@pytest.mark.parametrize(("kind", "frequency_hz"), [("rocking", 3.0), ("nodding", 1.5)])
def test_movement_of_the_head_is_rhythmic_with_an_overtone(kind: str, frequency_hz: float) -> None:
    moved = pattern(kind, frequency_hz=frequency_hz, focus="O1")
    signal = row(moved, "O1")
    assert peak_hz(signal) == pytest.approx(frequency_hz, abs=0.4)
    assert share(signal, 0.6 * frequency_hz, 2.5 * frequency_hz) > 0.9


def test_nodding_moves_front_and_back_against_each_other() -> None:
    nodding = pattern("nodding", frequency_hz=1.5)
    assert np.corrcoef(row(nodding, "FP1"), row(nodding, "O1"))[0, 1] < -0.95
    assert rms(nodding, "C3") < 0.3 * rms(nodding, "FP1")


def test_chewing_is_muscle_activity_in_bursts_at_the_temples() -> None:
    chewing = pattern("chewing", frequency_hz=1.5)
    signal = row(chewing, "T7")
    assert share(signal, 15.0, 100.0) > 0.6
    envelope = np.convolve(np.abs(np.diff(signal)), np.ones(26) / 26, mode="same")
    assert peak_hz(envelope - envelope.mean()) == pytest.approx(1.5, abs=0.3)
    assert rms(chewing, "T7") > 2 * rms(chewing, "PZ")


def test_physiotherapy_strokes_all_electrodes_in_bouts() -> None:
    strokes = pattern("physiotherapy", frequency_hz=5.0)
    signal = row(strokes, "FP1")
    frequency_hz = peak_hz(signal)
    assert min(abs(frequency_hz - 5.0), abs(frequency_hz - 10.0)) < 1.0
    by_second = signal.reshape(-1, round(RATE_HZ)).std(axis=1)
    assert (by_second < 0.1 * by_second.max()).any()
    assert min(rms(strokes, name) for name in ("FP1", "T8", "O2")) > 3.0


def test_a_pattern_of_an_unknown_kind_or_outside_the_recording_is_refused() -> None:
    with pytest.raises(ParameterError, match="has no kind 'dancing'"):
        added(patterns=(SimulatedPattern(onset_s=1, duration_s=2, kind="dancing"),))  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="do not fit"):
        late = SimulatedPattern(onset_s=BASE.duration_s + 1, duration_s=2, kind="gpd")
        added(patterns=(late,))
