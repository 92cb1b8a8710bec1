"""A detection's report: the adapter passes on what was used, not what the card says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.memory_recording import memory_recording
from tests.zoo.amplitude_model import amplitude_detector
from zoo.inference.detection_report import report_of, write_detection_report

RATE_HZ = 64.0
PAIRS = ["FP1-F7", "F7-T7", "T7-P7"]


def test_a_report_holds_the_detection_and_the_operating_point_that_was_used(
    tmp_path: Path,
) -> None:
    detector = amplitude_detector(tmp_path / "amplitude", PAIRS, rate_hz=RATE_HZ)
    samples = np.where(np.arange(round(60 * RATE_HZ)) % 2, 10.0, -10.0)
    samples[round(20 * RATE_HZ) : round(35 * RATE_HZ)] *= 10
    recording = memory_recording(PAIRS, [samples] * 3, sampling_rates_hz=RATE_HZ)
    detection = detector.detect(recording, threshold=0.9, stride_s=2.0)
    report = report_of(detection, detector.card)
    assert report.events == detection.events
    assert len(report.events) == 1
    assert report.settings.threshold == 0.9 != detector.card.output.threshold
    assert report.settings.lower_threshold == detection.threshold_off
    assert report.settings.smoothing_s == detector.card.output.smoothing_s
    assert report.model.stride_s == 2.0 != detector.card.input.stride_s
    assert report.model.weights_sha256 == detection.weights_sha256
    assert report.model.limitations == detector.card.limitations
    assert report.coverage == pytest.approx(1.0)
    path = tmp_path / "report.pdf"
    assert write_detection_report(path, detection, recording, detector.card) == 3
    assert path.read_bytes().startswith(b"%PDF")
