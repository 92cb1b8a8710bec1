"""Features of candidate events, from probabilities, signs and earlier events."""

from __future__ import annotations

import numpy as np
import pytest

from seizure_core.events.candidates import FEATURES, candidate_features, seconds_to_look_at
from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.signals.signs import SIGNS

EVENTS = (Event(onset_s=100.0, duration_s=30.0), Event(onset_s=300.0, duration_s=60.0))


def trace() -> ProbabilityTrace:
    values = np.full(1000, 0.01, dtype=np.float32)
    values[100:130] = 0.9
    values[300:360] = np.linspace(0.5, 0.99, 60)
    return ProbabilityTrace(probabilities=values, duration_s=1000.0)


def features(signs: np.ndarray) -> dict[str, np.ndarray]:
    found = candidate_features(EVENTS, trace(), signs)
    return dict(zip(FEATURES, found.T, strict=True))


def signs(**courses: np.ndarray) -> np.ndarray:
    values = np.zeros((1000, len(SIGNS)), dtype=np.float32)
    for name, course in courses.items():
        values[:, SIGNS.index(name)] = course
    return values


def test_the_shape_of_the_probability_and_earlier_alarms_are_features() -> None:
    found = features(signs())
    assert np.exp(found["duration"]) == pytest.approx([30.0, 60.0])
    assert found["swing of probability"][0] == pytest.approx(0.0, abs=1e-5)
    assert found["swing of probability"][1] > 0.5
    assert np.expm1(found["time to highest probability"]) == pytest.approx([0.0, 59.0], abs=1e-3)
    assert (found["probability before"] < -4.0).all()
    assert np.expm1(found["earlier alarms"]) == pytest.approx([0.0, 1.0])
    assert np.expm1(found["time in earlier alarms"]) == pytest.approx([0.0, 30.0])


def test_a_rhythm_that_slows_down_drifts_and_one_that_stays_does_not() -> None:
    peak = np.full(1000, 2.0)
    peak[300:360] = np.linspace(3.0, 1.0, 60)
    muscle = np.where(np.arange(1000) >= 300, -0.2, -1.2)
    found = features(signs(peak=peak, muscle=muscle))
    assert found["drift of peak"] == pytest.approx([0.0, -4.0 / 3.0], abs=0.05)
    assert found["swing of peak"][0] == 0.0
    assert found["rise of muscle"] == pytest.approx([0.0, 1.0], abs=1e-5)
    assert found["mean muscle"] == pytest.approx([-1.2, -0.2])


def test_unknown_signs_are_unknown_features() -> None:
    found = features(np.full((1000, len(SIGNS)), np.nan, dtype=np.float32))
    for name, values in found.items():
        is_of_signs = name.startswith(("mean ", "rise ", "swing ", "drift "))
        assert np.isnan(values).all() == (is_of_signs and "probability" not in name)


def test_only_where_an_event_may_be_is_looked_at_with_the_time_before() -> None:
    assert seconds_to_look_at(trace()) == [(90, 130), (290, 360)]


def test_without_candidates_there_are_no_rows() -> None:
    assert candidate_features((), trace(), signs()).shape == (0, len(FEATURES))
