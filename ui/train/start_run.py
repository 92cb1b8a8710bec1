"""Step 3: a training is set up and started, or copied from a run, among all the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.data.store import list_datasets
from training.errors import RunError
from training.fit.settings import TrainSettings, train_settings
from training.runs.control import start_run
from training.runs.folder import training_status
from ui.errors import inform, warn
from ui.events import Updates, listen
from ui.i18n.translation import tr
from ui.train.fields import TRAIN_GROUPS, TRAIN_MAIN
from ui.train.forms import Form
from ui.train.network.editor import NetworkStep
from ui.train.network.layers import chosen_network, layers_of, start_of
from ui.train.presets import train_preset, train_presets
from ui.train.progress import TEST, TRAIN, StepButtons
from ui.train.run_views import run_name
from ui.train.runs import RunsPanel, chosen_run
from ui.train.setting_search import SearchPanel
from zoo.errors import UnknownModelError

_LONGEST_TITLE = 200


class TrainingStep:
    """The step.

    Parameters
    ----------
    dataset : gr.Dropdown
        What is trained on.
    network : NetworkStep
        What is trained.

    Attributes
    ----------
    form : Form
        Settings of the next training.
    buttons : StepButtons
        What starts it, and leads on.
    runs : RunsPanel
        All runs.
    search : SearchPanel
        All searches for settings.
    """

    def __init__(self, dataset: gr.Dropdown, network: NetworkStep) -> None:
        self._dataset, self._network = dataset, network
        asked = {dataset, network.start, network.with_weights, network.code}
        with gr.Row(equal_height=False):
            with gr.Column(scale=2, min_width=320):
                preset = gr.Dropdown(
                    choices=train_presets(),
                    value=None,
                    label="Preset (fills in the fields)",
                    elem_id="train-preset",
                )
                self.form = Form(TrainSettings().model_dump(mode="json"), prefix="train")
                with gr.Row():
                    self.form.build(TRAIN_MAIN)
                self.form.build_more(TRAIN_GROUPS)
                self.buttons = StepButtons(
                    TRAIN,
                    {
                        "start-training": "Start training",
                        "start-each-patient": "Start leave-one-patient-out",
                    },
                    leads_to=TEST,
                )
                gr.HTML(
                    "<p><strong>Leave-one-patient-out</strong> trains as many models as there are "
                    "patients, each tested on the patient it has not seen, then one on all of "
                    "them, which is kept.</p>",
                    elem_classes="remark left",
                    padding=False,
                )
            with gr.Column(scale=3, min_width=320):
                self.runs = RunsPanel()
        self.runs.build_wide()
        self.search = SearchPanel(self.runs)
        self.search.wire({*asked, *self.form.components}, self._asked)
        instead: tuple[dict[str, Any], ...] = ({}, {"split": "leave-one-patient-out"})
        for button, settings in zip(self.buttons.work, instead, strict=True):
            listen(
                button.click,
                self._starting(settings),
                inputs={*asked, *self.form.components},
                outputs=self.runs.listing,
            )
        listen(
            preset.input,
            lambda chosen: self.form.filled(*train_preset(chosen)),
            inputs=preset,
            outputs=self.form.components,
        )
        listen(
            self.runs.clone.click,
            self.cloned,
            inputs=self.runs.run,
            outputs=[dataset, *network.beginning, *self.form.components],
        )

    def _starting(self, instead: dict[str, Any]) -> Callable[[dict[Any, Any]], Updates]:
        """Return what starts a training as the form says, some settings taken from elsewhere."""

        def start(given: dict[Any, Any]) -> Updates:
            dataset_id, network, settings = self._asked(given)
            return self.runs.listed(start_run(dataset_id, network, settings | instead).run_id)

        return start

    def _asked(self, given: dict[Any, Any]) -> tuple[str, Any, dict[str, Any]]:
        """Return dataset, network and settings as the page has them."""
        dataset_id, network = given[self._dataset], self._network
        if not dataset_id:
            raise ParameterError("Choose a dataset first, or make one in step 1.")
        chosen = chosen_network(
            given[network.start], given[network.with_weights], given[network.code]
        )
        return dataset_id, chosen, self.form.read(given)

    def cloned(self, run_id: str | None) -> Updates:
        """Put the settings of a run back into the forms.

        Raises
        ------
        UnknownIdError
            There is no such run.
        RunError
            Its folder is damaged.
        TrainingError
            Its settings are none that this version knows.
        """
        run = training_status(chosen_run(run_id))
        name = run_name(run)
        if not run["settings"] or not run["network"]:
            raise RunError(
                "{name} has no settings that can be read: its folder is damaged.", name=name
            )
        settings = train_settings(run["settings"])
        values = settings.model_dump(mode="json")
        if settings.title:
            values["title"] = tr("{title} (again)", title=settings.title)[:_LONGEST_TITLE]
        inform(
            tr(
                "Filled in: network and settings of {name}. Change what you like, then press "
                "Start training.",
                name=name,
            )
        )
        dataset: Updates = {self._dataset: run["dataset_id"]}
        if run["dataset_id"] not in [dataset["dataset_id"] for dataset in list_datasets()]:
            warn(tr("The dataset of {name} is gone: choose another one.", name=name))
            dataset = {}
        return {**dataset, **self._beginning(run), **self.form.filled(values)}

    def _beginning(self, run: dict[str, Any]) -> Updates:
        parent = run["parent"]
        if parent is not None:
            if _is_still(parent, run["network"]):
                return self._network.begin_from(parent)
            warn(
                tr(
                    "{name} began from the weights of {model_id}, which is gone or has changed: a "
                    "new training begins with fresh weights.",
                    name=run_name(run),
                    model_id=parent,
                )
            )
        return self._network.begin_with(run["network"])


def _is_still(model_id: str, layers: list[dict[str, Any]]) -> bool:
    """Whether a model is there and has the layers a run began with."""
    try:
        return layers_of(start_of(model_id)) == layers
    except UnknownModelError:
        return False
