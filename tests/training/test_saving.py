from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.io.opening import open_recording
from tests.training.material import (
    NETWORK,
    STEP_NETWORK,
    evaluated,
    make_dataset,
    references_in,
    write_recording,
    write_reference,
)
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.errors import EvaluationError, RunError, TrainingError
from training.evaluate.evaluation import Evaluation, evaluate_detector
from training.evaluate.evaluation_report import worst_mistakes
from training.evaluate.explorer import TracedFile, best_point, threshold_curve
from training.evaluate.tested_result import DATASET, add_to_card
from training.runs import worker
from training.runs.folder import RunFolder, all_runs
from training.runs.requests import new_run
from training.saving import run_detector, save_model
from training.trained_model import SaveOptions
from zoo.errors import RegistryError, UnknownModelError
from zoo.loading import load_detector
from zoo.store.home import HOME_VARIABLE
from zoo.store.registry import list_models

SETTINGS: dict[str, Any] = {
    "epochs": 15,
    "batch_size": 8,
    "learning_rate": 0.01,
    "threads": 1,
    "device": "cpu",
}


def finished_run(
    folder: Path, network: list[dict[str, Any]] = NETWORK, **settings: Any
) -> RunFolder:
    dataset = make_dataset(folder)
    run = new_run(dataset.dataset_id, network, {**SETTINGS, **settings})
    assert worker.work(run.run_id) == 0
    return run


@pytest.fixture(scope="module")
def kept_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a run that is done, and the recordings it was trained on; it stays as it is."""
    place = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(place / "home"))
        finished_run(place / "training")
    return place


@pytest.fixture
def run(kept_home: Path, own_home: Path, tmp_path: Path) -> RunFolder:
    """A run that is done; its recordings are in the folder `training` of the test."""
    shutil.copytree(kept_home / "home", own_home)
    shutil.copytree(kept_home / "training", tmp_path / "training")
    (done,) = all_runs()
    return done


def test_a_kept_model_is_in_the_zoo_with_a_complete_card(run: RunFolder) -> None:
    saved = save_model(
        run.run_id,
        "my-model",
        SaveOptions(
            title="My model", authors=("A. Uthor",), license="CC-BY-4.0", notes="A first try."
        ),
    )
    detector = load_detector("my-model")
    card = detector.card
    assert card == saved
    assert (card.title, card.license, card.authors) == ("My model", "CC-BY-4.0", ("A. Uthor",))
    assert card.training.data[0].subjects == ("chb02", "chb03", "chb05")
    assert card.training.data[0].n_seizures == 3
    assert card.training.signals is not None
    assert len(card.training.signals.hashes) > 10
    assert card.training.settings["learning_rate"] == 0.01
    assert card.training.settings["dataset.guard_s"] == 5.0
    assert card.training.settings["threads"] == 1
    assert {"python", "torch", "numpy", "seizure-zoo"} <= set(card.training.software)
    assert len(card.training.history) == len(run.history())
    assert card.results[0].metrics["event_f1"].value == 1.0
    assert "A first try." in card.training.note
    assert card.parent is None


def test_the_card_of_a_model_trained_on_a_mixture_says_what_was_simulated(tmp_path: Path) -> None:
    mixture = {"real_seizure": 0.3, "artefacts": 0.7, "n_simulated": 1, "batches_per_epoch": 2}
    run = finished_run(tmp_path, epochs=1, mixture=mixture, augmentation={"flip": 0.5})
    training = save_model(run.run_id, "mixed").training
    assert [one.n_recordings for one in training.data] == [6, 2]
    assert training.data[1].name == "simulated EEG (seizure_core.simulator)"
    assert training.settings["mixture.artefacts"] == 0.7
    assert training.settings["augmentation.flip"] == 0.5


def test_a_test_on_other_recordings_stands_on_the_card_with_its_counts(
    run: RunFolder, tmp_path: Path
) -> None:
    other = tmp_path / "test"
    other.mkdir()
    paths = [
        write_recording(other, "chb08_01", [(12.0, 14.0)], seed=8),
        write_recording(other, "healthy", [], seed=9),
    ]
    paths.append(next((tmp_path / "training").glob("*.edf")))
    pairing = pair_files(paths, [*references_in(other), *references_in(tmp_path / "training")])
    tested = evaluate_detector(run_detector(run.run_id), pairing, allow_training_data=True)
    card = save_model(run.run_id, "my-model", tested=tested)
    result = card.results[0]
    assert (result.dataset, result.n_recordings, result.n_seizures) == (DATASET, 2, 1)
    assert result.metrics["n_false_alarms"].value is not None
    assert result.metrics["sensitivity"].value == result.metrics["n_detected"].value
    assert result.note.startswith("Recordings of 2 people, 1 of them with seizures.")
    assert "It was tested on 2 other recordings with 1 seizure in" in card.limitations
    assert "patient" not in result.note + result.interval
    assert "healthy" not in json.dumps(card.to_document())
    # Other weights than those that were tested: the test says nothing about them.
    with_other = save_model(run.run_id, "raw", SaveOptions(calibrate=False), tested=tested)
    assert all(one.dataset != DATASET for one in with_other.results)
    # It is tested itself, and its card gets the result and a new version.
    with pytest.raises(UnknownModelError):
        add_to_card(tested)
    later = evaluate_detector(load_detector("raw"), pairing, allow_training_data=True)
    revised = add_to_card(later)
    assert revised == load_detector("raw").card
    assert revised.version == "1.0.1"
    assert revised.results[:-1] == with_other.results
    assert (revised.results[-1].dataset, revised.results[-1].n_recordings) == (DATASET, 2)
    with pytest.raises(ParameterError, match="already"):
        add_to_card(evaluate_detector(load_detector("raw"), pairing, allow_training_data=True))


def test_what_the_model_reads_in_detection_is_what_it_was_trained_on(
    run: RunFolder, tmp_path: Path
) -> None:
    save_model(run.run_id, "my-model")
    detector = load_detector("my-model")
    dataset = worker.open_dataset(run.request()["dataset_id"])
    for number, one in enumerate(dataset.recordings):
        model_input = detector.prepare(open_recording(tmp_path / "training" / one.file_name))
        seen = np.concatenate(list(model_input.blocks(1000)), axis=1)
        assert np.array_equal(dataset.signals(number), seen)


def test_no_file_name_gets_into_the_card(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    paths = [
        write_recording(folder, "Jane_Doe_monday", [(12.0, 14.0)], seed=0),
        write_recording(folder, "John Smith", [(12.0, 14.0)], seed=1),
        write_recording(folder, "Jane_Doe_sunday", [], seed=2),
    ]
    from tests.training.material import SETTINGS as DATASET

    card = create_dataset(pair_files(paths, references_in(folder)), DATASET)
    run = new_run(card["dataset_id"], NETWORK, {**SETTINGS, "epochs": 1})
    assert worker.work(run.run_id) == 0
    text = json.dumps(save_model(run.run_id, "my-model").to_document())
    assert "Doe" not in text
    assert "Smith" not in text
    assert "patient 1" in text


def test_the_operating_point_can_be_chosen(run: RunFolder) -> None:
    card = save_model(
        run.run_id, "my-model", SaveOptions(threshold=0.7, smoothing_s=5.0, calibrate=False)
    )
    output = card.output
    assert (output.threshold, output.threshold_off, output.smoothing_s) == (0.7, 0.56, 5.0)
    assert "set by hand" in card.limitations
    specific = save_model(run.run_id, "specific", SaveOptions(operating_point="specific"))
    assert specific.output.operating_points is not None
    point = specific.output.operating_points.specific
    assert specific.output.threshold == point.threshold > output.threshold_off
    assert "set by hand" not in specific.limitations
    with pytest.raises(ParameterError, match="sensitive, balanced, specific"):
        save_model(run.run_id, "keen", SaveOptions(operating_point="keen"))
    for options in (SaveOptions(threshold=1.0), SaveOptions(threshold=0.5, threshold_off=0.6)):
        with pytest.raises(ParameterError, match="threshold"):
            save_model(run.run_id, "other", options)


def test_models_with_steps_and_of_folds_are_kept_too(tmp_path: Path) -> None:
    run = finished_run(tmp_path / "a", STEP_NETWORK, epochs=3, split="leave-one-patient-out")
    card = save_model(run.run_id, "stepper")
    assert card.output.step_s == 1.0
    assert card.results[0].dataset == "training dataset, leave one patient out"
    recording = open_recording(tmp_path / "a" / "chb02_01.edf")
    detection = load_detector("stepper").detect(recording)
    assert len(detection.probabilities) == 40


def test_a_kept_model_can_be_trained_further(run: RunFolder, tmp_path: Path) -> None:
    parent = save_model(run.run_id, "parent")
    dataset_id = run.request()["dataset_id"]
    further = new_run(dataset_id, "parent", {**SETTINGS, "epochs": 1})
    started = worker.starting_network(further).state_dict()
    kept = load_detector("parent").network.state_dict()
    assert all(torch.equal(started[name], kept[name]) for name in kept)
    fresh = new_run(dataset_id, "parent", {**SETTINGS, "start_weights": False})
    assert fresh.request()["parent"] is None
    assert worker.work(further.run_id) == 0
    card = save_model(further.run_id, "child")
    assert card.parent is not None
    assert card.parent.weights_sha256 == parent.weights.sha256
    other = make_dataset(tmp_path / "more", window_s=2.0)
    with pytest.raises(TrainingError, match=r"inputs differ: window_s \(4"):
        new_run(other.dataset_id, "parent", SETTINGS)


def test_what_cannot_be_kept_is_refused_by_name(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path)
    run = new_run(dataset.dataset_id, NETWORK, {**SETTINGS, "epochs": 1})
    with pytest.raises(RunError, match="no model to keep"):
        save_model(run.run_id, "my-model")
    assert worker.work(run.run_id) == 0
    with pytest.raises(ParameterError, match="not a valid model id"):
        save_model(run.run_id, "../../etc")
    save_model(run.run_id, "my-model")
    with pytest.raises(RegistryError, match="already"):
        save_model(run.run_id, "my-model")
    save_model(run.run_id, "my-model", SaveOptions(title="Again", replace=True))
    assert load_detector("my-model").card.title == "Again"


def evaluation_of_saved(run: RunFolder, tmp_path: Path) -> tuple[Evaluation, Path]:
    save_model(run.run_id, "my-model")
    folder = tmp_path / "test"
    folder.mkdir()
    paths = [
        write_recording(folder, "chb08_01", [(10.0, 15.0)], seed=81),
        write_recording(folder, "chb08_02", [], seed=82),
        write_recording(folder, "chb09_01", [(20.0, 15.0)], seed=91),
        write_recording(folder, "chb09_02", [], seed=92, reference=False),
    ]
    copy = folder / "innocent.edf"
    shutil.copyfile(tmp_path / "training" / "chb02_01.edf", copy)
    write_reference(folder, "innocent", [(12.0, 14.0)], duration_s=40.0)
    broken = folder / "broken.edf"
    broken.write_bytes(b"nothing")
    pairing = pair_files([*paths, copy, broken], references_in(folder))
    return evaluate_detector(load_detector("my-model"), pairing), folder


def test_an_evaluation_scores_what_it_can_and_names_the_rest(
    run: RunFolder, tmp_path: Path
) -> None:
    evaluation, folder = evaluation_of_saved(run, tmp_path)
    assert [one.traced.file_name for one in evaluation.recordings] == [
        "chb08_01.edf",
        "chb08_02.edf",
        "chb09_01.edf",
    ]
    reasons = {one.file_name: one.reason for one in evaluation.failed}
    assert set(reasons) == {"chb09_02.edf", "innocent.edf", "broken.edf"}
    assert "recognised by its signals" in reasons["innocent.edf"]
    assert "no reference" in reasons["chb09_02.edf"]
    allowed = evaluated(
        "my-model", [folder / "innocent.edf"], references_in(folder), allow_training_data=True
    )
    assert allowed["recordings"][0]["ok"]
    assert "was in the training" in allowed["recordings"][0]["message"]
    with pytest.raises(EvaluationError, match=r"innocent\.edf"):
        evaluated("my-model", [folder / "innocent.edf"], references_in(folder))


def test_the_answer_has_what_the_contract_names(run: RunFolder, tmp_path: Path) -> None:
    _evaluation, folder = evaluation_of_saved(run, tmp_path)
    paths = [folder / name for name in ("chb08_01.edf", "chb08_02.edf", "chb09_01.edf")]
    answer = evaluated("my-model", paths, references_in(folder))
    assert json.loads(json.dumps(answer)) == answer
    assert answer["model_id"] == "my-model"
    row = answer["recordings"][0]
    assert {"file_name", "ok", "message", "event", "sample", "latency_s"} <= set(row)
    assert row["event"]["sensitivity"] == 1.0
    assert answer["recordings"][1]["event"]["sensitivity"] is None
    overall = answer["overall"]
    assert overall["event"]["n_reference"] == 2
    assert overall["baselines"]["always"]["event"]["sensitivity"] == 1.0
    assert overall["baselines"]["never"]["event"]["sensitivity"] == 0.0
    assert set(overall["patients"]) == {"chb08", "chb09"}
    assert overall["intervals"]["event.f1"]["level"] == 0.95
    assert answer["failed"] == []
    assert [point["threshold"] for point in answer["thresholds"]] == sorted(
        point["threshold"] for point in answer["thresholds"]
    )


def test_moving_the_threshold_needs_no_model_and_gives_what_the_model_would_give(
    run: RunFolder, tmp_path: Path
) -> None:
    evaluation, folder = evaluation_of_saved(run, tmp_path)
    detector = evaluation.detector
    for threshold in (0.05, 0.9, 0.999):
        moved = evaluation.at(detector.post_processing(threshold))
        for one in moved.recordings:
            recording = open_recording(folder / one.traced.file_name)
            detection = detector.detect(recording, threshold=threshold)
            assert one.traced.events(moved.settings) == detection.events


def test_mistakes_are_listed_worst_first() -> None:
    def traced(name: str, level: float, *seizures: tuple[float, float]) -> TracedFile:
        values = np.full(300, 0.01, dtype=np.float32)
        values[100:120] = level
        return TracedFile(
            file_name=name,
            patient="p",
            trace=ProbabilityTrace(probabilities=values, duration_s=300.0),
            reference=tuple(Event(onset_s=a, duration_s=b) for a, b in seizures),
        )

    recordings = [
        traced("seen.edf", 0.3, (95.0, 30.0)),
        traced("unseen.edf", 0.2, (105.0, 10.0), (20.0, 5.0)),
        traced("calm.edf", 0.9),
        traced("calmer.edf", 0.95),
        traced("found.edf", 0.9, (100.0, 20.0)),
    ]
    missed, alarms = worst_mistakes(recordings, PostProcessing(threshold=0.5))
    assert [(one.file_name, one.onset_s) for one in missed] == [
        ("unseen.edf", 20.0),
        ("unseen.edf", 105.0),
        ("seen.edf", 95.0),
    ]
    assert [one.file_name for one in alarms] == ["calmer.edf", "calm.edf"]
    assert alarms[0].probability == pytest.approx(0.95)
    assert worst_mistakes(recordings, PostProcessing(threshold=0.5), limit=1)[0] == missed[:1]


def test_the_best_threshold_is_in_the_middle_of_its_equals(run: RunFolder, tmp_path: Path) -> None:
    evaluation, _ = evaluation_of_saved(run, tmp_path)
    points = threshold_curve(evaluation.traced, PostProcessing(threshold=0.5))
    best = best_point(points)
    assert best is not None
    assert best.score.event.f1 == max(p.score.event.f1 or 0.0 for p in points)
    empty: list[TracedFile] = []
    assert best_point(threshold_curve(empty, PostProcessing(threshold=0.5))) is None


def test_the_model_of_a_run_is_tested_as_it_would_be_kept_without_being_kept(
    run: RunFolder, tmp_path: Path
) -> None:
    folder = tmp_path / "test"
    folder.mkdir()
    paths = [write_recording(folder, "chb08_01", [(10.0, 15.0)], seed=81)]
    tested = evaluated(run.run_id, paths, references_in(folder))
    assert {model.source for model in list_models()} == {"shipped"}
    save_model(run.run_id, "my-model")
    kept = evaluated("my-model", paths, references_in(folder))
    assert tested["model_id"] == run.run_id
    assert tested["weights_sha256"] != ""
    assert {**tested, "model_id": "", "weights_sha256": ""} == {
        **kept,
        "model_id": "",
        "weights_sha256": "",
    }
