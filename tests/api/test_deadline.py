from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.edf_files import build_edf, random_signals
from ui.api.detection import DetectionEndpoints
from ui.api.recordings import RecordingEndpoints
from ui.resources import Services
from ui.server.deadline import CallTooLongError, Deadline
from ui.server.settings import Settings


def test_a_call_that_takes_too_long_is_stopped_in_words(tmp_path: Path) -> None:
    build_edf(tmp_path / "a.edf", random_signals(2, 2560))
    settings = replace(Settings(data_folder=tmp_path), max_call_s=1e-9)
    services = Services.create(settings, tmp_path / "tmp")
    recordings, detection = RecordingEndpoints(services), DetectionEndpoints(services)
    calls: list[Callable[[], object]] = [
        lambda: recordings.recording_statistics("data:a.edf"),
        lambda: recordings.value_distribution("data:a.edf", "EEG 1"),
        lambda: recordings.view_recording("data:a.edf"),
    ]
    for call in calls:
        with pytest.raises(CallTooLongError, match="SEIZURE_ZOO_MAX_CALL_S"):
            call()
    answer, _ = detection.predict_batch(["data:a.edf"], "any-montage")
    assert not answer["recordings"][0]["ok"]


def test_a_call_in_time_is_not_stopped() -> None:
    deadline = Deadline.after(60)
    deadline.check(0.5, "half")
    assert not deadline.cancelled()
