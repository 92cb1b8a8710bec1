"""Step 4: a net is tested on other recordings, and its levels are moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.evaluate.evaluation import evaluate_detector
from training.evaluate.tested_result import add_to_card
from training.keep import any_detector, is_run
from training.runs.status import list_runs
from ui.errors import for_browser
from ui.i18n import score_text as words
from ui.i18n import text
from ui.i18n.translation import tr
from ui.loaded_models import hub_access
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import INFERENCE_QUEUE, PLACES
from ui.train.data.pairs import Material
from ui.train.data.references import MaterialParts, build_material, chosen_material
from ui.train.evaluation.event_viewer import EventViewer, wire_moments
from ui.train.evaluation.explorer import (
    FOLLOWING,
    ExplorerParts,
    begun,
    build_explorer,
    followed,
    wire_explorer,
)
from ui.train.evaluation.score_views import failed_html
from ui.train.evaluation.tested import Outcome, looked_at
from ui.train.runs.views import run_choices
from ui.viewer.component import build_viewer
from ui.viewer.handles import HandleStore
from ui.widgets import markup
from ui.widgets.model_picker import model_choices, refilled
from zoo.store.default_model import default_model
from zoo.store.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class _TestQuestion:
    """What is tested on what.

    `insist` is offered where files were in training, `to_card` after a test of a model of one's
    own that is in the zoo.
    """

    net: gr.Dropdown
    material: MaterialParts
    test: gr.Button
    result: gr.HTML
    insist: gr.Button
    to_card: gr.Button
    on_card: gr.HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class TestStep:
    """What the tab needs of the step.

    Attributes
    ----------
    explorer : ExplorerParts
        Where levels are moved.
    choices : dict
        Arguments of an event that lists nets and runs as they are now.
    on_card : gr.events.Dependency
        The event that puts a test on the card of a model: what shows cards follows it.
    """

    explorer: ExplorerParts
    on_card: gr.events.Dependency
    choices: dict[str, Any]


def build_testing(services: Services, store: HandleStore, demo: gr.Blocks) -> TestStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    store : HandleStore
        What viewers may ask for.
    demo : gr.Blocks
        The app, whose loading lists nets and runs.
    """
    question = _build_question(services, demo)
    explorer = build_explorer()
    moments = _build_moments(store)
    newest = gr.State(None)
    choices: dict[str, Any] = {
        "fn": for_browser(listed),
        "inputs": [question.net, newest],
        "outputs": [question.net, newest],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    demo.load(**choices)
    _wire_test(services, question, explorer, moments)
    wire_explorer(explorer)
    wire_moments(explorer, moments)
    return TestStep(
        explorer=explorer, choices=choices, on_card=_wire_card(services, question, explorer)
    )


def _build_question(services: Services, demo: gr.Blocks) -> _TestQuestion:
    gr.Markdown(words.TEST_HEADING)
    net = gr.Dropdown(choices=[], label=words.TEST_NET, elem_id="test-net")
    material = build_material(services, demo, prefix="test")
    test = gr.Button(words.TEST, variant="primary", elem_id="test")
    result = gr.HTML(markup.empty(words.NO_TEST), elem_id="test-result")
    insist = gr.Button(words.INSIST, visible=False, size="md", elem_id="test-insist")
    to_card = gr.Button(words.TO_CARD, visible=False, size="md", elem_id="test-to-card")
    on_card = gr.HTML("", elem_id="test-on-card")
    return _TestQuestion(
        net=net,
        material=material,
        test=test,
        result=result,
        insist=insist,
        to_card=to_card,
        on_card=on_card,
    )


def _build_moments(store: HandleStore) -> EventViewer:
    with gr.Column(visible=False, elem_id="test-moment") as section:
        viewer = build_viewer(store, elem_id="test-eeg")
    return EventViewer(viewer=viewer, section=section, shown=gr.State(None))


def listed(chosen: str | None, newest: str | None) -> tuple[gr.Dropdown, str]:
    """Return the list of runs and nets as they are now, and the newest run in it.

    A run that has come since the list was last filled is what somebody wants to test: it is
    chosen. Otherwise the choice stays.
    """
    runs = run_choices([run for run in list_runs() if run["can_save"]])
    nets = [(tr(words.NET_OF_RUN, run=name), one) for name, one in runs] + model_choices()
    now = runs[0][1] if runs else ""
    if now and now != newest:
        return gr.Dropdown(choices=nets, value=now), now
    return refilled(nets, chosen, default=now or default_model())[0], now


def _wire_test(
    services: Services, question: _TestQuestion, explorer: ExplorerParts, moments: EventViewer
) -> None:
    @for_browser
    def test(
        model_id: str | None,
        material: Material | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        return _tested(services, model_id, material, progress, insist=False)

    @for_browser
    def test_all(
        model_id: str | None,
        material: Material | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> tuple[Any, ...]:
        return _tested(services, model_id, material, progress, insist=True)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    for button, handler in ((question.test, test), (question.insist, test_all)):
        button.click(
            for_browser(moments.close), inputs=moments.shown, outputs=moments.closing, **quiet
        )
        button.click(
            handler,
            inputs=[question.net, question.material.material],
            outputs=[
                question.result,
                question.insist,
                question.to_card,
                question.on_card,
                *explorer.beginning,
            ],
            show_progress_on=question.result,
            concurrency_id=INFERENCE_QUEUE,
            concurrency_limit=PLACES[INFERENCE_QUEUE],
            api_visibility="private",
        ).success(
            for_browser(_first_shown), inputs=explorer.asking, outputs=explorer.following, **quiet
        )


def _tested(
    services: Services,
    model_id: str | None,
    material: Material | None,
    progress: gr.Progress,
    *,
    insist: bool,
) -> tuple[Any, ...]:
    """Return what was said about a test, whether to offer insisting, and the explorer's start."""
    if not model_id:
        raise ParameterError(text.CHOOSE_MODEL)
    pairing = chosen_material(material).pairing
    evaluation = evaluate_detector(
        any_detector(model_id, hub_access(services.settings)),
        pairing,
        allow_training_data=insist,
        progress=lambda done, what: progress(done, desc=what),
    )
    outcome = Outcome.of(evaluation, pairing, is_run=is_run(model_id))
    said = words.TESTING_DONE if outcome.names else words.NOTHING_SCORED
    refused = any(one.in_training for one in evaluation.failed)
    return (
        markup.paragraph(tr(said)) + failed_html(evaluation),
        gr.Button(visible=refused),
        gr.Button(visible=_can_be_on_card(services, model_id, outcome)),
        "",
        *begun(outcome),
    )


def _can_be_on_card(services: Services, model_id: str, outcome: Outcome) -> bool:
    """Return whether a test can go on the card of a model of one's own that is in the zoo."""
    is_own = not outcome.is_run and Registry.load().get(model_id).source == "user"
    has_outside = any(not one.in_training for one in outcome.evaluation.recordings)
    return services.settings.may_write and is_own and has_outside


def _wire_card(
    services: Services, question: _TestQuestion, explorer: ExplorerParts
) -> gr.events.Dependency:
    @for_browser
    def put(tested: Outcome | None) -> tuple[gr.Button, str]:
        card = add_to_card(looked_at(tested).evaluation)
        said = tr(words.ON_CARD, model_id=card.model_id, version=card.version)
        return gr.Button(visible=False), markup.paragraph(said)

    return question.to_card.click(
        for_browser(for_writers(services.settings, put)),
        inputs=explorer.tested,
        outputs=[question.to_card, question.on_card],
        api_visibility="private",
    )


def _first_shown(outcome: Outcome | None, recording: str | None, *levels: float) -> tuple[Any, ...]:
    if outcome is None or not outcome.names:
        return tuple(gr.skip() for _ in range(FOLLOWING))
    return followed(outcome, recording, *levels)
