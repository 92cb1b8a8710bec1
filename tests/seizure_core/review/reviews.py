"""A review for tests: two recordings, a model, and its candidates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from seizure_core.events.event import Event
from seizure_core.io.edf.writer import write_edf
from seizure_core.io.opening import open_recording
from seizure_core.review.folder import ReviewFolder, create_review, source_of

DURATION_S = 600
MODEL = source_of("model", "n1spool-cnn 1.0.0", {"model_id": "n1spool-cnn", "threshold": 0.6})
CONFIDENCES = (0.95, 0.62, 0.7, 0.99)


def event(onset_s: float, duration_s: float = 10.0, **facts: object) -> Event:
    return Event(onset_s=onset_s, duration_s=duration_s, **facts)  # type: ignore[arg-type]


def recording_file(folder: Path, name: str, *, seed: int = 0) -> Path:
    path = folder / f"{name}.edf"
    noise = np.random.default_rng(seed).normal(scale=30, size=(3, 100 * DURATION_S))
    write_edf(path, noise, labels=["F3", "F4", "O1"], sampling_rate_hz=100, physical_range_uv=400)
    return path


def review_of(
    folder: Path, names: Sequence[str] = ("Rossi_Maria", "night2")
) -> tuple[ReviewFolder, list[str]]:
    """Return a review of recordings with four candidates each, and the recordings' ids."""
    review = create_review(folder / "review")
    ids = []
    for number, name in enumerate(names):
        path = recording_file(folder, name, seed=number)
        ids.append(review.add_recording(path, open_recording(path)))
        found = [
            event(100.0 * n + 50 * number, confidence=confidence)
            for n, confidence in enumerate(CONFIDENCES, 1)
        ]
        review.add_events(ids[-1], MODEL, found)
    return review, ids
