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
    ],
)
def test_a_field_that_cannot_be_read_is_named(field: Field, given: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        read_fields([field], [given])
