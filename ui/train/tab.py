"""The Train tab: from recordings and annotations to a model of one's own, in five steps."""

from __future__ import annotations

import gradio as gr

from training.runs.experiment import N1SPOOL_EXPERIMENT, find_experiment, read_experiment
from ui.errors import inform
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.train.datasets import DataStep
from ui.train.editor import NetworkStep
from ui.train.evaluation.keep import KeepStep
from ui.train.evaluation.testing import TestStep
from ui.train.fields import as_fields
from ui.train.start_run import TrainingStep
from ui.viewer.handles import HandleStore
from ui.widgets import markup

# When the tab has just been sent, its steps may not be there yet.
_TURN_TO_NETWORK = """() => {
  const turn = () => {
    const step = document.getElementById("train-network-button");
    if (step) step.click();
    else setTimeout(turn, 50);
  };
  turn();
}"""


class TrainTab:
    """The tab.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What viewers may ask for.
    current : gr.State
        The session's `OpenRecording`, or None.
    begin_from : gr.State
        A model another tab wants to train further; taken from there, and None again then.
    demo : gr.Blocks
        The app, whose loading finds datasets, runs and models.
    tab : gr.Tab
        The tab itself: whenever it is opened, models are listed as they are then.
    """

    def __init__(
        self,
        services: Services,
        store: HandleStore,
        current: gr.State,
        begin_from: gr.State,
        demo: gr.Blocks,
        tab: gr.Tab,
    ) -> None:
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=300):
                gr.Markdown(
                    "Train a model of your own: **make a dataset** from recordings and experts' "
                    "marks, **build a network**, **train** it, **test** it on files it has not "
                    "seen, and **keep** it in the zoo.\n"
                )
                seed = gr.Button(
                    "Fill in n1Spool's experiment", size="md", elem_id="n1spool-experiment"
                )
            with gr.Column(scale=2, min_width=300):
                dataset = gr.Dropdown(
                    choices=[],
                    label=words.DATASET,
                    info="What networks are checked for and trained on.",
                    elem_id="dataset",
                )
        if not services.settings.may_write:
            gr.HTML(markup.empty(words.NO_WRITING), elem_id="no-training")
        with gr.Tabs(elem_id="train-steps", overflow_behavior="wrap"):
            with gr.Tab("1 Data"):
                self._data = DataStep(services, store, current, demo, dataset)
            with gr.Tab("2 Network", elem_id="train-network"):
                self._network = NetworkStep(demo, dataset)
            with gr.Tab("3 Train"):
                self._training = TrainingStep(services, demo, dataset, self._network)
            with gr.Tab("4 Test") as test_tab:
                test = TestStep(services, store, demo)
            with gr.Tab("5 Keep") as keep_tab:
                keep = KeepStep(services, demo, test.explorer)
        for trigger in (tab.select, test_tab.select, keep.saved.success):
            test.relist(trigger)
        for trigger in (keep_tab.select, keep.saved.success):
            keep.relist(trigger)
        for trigger in (tab.select, keep.saved.success):
            self._network.list_starts(trigger)
        self._wire_seed(seed)
        self._wire_beginning(begin_from, demo)

    def _wire_seed(self, button: gr.Button) -> None:
        data, network, training = self._data, self._network, self._training

        def fill() -> Updates:
            experiment = read_experiment(find_experiment(N1SPOOL_EXPERIMENT))
            inform(
                tr(
                    "Filled in: n1Spool's dataset settings, network and training settings. Add "
                    "recordings of CHB-MIT patients 1, 2, 3, 5, 7 and 8 with their references, "
                    "press Create, then Start."
                )
            )
            return {
                **data.form.filled(as_fields(experiment.dataset.model_dump(mode="json"))),
                **network.begin_with(experiment.network),
                network.with_weights: gr.Checkbox(value=False, visible=False),
                **training.form.filled(experiment.settings.model_dump(mode="json")),
            }

        filled = [*data.form.components, *network.beginning, *training.form.components]
        listen(button.click, fill, outputs=filled)

    def _wire_beginning(self, begin_from: gr.State, demo: gr.Blocks) -> None:
        turns = gr.State(0)

        def take(model_id: str | None, n_turns: int) -> Updates:
            if model_id is None:
                return {}
            return {begin_from: None, turns: n_turns + 1, **self._network.begin_from(model_id)}

        listen(
            [demo.load, begin_from.change],
            take,
            inputs=[begin_from, turns],
            outputs=[begin_from, turns, *self._network.beginning],
            quiet=True,
        )
        listen(turns.change, None, js=_TURN_TO_NETWORK)
