"""Train's step 4: what was in training is scored on request, and a test goes on the card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from tests.training.material import (
    NETWORK,
    make_dataset,
    references_in,
    write_recording,
)
from training.data.pairing import pair_files
from training.evaluate.tested_result import DATASET
from training.runs import worker
from training.runs.requests import new_run
from training.saving import save_model
from ui.events import Updates
from ui.resources import Services
from ui.server.settings import Settings
from ui.train.evaluation.testing import TestStep
from ui.train.pairs import Material
from ui.viewer.handles import HandleStore
from zoo.loading import load_detector


def model_of_ones_own(folder: Path, model_id: str) -> None:
    """Train for an epoch on the recordings of a new folder, and keep the model."""
    settings: dict[str, Any] = {"epochs": 1, "batch_size": 8, "threads": 1, "device": "cpu"}
    run = new_run(make_dataset(folder).dataset_id, NETWORK, settings)
    worker.work(run.run_id)
    save_model(run.run_id, model_id)


def test_what_was_in_training_is_scored_on_request_and_the_rest_goes_on_the_card(
    tmp_path: Path,
) -> None:
    model_of_ones_own(tmp_path / "a", "mine")
    trained_on = next((tmp_path / "a").glob("*_01.edf"))
    outside = write_recording(tmp_path, "chb08_01", [(12.0, 14.0)], seed=8)
    references = [*references_in(tmp_path / "a"), *references_in(tmp_path)]
    material = Material(pairing=pair_files([trained_on, outside], references), references=())
    with gr.Blocks(analytics_enabled=False) as demo:
        step = TestStep(Services.create(Settings(), tmp_path), HandleStore(), demo)

    def test(*, insist: bool) -> tuple[Updates, list[str]]:
        shown = step._testing(insist=insist)("mine", material, gr.Progress())
        return shown, list(shown[step.explorer.tested].names)

    shown, names = test(insist=False)
    assert names == [outside.name]
    assert shown[step._insist].visible
    assert trained_on.name in shown[step._result]
    assert shown[step._to_card].visible
    said = step._put_on_card(shown[step.explorer.tested])
    assert "on the card of mine now, version 1.0.1" in said[step._on_card]
    assert not said[step._to_card].visible
    result = load_detector("mine").card.results[-1]
    assert (result.dataset, result.n_recordings) == (DATASET, 1)

    shown, names = test(insist=True)
    assert sorted(names) == sorted([trained_on.name, outside.name])
    assert not shown[step._insist].visible


def test_a_shipped_models_card_takes_no_result(tmp_path: Path) -> None:
    outside = write_recording(
        tmp_path,
        "chb08_01",
        [(12.0, 14.0)],
        electrodes=("FP1", "F7", "T7", "P7", "O1", "FP2", "F8", "T8", "P8", "O2"),
    )
    pairing = pair_files([outside], references_in(tmp_path))
    with gr.Blocks(analytics_enabled=False) as demo:
        step = TestStep(Services.create(Settings(), tmp_path), HandleStore(), demo)
    test = step._testing(insist=False)
    shown = test("any-montage", Material(pairing=pairing, references=()), gr.Progress())
    assert shown[step.explorer.tested].names == [outside.name]
    assert not shown[step._to_card].visible
