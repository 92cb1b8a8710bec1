"""Step 4: a net is tested on other recordings, and the net of a run is kept in the zoo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training import services as training
from training.keep import KeepChoices
from ui import markup, text
from ui import train_text as words
from ui.errors import for_browser
from ui.models import model_choices
from ui.nets import hub_access
from ui.permissions import for_writers
from ui.queues import INFERENCE_QUEUE, PLACES
from ui.services import Services
from ui.train.material import MaterialParts, build_material, chosen_material
from ui.train.pairs import Material
from ui.train.run_views import run_choices
from ui.train.score_views import evaluation_html


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveParts:
    """The components that keep a run's net."""

    run: gr.Dropdown
    model_id: gr.Textbox
    title: gr.Textbox
    authors: gr.Textbox
    license: gr.Textbox
    notes: gr.Textbox
    save: gr.Button
    said: gr.HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class TestParts:
    """The components that test a net."""

    net: gr.Dropdown
    material: MaterialParts
    training_too: gr.Checkbox
    test: gr.Button


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStep:
    """The components of the step.

    Attributes
    ----------
    saved : gr.events.Dependency
        What happens when a net is saved; others that list nets follow it.
    choices : dict
        Arguments of an event that lists nets and runs as they are now.
    """

    saved: gr.events.Dependency
    choices: dict[str, Any]


def build_keep(services: Services, demo: gr.Blocks) -> KeepStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    demo : gr.Blocks
        The app, whose loading lists nets and runs.
    """
    with gr.Row(equal_height=False):
        with gr.Column(scale=3, min_width=320):
            test = _build_test(services, demo)
            result = gr.HTML(markup.empty(words.NO_TEST), elem_id="test-result")
        with gr.Column(scale=2, min_width=320):
            save = _build_save()
    choices: dict[str, Any] = {
        "fn": for_browser(_choices),
        "inputs": [save.run, test.net],
        "outputs": [save.run, test.net],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    demo.load(**choices)
    _wire_test(services, test, result)
    return KeepStep(saved=_wire_save(services, save), choices=choices)


def _build_test(services: Services, demo: gr.Blocks) -> TestParts:
    gr.Markdown(words.TEST_HEADING)
    net = gr.Dropdown(choices=[], label=words.TEST_NET, elem_id="test-net")
    material = build_material(services, demo, prefix="test")
    training_too = gr.Checkbox(label=words.TEST_TRAINING_TOO, elem_id="test-training-too")
    test = gr.Button(words.TEST, variant="primary", elem_id="test")
    return TestParts(net=net, material=material, training_too=training_too, test=test)


def _build_save() -> SaveParts:
    gr.Markdown(words.SAVE_HEADING)
    run = gr.Dropdown(choices=[], label=words.SAVE_RUN, elem_id="save-run")
    model_id = gr.Textbox(label=words.MODEL_ID, max_lines=1, elem_id="save-id")
    title = gr.Textbox(label=words.MODEL_TITLE, max_lines=1, elem_id="save-title")
    with gr.Row():
        authors = gr.Textbox(
            label=words.AUTHORS, max_lines=1, min_width=140, elem_id="save-authors"
        )
        licence = gr.Textbox(
            label=words.LICENSE, max_lines=1, min_width=140, elem_id="save-license"
        )
    notes = gr.Textbox(label=words.NOTES, lines=2, elem_id="save-notes")
    return SaveParts(
        run=run,
        model_id=model_id,
        title=title,
        authors=authors,
        license=licence,
        notes=notes,
        save=gr.Button(words.SAVE, variant="primary", elem_id="save-model"),
        said=gr.HTML("", elem_id="saved"),
    )


def _choices(run_id: str | None, model_id: str | None) -> tuple[Any, ...]:
    runs = run_choices([run for run in training.list_runs() if run["can_save"]])
    nets = model_choices() + [(words.NET_OF_RUN.format(run=name), one) for name, one in runs]
    return _dropdown(runs, run_id), _dropdown(nets, model_id)


def _dropdown(choices: list[tuple[str, str]], chosen: str | None) -> gr.Dropdown:
    ids = [one for _, one in choices]
    return gr.Dropdown(
        choices=choices, value=chosen if chosen in ids else (ids[0] if ids else None)
    )


def _wire_save(services: Services, parts: SaveParts) -> gr.events.Dependency:
    @for_browser
    def save(
        run_id: str | None, model_id: str, title: str, authors: str, licence: str, notes: str
    ) -> str:
        if not run_id:
            raise ParameterError(words.NOTHING_TO_SAVE)
        names = tuple(one.strip() for one in authors.split(",") if one.strip())
        plain = KeepChoices()
        card = training.save_model(
            run_id,
            model_id.strip(),
            title.strip(),
            KeepChoices(
                authors=names or plain.authors,
                license=licence.strip() or plain.license,
                notes=notes.strip(),
            ),
        )
        return markup.paragraph(words.SAVED.format(title=card["title"], model_id=card["model_id"]))

    return parts.save.click(
        for_browser(for_writers(services.settings, save)),
        inputs=[
            parts.run,
            parts.model_id,
            parts.title,
            parts.authors,
            parts.license,
            parts.notes,
        ],
        outputs=parts.said,
        concurrency_id=INFERENCE_QUEUE,
        concurrency_limit=PLACES[INFERENCE_QUEUE],
        api_visibility="private",
    )


def _wire_test(services: Services, parts: TestParts, result: gr.HTML) -> None:
    @for_browser
    def test(
        model_id: str | None,
        material: Material | None,
        training_too: bool,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - this is how Gradio hands it in
    ) -> str:
        if not model_id:
            raise ParameterError(text.CHOOSE_MODEL)
        answer = training.evaluate(
            model_id,
            chosen_material(material).pairing,
            allow_training_data=training_too,
            access=hub_access(services.settings),
            progress=lambda done, what: progress(done, desc=what),
        )
        return evaluation_html(answer)

    parts.test.click(
        test,
        inputs=[parts.net, parts.material.material, parts.training_too],
        outputs=result,
        concurrency_id=INFERENCE_QUEUE,
        concurrency_limit=PLACES[INFERENCE_QUEUE],
        api_visibility="private",
    )
