"""Presets of the forms: usual settings, short clips, n1Spool's experiment, or as a model."""

from __future__ import annotations

import functools
from collections.abc import Collection
from typing import Any

from training.data.settings import DatasetSettings
from training.fit.settings import TrainSettings, recipe_training, train_settings
from training.recipes import recipe_names
from training.runs.experiment import (
    N1SPOOL_EXPERIMENT,
    Experiment,
    find_experiment,
    read_experiment,
)
from ui.i18n.translation import tr
from ui.train.fields import DATASET_FIELDS, MODEL_INPUT, TRAIN_FIELDS, as_fields
from ui.widgets.model_picker import model_choices
from zoo.store.registry import model_card

USUAL, SHORT, N1SPOOL = "usual", "short", "n1spool"
_MODEL, _RECIPE = "model:", "recipe:"

Choices = list[tuple[str, str]]
Filling = tuple[dict[str, Any], Collection[str]]
"""Settings as values of the fields, and the names of those that they settle."""

# Clips are often shorter than a guard, and each of them is all seizure or all background.
_SHORT_CLIPS = DatasetSettings(window_s=4.0, seizure_stride_s=0.5, guard_s=0.0)


@functools.cache
def n1spool_experiment() -> Experiment:
    """Return the experiment this project grew from."""
    return read_experiment(find_experiment(N1SPOOL_EXPERIMENT))


def dataset_presets() -> Choices:
    """Return (name shown, preset) of everything a dataset's form can begin with at the moment."""
    return [
        (tr("Usual settings: windows of 30 s"), USUAL),
        (tr("Short clips: windows of 4 s, no guard"), SHORT),
        (tr("n1Spool experiment: all steps"), N1SPOOL),
        *(
            (tr("Input of the model {model}", model=shown), f"{_MODEL}{model_id}")
            for shown, model_id in model_choices()
        ),
    ]


def dataset_preset(preset: str) -> Filling:
    """Return what a preset fills into the form of a dataset.

    Raises
    ------
    UnknownModelError
        There is no such model any more.
    """
    if preset.startswith(_MODEL):
        card = model_card(preset.removeprefix(_MODEL))
        return as_fields(card.to_document()["input"]), MODEL_INPUT
    settings = {SHORT: _SHORT_CLIPS, N1SPOOL: n1spool_experiment().dataset}.get(
        preset, DatasetSettings()
    )
    names = {field.name for field in DATASET_FIELDS}
    return as_fields(settings.model_dump(mode="json")), _named(names, settings.title)


def train_presets() -> Choices:
    """Return (name shown, preset) of everything a training's form can begin with."""
    return [
        (tr("Usual settings"), USUAL),
        (tr("n1Spool experiment"), N1SPOOL),
        *(
            (tr("As the model {model} was trained", model=recipe), f"{_RECIPE}{recipe}")
            for recipe in recipe_names()
        ),
    ]


def train_preset(preset: str) -> Filling:
    """Return what a preset fills into the form of a training.

    A model's recipe leaves title, random seed and machine as they are.
    """
    names = {field.name for field in TRAIN_FIELDS}
    if preset.startswith(_RECIPE):
        recipe = preset.removeprefix(_RECIPE)
        given = recipe_training(recipe)
        settings = train_settings({"recipe": recipe})
        names = {name for name in names if name.split(".")[0] in given}
    else:
        settings = n1spool_experiment().settings if preset == N1SPOOL else TrainSettings()
    return settings.model_dump(mode="json"), _named(names, settings.title)


def _named(names: Collection[str], title: str) -> Collection[str]:
    """Return names of fields, without the title where there is none: a person's own stays."""
    return set(names) if title else set(names) - {"title"}
