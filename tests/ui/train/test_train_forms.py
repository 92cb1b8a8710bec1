from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from seizure_core.errors import ParameterError
from training.data.settings import DatasetSettings, dataset_settings
from training.fit.settings import TrainSettings, recipe_training, train_settings
from training.runs.experiment import N1SPOOL_EXPERIMENT, find_experiment, read_experiment
from ui.train.fields import (
    DATASET_FIELDS,
    PREPROCESSING_FIELDS,
    TRAIN_FIELDS,
    as_fields,
    as_steps,
)
from ui.train.forms import Field, Form, read_field
from ui.train.presets import dataset_preset, dataset_presets, train_preset, train_presets
from zoo.store.registry import list_models, model_card


def form_of(fields: Sequence[Field], values: dict[str, Any]) -> Form:
    form = Form(values, prefix="test")
    form.build(fields)
    return form


def through_the_form(settings: DatasetSettings) -> DatasetSettings:
    form = form_of(DATASET_FIELDS, as_fields(DatasetSettings().model_dump(mode="json")))
    filled = form.filled(as_fields(settings.model_dump(mode="json")))
    return dataset_settings(as_steps(form.read(filled)))


def trained_through_the_form(settings: TrainSettings) -> TrainSettings:
    form = form_of(TRAIN_FIELDS, TrainSettings().model_dump(mode="json"))
    return train_settings(form.read(form.filled(settings.model_dump(mode="json"))))


def test_the_defaults_come_back_from_the_forms_as_they_are() -> None:
    data = DatasetSettings()
    assert through_the_form(data) == data
    assert trained_through_the_form(TrainSettings()) == TrainSettings()


def test_the_forms_hold_everything_of_the_seeds_experiment() -> None:
    seed = read_experiment(find_experiment(N1SPOOL_EXPERIMENT))
    assert through_the_form(seed.dataset) == seed.dataset
    assert trained_through_the_form(seed.settings) == seed.settings


def test_presets_fill_in_usual_settings_short_clips_n1spools_and_those_of_models() -> None:
    data, training = DatasetSettings(), TrainSettings()
    for preset, window_s, rate_hz in (
        ("usual", data.window_s, data.sampling_rate_hz),
        ("short", 4.0, data.sampling_rate_hz),
        ("n1spool", 30.0, 256.0),
        ("model:aligned-cnn", 6.0, 128.0),
    ):
        assert preset in [one for _, one in dataset_presets()]
        values, names = dataset_preset(preset)
        assert (values["window_s"], values["sampling_rate_hz"]) == (window_s, rate_hz)
        # A model says what it is fed with, and nothing about strides, guard and balance.
        assert ("guard_s" in names) == (not preset.startswith("model:"))
        # A name that somebody has given stays unless the preset has one.
        assert ("title" in names) == (preset == "n1spool")
    for preset, epochs in (("usual", training.epochs), ("n1spool", 30), ("recipe:aligned-cnn", 0)):
        assert preset in [one for _, one in train_presets()]
        values, names = train_preset(preset)
        assert train_settings(values)
        assert values["epochs"] == (epochs or recipe_training("aligned-cnn")["epochs"])
        assert ("threads" in names) == (not preset.startswith("recipe:"))


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
    assert trained_through_the_form(settings) == settings
    asked = {field.name.split(".")[0] for field in TRAIN_FIELDS}
    assert set(TrainSettings.model_fields) - asked == {"start_weights"}


def test_a_slider_at_its_end_and_weights_of_classes_are_read() -> None:
    share = Field(name="mining.fraction", label="Share", kind="slider")
    form = form_of([share], {"mining": {"fraction": 0.5}})
    assert form.read({form.components[0]: 1}) == {"mining": {"fraction": 1.0}}
    weights = Field(name="w", label="Weights", kind="weights", choices=(("balanced", "balanced"),))
    assert read_field(weights, "balanced") == "balanced"
    assert read_field(weights, "1, 2.5") == [1.0, 2.5]


def test_an_empty_optional_field_is_none() -> None:
    field = Field(name="balance", label="Balance", optional=True)
    assert read_field(field, "  ") is None


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        (Field(name="x", label="Window (s)"), "ten", r"Window \(s\) must be a number"),
        (Field(name="x", label="Window (s)"), "", r"Window \(s\) must be a number"),
        (Field(name="x", label="Epochs", kind="count"), "2.5", "Epochs must be a whole number"),
        (
            Field(name="x", label="Layers", kind="json"),
            "[",
            "Layers cannot be read: in line 1, column 2",
        ),
        (Field(name="x", label="Weights", kind="weights"), "1, 2, 3", "two numbers such as 1, 3"),
        (Field(name="x", label="Weights", kind="weights"), "heavy", "Weights must be a number"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(field: Field, given: Any, words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        read_field(field, given)


BAND = {"step": "band_pass", "low_hz": 0.5, "high_hz": 40.0, "order": 4}
HUM = {"step": "notch", "frequency_hz": 50.0, "quality": 30.0}
CLIP = {"step": "clip", "limit_uv": 600.0}
SCALE = {"step": "scale", "factor": 0.01}


@pytest.mark.parametrize(
    "steps",
    [
        [BAND, HUM, CLIP, SCALE],
        [{"step": "high_pass", "cutoff_hz": 1.0, "order": 3}, HUM],
        [{"step": "low_pass", "cutoff_hz": 30.0, "order": 1}],
        [SCALE],
    ],
)
def test_the_usual_steps_have_fields_of_their_own(steps: list[dict[str, Any]]) -> None:
    settings = dataset_settings({"preprocessing": steps})
    fields = as_fields(settings.model_dump(mode="json"))["preprocessing"]
    assert fields["steps"] is None
    assert through_the_form(settings).preprocessing == tuple(steps)


@pytest.mark.parametrize(
    "steps",
    [
        [SCALE, BAND],
        [BAND, BAND],
        [{**HUM, "quality": 10.0}],
        [{**HUM, "frequency_hz": 16.7}],
        [{"step": "running_scale", "time_constant_s": 30.0, "floor_uv": 1.0}],
        [{"step": "high_pass", "cutoff_hz": 1.0, "order": 3}, BAND],
    ],
)
def test_other_steps_or_another_order_stay_what_they_are(steps: list[dict[str, Any]]) -> None:
    settings = dataset_settings({"preprocessing": steps})
    fields = as_fields(settings.model_dump(mode="json"))["preprocessing"]
    assert fields["steps"] == steps
    assert fields["low_hz"] is None
    assert fields["notch_hz"] == ""
    assert through_the_form(settings).preprocessing == tuple(steps)


def test_steps_given_as_json_count_instead_of_the_fields() -> None:
    given = ["1", "40", "2", "50", "", "", '[{"step": "scale", "factor": 2.0}]']
    form = form_of(PREPROCESSING_FIELDS.fields, as_fields({"preprocessing": []}))
    read = as_steps(form.read(dict(zip(form.components, given, strict=True))))
    assert read == {"preprocessing": [{"step": "scale", "factor": 2.0}]}
    without = [*given[:-1], ""]
    read = as_steps(form.read(dict(zip(form.components, without, strict=True))))
    assert [step["step"] for step in read["preprocessing"]] == ["band_pass", "notch"]


def test_the_preprocessing_of_every_shipped_model_is_shown_in_plain_fields() -> None:
    shipped = [one.model_id for one in list_models() if one.source == "shipped"]
    for model_id in shipped:
        contract = model_card(model_id).to_document()["input"]
        values = as_fields(contract)
        assert values["preprocessing"]["steps"] is None, model_id
        assert as_steps(values)["preprocessing"] == contract["preprocessing"]
