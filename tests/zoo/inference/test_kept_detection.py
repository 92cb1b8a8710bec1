"""What `predict --out` has kept is the detection that was made, without the network."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from seizure_core.errors import ParameterError
from seizure_core.recording import Recording
from tests.memory_recording import memory_recording
from tests.zoo.amplitude_model import amplitude_detector
from tests.zoo.inference.test_second_stage import PAIRS, RATE_HZ, STAGE, recording
from training.detectors import with_card_changes
from zoo.detector import Detector, kept_detection
from zoo.inference.detection import Detection
from zoo.inference.results import detection_json, read_windows_csv, write_detection
from zoo.loading import load_folder


def kept(detector: Detector, of: Recording, found: Detection, folder: Path) -> Detection:
    """Write a detection and read it again."""
    folder.mkdir()
    _, windows = write_detection(folder, "night", found)
    result = json.loads(json.dumps(detection_json(found, with_windows=False)))
    return kept_detection(detector.card, of, result, read_windows_csv(windows))


def assert_same(one: Detection, other: Detection) -> None:
    for name in (field.name for field in fields(Detection)):
        mine, theirs = getattr(one, name), getattr(other, name)
        if isinstance(mine, np.ndarray):
            np.testing.assert_array_equal(mine, theirs, err_msg=name)
        elif name == "trace":
            np.testing.assert_array_equal(mine.probabilities, theirs.probabilities)
        elif name != "signs":
            assert mine == theirs, name
    assert one.findings == other.findings


@pytest.mark.parametrize("step_s", [None, 0.5])
def test_events_and_windows_are_those_of_the_search(step_s: float | None, tmp_path: Path) -> None:
    detector = amplitude_detector(tmp_path / "model", PAIRS, rate_hz=RATE_HZ, step_s=step_s)
    found = detector.detect(recording(), stride_s=1 / 3, threshold=0.6)
    assert found.events
    again = kept(detector, recording(), found, tmp_path / "out")
    assert_same(found, again)
    assert again.at(again.post_processing.with_threshold(0.99)).events == (
        found.at(found.post_processing.with_threshold(0.99)).events
    )


def test_the_second_stage_judges_again_where_it_had_judged(tmp_path: Path) -> None:
    plain = amplitude_detector(tmp_path / "model", PAIRS, rate_hz=RATE_HZ)
    output = {**plain.card.to_document()["output"], "second_stage": STAGE}
    with_card_changes(tmp_path / "model", {"schema_version": 2, "output": output})
    detector = load_folder(tmp_path / "model")
    found = detector.detect(recording())
    assert found.events
    assert found.dropped
    again = kept(detector, recording(), found, tmp_path / "out")
    assert_same(found, again)
    assert again.with_second_stage(False).events == found.with_second_stage(False).events
    without = detector.detect(recording(), second_stage=False)
    assert_same(without, kept(detector, recording(), without, tmp_path / "without"))


def test_caveats_are_kept_once_and_another_model_is_refused(tmp_path: Path) -> None:
    detector = amplitude_detector(tmp_path / "model", PAIRS, rate_hz=RATE_HZ)
    samples = np.where(np.arange(round(60 * RATE_HZ)) % 2, 500.0, -500.0)
    loud = memory_recording(PAIRS, [samples] * 3, sampling_rates_hz=RATE_HZ)
    found = detector.detect(loud)
    again = kept(detector, loud, found, tmp_path / "out")
    assert_same(found, again)
    assert sum("comes out as seizure" in one.message for one in again.caveats) == 1
    result = detection_json(found, with_windows=False) | {"weights_sha256": "0" * 64}
    with pytest.raises(ParameterError, match="weights were others"):
        kept_detection(detector.card, loud, result, (found.starts_s, found.probabilities))
    with pytest.raises(ParameterError, match=r"gone\.csv cannot be read"):
        read_windows_csv(tmp_path / "gone.csv")
