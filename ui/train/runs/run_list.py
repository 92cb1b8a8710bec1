"""All runs: one is watched, stopped, resumed, copied or deleted; all are listed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError, SeizureZooError
from training.runs.control import delete_run, resume_run, stop_run
from training.runs.status import list_runs, training_status
from ui.errors import for_browser, inform
from ui.i18n import run_text as words
from ui.i18n.translation import filled_table, tr
from ui.plain_data import without_undefined
from ui.resources import Services
from ui.server.permissions import for_writers
from ui.train.confirm import ConfirmParts, build_confirm, wire_confirm
from ui.train.runs.curves import curves_html
from ui.train.runs.settings import cloned
from ui.train.runs.views import UNDER_WAY, folds_html, run_choices, run_html, run_name, run_table
from ui.widgets import markup

# How often a page asks how a training goes on.
TICK_S = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RunParts:
    """The components that show runs; `seen` holds the rows of the table as they were sent."""

    run: gr.Dropdown
    status: gr.HTML
    curves: gr.HTML
    folds: gr.HTML
    log: gr.Textbox
    stop: gr.Button
    resume: gr.Button
    clone: gr.Button
    delete: ConfirmParts
    table: gr.Dataframe
    timer: gr.Timer
    seen: gr.State

    @property
    def following(self) -> list[Any]:
        """What `followed` gives values for."""
        return [
            self.status,
            self.curves,
            self.folds,
            self.log,
            self.stop,
            self.resume,
            self.clone,
            self.delete.ask,
            self.table,
            self.timer,
            self.seen,
        ]

    @property
    def listing(self) -> list[Any]:
        """What `listed` gives values for."""
        return [self.run, *self.following]


def build_runs() -> RunParts:
    """Build the components inside the current Blocks context.

    The wide ones, `folds` and `table`, are rendered by the caller where there is room for them.
    """
    run = gr.Dropdown(choices=[], label=words.RUN, elem_id="run-choice")
    status = gr.HTML(markup.empty(words.NO_RUNS), elem_id="run-status")
    with gr.Row():
        stop, resume, clone, ask = (
            gr.Button(label, size="md", min_width=140, visible=False, elem_id=elem_id)
            for label, elem_id in (
                (words.STOP, "stop-run"),
                (words.RESUME, "resume-run"),
                (words.CLONE, "clone-run"),
                (words.DELETE_RUN, "delete-run"),
            )
        )
    delete = build_confirm(ask, words.DELETE_SURE)
    curves = gr.HTML("", elem_id="run-curves")
    folds = gr.HTML("", elem_id="run-folds", render=False)
    log = gr.Textbox(
        label=words.LOG, lines=4, max_lines=8, interactive=False, visible=False, elem_id="run-log"
    )
    return RunParts(
        run=run,
        status=status,
        curves=curves,
        folds=folds,
        log=log,
        stop=stop,
        resume=resume,
        clone=clone,
        delete=delete,
        table=_build_table(),
        timer=gr.Timer(TICK_S, active=False),
        seen=gr.State([]),
    )


def followed(run_id: str | None, seen: list[list[str]] | None) -> tuple[Any, ...]:
    """Return the values of `RunParts.following`."""
    runs = list_runs()
    rows = run_table(runs)
    filled = filled_table(words.RUN_COLUMNS, rows)
    table = gr.skip() if rows == seen else gr.Dataframe(value=filled, visible=bool(rows))
    timer = gr.Timer(active=any(run["state"] in UNDER_WAY for run in runs))
    if not run_id or all(run["run_id"] != run_id for run in runs):
        hidden = [gr.Button(visible=False)] * 4
        no_log = gr.Textbox(value="", visible=False)
        return markup.empty(words.NO_RUNS), "", "", no_log, *hidden, table, timer, rows
    run = without_undefined(training_status(run_id))
    under_way = run["state"] in UNDER_WAY
    return (
        run_html(run),
        curves_html(run["history"]),
        folds_html(run),
        gr.Textbox(value="\n".join(run["log"]), visible=True),
        gr.Button(visible=under_way),
        gr.Button(visible=run["can_resume"]),
        gr.Button(visible=bool(run["settings"])),
        gr.Button(visible=not under_way),
        table,
        timer,
        rows,
    )


def listed(run_id: str | None) -> tuple[Any, ...]:
    """Return the values of `RunParts.listing`; the newest run if there is no such one."""
    choices = run_choices(list_runs())
    ids = [one for _, one in choices]
    chosen = run_id if run_id in ids else (ids[0] if ids else None)
    return gr.Dropdown(choices=choices, value=chosen), *followed(chosen, None)


def wire_runs(
    services: Services, demo: gr.Blocks, runs: RunParts, form: Sequence[Any]
) -> gr.events.Dependency:
    """Let the components follow the runs, and the buttons act.

    Parameters
    ----------
    services : Services
        Settings.
    demo : gr.Blocks
        The app, whose loading finds the runs again.
    runs : RunParts
        The components.
    form : sequence of components
        What `run_settings.cloned` gives values for.

    Returns
    -------
    gr.events.Dependency
        The deletion of a run; others that list runs follow it.
    """
    _wire_looks(demo, runs)
    for button, act in ((runs.stop, stop_run), (runs.resume, resume_run)):
        button.click(
            _doing(services, act), inputs=runs.run, outputs=runs.listing, api_visibility="private"
        )
    runs.clone.click(
        for_browser(_clone), inputs=runs.run, outputs=list(form), api_visibility="private"
    )
    return wire_confirm(
        runs.delete,
        runs.run,
        _question,
        _doing(services, _delete),
        runs.listing,
        nothing=words.CHOOSE_RUN,
    )


def _build_table() -> gr.Dataframe:
    return gr.Dataframe(
        headers=list(words.RUN_COLUMNS),
        interactive=False,
        visible=False,
        label=words.RUNS,
        max_height=260,
        elem_id="runs",
        render=False,
    )


def _wire_looks(demo: gr.Blocks, runs: RunParts) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

    @for_browser
    def choose(run_id: str | None) -> tuple[Any, ...]:
        return followed(run_id, None)

    def tick(run_id: str | None, seen: list[list[str]]) -> tuple[Any, ...]:
        try:
            return followed(run_id, seen)
        except SeizureZooError:
            # Deleted by somebody else between two looks; the next one shows what is there.
            return tuple(gr.skip() for _ in runs.following)

    def take_row(row: gr.SelectData) -> str:
        return str(row.row_value[0])

    demo.load(for_browser(lambda: listed(None)), outputs=runs.listing, **quiet)
    runs.run.input(choose, inputs=runs.run, outputs=runs.following, **quiet)
    runs.table.select(take_row, outputs=runs.run, **quiet).success(
        choose, inputs=runs.run, outputs=runs.following, **quiet
    )
    runs.timer.tick(
        for_browser(tick),
        inputs=[runs.run, runs.seen],
        outputs=runs.following,
        trigger_mode="once",
        **quiet,
    )


def _clone(run_id: str | None) -> tuple[Any, ...]:
    if not run_id:
        raise ParameterError(words.CHOOSE_RUN)
    return cloned(run_id)


def _question(run_id: str) -> str:
    return tr(words.DELETE_RUN_QUESTION, name=run_name(training_status(run_id)))


def _delete(run_id: str) -> None:
    delete_run(run_id)
    inform(tr(words.RUN_DELETED, run_id=run_id))


def _doing(services: Services, act: Callable[[str], Any]) -> Callable[..., tuple[Any, ...]]:
    @for_browser
    def do(run_id: str | None) -> tuple[Any, ...]:
        if not run_id:
            raise ParameterError(words.CHOOSE_RUN)
        for_writers(services.settings, act)(run_id)
        return listed(run_id)

    return do
