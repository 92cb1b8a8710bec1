"""The second stage: which events stay, why others go, and that it can be switched off."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.events.candidates import FEATURES
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.zoo.amplitude_model import amplitude_detector
from training.detectors import with_card_changes
from zoo.card.schema import card_from_document
from zoo.card.second_stage import REASONS, SecondStage
from zoo.commands.predict import _detection_text
from zoo.detector import Detector
from zoo.errors import CardError
from zoo.inference.results import detection_json
from zoo.loading import load_folder

RATE_HZ = 128.0
PAIRS = ["FP1-F7", "F7-T7", "T7-P7"]

# Muscle activity speaks against a seizure, the delta band for one.
STAGE: dict[str, Any] = {
    "classes": ["seizure", "rhythmic movement", "other"],
    "biases": [0.0, -5.0, 0.0],
    "features": [
        {"feature": "mean delta", "mean": -0.7, "scale": 0.3, "weights": [3.0, 0.0, -3.0]},
        {"feature": "mean muscle", "mean": -0.7, "scale": 0.3, "weights": [-3.0, 0.0, 3.0]},
    ],
    "threshold": 0.5,
    "trained_on": "nothing: written by hand for a test",
}


def recording() -> Recording:
    """Return calm noise with a loud slow rhythm at 60-80 s and loud muscle at 140-160 s."""
    time_s = np.arange(round(240 * RATE_HZ)) / RATE_HZ
    rng = np.random.default_rng(1)
    rows = []
    for _ in PAIRS:
        row = rng.normal(0.0, 10.0, time_s.size)
        row += np.where((time_s >= 60) & (time_s < 80), 200 * np.sin(6 * np.pi * time_s), 0.0)
        row += np.where((time_s >= 140) & (time_s < 160), 200 * np.sin(70 * np.pi * time_s), 0.0)
        rows.append(row)
    return memory_recording(PAIRS, rows, sampling_rates_hz=RATE_HZ, file_name="made.edf")


@pytest.fixture
def plain(tmp_path: Path) -> Detector:
    return amplitude_detector(tmp_path / "amplitude", PAIRS, rate_hz=RATE_HZ)


@pytest.fixture
def detector(plain: Detector, tmp_path: Path) -> Detector:
    output = {**plain.card.to_document()["output"], "second_stage": STAGE}
    with_card_changes(tmp_path / "amplitude", {"schema_version": 2, "output": output})
    return load_folder(tmp_path / "amplitude")


def onsets(events: Any) -> list[float]:
    return [round(event.onset_s / 5) * 5 for event in events]


def test_it_keeps_the_rhythm_and_drops_the_muscle_with_the_reason(detector: Detector) -> None:
    found = detector.detect(recording())
    assert onsets(found.events) == [60]
    ((event, reason),) = [(one.event, one.reason) for one in found.dropped]
    assert onsets([event]) == [140]
    assert reason == REASONS["other"]
    (row,) = detection_json(found)["dropped_events"]
    assert row == {
        "onset_s": event.onset_s,
        "duration_s": event.duration_s,
        "confidence": event.confidence,
        "reason": "artefact or background",
    }
    assert "dropped: 1" in _detection_text(detection_json(found))


def test_switched_off_all_events_are_there_and_nothing_says_dropped(detector: Detector) -> None:
    off = detector.detect(recording(), second_stage=False)
    assert onsets(off.events) == [60, 140]
    assert off.dropped == ()
    assert "dropped_events" not in detection_json(off)
    on = detector.detect(recording())
    assert on.with_second_stage(False).events == off.events
    assert on.with_second_stage(False).with_second_stage(True).events == on.events


def test_another_operating_point_is_judged_too_and_no_network_runs(detector: Detector) -> None:
    found = detector.detect(recording())
    moved = found.at(found.post_processing.with_threshold(0.2))
    assert onsets(moved.events) == [60]
    assert onsets(one.event for one in moved.dropped) == [140]


def test_a_card_without_one_is_as_before(plain: Detector) -> None:
    found = plain.detect(recording())
    assert onsets(found.events) == [60, 140]
    assert not found.uses_second_stage
    assert found.signs is None


def test_unknown_features_count_as_average_and_far_ones_are_bounded() -> None:
    stage = SecondStage.model_validate(STAGE)
    unknown = np.full((1, len(FEATURES)), np.nan)
    average = unknown.copy()
    average[0, [FEATURES.index("mean delta"), FEATURES.index("mean muscle")]] = -0.7
    np.testing.assert_allclose(stage.probabilities(unknown), stage.probabilities(average))
    far, farther = unknown.copy(), unknown.copy()
    far[0, FEATURES.index("mean delta")] = 10.0
    farther[0, FEATURES.index("mean delta")] = 1e9
    np.testing.assert_allclose(stage.probabilities(far), stage.probabilities(farther))
    assert stage.probabilities(unknown).sum() == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"classes": ["other", "seizure", "rhythmic movement"]}, "begin with 'seizure'"),
        ({"biases": [0.0]}, "one number for each class"),
        ({"features": [{**STAGE["features"][0], "feature": "mood"}]}, "no feature 'mood'"),
        ({"features": [{**STAGE["features"][0], "weights": [1.0]}]}, "1 weights"),
        ({"features": [STAGE["features"][0]] * 2}, "named twice"),
        ({"threshold": 1.0}, "threshold"),
    ],
)
def test_a_stage_that_cannot_be_computed_is_refused(
    plain: Detector, change: dict[str, Any], message: str
) -> None:
    document = plain.card.to_document()
    document["schema_version"] = 2
    document["output"]["second_stage"] = {**STAGE, **change}
    with pytest.raises(CardError, match=message):
        card_from_document(document)


def test_a_card_of_the_first_version_has_no_second_stage(plain: Detector) -> None:
    document = plain.card.to_document()
    document["output"]["second_stage"] = STAGE
    with pytest.raises(CardError, match="needs schema_version 2"):
        card_from_document(document)
