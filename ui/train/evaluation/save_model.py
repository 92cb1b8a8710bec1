"""Step 5: the net of a run is kept in the zoo, with its operating points and calibration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.evaluate.tested_result import DATASET
from training.keep import save_model
from training.kept_model import KeepChoices, kept_net
from training.runs.status import list_runs
from ui.errors import for_browser, inform
from ui.i18n import score_text as words
from ui.i18n.translation import tr
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.server.queues import INFERENCE_QUEUE, PLACES
from ui.train.evaluation.explorer import ExplorerParts
from ui.train.evaluation.save_views import kept_html
from ui.train.evaluation.tested import Outcome, as_levels, looked_at, post_processing
from ui.train.runs.views import run_choices
from ui.widgets import markup
from ui.widgets.model_picker import refilled
from ui.widgets.point_fields import PointFields, build_point_fields, read_fields, written
from zoo.card.output import POINT_NAMES, USER_POINT
from zoo.card.schema import ArchitectureCard

_OWN_POINT = 8
"""How many values `own_point` gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a person says about the net, in the order of the handler that saves it."""

    model_id: gr.Textbox
    title: gr.Textbox
    authors: gr.Textbox
    license: gr.Dropdown
    notes: gr.Textbox
    replace: gr.Checkbox


@dataclass(frozen=True, slots=True, kw_only=True)
class _Point:
    """At what numbers the net is used."""

    calibrate: gr.Checkbox
    name: gr.Radio
    own: gr.Column
    fields: PointFields


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepStep:
    """What the tab needs of the step.

    Attributes
    ----------
    saved : gr.events.Dependency
        What happens when a net is saved; others that list nets follow it.
    choices : dict
        Arguments of an event that lists runs as they are now.
    own_point : list
        What `own_point` gives values for.
    """

    saved: gr.events.Dependency
    choices: dict[str, Any]
    own_point: list[Any]


def build_keep(services: Services, demo: gr.Blocks, tested: gr.State) -> KeepStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings and files.
    demo : gr.Blocks
        The app, whose loading lists runs.
    tested : gr.State
        The session's `Outcome` of the last test, or None.
    """
    gr.Markdown(words.SAVE_HEADING)
    with gr.Row(equal_height=False):
        # In the order of the work, so that on a phone what is worked out follows its button.
        with gr.Column(scale=3, min_width=320):
            run = gr.Dropdown(
                choices=[], label=words.SAVE_RUN, info=words.NO_KEEP_RUNS, elem_id="save-run"
            )
            calibrate = gr.Checkbox(value=True, label=words.CALIBRATE, elem_id="save-calibrate")
            work_out = gr.Button(words.WORK_OUT, size="md", elem_id="work-out-points")
            worked_out = gr.HTML(markup.empty(words.NO_POINTS_YET), elem_id="worked-out")
        with gr.Column(scale=2, min_width=320):
            point = _build_point(calibrate)
            about = _build_about()
            save = gr.Button(words.SAVE, variant="primary", elem_id="save-model")
            said = gr.HTML("", elem_id="saved")
    choices: dict[str, Any] = {
        "fn": for_browser(_run_dropdown),
        "inputs": run,
        "outputs": run,
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    demo.load(**choices)
    _wire_point(run, work_out, point, worked_out)
    return KeepStep(
        saved=_wire_save(services, save, [tested, run, *_all(about), *_all_of(point)], said),
        choices=choices,
        own_point=[run, point.name, point.own, *point.fields.all],
    )


def _build_point(calibrate: gr.Checkbox) -> _Point:
    choices = [(words.POINT_WORDS[name], name) for name in (*POINT_NAMES, USER_POINT)]
    name = gr.Radio(choices=choices, value="balanced", label=words.KEEP_POINT, elem_id="save-point")
    with gr.Column(visible=False, elem_id="save-own-point") as own:
        gr.Markdown(words.OWN_INFO, elem_classes="remark left")
        fields = build_point_fields("save")
    return _Point(calibrate=calibrate, name=name, own=own, fields=fields)


def _build_about() -> _About:
    with gr.Row():
        model_id = gr.Textbox(label=words.MODEL_ID, max_lines=1, min_width=150, elem_id="save-id")
        title = gr.Textbox(
            label=words.MODEL_TITLE, max_lines=1, min_width=150, elem_id="save-title"
        )
    with gr.Row():
        authors = gr.Textbox(
            label=words.AUTHORS, max_lines=1, min_width=150, elem_id="save-authors"
        )
        licence = gr.Dropdown(
            choices=list(words.LICENSES),
            value="unspecified",
            allow_custom_value=True,
            label=words.LICENSE,
            min_width=150,
            elem_id="save-license",
        )
    return _About(
        model_id=model_id,
        title=title,
        authors=authors,
        license=licence,
        notes=gr.Textbox(label=words.NOTES, lines=2, elem_id="save-notes"),
        replace=gr.Checkbox(label=words.REPLACE, elem_id="save-replace"),
    )


def _all(about: _About) -> list[Any]:
    return [
        about.model_id,
        about.title,
        about.authors,
        about.license,
        about.notes,
        about.replace,
    ]


def _all_of(point: _Point) -> list[Any]:
    return [point.calibrate, point.name, *point.fields.all]


def _run_dropdown(chosen: str | None) -> gr.Dropdown:
    runs = _runs_to_keep()
    return refilled(runs, chosen, info="" if runs else tr(words.NO_KEEP_RUNS))[0]


def _runs_to_keep() -> list[tuple[str, str]]:
    return run_choices([run for run in list_runs() if run["can_save"]])


def own_point(tested: Outcome | None, *levels: float) -> tuple[Any, ...]:
    """Return the values of `KeepStep.own_point` with the numbers of the explorer."""
    now, settings = looked_at(tested), post_processing(as_levels(levels))
    model_id = now.evaluation.detector.card.model_id
    numbers = {"threshold": settings.threshold, "off": settings.lower_threshold}
    if not now.is_run:
        inform(tr(words.POINT_NOT_OF_RUN, net=model_id, **numbers))
        return tuple(gr.skip() for _ in range(_OWN_POINT))
    inform(tr(words.POINT_USED, **numbers))
    return (
        # With its choices: the run may be newer than those of the page.
        gr.Dropdown(choices=_runs_to_keep(), value=model_id, info=""),
        USER_POINT,
        gr.Column(visible=True),
        *written(settings),
    )


def wire_use(explorer: ExplorerParts, keep: KeepStep) -> None:
    """Let the explorer's numbers become the operating point that is kept."""
    explorer.use.click(
        for_browser(own_point),
        inputs=[explorer.tested, *explorer.sliders],
        outputs=keep.own_point,
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_point(run: gr.Dropdown, work_out: gr.Button, point: _Point, worked_out: gr.HTML) -> None:
    @for_browser
    def preview(run_id: str | None, calibrate: bool) -> str:
        return kept_html(kept_net(_chosen(run_id), with_calibration=calibrate))

    @for_browser
    def own(name: str) -> gr.Column:
        return gr.Column(visible=name == USER_POINT)

    work_out.click(
        preview,
        inputs=[run, point.calibrate],
        outputs=worked_out,
        concurrency_id=INFERENCE_QUEUE,
        concurrency_limit=PLACES[INFERENCE_QUEUE],
        api_visibility="private",
    )
    point.name.input(
        own,
        inputs=point.name,
        outputs=point.own,
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_save(
    services: Services, save: gr.Button, inputs: list[Any], said: gr.HTML
) -> gr.events.Dependency:
    @for_browser
    def keep(
        tested: Outcome | None,
        run_id: str | None,
        model_id: str,
        title: str,
        authors: str,
        licence: str | None,
        notes: str,
        replace: bool,
        calibrate: bool,
        point: str,
        *fields: str,
    ) -> str:
        names = tuple(one.strip() for one in authors.split(",") if one.strip())
        plain = KeepChoices()
        numbers: dict[str, Any] = read_fields(fields) if point == USER_POINT else {}
        choices = KeepChoices(
            title=title.strip(),
            authors=names or plain.authors,
            license=(licence or "").strip() or plain.license,
            notes=notes.strip(),
            calibrate=calibrate,
            operating_point=point if point in POINT_NAMES else plain.operating_point,
            replace=replace,
            **numbers,
        )
        card = save_model(
            _chosen(run_id),
            model_id.strip(),
            choices,
            tested=None if tested is None else tested.evaluation,
        )
        return _saved_html(card, tested)

    return save.click(
        for_browser(for_writers(services.settings, keep)),
        inputs=inputs,
        outputs=said,
        concurrency_id=INFERENCE_QUEUE,
        concurrency_limit=PLACES[INFERENCE_QUEUE],
        api_visibility="private",
    )


def _saved_html(card: ArchitectureCard, tested: Outcome | None) -> str:
    said = [
        tr(words.SAVED, title=card.title, model_id=card.model_id),
        tr(words.KEPT_AT, threshold=card.output.threshold, off=card.output.threshold_off),
    ]
    if tested is not None and tested.names:
        said.append(tr(_test_words(card, tested), model_id=card.model_id))
    return "".join(markup.paragraph(one) for one in said)


def _test_words(card: ArchitectureCard, tested: Outcome) -> str:
    """Say what became of the last test: a person who made one expects it on the card."""
    if any(one.dataset == DATASET for one in card.results):
        return words.TEST_KEPT
    if all(one.in_training for one in tested.evaluation.recordings):
        return words.TEST_OF_TRAINING
    return words.TEST_NOT_KEPT


def _chosen(run_id: str | None) -> str:
    if not run_id:
        raise ParameterError(words.NO_KEEP_RUNS)
    return run_id
