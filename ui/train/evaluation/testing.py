"""Step 4: a model is tested on other recordings, and its levels are moved."""

from __future__ import annotations

from collections.abc import Callable

import gradio as gr

from seizure_core.errors import ParameterError
from training.evaluate.evaluation import evaluate_detector
from training.evaluate.tested_result import add_to_card
from training.saving import any_detector, is_run
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.queues import INFERENCE_QUEUE
from ui.train.evaluation.event_viewer import EventViewer
from ui.train.evaluation.explorer import Explorer
from ui.train.evaluation.scores import failed_html
from ui.train.evaluation.tested import Outcome, looked_at
from ui.train.material import MaterialPicker, chosen_material
from ui.train.pairs import Material
from ui.train.progress import KEEP, TEST, StepButtons
from ui.train.run_views import runs_with_model, with_newest
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.model_picker import model_choices
from zoo.store.recommendation import default_model
from zoo.store.registry import Registry

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
        gr.Markdown("### Test a model on recordings it has not seen")
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
            writers=services.settings,
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
        return self._settings.may_write and is_own and has_outside

    def _put_on_card(self, tested: Outcome | None) -> Updates:
        card = add_to_card(looked_at(tested).evaluation)
        said = tr(
            "The result is on the card of {model_id} now, version {version}.",
            model_id=card.model_id,
            version=card.version,
        )
        return {self._to_card: gr.Button(visible=False), self._on_card: markup.paragraph(said)}
