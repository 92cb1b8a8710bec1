"""The Train tab: from recordings and annotations to a model of one's own, in five steps."""

from __future__ import annotations

from typing import Any

import gradio as gr

from training.runs.folder import list_runs
from ui.errors import inform
from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.train.datasets import DataStep, dataset_there
from ui.train.evaluation.keep import KeepStep
from ui.train.evaluation.testing import TestStep
from ui.train.network.editor import NetworkStep, card_of, network_fits
from ui.train.presets import N1SPOOL, n1spool_experiment
from ui.train.progress import DATA, KEEP, NETWORK, TEST, TITLES, TRAIN, Standing, ticked
from ui.train.remembering import RECALL, STEP, filled_again, keep_in_page, recalled
from ui.train.run_views import runs_with_model
from ui.train.setting_search import best_run
from ui.train.start_run import TrainingStep
from ui.viewer.handles import HandleStore

# One after the other, or a list that was asked for earlier would undo a later choice.
_LISTS = "train-lists"

# When the tab has just been sent, its steps may not be there yet.
_TURN = """(id) => {
  const turn = (tries) => {
    const step = document.getElementById(id);
    if (step) step.click();
    else if (tries) setTimeout(() => turn(tries - 1), 50);
  };
  if (id) turn(100);
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
    opened : event
        Whenever the tab is opened: models are listed as they are then.
    """

    def __init__(
        self,
        services: Services,
        store: HandleStore,
        current: gr.State,
        begin_from: gr.State,
        demo: gr.Blocks,
        opened: Trigger,
    ) -> None:
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=300):
                gr.HTML(
                    "<p>Train a model of your own: <strong>make a dataset</strong> from "
                    "recordings and experts' marks, <strong>build a network</strong>, "
                    "<strong>train</strong> it, <strong>test</strong> it on files it has not "
                    "seen, and <strong>keep</strong> it in the zoo.</p>",
                    padding=False,
                )
            with gr.Column(scale=2, min_width=300):
                self._dataset = gr.Dropdown(
                    choices=[],
                    label=words.DATASET,
                    info="What networks are checked for and trained on.",
                    elem_id="dataset",
                )
        self._tabs: dict[str, gr.Tab] = {}
        with gr.Tabs(elem_id="train-steps", overflow_behavior="wrap"):
            with self._step(DATA):
                self._data = DataStep(services, store, current, demo, self._dataset)
            with self._step(NETWORK):
                self._network = NetworkStep(self._dataset)
            with self._step(TRAIN):
                self._training = TrainingStep(self._dataset, self._network)
            with self._step(TEST):
                self._test = TestStep(services, store, demo)
            with self._step(KEEP):
                self._keep = KeepStep(self._test.explorer)
        self._newest = gr.State("")
        self._goal = gr.Textbox("", visible="hidden", label="Step to open", elem_id="train-goal")
        self._begin_from = begin_from
        self._wire_n1spool()
        self._wire_lists(opened)
        self._wire_search()
        self._wire_progress()
        self._wire_arrival(demo)

    def _step(self, step: str) -> gr.Tab:
        self._tabs[step] = gr.Tab(TITLES[step], elem_id=f"step-{step}")
        return self._tabs[step]

    def _wire_n1spool(self) -> None:
        data, network, training = self._data, self._network, self._training

        def fill(preset: str) -> Updates:
            if preset != N1SPOOL:
                return {}
            experiment = n1spool_experiment()
            inform(
                tr(
                    "Filled in: the dataset settings, network and training settings of the "
                    "n1Spool experiment. Add recordings of CHB-MIT patients 1, 2, 3, 5, 7 and 8 "
                    "with their references, create the dataset, then start training."
                )
            )
            return {
                **network.begin_with(experiment.network),
                network.with_weights: gr.Checkbox(value=False, visible=False),
                **training.form.filled(experiment.settings.model_dump(mode="json")),
            }

        filled = [*network.beginning, *training.form.components]
        listen(data.preset.input, fill, inputs=data.preset, outputs=filled)

    def _wire_lists(self, opened: Trigger) -> None:
        """Let runs and models be listed as they are whenever they may have changed."""
        test, keep, network = self._test, self._keep, self._network
        changes = (self._tabs[TEST].select, self._tabs[KEEP].select)
        # Gradio joins no event of an HTML block with others.
        for trigger in (opened, [*changes, self._training.runs.changed, keep.kept.change]):
            listen(
                trigger,
                self.relisted,
                inputs=[test.model, keep.run, self._newest],
                outputs=[test.model, keep.run, self._newest, *network.listing],
                quiet=True,
                concurrency_id=_LISTS,
            )

    def _wire_search(self) -> None:
        """Let the best run of a search be what is kept."""
        search, run = self._training.search, self._keep.run
        if search.keep is None:
            return

        def keep(study_id: str | None) -> Updates:
            runs = runs_with_model()
            chosen = gr.Dropdown(choices=runs, value=best_run(study_id), info="")
            return {run: chosen, self._newest: runs[0][1]}

        kept = listen(
            search.keep.click,
            keep,
            inputs=search.study,
            outputs=[run, self._newest],
            concurrency_id=_LISTS,
        )
        listen(kept.success, None, js=f"() => ({_TURN})('step-{KEEP}-button')")

    def relisted(self, tested: str | None, kept: str | None, newest: str) -> Updates:
        """List runs and models as they are now; one just trained is what is tested and kept."""
        runs = runs_with_model()
        return {
            **self._test.listed(tested, newest),
            **self._keep.listed(kept, newest),
            **self._network.listed(),
            self._newest: runs[0][1] if runs else "",
        }

    def _wire_progress(self) -> None:
        data, network, training = self._data, self._network, self._training
        test, keep = self._test, self._keep
        parts = (data.buttons, network.buttons, training.buttons, test.buttons, test.end)
        self._parts = (*parts, keep.buttons)
        states = [data.picker.material, test.picker.material, test.explorer.tested, keep.kept]
        asked: list[Any] = [self._dataset, network.code, *states]
        listen(
            [*(component.change for component in asked), training.runs.changed],
            self.progress,
            inputs=set(asked),
            outputs=self._progressing,
            trigger_mode="always_last",
            quiet=True,
        )

    @property
    def _progressing(self) -> list[Any]:
        return [*self._tabs.values(), *(output for part in self._parts for output in part.outputs)]

    def progress(self, given: dict[Any, Any]) -> Updates:
        """Tick the steps that are done, and let be pressed what can be done now."""
        dataset_id, test = given[self._dataset], self._test
        card = card_of(dataset_id)
        standing = Standing(
            has_material=given[self._data.picker.material] is not None,
            has_test_material=given[test.picker.material] is not None,
            has_dataset=card is not None,
            fits=network_fits(given[self._network.code], card),
            has_model=any(run["can_save"] for run in list_runs()),
            tested=given[test.explorer.tested] is not None,
            kept=bool(given[self._keep.kept]),
        )
        shown: Updates = {tab: ticked(step, standing) for step, tab in self._tabs.items()}
        for part in self._parts:
            shown |= part.shown(standing)
        return shown

    def _wire_arrival(self, demo: gr.Blocks) -> None:
        data, network, training = self._data, self._network, self._training
        test, keep = self._test, self._keep
        forms = [*data.form.components, *training.form.components, *keep.remembered]
        forms += training.search.remembered
        chosen = [self._dataset, training.runs.run, test.model, keep.run]
        written = [network.start, network.with_weights, network.code]
        self._forms, files = forms, [*data.picker.boxes, *test.picker.boxes]
        keep_in_page(
            [*forms, *chosen, *written, *files], [tab.select for tab in self._tabs.values()]
        )
        arrived = listen(
            demo.load,
            self.arrived,
            inputs=[self._goal, self._begin_from],
            outputs=[
                *(self._begin_from, self._goal, self._newest, *forms, *data.listing),
                *(*training.runs.listing, *training.search.listing),
                *(*network.beginning, *network.showing),
                *(test.model, keep.run, data.picker.notes, test.picker.notes),
            ],
            js=RECALL,
            quiet=True,
        )
        taken = listen(
            self._begin_from.change,
            self.begun,
            inputs=self._begin_from,
            outputs=[self._begin_from, self._goal, *network.beginning],
            quiet=True,
        )
        for shown in (arrived, taken):
            listen(shown.success, None, inputs=self._goal, js=_TURN)

    def arrived(self, kept_in_page: str, model_id: str | None) -> Updates:
        """Show all there is, and what stood in the forms before the page was loaded again."""
        kept = recalled(kept_in_page)
        network, test, keep = self._network, self._test, self._keep
        runs = runs_with_model()
        newest = runs[0][1] if runs and kept else ""
        dataset_id = dataset_there(kept.get(self._dataset.elem_id))
        begun = self.begun(model_id) or network.recalled(kept)
        text = begun.get(network.code, network.code.value)
        return {
            self._goal: f"{kept.get(STEP) or ''}",
            **filled_again(self._forms, kept),
            **self._data.listed(dataset_id),
            **self._training.runs.listed(kept.get(self._training.runs.run.elem_id)),
            **self._training.search.listed(None),
            **self.relisted(kept.get(test.model.elem_id), kept.get(keep.run.elem_id), newest),
            **begun,
            **network.checked(text, card_of(dataset_id)),
            **self._data.picker.recalled(kept),
            **test.picker.recalled(kept),
        }

    def begun(self, model_id: str | None) -> Updates:
        """Begin with a model that another tab wants to train further, if one does."""
        if model_id is None:
            return {}
        return {
            self._begin_from: None,
            self._goal: f"step-{NETWORK}-button",
            **self._network.begin_from(model_id),
        }
