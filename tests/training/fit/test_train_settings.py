from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import torch

from seizure_core.channels.montages import CHBMIT_23
from training.data.settings import dataset_settings
from training.errors import TrainingError
from training.fit.augmentation import Augmenter, mirror_plan, mirrored_electrode
from training.fit.loop import learning_rate
from training.fit.settings import AugmentationSettings, train_settings


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"learning_rate": 0}, "learning_rate"),
        ({"learning_rate": -0.1}, "learning_rate"),
        ({"learning_rate": float("nan")}, "learning_rate"),
        ({"epochs": 0}, "epochs"),
        ({"epochs": 2.5}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"optimizer": "sgd"}, "optimizer"),
        ({"label_smoothing": 1.0}, "label_smoothing"),
        ({"class_weights": [1.0]}, "class_weights"),
        ({"split": "alphabet"}, "split"),
        ({"validation_fraction": 1.0}, "validation_fraction"),
        ({"warmup_epochs": 30}, "warmup_epochs"),
        ({"augmentation": {"mirror": 2}}, r"augmentation\.mirror"),
        ({"mixture": {"artefacts": -0.1}}, r"mixture\.artefacts"),
        ({"mixture": {"n_channels": [8, 4]}}, "fewest channels first"),
        ({"learningrate": 0.1}, "Did you mean 'learning_rate'"),
        ("fast", "must be names with values"),
        ({"recipe": "no-such-model"}, "There is no recipe 'no-such-model'"),
    ],
)
def test_settings_out_of_bounds_are_named(settings: Any, message: str) -> None:
    with pytest.raises(TrainingError, match=message):
        train_settings(settings)


def test_defaults_are_those_the_contract_promises() -> None:
    settings = train_settings()
    assert (settings.epochs, settings.split, settings.seed) == (30, "recording", 0)
    assert not settings.augmentation.any
    assert train_settings(settings.model_dump(mode="json")) == settings


def test_a_shipped_models_settings_can_be_taken_and_changed() -> None:
    as_shipped = train_settings({"recipe": "aligned-cnn"})
    assert (as_shipped.epochs, as_shipped.learning_rate, as_shipped.schedule) == (
        30,
        2e-3,
        "cosine",
    )
    assert as_shipped.mixture.artefacts == 0.2
    assert (as_shipped.seed, as_shipped.device, as_shipped.threads) == (0, "auto", None)
    changed = train_settings({"recipe": "aligned-cnn", "epochs": 3, "mixture": {"artefacts": 0.4}})
    assert (changed.epochs, changed.batch_size) == (3, as_shipped.batch_size)
    assert changed.mixture == as_shipped.mixture.model_copy(update={"artefacts": 0.4})


def test_learning_rates_rise_and_fall_as_the_schedule_says() -> None:
    def rates(**settings: Any) -> list[float]:
        chosen = train_settings({"learning_rate": 1.0, "epochs": 4, **settings})
        return [learning_rate(chosen, step, 5, 4) for step in range(20)]

    assert rates() == [1.0] * 20
    cosine, linear = rates(schedule="cosine"), rates(schedule="linear")
    for falling in (cosine, linear):
        assert falling[0] == 1.0
        assert falling == sorted(falling, reverse=True)
        assert 0 < falling[-1] < 0.1
    warm = rates(schedule="cosine", warmup_epochs=1)
    assert warm[:5] == sorted(warm[:5])
    assert warm[5] == 1.0


def test_mirroring_twice_changes_nothing_and_signs_follow_the_derivations() -> None:
    sources, signs = mirror_plan(CHBMIT_23)
    signals = np.random.default_rng(0).normal(size=(23, 10)).astype(np.float32)
    signals[22] = signals[14]  # T8-P8 stands there twice
    signals[18] = -signals[2]  # and P7-T7 is the opposite of T7-P7
    mirrored = signals[sources] * signs[:, None]
    assert np.array_equal(mirrored[sources] * signs[:, None], signals)
    by_name = dict(zip(CHBMIT_23, mirrored, strict=True))
    assert np.array_equal(by_name["FP1-F7"], signals[CHBMIT_23.index("FP2-F8")])
    assert np.array_equal(by_name["T7-FT9"], -signals[CHBMIT_23.index("FT10-T8")])
    assert np.array_equal(by_name["FT9-FT10"], -signals[CHBMIT_23.index("FT9-FT10")])
    assert np.array_equal(by_name["FZ-CZ"], signals[CHBMIT_23.index("FZ-CZ")])


def test_only_symmetric_montages_can_be_mirrored() -> None:
    with pytest.raises(TrainingError, match=r"FP1-F7 \(its mirror is FP2-F8\)"):
        mirror_plan(["FP1-F7"])
    assert mirrored_electrode("FT10") == "FT9"
    assert mirrored_electrode("CZ") == "CZ"


def augmented(
    settings: dict[str, Any],
    *,
    n_steps: int | None = None,
    labels: torch.Tensor | None = None,
    channels: Sequence[str] = ("FP1-F7", "FP2-F8"),
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    dataset = dataset_settings(
        {"window_s": 1.0, "sampling_rate_hz": 64.0, "channels": list(channels)}
    )
    chosen = train_settings({"augmentation": settings}).augmentation
    augmenter = Augmenter.of(chosen, dataset, n_steps)
    signals = torch.randn(16, 2, 64, generator=torch.Generator().manual_seed(0))
    classes = torch.zeros(16, dtype=torch.int64) if labels is None else labels
    before = signals.clone()
    out, moved = augmenter(signals, classes, torch.Generator().manual_seed(1))
    assert torch.equal(signals, before)
    return before, out, moved


def test_each_augmentation_does_what_its_name_says() -> None:
    before, out, _ = augmented({"channel_dropout": 0.5})
    dropped = (out == 0).all(dim=2)
    assert 0 < dropped.sum() < dropped.numel()
    assert torch.equal(out[~dropped], before[~dropped])

    before, out, _ = augmented({"amplitude": 0.5})
    factors = (out / before).mean(dim=(1, 2))
    assert torch.allclose(out, before * factors[:, None, None], atol=1e-5)
    assert (factors > 0.5).all()
    assert (factors < 1.5).all()
    assert factors.std() > 0.1

    before, out, _ = augmented({"gain_spread": 0.5})
    logs = (out / before).mean(dim=(1, 2)).log()
    assert 0.25 < float(logs.std()) < 0.75

    before, out, _ = augmented({"flip": 0.5})
    flipped = (out == -before).all(dim=2).all(dim=1)
    assert 0 < flipped.sum() < len(flipped)
    assert torch.equal(out[~flipped], before[~flipped])

    before, out, _ = augmented({"lost_fraction": 1.0, "max_lost": 1})
    assert (out == 0).all(dim=2).sum(dim=1).tolist() == [1] * len(out)

    before, out, _ = augmented({"low_temporal_fraction": 1.0}, channels=["FP1-F7", "T7-FT9"])
    assert (out == 0).all(dim=2).tolist() == [[False, True]] * len(out)

    before, out, _ = augmented({"noise": 0.1})
    assert 0.09 < float((out - before).std()) < 0.11

    before, out, _ = augmented({"mirror": 1.0})
    assert torch.equal(out, before.flip(1))

    before, out, _ = augmented({"time_shift_s": 0.25})
    assert not torch.equal(out, before)
    assert torch.equal(out.sort(dim=2).values, before.sort(dim=2).values)


def test_labels_of_steps_move_with_the_signal() -> None:
    labels = torch.zeros(16, 4, dtype=torch.int64)
    labels[:, 1] = 1
    marked, out, moved = augmented({"time_shift_s": 0.5}, n_steps=4, labels=labels)
    for window, shifted, row in zip(marked, out, moved, strict=True):
        step = int(row.argmax())
        assert torch.equal(shifted[:, 16 * step : 16 * step + 16], window[:, 16:32])


def test_the_same_place_gives_the_same_changes() -> None:
    settings = {"noise": 1.0, "mirror": 0.5, "channel_dropout": 0.2, "amplitude": 0.2}
    assert torch.equal(augmented(settings)[1], augmented(settings)[1])


def test_any_montage_cannot_be_mirrored() -> None:
    with pytest.raises(TrainingError, match="any montage"):
        Augmenter.of(AugmentationSettings(mirror=0.5), dataset_settings({"channels": None}), None)
