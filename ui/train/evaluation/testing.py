"""Step 4: a model is tested on other recordings, its levels are moved, its events looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.io.opening import open_recording
from training.evaluate.evaluation import evaluate_detector
from training.evaluate.explorer import TracedFile
from training.evaluate.tested_result import add_to_card
from training.saving import any_detector, is_run
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.train.evaluation.explorer import Explorer
from ui.train.evaluation.scores import Outcome, failed_html, looked_at
from ui.train.material import MaterialPicker, chosen_material
from ui.train.pairs import Material
from ui.train.progress import KEEP, TEST, StepButtons
from ui.train.run_views import runs_with_model, with_newest
from ui.viewer.component import build_viewer
from ui.viewer.handles import HandleStore, Overlays
from ui.widgets import markup
from ui.widgets.model_picker import model_choices
from zoo.store.recommendation import default_model
from zoo.store.registry import Registry

# A page on which an event is seen with what comes before and after.
_PAGE_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The recording that the viewer shows, and its handle."""

    file_name: str
    handle: str


class EventViewer:
    """The viewer of a test, hidden until a moment is asked for.

    Attributes
    ----------
    shown : gr.State
        The session's `Shown`, or None.
    outputs : list
        What `close` may change.
    """

    def __init__(self, store: HandleStore) -> None:
        with gr.Column(visible=False, elem_id="test-moment") as self._section:
            self._viewer = build_viewer(store, elem_id="test-eeg")
        self.shown = gr.State(None)
        self.outputs = [self.shown, self._section, self._viewer.component]

    def close(self, shown: Shown | None) -> Updates:
        """Give up what is shown: another test begins."""
        if shown is not None:
            self._viewer.store.close(shown.handle)
        return {
            self.shown: None,
            self._section: gr.Column(visible=False),
            self._viewer.component: None,
        }

    def _show(
        self,
        outcome: Outcome,
        shown: Shown | None,
        file_name: str,
        stretch: Event | None,
        settings: PostProcessing,
        request: gr.Request,
    ) -> Updates:
        overlays = _overlays_of(outcome, outcome.traced(file_name), settings)
        length_s: float | None = None
        if shown is None or shown.file_name != file_name:
            self.close(shown)
            place = outcome.pairs[file_name].recording
            recording = open_recording(place.location, file_name=place.file_name)
            handle = self._viewer.open(recording, request, overlays)
            shown = Shown(file_name=file_name, handle=handle)
            length_s = min(_PAGE_S, recording.duration_s)
        return {
            self.shown: shown,
            self._section: gr.Column(visible=True),
            self._viewer.component: self._viewer.show(
                shown.handle, event=stretch, length_s=length_s, overlays=overlays
            ),
        }

    def wire(self, explorer: Explorer) -> None:
        """Let a row or the button show its EEG, and let events follow the levels."""

        def show_row(chosen: gr.SelectData, request: gr.Request, given: dict[Any, Any]) -> Updates:
            name, _, onset_s, duration_s, _ = chosen.row_value
            stretch = Event(onset_s=float(onset_s), duration_s=float(duration_s))
            outcome, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            return self._show(outcome, given[self.shown], str(name), stretch, settings, request)

        def show_recording(request: gr.Request, given: dict[Any, Any]) -> Updates:
            now, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            name = given[explorer.recording] or now.names[0]
            traced = now.traced(name)
            first = next(iter((*traced.reference, *traced.events(settings))), None)
            return self._show(now, given[self.shown], name, first, settings, request)

        def follow(given: dict[Any, Any]) -> Updates:
            shown: Shown | None = given[self.shown]
            if shown is None:
                return {}
            now, settings = looked_at(given[explorer.tested]), explorer.settings(given)
            opened = self._viewer.store.get(shown.handle)
            opened.overlays = _overlays_of(now, now.traced(shown.file_name), settings)
            return {self._viewer.component: self._viewer.refresh(shown.handle)}

        asked = {self.shown, *explorer.levels}
        for mistakes in (explorer.missed, explorer.false_alarms):
            listen(
                mistakes.table.select,
                show_row,
                inputs=asked,
                outputs=self.outputs,
                trigger_mode="always_last",
            )
        looked = {explorer.recording, *asked}
        listen(explorer.look.click, show_recording, inputs=looked, outputs=self.outputs)
        explorer.on_moved(follow, inputs=asked, outputs=self._viewer.component)


def _overlays_of(outcome: Outcome, traced: TracedFile, settings: PostProcessing) -> Overlays:
    card = outcome.evaluation.detector.card
    return Overlays(
        references=traced.reference,
        predictions=traced.events(settings),
        trace=traced.trace,
        threshold=settings.threshold,
        title=f"{card.model_id} {card.version}",
    )


_TESTING_DONE = "The model has been run. Move its operating point below and see what changes."


class TestStep:
    """The step.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What viewers may ask for.
    demo : gr.Blocks
        The app, whose loading lists the server's folder.

    Attributes
    ----------
    model : gr.Dropdown
        What is tested.
    picker : MaterialPicker
        On which recordings.
    explorer : Explorer
        Where levels are moved.
    buttons, end : StepButtons
        What tests, and leads on.
    """

    __test__ = False

    def __init__(self, services: Services, store: HandleStore, demo: gr.Blocks) -> None:
        self._settings = services.settings
        gr.HTML(markup.heading("Test a model on recordings it has not seen"), padding=False)
        self.model = gr.Dropdown(choices=[], label="Model to test", elem_id="test-model")
        self.picker = MaterialPicker(services, demo, prefix="test")
        self.buttons = StepButtons(TEST, {"test": "Test"})
        self._result = gr.HTML(
            markup.empty(
                "Scores appear here, compared with permanent alarm, no alarm, and the line-length "
                "detector."
            ),
            elem_id="test-result",
        )
        # Offered where files were in training, and after a test of a model of one's own in the zoo.
        self._insist = gr.Button(
            "Score them anyway", visible=False, size="md", elem_id="test-insist"
        )
        self._to_card = gr.Button(
            "Put this result on the model's card", visible=False, size="md", elem_id="test-to-card"
        )
        self._on_card = gr.HTML("", elem_id="test-on-card")
        self.explorer = Explorer()
        self._moments = EventViewer(store)
        self.end = StepButtons(TEST, {}, leads_to=KEEP)
        self._wire_test()
        self._moments.wire(self.explorer)
        listen(
            self._to_card.click,
            self._put_on_card,
            inputs=self.explorer.tested,
            outputs=[self._to_card, self._on_card],
        )

    def listed(self, chosen: str | None, newest: str) -> Updates:
        """List models and runs as they are now; a run newer than `newest` is chosen."""
        runs = runs_with_model()
        named = [(tr("Model of the run {run}", run=name), run_id) for name, run_id in runs]
        default = runs[0][1] if runs else default_model()
        return {self.model: with_newest([*named, *model_choices()], runs, chosen, newest, default)}

    def _wire_test(self) -> None:
        moments = self._moments
        for button, insist in ((self.buttons.work[0], False), (self._insist, True)):
            listen(
                button.click,
                moments.close,
                inputs=moments.shown,
                outputs=moments.outputs,
                quiet=True,
            )
            tested = listen(
                button.click,
                self._testing(insist=insist),
                inputs=[self.model, self.picker.material],
                outputs=[
                    self._result,
                    self._insist,
                    self._to_card,
                    self._on_card,
                    *self.explorer.beginning,
                ],
                queue=INFERENCE_QUEUE,
                show_progress_on=self._result,
            )
            self.explorer.follow(tested.success)

    def _testing(self, *, insist: bool) -> Callable[..., Updates]:
        """Return the handler that tests a model; on request also on its own training recordings."""

        def test(
            model_id: str | None,
            material: Material | None,
            progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
        ) -> Updates:
            if not model_id:
                raise ParameterError(words.CHOOSE_MODEL)
            pairing = chosen_material(material).pairing
            evaluation = evaluate_detector(
                any_detector(model_id, hub_access(self._settings)),
                pairing,
                allow_training_data=insist,
                progress=lambda done, what: progress(done, desc=what),
            )
            outcome = Outcome.of(evaluation, pairing, is_run=is_run(model_id))
            said = _TESTING_DONE if outcome.names else "None of the recordings could be scored."
            refused = any(failure.in_training for failure in evaluation.failed)
            return {
                self._result: markup.paragraph(tr(said)) + failed_html(evaluation),
                self._insist: gr.Button(visible=refused),
                self._to_card: gr.Button(visible=self._can_be_on_card(model_id, outcome)),
                self._on_card: "",
                **self.explorer.begun(outcome),
            }

        return test

    def _can_be_on_card(self, model_id: str, outcome: Outcome) -> bool:
        """Return whether a test can go on the card of a model of one's own that is in the zoo."""
        is_own = not outcome.is_run and Registry.load().get(model_id).source == "user"
        has_outside = any(not recording.in_training for recording in outcome.evaluation.recordings)
        return is_own and has_outside

    def _put_on_card(self, tested: Outcome | None) -> Updates:
        card = add_to_card(looked_at(tested).evaluation)
        said = tr(
            "The result is on the card of {model_id} now, version {version}.",
            model_id=card.model_id,
            version=card.version,
        )
        return {self._to_card: gr.Button(visible=False), self._on_card: markup.paragraph(said)}
