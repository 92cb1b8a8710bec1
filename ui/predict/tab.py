"""The Predict tab: slide a model over the open recording and look at what it found."""

from __future__ import annotations

from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.signals.blocks import WorkCancelledError
from ui.arguments import optional_number
from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import load_model
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.asked import PointPicker, asked_of, asked_point, retitled, stale_html, title_of
from ui.predict.result import ResultView
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.stopping import WorkStops, build_stoppable
from ui.viewer.component import ViewerComponents
from ui.widgets import markup
from ui.widgets.model_picker import model_summary_html, offered_models, refilled
from zoo.inference.detection import Detection

# Gradio's page hangs where a handler turns to a tab whose content is not there yet.
_TO_ZOO = """() => document.getElementById("zoo-tab-button").click()"""


class PredictTab:
    """The tab.

    Parameters
    ----------
    services : Services
        Where models are, and files the tab makes are put.
    viewer : ViewerComponents
        Where the EEG is looked at together with what the model found.
    bar : gr.Row
        Above the viewer while this tab is open.
    stops : WorkStops
        Where a search can be stopped.
    current : gr.State
        The session's `OpenRecording`, or None.
    demo : gr.Blocks
        The app, whose loading fills the list of models.

    Attributes
    ----------
    taking : list
        What `take` gives values for.
    comparing : gr.State
        Whether all models were asked for, until the Model Zoo begins to compare them.
    showing : list
        What `get_ready` gives values for.
    """

    def __init__(
        self,
        services: Services,
        viewer: ViewerComponents,
        bar: gr.Row,
        stops: WorkStops,
        current: gr.State,
        demo: gr.Blocks,
    ) -> None:
        self._settings, self._stops, self._current = services.settings, stops, current
        self.viewer = viewer
        with bar:
            self._model = gr.Dropdown(choices=[], label="Model", elem_id="model")
            self._point = PointPicker()
            self._buttons = build_stoppable(
                stops, "Find seizures", elem_id="run", variant="primary"
            )
        with gr.Row(equal_height=False):
            with gr.Column(scale=1, min_width=290):
                self._build_question()
            with gr.Column(scale=3, min_width=320):
                self._result = ResultView()
        self._result.build_details(services, viewer, current)
        self.showing = self._result.clearing
        self._offering = [self._model, self._card, self._why]
        self.taking = [self._picked, *self._offering]
        self._point.wire(self._model)
        self.relist(demo.load)
        listen(
            self._model.input,
            self.pick,
            inputs=[self._model, current],
            outputs=self.taking,
            quiet=True,
        )
        listen(
            current.change,
            self.preselect,
            inputs=[current, self._picked],
            outputs=self.taking,
            quiet=True,
            concurrency_id="predict-models",
        )
        asked = [self._model, self._stride_s, *self._point.inputs]
        self._checking: dict[str, Any] = {
            "inputs": [current, self._result.detection, *asked],
            "outputs": [*self._result.notices, self.viewer.component],
            "quiet": True,
        }
        changes = [one.change for one in (self._model, self._stride_s, *self._point.inputs)]
        listen(changes, self.check, trigger_mode="always_last", **self._checking)
        self._buttons.wire(self._begin, self._search)

    def _build_question(self) -> None:
        # What the person has chosen: another recording does not take it back.
        self._picked = gr.State(None)
        self._why = gr.HTML("", elem_id="model-why")
        # The Model Zoo takes it from here: it may not have been opened yet.
        self.comparing = gr.State(False)
        every = gr.Button("All models on this recording", size="md", elem_id="all-models")
        asked = listen(every.click, lambda: True, outputs=self.comparing, quiet=True)
        listen(asked.success, None, js=_TO_ZOO)
        with gr.Accordion("Other threshold or stride", open=False, elem_id="overrides"):
            self._point.build_fields()
            self._stride_s = gr.Textbox(
                label="Stride in seconds (empty: the model's own)", elem_id="stride-s"
            )
        with gr.Accordion("More about this model", open=False):
            self._card = gr.HTML(markup.empty(words.NO_MODELS), elem_id="model-summary")

    def relist(self, trigger: Trigger) -> gr.events.Dependency:
        """Let an event list the models as they are then."""
        return listen(
            trigger,
            self.offer_models,
            inputs=[self._model, self._picked, self._current],
            outputs=self._offering,
            concurrency_id="predict-models",
        )

    def offer_models(
        self, before: str | None, picked: str | None, opened: OpenRecording | None
    ) -> Updates:
        """List the models; what was chosen stays chosen while it is there."""
        models = offered_models(None if opened is None else opened.recording, picked or before)
        dropdown, chosen = refilled(models.choices, before, default=models.model_id)
        return {
            self._model: dropdown,
            self._card: model_summary_html(chosen),
            self._why: models.line,
        }

    def take(self, model_id: str, opened: OpenRecording | None) -> Updates:
        """Choose a model.

        Raises
        ------
        UnknownModelError
            There is no such model any more.
        """
        return self.preselect(opened, model_id)

    def pick(self, model_id: str | None, opened: OpenRecording | None) -> Updates:
        """Keep what the person has chosen, and say how it suits the recording."""
        models = offered_models(None if opened is None else opened.recording, model_id)
        return {
            self._picked: model_id,
            self._card: model_summary_html(model_id),
            self._why: models.line,
        }

    def preselect(self, opened: OpenRecording | None, picked: str | None) -> Updates:
        """Choose the model that suits the open recording, unless the person has chosen one."""
        models = offered_models(None if opened is None else opened.recording, picked)
        return {
            self._picked: picked,
            self._model: gr.Dropdown(choices=models.choices, value=models.model_id),
            self._card: model_summary_html(models.model_id),
            self._why: models.line,
        }

    def get_ready(self) -> Updates:
        """Get ready for a recording that has just been opened: there is no result yet."""
        return self._result.cleared("Ready: choose a model and press <em>Find seizures</em>.")

    def _begin(self, event: gr.events.Dependency) -> gr.events.Dependency:
        # What an earlier run found must not stand next to the settings of this one.
        clearing = self._result.clearing
        return listen(event.success, self.clear, inputs=self._current, outputs=clearing)

    def _search(self, event: gr.events.Dependency) -> gr.events.Dependency:
        token = self._buttons.token
        searched = listen(
            event.success,
            self.run,
            inputs=[self._current, self._model, self._stride_s, token, *self._point.inputs],
            outputs=self._result.showing,
            show_progress_on=self._result.trace,
            queue=INFERENCE_QUEUE,
        )
        # Somebody may have changed the settings while the search went on.
        listen(searched.success, self.check, **self._checking)
        listen(
            searched.failure,
            lambda: self._result.cleared(words.NO_RESULT),
            outputs=self._result.clearing,
        )
        return searched

    def clear(self, opened: OpenRecording | None) -> Updates:
        """Take the earlier result away."""
        self._result.forget_in_viewers(opened)
        return self._result.cleared("Searching for seizures.")

    def run(
        self,
        opened: OpenRecording | None,
        model_id: str | None,
        stride_s: str,
        token: str | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        *point: str,
    ) -> Updates:
        """Find the seizures of the open recording."""
        recording = looked_at(opened).recording
        if not model_id:
            raise ParameterError(words.CHOOSE_MODEL)
        cancelled = self._stops.asker(token)
        progress(0, desc=tr("Loading the model"))
        try:
            model = load_model(self._settings, model_id)
            detection = model.detect(
                recording,
                operating_point=asked_point(model.card, point[0], point[1:]),
                stride_s=optional_number("Stride", stride_s),
                progress=lambda done: progress(done, desc=tr("Searching for seizures")),
                cancelled=cancelled,
            )
            if cancelled():  # another recording is looked at by now
                raise WorkCancelledError(recording.file_name)
        except WorkCancelledError:
            return self._result.cleared("Stopped as asked: there is no result.")
        return self._result.shown(looked_at(opened), detection)

    def check(
        self,
        opened: OpenRecording | None,
        found: Detection | None,
        model_id: str | None,
        stride_s: str,
        *point: str,
    ) -> Updates:
        """Say where the result is no longer what the settings ask for, and where it is again."""
        said = "" if found is None else stale_html(found, asked_of(model_id, stride_s, point))
        updates: Updates = dict.fromkeys(self._result.notices, said)
        if found is not None and opened is not None:
            title = title_of(found, is_stale=bool(said))
            if retitled(self.viewer.store, opened, title):
                updates[self.viewer.component] = self.viewer.refresh(opened.handle)
        return updates
