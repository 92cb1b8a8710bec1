"""The Predict tab: slide a model over the open recording and look at what it found."""

from __future__ import annotations

from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.signals.blocks import WorkCancelledError
from ui.arguments import optional_number
from ui.events import Trigger, Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import load_model
from ui.opening.recordings import OpenRecording
from ui.opening.sessions import looked_at
from ui.predict.point_picker import PointPicker, asked_point
from ui.predict.result import ResultView
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.stopping import WorkStops, build_stoppable
from ui.viewer.component import ViewerComponents
from ui.widgets import markup
from ui.widgets.model_picker import model_summary_html, offered_models, refilled
from ui.widgets.point_fields import written
from zoo.card.output import CARD_POINT, USER_POINT
from zoo.store.registry import model_card

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
            self._build_bar()
        self._result = ResultView(services, viewer, self._said, current)
        with gr.Accordion("More about this model", open=False):
            self._card = gr.HTML(markup.empty("Loading the models."), elem_id="model-summary")
        self.showing = self._result.showing
        self._offering = [self._model, self._card, self._why]
        self.taking = [self._picked, *self._offering]
        self.relist(demo.load)
        self._wire_model()
        self._wire_point()
        self._buttons.wire(self._begin, self._search)

    def _build_bar(self) -> None:
        # What the person has chosen: another recording does not take it back.
        self._picked = gr.State(None)
        self._model = gr.Dropdown(choices=[], label="Model", elem_id="model")
        self._point = PointPicker()
        with gr.Accordion("Advanced", open=False, elem_id="overrides"):
            self._point.build_fields()
            self._stride_s = gr.Textbox(
                label="Stride of the next search, in seconds (empty: the model's own)",
                elem_id="stride-s",
            )
        # The Model Zoo takes it from here: it may not have been opened yet.
        self.comparing = gr.State(False)
        every = gr.Button("All models on this recording", size="md", elem_id="all-models")
        asked = listen(every.click, lambda: True, outputs=self.comparing, quiet=True)
        listen(asked.success, None, js=_TO_ZOO)
        self._buttons = build_stoppable(
            self._stops, "Find seizures", elem_id="run", variant="primary"
        )
        with gr.Row(elem_id="predict-lines"):
            self._said = gr.HTML("", elem_id="predict-said", padding=False)
            self._why = gr.HTML("", elem_id="model-why", padding=False)

    def _wire_model(self) -> None:
        listen(
            self._model.input,
            self.pick,
            inputs=[self._model, self._current],
            outputs=self.taking,
            quiet=True,
        )
        listen(
            self._current.change,
            self.preselect,
            inputs=[self._current, self._picked],
            outputs=self.taking,
            quiet=True,
            concurrency_id="predict-models",
        )
        listen(
            self._model.change,
            self.offer_points,
            inputs=[self._current, self._model],
            outputs=self._point.outputs,
            quiet=True,
        )

    def _wire_point(self) -> None:
        asked = [self._model, *self._point.inputs, *self._result.moved_by]
        outputs = [*self._point.outputs, *self._result.moving, self.viewer.component]
        listen(self._point.name.input, self.choose_point, inputs=asked, outputs=outputs, quiet=True)
        typed = [event for field in self._point.fields for event in (field.submit, field.blur)]
        listen(typed, self.type_point, inputs=asked, outputs=outputs, quiet=True)
        listen(
            self._point.second_stage.input,
            self.switch_second_stage,
            inputs=[self._point.second_stage, *self._result.moved_by],
            outputs=[*self._result.moving, self.viewer.component],
            quiet=True,
        )
        listen(
            self.viewer.component.threshold_moved,
            self.follow_threshold,
            inputs=[self._model, *self._result.moved_by],
            outputs=outputs,
            quiet=True,
            trigger_mode="always_last",
        )

    def relist(self, trigger: Trigger) -> gr.events.Dependency:
        """Let an event list the models as they are then."""
        return listen(
            trigger,
            self.offer_models,
            inputs=[self._model, self._picked, self._current],
            outputs=self._offering,
            concurrency_id="predict-models",
            quiet=True,
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
        found = None if opened is None or picked else self.viewer.found(opened.handle)
        picked = picked if found is None else found.model_id
        models = offered_models(None if opened is None else opened.recording, picked)
        return {
            self._picked: picked,
            self._model: gr.Dropdown(choices=models.choices, value=models.model_id),
            self._card: model_summary_html(models.model_id),
            self._why: models.line,
        }

    def offer_points(self, opened: OpenRecording | None, model_id: str | None) -> Updates:
        """Offer the operating points of the chosen model, and show the one that is in use."""
        found = None if opened is None else self.viewer.found(opened.handle)
        if found is not None and found.model_id == model_id:
            return self._point.offered(model_id, found.operating_point, found.post_processing)
        return self._point.offered(model_id, CARD_POINT, None)

    def choose_point(self, model_id: str | None, name: str, *given: Any) -> Updates:
        """Use another operating point of the card; events follow without a new search."""
        if not model_id or name == USER_POINT:
            return {}
        point = model_card(model_id).output.at(name)
        shown = self._point.offered(model_id, name, point)
        return {**shown, **self._moved(model_id, name, point, *given[len(self._point.fields) :])}

    def type_point(self, model_id: str | None, name: str, *given: Any) -> Updates:
        """Use the numbers that stand in the fields; events follow without a new search."""
        if not model_id:
            return {}
        n_fields = len(self._point.fields)
        wanted = asked_point(model_card(model_id), name, given[:n_fields])
        if not isinstance(wanted, PostProcessing):
            return {}
        moved = self._moved(model_id, USER_POINT, wanted, *given[n_fields:])
        return {self._point.name: USER_POINT, **moved}

    def _moved(
        self,
        model_id: str,
        name: str,
        point: PostProcessing,
        opened: OpenRecording | None,
        *given: Any,
    ) -> Updates:
        """Move the result of the chosen model to a point; nothing where it is there or not."""
        found = None if opened is None else self.viewer.found(opened.handle)
        if opened is None or found is None or found.model_id != model_id:
            return {}
        if written(found.post_processing) == written(point):
            return {}
        viewed = self.viewer.store.get(opened.handle)
        viewed.move(viewed.overlays.at(point, name))
        refreshed = self.viewer.refresh(opened.handle)
        return {self.viewer.component: refreshed, **self._result.moved(opened, *given)}

    def switch_second_stage(self, on: bool, opened: OpenRecording | None, *given: Any) -> Updates:
        """Let the second stage drop events of the result, or show all, without a search."""
        if opened is None or self.viewer.found(opened.handle) is None:
            return {}
        viewed = self.viewer.store.get(opened.handle)
        viewed.move(viewed.overlays.with_second_stage(on))
        refreshed = self.viewer.refresh(opened.handle)
        return {self.viewer.component: refreshed, **self._result.moved(opened, *given)}

    def follow_threshold(
        self, model_id: str | None, opened: OpenRecording | None, *given: Any
    ) -> Updates:
        """Show what depends on a threshold that was moved in the viewer."""
        found = None if opened is None else self.viewer.found(opened.handle)
        if opened is None or found is None:
            return {}
        is_chosen = found.model_id == model_id
        points = self.offer_points(opened, model_id) if is_chosen else {}
        return {**points, **self._result.moved(opened, *given)}

    def get_ready(self, opened: OpenRecording) -> Updates:
        """Show the result of a recording that was just opened: one that is back has its own."""
        return self._result.shown(opened)

    def _begin(self, event: gr.events.Dependency) -> gr.events.Dependency:
        # What an earlier run found must not stand next to the settings of this one.
        outputs = [*self._result.showing, self.viewer.component]
        return listen(event.success, self.clear, inputs=self._current, outputs=outputs, quiet=True)

    def _search(self, event: gr.events.Dependency) -> gr.events.Dependency:
        token = self._buttons.token
        searched = listen(
            event.success,
            self.run,
            inputs=[
                self._current,
                self._model,
                self._stride_s,
                token,
                self._point.second_stage,
                *self._point.inputs,
            ],
            outputs=[*self._result.showing, *self._point.outputs, self.viewer.component],
            show_progress_on=self._said,
            queue=INFERENCE_QUEUE,
        )
        listen(searched.failure, lambda: "", outputs=self._said)
        return searched

    def clear(self, opened: OpenRecording | None) -> Updates:
        """Take the earlier result away."""
        return self._result.forget(opened, "Searching for seizures.")

    def run(
        self,
        opened: OpenRecording | None,
        model_id: str | None,
        stride_s: str,
        token: str | None,
        second_stage: bool,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        *point: str,
    ) -> Updates:
        """Find the seizures of the open recording."""
        recording = self.viewer.store.get(looked_at(opened).handle).recording
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
            return {self._said: markup.paragraph("Stopped: there is no result.")}
        looked, default = looked_at(opened), model.card.output.at(CARD_POINT)
        shown = self._result.take(looked, detection.with_second_stage(second_stage), default)
        return {**shown, **self.offer_points(looked, model_id)}
