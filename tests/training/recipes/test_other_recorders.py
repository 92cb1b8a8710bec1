"""What other recorders change in simulated people, and how cards tell what it costs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy

from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.simulator import ELECTRODES_10_20, SimulationSpec, simulate
from training.evaluate.explorer import TracedFile
from training.recipes import found_in_people, other_recorders
from training.recipes.found_in_people import PERSON_S, TracedPerson
from training.recipes.other_recorders import CHANGES, people_as_recorded, recorders_result
from training.recipes.review_time import review_metrics
from zoo.loading import load_detector

RECORDED = simulate(SimulationSpec(duration_s=20.0, seed=3, electrodes=ELECTRODES_10_20))
SETTINGS = PostProcessing(threshold=0.5, threshold_off=0.5, merge_gap_s=20.0)
SEIZURE = Event(onset_s=300.0, duration_s=30.0)


def person(seed: int, seizure: float, alarm: float) -> TracedPerson:
    """Return a person with these probabilities in the seizure, and in a false alarm of 60 s."""
    probabilities = np.full(int(PERSON_S), 0.01, np.float32)
    probabilities[300:330], probabilities[60:120] = seizure, alarm
    trace = ProbabilityTrace(probabilities=probabilities, duration_s=PERSON_S)
    traced = TracedFile(file_name=str(seed), patient=str(seed), trace=trace, reference=(SEIZURE,))
    return TracedPerson(seed=seed, traced=traced)


def test_a_common_reference_cancels_in_every_derivation() -> None:
    plain = RECORDED.derive(["F3-C3"]).signals_uv
    for name in ("average_reference", "cz_reference"):
        changed = CHANGES[name](RECORDED)
        assert not np.allclose(changed.signals_uv[0], RECORDED.signals_uv[0])
        assert changed.derive(["F3-C3"]).signals_uv == pytest.approx(plain, abs=1e-3)
    assert "CZ" not in CHANGES["cz_reference"](RECORDED).labels


@pytest.mark.parametrize("rate_hz", [128, 500])
def test_other_rates_keep_length_and_slow_waves(rate_hz: int) -> None:
    changed = CHANGES[f"{rate_hz}_hz"](RECORDED)
    assert changed.sampling_rate_hz == rate_hz
    assert changed.duration_s == pytest.approx(RECORDED.duration_s)
    powers = [
        scipy.signal.welch(
            one.signals_uv, one.sampling_rate_hz, nperseg=4 * int(one.sampling_rate_hz)
        )
        for one in (RECORDED, changed)
    ]
    (hz, before), (_, after) = powers
    slow = slice(np.searchsorted(hz, 1.0), np.searchsorted(hz, 30.0))
    assert after[:, slow].mean() == pytest.approx(before[:, slow].mean(), rel=0.05)


def test_hum_stays_in_derivations_at_its_frequency() -> None:
    calm, humming = (
        one.derive(["F3-C3"]) for one in (RECORDED, CHANGES["50_hz_hum_of_50_uv"](RECORDED))
    )
    added = scipy.signal.welch(
        (humming.signals_uv - calm.signals_uv)[0], calm.sampling_rate_hz, nperseg=1024
    )
    assert added[0][added[1].argmax()] == pytest.approx(50.0, abs=0.5)
    assert np.abs(humming.signals_uv - calm.signals_uv).max() > 5.0


def test_gain_and_missing_electrodes_change_only_themselves() -> None:
    assert np.array_equal(CHANGES["twice_the_gain"](RECORDED).signals_uv, 2 * RECORDED.signals_uv)
    fewer = CHANGES["without_t7_t8"](RECORDED)
    assert set(RECORDED.labels) - set(fewer.labels) == {"T7", "T8"}
    assert np.array_equal(fewer.derive(["F3-C3"]).signals_uv, RECORDED.derive(["F3-C3"]).signals_uv)


def test_the_worst_recorder_comes_first_with_counts_and_intervals() -> None:
    good = [person(seed, seizure=0.9, alarm=0.1) for seed in range(6)]
    noisy = [person(seed, seizure=0.9, alarm=0.8) for seed in range(6)]
    seen = {"as_recorded": good, "128_hz": noisy, "without_t7_t8": []}
    result = recorders_result(seen, SETTINGS, None)
    assert list(result["metrics"])[:2] == ["without_t7_t8_f1", "128_hz_f1"]
    assert result["metrics"]["without_t7_t8_f1"]["value"] is None
    assert result["metrics"]["128_hz_f1"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert result["metrics"]["128_hz_false_alarms_per_24h"]["value"] == pytest.approx(144.0)
    assert result["metrics"]["as_recorded_sensitivity"]["ci_low"] == 1.0
    assert (result["n_seizures"], result["n_recordings"], result["hours"]) == (6, 6, 1.0)


def test_minutes_to_review_rise_with_the_share_of_seizures_and_are_none_beyond_reach() -> None:
    sure = [person(seed, seizure=0.93, alarm=0.42) for seed in range(8)]
    unsure = person(8, seizure=0.33, alarm=0.42)
    missed = person(9, seizure=0.01, alarm=0.42)
    metrics = review_metrics([*sure, unsure, missed], SETTINGS, None)
    at = {share: metrics[f"minutes_to_review_per_24h_at_{share}_percent"] for share in (80, 90, 95)}
    # 8 seizures of 30 s in 100 min; with the ninth come ten alarms of 60 s.
    assert at[80]["value"] == pytest.approx(8 * 0.5 * 14.4)
    assert at[90]["value"] == pytest.approx((9 * 0.5 + 10) * 14.4)
    low, value, high = (at[90][key] or 0.0 for key in ("ci_low", "value", "ci_high"))
    assert 0.0 < low < value < high
    assert at[95] == {"value": None}


def test_what_was_seen_is_kept_and_not_simulated_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = ("as_recorded", "without_t7_t8")
    monkeypatch.setattr(other_recorders, "CHANGES", {name: CHANGES[name] for name in two})
    monkeypatch.setattr(found_in_people, "PERSON_S", 120.0)
    # The second has too few of its 23 channels without T7 and T8.
    detectors = [load_detector(model_id) for model_id in ("eegnet-small", "n1spool-cnn")]
    lines: list[str] = []
    first = people_as_recorded(detectors, tmp_path, lines.append, n_people=1)
    again = people_as_recorded(detectors, tmp_path, lines.append, n_people=1)
    assert len(lines) == 1
    assert [len(people) for people in first[1].values()] == [1, 0]
    for name in two:
        ((before,), (after,)) = (seen[0][name] for seen in (first, again))
        assert np.array_equal(before.traced.trace.probabilities, after.traced.trace.probabilities)
        assert len(before.traced.trace.probabilities) == 120
