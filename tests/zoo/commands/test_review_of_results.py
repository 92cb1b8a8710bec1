from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seizure_core.review.folder import ReviewFolder
from seizure_zoo.cli import main
from tests.edf_files import build_edf
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from zoo.store.user_models import add_model

PAIRS = ["FP1-F7", "F7-T7"]


def test_what_predict_found_in_a_folder_becomes_the_candidates_of_a_review(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model_id = add_model(
        write_amplitude_model(tmp_path / "model", amplitude_document(PAIRS, rate_hz=64.0))
    ).model_id
    nights, results, review = (tmp_path / name for name in ("nights", "results", "review"))
    for name, loud in (("a/night.edf", True), ("b/night.edf", False)):
        (nights / name).parent.mkdir(parents=True)
        samples = np.where(np.arange(64 * 20) % 2, 10.0, -10.0)
        samples[8 * 64 : 14 * 64] *= 10 if loud else 1
        build_edf(nights / name, [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
    assert main(["predict", str(nights), "--model", model_id, "--out", str(results)]) == 0
    assert main(["review", "add", str(review), str(nights), "--results", str(results)]) == 0
    state = ReviewFolder(review).state
    (source,) = state.sources.values()
    assert source.details["model_id"] == model_id
    assert source.details["weights_sha256"]
    assert len(state.looked_at) == 2
    assert {item.recording_id for item in state.candidates()} == {next(iter(state.durations_s))}
    assert all((item.event.confidence or 0) > 0.5 for item in state.candidates())
