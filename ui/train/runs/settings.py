"""The settings of a run, put back into the forms."""

from __future__ import annotations

from typing import Any

import gradio as gr

from training.data.store import list_datasets
from training.errors import RunError
from training.fit.settings import train_settings
from training.runs.status import training_status
from ui.errors import inform, warn
from ui.i18n import run_text as words
from ui.i18n.translation import tr
from ui.train.fields import TRAIN_FIELDS
from ui.train.forms import shown_all
from ui.train.network.editor import beginning_from
from ui.train.network.layer_list import LayerData, network_text
from ui.train.network.network_start import layers_of, start_of
from ui.train.runs.views import run_name
from zoo.errors import UnknownModelError

_LONGEST_TITLE = 200


def cloned(run_id: str) -> tuple[Any, ...]:
    """Return values for the dataset, `NetworkStep.beginning` and the form of `TRAIN_FIELDS`.

    Raises
    ------
    UnknownIdError
        There is no such run.
    RunError
        Its folder is damaged.
    TrainingError
        Its settings are none that this version knows.
    """
    run = training_status(run_id)
    if not run["settings"] or not run["network"]:
        raise RunError(tr(words.NO_SETTINGS, name=run_name(run)))
    settings = train_settings(run["settings"])
    values = settings.model_dump(mode="json")
    if settings.title:
        values["title"] = tr(words.CLONED_TITLE, title=settings.title)[:_LONGEST_TITLE]
    inform(tr(words.CLONED, name=run_name(run)))
    return _dataset(run), *_beginning(run), *shown_all(TRAIN_FIELDS, values)


def _dataset(run: dict[str, Any]) -> Any:
    known = [card["dataset_id"] for card in list_datasets()]
    if run["dataset_id"] in known:
        return run["dataset_id"]
    warn(tr(words.CLONED_WITHOUT_DATASET, name=run_name(run)))
    return gr.skip()


def _beginning(run: dict[str, Any]) -> tuple[Any, ...]:
    parent = run["parent"]
    if parent is not None:
        if _is_still(parent, run["network"]):
            return beginning_from(parent)
        warn(tr(words.CLONED_WITHOUT_PARENT, name=run_name(run), model_id=parent))
    return gr.skip(), gr.Checkbox(value=False), network_text(run["network"]), gr.skip()


def _is_still(model_id: str, layers: list[LayerData]) -> bool:
    """Whether a net is there and has the layers a run began with."""
    try:
        return layers_of(start_of(model_id)) == layers
    except UnknownModelError:
        return False
