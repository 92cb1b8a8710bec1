from __future__ import annotations

import errno
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.training.material import (
    NETWORK,
    SETTINGS,
    STEP_NETWORK,
    WINDOW_SAMPLES,
    make_dataset,
    references_in,
    write_recording,
)
from training.data.builder import create_dataset
from training.data.dataset import Dataset
from training.data.pairing import pair_files
from training.data.splits import split_dataset
from training.data.store import open_dataset
from training.errors import DivergedError, RunError
from training.fit.checkpoints import CheckpointFolder
from training.fit.dataset_source import (
    DatasetPlan,
    batch_plan,
    batches,
    gather,
    labels_of,
    mining_pool,
)
from training.fit.loop import Trainer
from training.fit.settings import train_settings
from training.fit.validation import network_logits, stored_trace
from zoo.layers.network import build_network


class HandsOn(torch.nn.Linear):
    """A network that gives its input back, the very same memory."""

    def forward(self, signals: torch.Tensor) -> torch.Tensor:
        return signals


class TrainingCallback:
    """Follows a training and stops it after a number of batches, if one is given."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.rows: list[dict[str, Any]] = []
        self.texts: list[str] = []
        self.n_batches = 0
        self.stop_after = stop_after

    def on_progress(self, epoch: int, fraction: float) -> None:
        self.n_batches += 1

    def on_epoch(self, row: dict[str, Any]) -> None:
        self.rows.append(row)

    def log(self, text: str) -> None:
        self.texts.append(text)

    def should_stop(self) -> bool:
        return self.stop_after is not None and self.n_batches >= self.stop_after


def trainer(
    dataset: Dataset,
    folder: Path,
    callback: TrainingCallback | None = None,
    network: list[dict[str, Any]] = NETWORK,
    n_steps: int | None = None,
    **settings: Any,
) -> Trainer:
    folder.mkdir(exist_ok=True)
    n_channels = dataset.n_channels or min(one.n_channels for one in dataset.recordings)
    chosen = train_settings({"epochs": 3, "batch_size": 8, "device": "cpu", **settings})
    return Trainer(
        DatasetPlan(dataset=dataset, settings=chosen, n_steps=n_steps, folder=folder),
        lambda: build_network(network, n_channels, WINDOW_SAMPLES),
        chosen,
        CheckpointFolder(folder=folder),
        callback or TrainingCallback(),
    )


def weights(folder: Path, network: list[dict[str, Any]] = NETWORK) -> dict[str, torch.Tensor]:
    module = build_network(network, 4, WINDOW_SAMPLES)
    CheckpointFolder(folder=folder).load(module)
    return module.state_dict()


RICH = {
    "augmentation": {
        "noise": 0.1,
        "channel_dropout": 0.1,
        "amplitude": 0.2,
        "time_shift_s": 0.5,
    },
    "mining": {"fraction": 0.3, "every_epochs": 1},
    "schedule": "cosine",
    "warmup_epochs": 0.5,
    "label_smoothing": 0.05,
    "class_weights": "balanced",
    "weight_decay": 0.01,
    "optimizer": "adamw",
    "gradient_clip": 1.0,
}


def test_a_model_learns_to_tell_strong_seizures_apart(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    callback = TrainingCallback()
    run = trainer(dataset, tmp_path / "run", callback, epochs=20, learning_rate=0.01, patience=None)
    assert run.run() == "done"
    assert callback.rows[-1]["train_loss"] < 0.5 * callback.rows[0]["train_loss"]
    best = max(row["event_f1"] or 0.0 for row in callback.rows)
    assert best == 1.0
    info = CheckpointFolder(folder=tmp_path / "run").load_best(build_network(NETWORK, 4, 256))
    assert info["event_f1"] == 1.0


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        trainer(dataset, tmp_path / name, epochs=2, seed=seed, **RICH).run()
    a, b, c = (weights(tmp_path / name) for name in "abc")
    assert all(torch.equal(a[name], b[name]) for name in a)
    assert not torch.equal(a["0.weight"], c["0.weight"])


def test_balanced_class_weights_make_up_for_the_rarer_class(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data", balance=0.5)
    (split,) = split_dataset(dataset, "recording", validation_fraction=0.2, seed=0)
    n_background, n_seizure = dataset.counts(split.train)
    assert n_background < n_seizure
    total = n_background + n_seizure
    by_hand = [total / (2 * n_background), total / (2 * n_seizure)]
    for name, chosen in (("balanced", "balanced"), ("by-hand", by_hand), ("none", "none")):
        trainer(dataset, tmp_path / name, epochs=1, split="recording", class_weights=chosen).run()
    balanced, same, other = (weights(tmp_path / one) for one in ("balanced", "by-hand", "none"))
    assert all(torch.equal(balanced[name], same[name]) for name in balanced)
    assert not torch.equal(balanced["0.weight"], other["0.weight"])


@pytest.mark.parametrize("split", ["recording", "leave-one-patient-out"])
def test_a_training_stopped_after_any_batch_goes_on_bit_for_bit(tmp_path: Path, split: str) -> None:
    dataset = make_dataset(tmp_path / "data")
    settings = {**RICH, "split": split, "epochs": 2}
    whole = TrainingCallback()
    trainer(dataset, tmp_path / "whole", whole, **settings).run()
    n_stops = 0
    for _ in range(200):
        callback = TrainingCallback(stop_after=3)
        if trainer(dataset, tmp_path / "parts", callback, **settings).run() == "done":
            break
        n_stops += 1
    assert n_stops > 3
    one, other = weights(tmp_path / "whole"), weights(tmp_path / "parts")
    assert all(torch.equal(one[name], other[name]) for name in one)
    states = [CheckpointFolder(folder=tmp_path / name).state() for name in ("whole", "parts")]
    assert states[0] == states[1]
    assert [row["epoch"] for row in states[0].history] == list(range(1, len(states[0].history) + 1))


def test_leave_one_patient_out_scores_every_fold_and_then_trains_on_all(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    callback = TrainingCallback()
    run = trainer(dataset, tmp_path / "run", callback, split="leave-one-patient-out", epochs=2)
    assert run.epochs == 8
    assert run.run() == "done"
    names = [row["fold_name"] for row in callback.rows]
    assert list(dict.fromkeys(names)) == ["chb02", "chb03", "chb05", "all patients"]
    assert all(row["event_f1"] is not None for row in callback.rows[:6])
    assert callback.rows[-1]["validation_loss"] is None


def test_training_stops_early_by_events_and_keeps_the_best(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    callback = TrainingCallback()
    run = trainer(
        dataset, tmp_path / "run", callback, epochs=50, patience=2, learning_rate=0.02, batch_size=4
    )
    assert run.run() == "done"
    assert len(callback.rows) < 50
    assert any("stopping early" in text for text in callback.texts)


def test_a_diverging_training_stops_and_says_why(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data", preprocessing=[{"step": "scale", "factor": 1e3}])
    network = [
        {"type": "flatten"},
        {"type": "linear", "out_features": 64},
        {"type": "linear", "out_features": 64},
        {"type": "linear", "out_features": 2},
    ]
    run = trainer(
        dataset, tmp_path / "run", network=network, learning_rate=10.0, epochs=200, patience=None
    )
    original = run._make_network

    def huge() -> torch.nn.Module:
        module = original()
        with torch.no_grad():
            module[1].weight *= 1e36  # type: ignore[index, operator]
        return module

    run._make_network = huge  # type: ignore[method-assign]
    with pytest.raises(DivergedError, match=r"NaN or infinite in epoch 1, batch 1.*learning rate"):
        run.run()


def test_models_with_one_output_a_step_are_trained_on_steps(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    labels = dataset.step_labels(dataset.used, 4)
    ictal = dataset.recordings[int(dataset.windows["recording"][dataset.used[0]])].ictal
    start = int(dataset.windows["start"][dataset.used[0]])
    mask = np.zeros(40 * 64, dtype=np.int64)
    for first, last in ictal:
        mask[first:last] = 1
    steps = mask[start : start + 256].reshape(4, 64).sum(axis=1)
    expected = (steps >= 32).astype(int).tolist()
    assert labels[0].tolist() == expected
    callback = TrainingCallback()
    run = trainer(
        dataset, tmp_path / "run", callback, network=STEP_NETWORK, n_steps=4, learning_rate=0.01
    )
    assert run.run() == "done"
    assert callback.rows[-1]["train_loss"] < callback.rows[0]["train_loss"]


def test_windows_of_different_montages_are_batched_apart(tmp_path: Path) -> None:
    paths = [
        write_recording(tmp_path, "chb02_01", [(12.0, 14.0)], seed=0),
        write_recording(tmp_path, "chb02_02", [], seed=1),
        write_recording(
            tmp_path, "chb03_01", [(12.0, 14.0)], seed=2, electrodes=("FP1", "F7", "T7")
        ),
        write_recording(tmp_path, "chb03_02", [], seed=3, electrodes=("FP1", "F7", "T7")),
    ]
    card = create_dataset(
        pair_files(paths, references_in(tmp_path)), {**SETTINGS, "channels": None}
    )
    dataset = open_dataset(card["dataset_id"])
    plan = batch_plan(dataset, dataset.used, 8, np.random.default_rng(0))
    shapes = {gather(dataset, batch).shape[1] for batch in plan}
    assert len(shapes) == 2
    network = [
        {
            "type": "per_channel",
            "layers": [
                {"type": "conv1d", "out_channels": 4, "kernel_size": 9, "stride": 2},
                {"type": "relu"},
                {"type": "adaptive_avg_pool1d", "output_size": 1},
            ],
            "pool": "max",
        },
        {"type": "flatten"},
        {"type": "linear", "out_features": 2},
    ]
    callback = TrainingCallback()
    assert trainer(dataset, tmp_path / "run", callback, network=network).run() == "done"
    assert math.isfinite(callback.rows[-1]["validation_loss"])


def test_batches_hold_every_window_once_and_what_the_dataset_says(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    plan = batch_plan(dataset, dataset.used, 7, np.random.default_rng(0))
    assert sorted(np.concatenate(plan)) == sorted(dataset.used)
    assert all(len(batch) > 1 for batch in plan)
    for batch, (signals, labels) in zip(plan, batches(dataset, plan, None), strict=True):
        for index, window in zip(batch, signals, strict=True):
            assert np.array_equal(window.numpy(), dataset.window(int(index)))
        assert labels.tolist() == labels_of(dataset, batch, None).tolist()


def test_all_batches_of_an_epoch_are_cut_into_one_piece_of_memory(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    plan = batch_plan(dataset, dataset.used, 7, np.random.default_rng(0))
    # All are kept, so that fresh memory would lie elsewhere.
    kept = [signals for signals, _ in batches(dataset, plan, None)]
    assert len(kept) > 2
    assert len({signals.data_ptr() for signals in kept}) == 1


def test_logits_are_not_overwritten_by_the_batch_that_follows(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data", channels=["FP1-F7", "F7-T7"], balance=None)
    indices = np.tile(dataset.used, 16)
    assert len(indices) > 3 * 128
    plan = batch_plan(dataset, indices, 128)
    logits, _ = network_logits(HandsOn(1, 1), batches(dataset, plan, None))
    assert torch.equal(logits, torch.from_numpy(gather(dataset, indices)))


def test_a_last_single_window_joins_the_batch_before(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    plan = batch_plan(dataset, dataset.used[:9], 4)
    assert [len(batch) for batch in plan] == [4, 5]


def test_mined_background_is_the_hardest_and_never_from_validation(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data", background_stride_s=0.5)
    (split,) = split_dataset(dataset, "seizure")
    pool = mining_pool(dataset, split)
    assert len(pool) > 10
    windows = dataset.windows
    for index in pool:
        same = windows["recording"][split.validation] == windows["recording"][index]
        gap = abs(windows["start"][split.validation][same] - windows["start"][index])
        assert (gap >= WINDOW_SAMPLES).all()
    torch.manual_seed(0)
    network = build_network(NETWORK, 4, WINDOW_SAMPLES).eval()
    settings = train_settings({"mining": {"fraction": 0.5, "every_epochs": 1, "pool": 1000.0}})
    source = DatasetPlan(dataset=dataset, settings=settings).source(split)
    chosen = source.hard_background(network, (0, 0, 1))
    assert chosen is not None
    original = split.train[windows["label"][split.train] == 0]
    mined = np.setdiff1d(chosen, original)
    assert len(chosen) == len(original)
    assert len(mined) == round(0.5 * len(original))
    with torch.inference_mode():
        logits = network(torch.from_numpy(gather(dataset, pool)))
    difference = (logits[:, 1] - logits[:, 0]).numpy()
    assert set(mined) == set(pool[np.argsort(-difference)[: len(mined)]])


def test_a_trace_over_stored_signals_is_undefined_in_gaps(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    torch.manual_seed(0)
    network = build_network(NETWORK, 4, WINDOW_SAMPLES).eval()
    trace = stored_trace(network, dataset, 0, stride_samples=64)
    assert len(trace.probabilities) == 40
    assert np.isfinite(trace.probabilities).all()
    object.__setattr__(dataset.recordings[0], "gaps", np.array([[0, 1280]]))
    gapped = stored_trace(network, dataset, 0, stride_samples=64)
    assert np.isnan(gapped.probabilities[:18]).all()
    assert np.array_equal(gapped.probabilities[25:], trace.probabilities[25:])


def test_a_full_disk_keeps_the_last_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make_dataset(tmp_path / "data")
    trainer(dataset, tmp_path / "run", TrainingCallback(stop_after=4)).run()
    before = (tmp_path / "run" / "checkpoint.safetensors").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(RunError, match="disk is full"):
            trainer(dataset, tmp_path / "run").run()
    assert (tmp_path / "run" / "checkpoint.safetensors").read_bytes() == before
    assert [one.name for one in (tmp_path / "run").iterdir() if one.name.startswith(".")] == []
    assert trainer(dataset, tmp_path / "run").run() == "done"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_damaged_checkpoint_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    dataset = make_dataset(tmp_path / "data")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "checkpoint.safetensors").write_bytes(content)
    with pytest.raises(RunError, match="damaged"):
        trainer(dataset, folder).run()


def test_a_checkpoint_of_another_network_is_refused(tmp_path: Path) -> None:
    dataset = make_dataset(tmp_path / "data")
    trainer(dataset, tmp_path / "run", TrainingCallback(stop_after=2)).run()
    other = [{"type": "flatten"}, {"type": "linear", "out_features": 2}]
    with pytest.raises(RunError, match="another network"):
        trainer(dataset, tmp_path / "run", network=other).run()
