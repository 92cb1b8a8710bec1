"""The Train tab: from recordings and annotations to a net of one's own, in five steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from training.runs.experiment import SEED_EXPERIMENT, find_experiment, read_experiment
from ui.errors import for_browser, inform
from ui.i18n import score_text, text
from ui.i18n import train_text as words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.train.data.dataset_form import DataStep, build_data
from ui.train.data.own_marks import build_own_marks, wire_own_marks
from ui.train.data.preprocessing import as_fields
from ui.train.evaluation.save_model import build_keep, wire_use
from ui.train.evaluation.testing import build_testing
from ui.train.fields import DATASET_FIELDS, TRAIN_FIELDS
from ui.train.forms import shown_all
from ui.train.network.editor import NetworkStep, beginning_from, build_network
from ui.train.network.layer_list import network_text
from ui.train.network.network_start import start_dropdown
from ui.train.runs.start_run import TrainingStep, build_training
from ui.viewer.handles import HandleStore
from ui.widgets import markup

_NETWORK = "train-network"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainTab:
    """What the layout needs of the tab.

    Attributes
    ----------
    saved : gr.events.Dependency
        The event that puts a net into the zoo: lists of nets are to follow it.
    on_card : gr.events.Dependency
        The event that changes the card of one, likewise.
    steps : gr.Tabs
        The five steps.
    network : NetworkStep
        Where a training begins from a net.
    listing : dict
        Arguments of an event that lists the nets as they are now.
    """

    saved: gr.events.Dependency
    on_card: gr.events.Dependency
    steps: gr.Tabs
    network: NetworkStep
    listing: dict[str, Any]

    def begun_from(self, model_id: str) -> tuple[Any, ...]:
        """Return the values of `beginning`: the step of the network, which begins with a net.

        Raises
        ------
        UnknownModelError
            There is no such net any more.
        """
        return gr.Tabs(selected=_NETWORK), *beginning_from(model_id)

    @property
    def beginning(self) -> list[Any]:
        """What `begun_from` gives values for."""
        return [self.steps, *self.network.beginning]


def build_train(
    services: Services, store: HandleStore, current: gr.State, demo: gr.Blocks
) -> TrainTab:
    """Build the tab inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What viewers may ask for.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading finds datasets, runs and nets.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=300):
            gr.Markdown(words.ABOUT)
            seed = gr.Button(words.SEED_BUTTON, size="md", elem_id="seed-experiment")
        with gr.Column(scale=2, min_width=300):
            dataset = gr.Dropdown(
                choices=[], label=words.DATASET, info=words.DATASET_INFO, elem_id="dataset"
            )
    if not services.settings.may_write:
        gr.HTML(markup.empty(text.NO_WRITING), elem_id="no-training")
    with gr.Tabs(elem_id="train-steps", overflow_behavior="wrap") as steps:
        with gr.Tab(words.STEP_DATA):
            own = build_own_marks()
            data = build_data(services, demo, dataset)
            wire_own_marks(services, store, current, own, data.material)
        with gr.Tab(words.STEP_NETWORK, id=_NETWORK):
            network = build_network(demo, dataset)
        with gr.Tab(words.STEP_TRAINING):
            training = build_training(services, demo, dataset, network)
        with gr.Tab(score_text.STEP_TEST) as test_tab:
            test = build_testing(services, store, demo)
        with gr.Tab(score_text.STEP_KEEP) as keep_tab:
            keep = build_keep(services, demo, test.explorer.tested)
    wire_use(test.explorer, keep)
    for tab, choices in ((test_tab, test.choices), (keep_tab, keep.choices)):
        tab.select(**choices)
        keep.saved.success(**choices)
    listing: dict[str, Any] = {
        "fn": for_browser(start_dropdown),
        "outputs": network.start,
        "api_visibility": "private",
    }
    keep.saved.success(**listing)
    _wire_seed(seed, data, network, training)
    return TrainTab(
        saved=keep.saved, on_card=test.on_card, steps=steps, network=network, listing=listing
    )


def _wire_seed(
    button: gr.Button, data: DataStep, network: NetworkStep, training: TrainingStep
) -> None:
    @for_browser
    def fill() -> tuple[Any, ...]:
        experiment = read_experiment(find_experiment(SEED_EXPERIMENT))
        inform(tr(words.SEED_NOTE))
        return (
            *shown_all(DATASET_FIELDS, as_fields(experiment.dataset.model_dump(mode="json"))),
            gr.Checkbox(value=False, visible=False),
            network_text(experiment.network),
            *shown_all(TRAIN_FIELDS, experiment.settings.model_dump(mode="json")),
        )

    button.click(
        fill,
        outputs=[*data.form, network.with_weights, network.code, *training.form],
        api_visibility="private",
    )
