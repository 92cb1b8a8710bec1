"""Simulated recorders: references, offsets, drifts, exchanged plugs, rates; and random people."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from seizure_core.simulator import (
    ELECTRODES_10_20,
    PATTERN_KINDS,
    SEIZURE_KINDS,
    RecorderSettings,
    random_person,
    random_spec,
    simulate,
)
from tests.seizure_core.simulator.added import BASE, CLEAN, peak_hz, row


def seen(recorder: RecorderSettings) -> np.ndarray:
    return simulate(replace(BASE, recorder=recorder)).signals_uv


def test_against_the_average_electrodes_sum_to_nothing_and_against_cz_it_is_flat() -> None:
    ears, average, cz = (seen(replace(CLEAN, reference=kind)) for kind in ("ears", "average", "CZ"))
    assert np.abs(average.mean(axis=0)).max() < 1e-3
    assert not row(cz, "CZ").any()
    for other in (average, cz):
        # Derivations are the same against every reference.
        assert np.allclose(ears[0] - ears[5], other[0] - other[5], atol=1e-3)
        assert not np.allclose(ears[0], other[0], atol=1.0)


def test_the_reference_cz_need_not_be_recorded() -> None:
    few = replace(BASE, electrodes=("F3", "C3", "P3"), recorder=replace(CLEAN, reference="CZ"))
    assert simulate(few).labels == ("F3", "C3", "P3")


def test_without_a_high_pass_offsets_of_millivolts_stay_and_drift() -> None:
    plain = seen(CLEAN)
    offset = seen(replace(CLEAN, offset_uv=5000.0)) - plain
    assert np.ptp(offset, axis=1).max() < 0.1
    assert 2000 < offset[:, 0].std() < 10_000
    drift = seen(replace(CLEAN, drift_uv=1000.0)) - plain
    assert np.abs(np.diff(drift, axis=1)).max() < 2.0
    assert np.ptp(drift, axis=1).max() > 500.0
    filtered = replace(CLEAN, high_pass_hz=0.5)
    steady = seen(replace(filtered, offset_uv=5000.0)) - seen(filtered)
    assert np.abs(steady[:, 20 * 256 :]).max() < 1.0


def test_exchanged_plugs_exchange_two_signals() -> None:
    right, wrong = seen(CLEAN), seen(replace(CLEAN, swapped=("F3", "O2")))
    assert np.array_equal(row(right, "F3"), row(wrong, "O2"))
    assert np.array_equal(row(right, "O2"), row(wrong, "F3"))
    assert np.array_equal(row(right, "C3"), row(wrong, "C3"))


@pytest.mark.parametrize("rate_hz", [100.0, 1000.0])
def test_the_alpha_rhythm_is_the_same_at_every_sampling_rate(rate_hz: float) -> None:
    closed = replace(BASE.background, eyes_closed_fraction=1.0, alpha_uv=40.0)
    spec = replace(BASE, sampling_rate_hz=rate_hz, background=closed)
    signal = row(simulate(spec).signals_uv, "O1")
    assert peak_hz(signal, low_hz=4.0 * 256 / rate_hz) * rate_hz / 256 == pytest.approx(
        9.5, abs=1.5
    )


def test_people_are_of_every_kind() -> None:
    people = [random_person(seed, 600.0, n_seizures=2, restless=True) for seed in range(300)]
    assert {one.kind for person in people for one in person.seizures} == set(SEIZURE_KINDS)
    assert {one.kind for person in people for one in person.patterns} == set(PATTERN_KINDS)
    ages = Counter(person.background.age for person in people)
    assert min(ages.values()) > 20
    assert {person.recorder.reference for person in people} == {"ears", "average", "CZ"}
    rates_hz = {person.sampling_rate_hz for person in people}
    assert min(rates_hz) == 100.0
    assert max(rates_hz) == 1000.0
    assert sum(person.recorder.offset_uv > 0 for person in people) > 15
    assert sum(bool(person.recorder.swapped) for person in people) > 5
    lengths_s = [s.duration_s for p in people for s in p.seizures if s.kind == "absence"]
    assert 4.0 <= min(lengths_s) < max(lengths_s) <= 20.0


def test_no_pattern_of_a_person_touches_a_seizure() -> None:
    for seed in range(60):
        person = random_person(seed, 600.0, n_seizures=2, restless=True)
        for pattern in person.patterns:
            for seizure in person.seizures:
                apart_s = max(
                    pattern.onset_s - seizure.onset_s - seizure.duration_s,
                    seizure.onset_s - pattern.onset_s - pattern.duration_s,
                )
                assert apart_s > 15.0


def test_the_same_seed_is_the_same_person() -> None:
    first, second = (random_person(8, 60.0, n_seizures=1, restless=True) for _ in range(2))
    assert first == second
    assert np.array_equal(simulate(first).signals_uv, simulate(second).signals_uv)


def test_what_cards_were_measured_on_is_drawn_as_ever() -> None:
    # Recorded before kinds were added: figures on shipped cards rest on these very signals.
    spec = random_spec(5, 30.0, n_seizures=1, seizure_s=(10.0, 20.0))
    signals = simulate(spec).signals_uv[::6, ::1500]
    assert spec.seizures[0].kind in SEIZURE_KINDS[:5]
    expected = [
        [10.1, 89.3, 104.9, -122.8, -18.3, -80.0],
        [-2.3, -35.9, -58.1, -14.0, 26.9, 12.1],
        [-14.8, -52.6, -74.1, -177.8, 43.7, 51.1],
        [-18.3, 87.8, -61.6, -21.1, -46.8, -4.3],
    ]
    assert signals == pytest.approx(np.array(expected), abs=0.5)
    assert set(ELECTRODES_10_20) <= set(spec.electrodes)
