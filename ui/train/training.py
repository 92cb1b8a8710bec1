"""Step 3: a training is started, watched, stopped and resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError, SeizureZooError
from training import services as training
from training.train_settings import TrainSettings
from ui import markup
from ui import train_text as words
from ui.api.runs import public_run
from ui.errors import for_browser
from ui.permissions import for_writers
from ui.services import Services
from ui.train.curves import curves_html
from ui.train.fields import MAIN_FIELDS, TRAIN_FIELDS, TRAIN_GROUPS
from ui.train.forms import build_fields, build_group, read_fields
from ui.train.network import NetworkStep
from ui.train.network_start import chosen_network
from ui.train.run_views import UNDER_WAY, run_choices, run_html, run_table

# How often a page asks how a training goes on.
TICK_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParts:
    """The components that show runs; `seen` holds the rows of the table as they were sent."""

    run: gr.Dropdown
    status: gr.HTML
    curves: gr.HTML
    log: gr.Textbox
    stop: gr.Button
    resume: gr.Button
    delete: gr.Button
    table: gr.Dataframe
    timer: gr.Timer
    seen: gr.State

    @property
    def following(self) -> list[Any]:
        """What `_followed` gives values for."""
        return [
            self.status,
            self.curves,
            self.log,
            self.stop,
            self.resume,
            self.delete,
            self.table,
            self.timer,
            self.seen,
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingStep:
    """The components of the step; `form` are those of `TRAIN_FIELDS`."""

    form: list[gr.components.Component]
    start: gr.Button
    runs: RunParts


def build_training(
    services: Services, demo: gr.Blocks, dataset: gr.Dropdown, network: NetworkStep
) -> TrainingStep:
    """Build the step inside the current Blocks context.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading finds the runs again.
    dataset : gr.Dropdown
        What is trained on.
    network : NetworkStep
        What is trained.
    """
    defaults = TrainSettings().model_dump(mode="json")
    with gr.Row(equal_height=False):
        with gr.Column(scale=2, min_width=320):
            with gr.Row():
                form = build_fields(MAIN_FIELDS, defaults, prefix="train")
            for group in TRAIN_GROUPS:
                form += build_group(group, defaults, prefix="train")
            start = gr.Button(words.START, variant="primary", elem_id="start-training")
        with gr.Column(scale=3, min_width=320):
            runs = _build_runs()
    step = TrainingStep(form=form, start=start, runs=runs)
    _wire_start(services, step, dataset, network)
    _wire_runs(services, demo, runs)
    return step


def _build_runs() -> RunParts:
    run = gr.Dropdown(choices=[], label=words.RUN, elem_id="run-choice")
    status = gr.HTML(markup.empty(words.NO_RUNS), elem_id="run-status")
    with gr.Row():
        stop = gr.Button(words.STOP, size="md", visible=False, elem_id="stop-run")
        resume = gr.Button(words.RESUME, size="md", visible=False, elem_id="resume-run")
        delete = gr.Button(words.DELETE_RUN, size="md", visible=False, elem_id="delete-run")
    curves = gr.HTML("", elem_id="run-curves")
    with gr.Accordion(words.LOG, open=False):
        log = gr.Textbox(lines=6, max_lines=12, show_label=False, elem_id="run-log")
    table = gr.Dataframe(
        headers=list(words.RUN_COLUMNS),
        interactive=False,
        visible=False,
        label=words.RUNS,
        max_height=260,
        elem_id="runs",
    )
    return RunParts(
        run=run,
        status=status,
        curves=curves,
        log=log,
        stop=stop,
        resume=resume,
        delete=delete,
        table=table,
        timer=gr.Timer(TICK_S, active=False),
        seen=gr.State([]),
    )


def _followed(run_id: str | None, seen: list[list[str]] | None) -> tuple[Any, ...]:
    """Return the values of `RunParts.following`."""
    runs = training.list_runs()
    rows = run_table(runs)
    table = gr.skip() if rows == seen else gr.Dataframe(value=rows, visible=bool(rows))
    timer = gr.Timer(active=any(run["state"] in UNDER_WAY for run in runs))
    if not run_id or all(run["run_id"] != run_id for run in runs):
        hidden = gr.Button(visible=False)
        return markup.empty(words.NO_RUNS), "", "", hidden, hidden, hidden, table, timer, rows
    run = public_run(training.training_status(run_id))
    under_way = run["state"] in UNDER_WAY
    return (
        run_html(run),
        curves_html(run["history"]),
        "\n".join(run["log"]),
        gr.Button(visible=under_way),
        gr.Button(visible=run["can_resume"]),
        gr.Button(visible=not under_way),
        table,
        timer,
        rows,
    )


def _listed(run_id: str | None) -> tuple[Any, ...]:
    """Return the values of the choice of runs and of `RunParts.following`."""
    choices = run_choices(training.list_runs())
    ids = [one for _, one in choices]
    chosen = run_id if run_id in ids else (ids[0] if ids else None)
    return gr.Dropdown(choices=choices, value=chosen), *_followed(chosen, None)


def _wire_start(
    services: Services, step: TrainingStep, dataset: gr.Dropdown, network: NetworkStep
) -> None:
    @for_browser
    def start(
        dataset_id: str | None, start_from: str, with_weights: bool, code: str, *given: Any
    ) -> tuple[Any, ...]:
        if not dataset_id:
            raise ParameterError(words.CHOOSE_DATASET)
        chosen = chosen_network(start_from, with_weights, code)
        settings = read_fields(TRAIN_FIELDS, given)
        return _listed(training.train(dataset_id, chosen, settings)["run_id"])

    step.start.click(
        for_browser(for_writers(services.settings, start)),
        inputs=[dataset, network.start, network.with_weights, network.code, *step.form],
        outputs=[step.runs.run, *step.runs.following],
        api_visibility="private",
    )


def _wire_runs(services: Services, demo: gr.Blocks, runs: RunParts) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    everything = [runs.run, *runs.following]

    @for_browser
    def choose(run_id: str | None) -> tuple[Any, ...]:
        return _followed(run_id, None)

    def tick(run_id: str | None, seen: list[list[str]]) -> tuple[Any, ...]:
        try:
            return _followed(run_id, seen)
        except SeizureZooError:
            # Deleted by somebody else between two looks; the next one shows what is there.
            return tuple(gr.skip() for _ in runs.following)

    def take_row(row: gr.SelectData) -> str:
        return str(row.row_value[0])

    demo.load(for_browser(lambda: _listed(None)), outputs=everything, **quiet)
    runs.run.input(choose, inputs=runs.run, outputs=runs.following, **quiet)
    runs.table.select(take_row, outputs=runs.run, **quiet).then(
        choose, inputs=runs.run, outputs=runs.following, **quiet
    )
    runs.timer.tick(
        for_browser(tick),
        inputs=[runs.run, runs.seen],
        outputs=runs.following,
        trigger_mode="once",
        **quiet,
    )
    for button, act in (
        (runs.stop, training.stop_training),
        (runs.resume, training.resume_training),
        (runs.delete, _delete),
    ):
        button.click(
            _doing(services, act), inputs=runs.run, outputs=everything, api_visibility="private"
        )


def _delete(run_id: str) -> None:
    training.delete_run(run_id)
    gr.Info(words.RUN_DELETED.format(run_id=run_id))


def _doing(services: Services, act: Callable[[str], Any]) -> Callable[..., tuple[Any, ...]]:
    @for_browser
    def do(run_id: str | None) -> tuple[Any, ...]:
        if not run_id:
            raise ParameterError(words.CHOOSE_RUN)
        for_writers(services.settings, act)(run_id)
        return _listed(run_id)

    return do
