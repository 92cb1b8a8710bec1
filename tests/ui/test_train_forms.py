from __future__ import annotations

from typing import Any

import pytest

from seizure_core.errors import ParameterError
from training.dataset_settings import DatasetSettings, dataset_settings
from training.experiment import SEED_EXPERIMENT, find_experiment, read_experiment
from training.train_settings import TrainSettings, train_settings
from ui.train.fields import DATASET_FIELDS, TRAIN_FIELDS
from ui.train.forms import Field, read_fields, shown_all


def test_the_defaults_come_back_from_the_forms_as_they_are() -> None:
    data = DatasetSettings()
    values = shown_all(DATASET_FIELDS, data.model_dump(mode="json"))
    assert dataset_settings(read_fields(DATASET_FIELDS, values)) == data
    plain = TrainSettings()
    values = shown_all(TRAIN_FIELDS, plain.model_dump(mode="json"))
    assert train_settings(read_fields(TRAIN_FIELDS, values)) == plain


def test_the_forms_hold_everything_of_the_seeds_experiment() -> None:
    seed = read_experiment(find_experiment(SEED_EXPERIMENT))
    values = shown_all(DATASET_FIELDS, seed.dataset.model_dump(mode="json"))
    assert dataset_settings(read_fields(DATASET_FIELDS, values)) == seed.dataset
    values = shown_all(TRAIN_FIELDS, seed.settings.model_dump(mode="json"))
    assert train_settings(read_fields(TRAIN_FIELDS, values)) == seed.settings


FINE: dict[str, Any] = {
    "augmentation": {"channel_dropout": 0.125, "noise": 3.5, "time_shift_s": 0.5, "mirror": 1.0},
    "mining": {"fraction": 0.3, "every_epochs": 3, "pool": 2.5},
    "class_weights": (1.0, 3.5),
    "gradient_clip": 1.0,
    "device": "cpu",
    "threads": 2,
    "warmup_epochs": 0.5,
}


def test_every_setting_of_a_training_has_a_field_except_what_the_network_step_asks() -> None:
    settings = train_settings(FINE)
    values = shown_all(TRAIN_FIELDS, settings.model_dump(mode="json"))
    assert train_settings(read_fields(TRAIN_FIELDS, values)) == settings
    asked = {field.name.split(".")[0] for field in TRAIN_FIELDS}
    assert set(TrainSettings.model_fields) - asked == {"start_weights"}


def test_a_slider_at_its_end_and_weights_of_classes_are_read() -> None:
    share = Field(name="mining.fraction", label="Share", kind="slider")
    assert read_fields([share], [1]) == {"mining": {"fraction": 1.0}}
    weights = Field(name="w", label="Weights", kind="weights", choices=(("balanced", "balanced"),))
    assert read_fields([weights], ["balanced"]) == {"w": "balanced"}
    assert read_fields([weights], ["1, 2.5"]) == {"w": [1.0, 2.5]}


def test_an_empty_optional_field_is_none() -> None:
    field = Field(name="balance", label="Balance", optional=True)
    assert read_fields([field], ["  "]) == {"balance": None}


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        (Field(name="x", label="Window (s)"), "ten", r"Window \(s\) must be a number"),
        (Field(name="x", label="Window (s)"), "", r"Window \(s\) must be a number"),
        (Field(name="x", label="Epochs", kind="count"), "2.5", "Epochs must be a whole number"),
        (Field(name="x", label="Steps", kind="json"), "[", "Steps must be JSON"),
        (Field(name="x", label="Weights", kind="weights"), "1, 2, 3", "two numbers such as 1, 3"),
        (Field(name="x", label="Weights", kind="weights"), "heavy", "Weights must be a number"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field: Field, given: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        read_fields([field], [given])
