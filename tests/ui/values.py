"""Recordings and detections made by hand, and the whole app."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.sources import ChannelSource
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import trace_from_windows
from seizure_core.recording import Annotation, Channel, Finding, Recording, Segment
from ui.app import build_app
from ui.resources import Services
from ui.server.settings import Settings
from zoo.inference.detection import Detection


def built_app(folder: Path) -> gr.Blocks:
    """Return the app with a home and an empty data folder of its own."""
    (folder / "data").mkdir()
    settings = Settings.from_environment(
        {"SEIZURE_ZOO_HOME": str(folder / "home"), "SEIZURE_ZOO_DATA": str(folder / "data")}
    )
    return build_app(Services.create(settings, folder))


class NoSignal:
    """A reader of zeros."""

    def read_samples(self, channel_indices: Any, start: int, stop: int) -> NDArray[np.float32]:
        return np.zeros((len(channel_indices), stop - start), np.float32)


def recording_of(
    duration_s: float = 50.0, labels: tuple[str, ...] = ("Fp1",), **changes: Any
) -> Recording:
    values: dict[str, Any] = {
        "file_name": "a.edf",
        "format": "EDF",
        "duration_s": duration_s,
        "start_time": datetime(2020, 1, 2, 3, 4, 5),
        "channels": tuple(
            Channel(
                label=label,
                unit="uV",
                stored_unit="uV",
                sampling_rate_hz=256.0,
                n_samples=round(256 * duration_s),
                minimum=-3276.8,
                maximum=3276.7,
            )
            for label in labels
        ),
        "annotations": (Annotation(onset_s=1.5, duration_s=None, text="eyes <closed>"),),
        "segments": (Segment(start_s=0.0, duration_s=duration_s),),
        "findings": (Finding(severity="warning", message="1 < 2 & odd"),),
        "reader": NoSignal(),
    }
    return Recording(**{**values, **changes})


def detection_of(
    probabilities: tuple[float, ...] = (0.1, 0.9, float("nan"), 0.5), **changes: Any
) -> Detection:
    """Return windows of 10 s every 10 s, with one event over the second."""
    starts_s = np.arange(len(probabilities)) * 10.0
    values = np.array(probabilities, np.float32)
    duration_s = 10.0 * len(probabilities)
    fields: dict[str, Any] = {
        "file_name": "a.edf",
        "start_time": None,
        "duration_s": duration_s,
        "model_id": "model",
        "model_version": "1.0.0",
        "weights_sha256": "0" * 64,
        "post_processing": PostProcessing(threshold=0.5, threshold_off=0.4),
        "stride_s": 10.0,
        "window_s": 10.0,
        "starts_s": starts_s,
        "times_s": starts_s + 5,
        "probabilities": values,
        "trace": trace_from_windows(starts_s + 5, values, duration_s),
        "events": (Event(onset_s=10.0, duration_s=10.0, confidence=0.9),),
        "channels": (
            ChannelSource(target="F7-T7", source="F7-T3", how="renamed", terms=((0, 1),)),
            ChannelSource(target="CZ-PZ", source="", how="missing", terms=()),
        ),
        "coverage": 0.5,
        "input_findings": (),
    }
    return Detection(**{**fields, **changes})


LIVE_POINT = PostProcessing(threshold=0.6, threshold_off=0.5, min_duration_s=5.0)


def live_result() -> Detection:
    """Return a result of 80 s with three events at 0.6, one at 0.85 and none at 0.95."""
    values = (0.1, 0.7, 0.1, 0.9, 0.7, 0.1, 0.65, 0.1)
    made = detection_of(values, model_id="n1spool-cnn", events=())
    return made.at(LIVE_POINT, "card")
