"""All runs: one is watched, stopped, resumed, copied or deleted; all are listed, some compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError, SeizureZooError
from seizure_core.json_document import canonical_json, sha256_of
from training.runs.control import delete_run, resume_run, stop_run
from training.runs.folder import list_runs, training_status
from ui.errors import inform
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, tr
from ui.i18n.wording import NOTHING, duration_words, figure_words, number_words
from ui.plain_data import without_undefined
from ui.train.curves import STYLES, compared_curves_html, curves_html
from ui.train.fields import TRAIN_FIELDS
from ui.train.run_views import (
    UNDER_WAY,
    folds_html,
    run_choices,
    run_html,
    run_name,
    run_table,
    scored_words,
)
from ui.widgets import markup
from ui.widgets.confirmation import Confirmation
from ui.widgets.model_picker import refilled_many

_COMPARE_TWO = "Choose two runs or more: their curves are drawn over each other."

Run = Mapping[str, Any]


class RunComparison:
    """The choice of runs, and what shows them side by side."""

    def __init__(self) -> None:
        with gr.Accordion("Compare runs side by side", open=False, elem_id="compare-runs"):
            self._chosen = gr.Dropdown(
                choices=[],
                multiselect=True,
                max_choices=len(STYLES),
                label="Runs to compare (up to six)",
                elem_id="runs-to-compare",
            )
            self._shown = gr.HTML(markup.empty(_COMPARE_TWO), elem_id="runs-compared")

    def wire(self, table: gr.Dataframe, timer: gr.Timer) -> None:
        """Let the comparison follow the choice, the list of runs, and runs that are under way."""

        def compare(chosen: list[str] | None) -> str:
            return compared_runs_html(_runs_of(chosen))

        def listed(chosen: list[str] | None) -> gr.Dropdown:
            return refilled_many(run_choices(list_runs()), chosen)

        def tick(chosen: list[str] | None) -> Updates:
            runs = _runs_of(chosen)
            under_way = any(run["state"] in UNDER_WAY for run in runs)
            return {self._shown: compared_runs_html(runs)} if under_way else {}

        chosen, shown = self._chosen, self._shown
        listen(chosen.change, compare, inputs=chosen, outputs=shown, quiet=True)
        listen(table.change, listed, inputs=chosen, outputs=chosen, quiet=True)
        listen(timer.tick, tick, inputs=chosen, outputs=shown, trigger_mode="once", quiet=True)


def compared_runs_html(runs: Sequence[Run]) -> str:
    """Return runs side by side, or what is to be chosen first."""
    if len(runs) < 2:
        return markup.empty(_COMPARE_TWO)
    names = _names(runs)
    curves = compared_curves_html(
        [(name, run["history"]) for name, run in zip(names, runs, strict=True)]
    )
    differing = differing_settings(runs)
    settings = (
        markup.table(("Setting", *names), [(tr(label), *values) for label, values in differing])
        if differing
        else markup.paragraph("They have the same settings.")
    )
    scores = [(tr(label), *map(value, runs)) for label, value in _FINAL]
    return (
        curves
        + markup.heading("Settings that differ")
        + settings
        + markup.heading("How they ended")
        + markup.table(("Score", *names), scores)
    )


def differing_settings(runs: Sequence[Run]) -> list[tuple[str, list[str]]]:
    """Return label and values of every setting in which runs differ; titles are not settings."""
    plain = [_plain_settings(run) for run in runs]
    labels = {field.name: field.label for field in TRAIN_FIELDS}
    found = []
    for name in dict.fromkeys(name for settings in plain for name in settings):
        values = [settings.get(name) for settings in plain]
        if name != "title" and any(value != values[0] for value in values[1:]):
            found.append((labels.get(name, name), [_value_words(value) for value in values]))
    return found


def _runs_of(chosen: Sequence[str] | None) -> list[Run]:
    runs: list[Run] = []
    for run_id in chosen or ():
        try:
            runs.append(training_status(run_id))
        except SeizureZooError:
            # Deleted in another tab; the list follows at its next look.
            continue
    return runs


def _names(runs: Sequence[Run]) -> list[str]:
    """Return short names, with the end of the id where two runs have one title."""
    titles = [run["title"] or run["run_id"] for run in runs]
    often = Counter(titles)
    return [
        title if often[title] == 1 else f"{title} ({run['run_id'][-6:]})"
        for title, run in zip(titles, runs, strict=True)
    ]


def _plain_settings(run: Run) -> dict[str, Any]:
    """Return everything a run was asked for, without lists inside it."""
    plain: dict[str, Any] = {
        "Dataset": run["dataset_id"],
        "Network": _network_words(run),
        "Began from the weights of": run["parent"],
    }
    for name, value in (run["settings"] or {}).items():
        if isinstance(value, dict):
            plain |= {f"{name}.{inner}": setting for inner, setting in value.items()}
        else:
            plain[name] = value
    return plain


def _network_words(run: Run) -> str | None:
    """Return a network in short, told from others of the same size by its digest."""
    layers = run["network"]
    if not layers:
        return None
    return tr(
        "{layers} layers, {parameters:,} parameters ({digest})",
        layers=len(layers),
        parameters=run["n_parameters"] or 0,
        digest=sha256_of(canonical_json(layers))[:6],
    )


def _value_words(value: Any) -> str:
    if value is None:
        return NOTHING
    return tr("yes" if value else "no") if isinstance(value, bool) else number_words(value)


def _best(key: str) -> Any:
    return lambda run: figure_words((run["best"] or {}).get(key))


def _spent(run: Run) -> str:
    spent = [row["duration_s"] for row in run["history"] if row.get("duration_s") is not None]
    return duration_words(sum(spent)) if spent else NOTHING


_FINAL = (
    (words.STATE, lambda run: tr(words.RUN_STATE_WORDS[run["state"]])),
    ("Epochs", lambda run: tr(words.OF, done=run["epoch"], total=run["epochs"])),
    (words.BEST_EPOCH, _best("epoch")),
    (words.BEST_LOSS, _best("validation_loss")),
    (words.BEST_F1, _best("event_f1")),
    ("Its event sensitivity", _best("event_sensitivity")),
    (words.BEST_ALARMS, _best("false_alarms_per_24h")),
    ("Its second F1", _best("sample_f1")),
    ("Scored on", lambda run: scored_words(run["best"]) or NOTHING),
    ("Time spent", _spent),
)


_RUN_COLUMNS = ("Run", "Title", "State", "Epochs", "Best event F1", "Split", "Dataset", "Created")
_NO_RUNS = (
    "No training was started yet. Choose a dataset and a network, then press "
    "<em>Start training</em>. It goes on when you close this page, and is found again here."
)
_CHOOSE_RUN = "Choose a run first, or start one."

# How often a page asks how a training goes on.
_TICK_S = 1.5


class RunsPanel:
    """The panel of all runs.

    Attributes
    ----------
    run : gr.Dropdown
        The run that is watched.
    clone : gr.Button
        Asks for its settings.
    listing : list
        What `listed` may change.
    changed : Trigger
        There are other runs, or one has got its first model.
    """

    def __init__(self) -> None:
        self.run = gr.Dropdown(choices=[], label="Run", elem_id="run-choice")
        self._status = gr.HTML(markup.empty(_NO_RUNS), elem_id="run-status")
        looks: dict[str, Any] = {"size": "md", "min_width": 140, "visible": False}
        with gr.Row():
            self._stop = gr.Button("Stop and keep the best", elem_id="stop-run", **looks)
            self._resume = gr.Button("Resume", elem_id="resume-run", **looks)
            self.clone = gr.Button("Use its settings", elem_id="clone-run", **looks)
            ask = gr.Button("Delete the run", elem_id="delete-run", **looks)
        self._delete = Confirmation(ask)
        self._curves = gr.HTML("", elem_id="run-curves")
        self._log = gr.Textbox(
            label="Log",
            lines=4,
            max_lines=8,
            interactive=False,
            visible=False,
            elem_id="run-log",
        )
        self._timer = gr.Timer(_TICK_S, active=False)
        self._seen = gr.State([])  # rows of the table as they were sent
        self._models = gr.State(None)  # the runs there are, and which of them have a model

    def build_wide(self) -> None:
        """Build what needs the width of the page, and let all follow the runs."""
        self._folds = gr.HTML("", elem_id="run-folds")
        self._table = gr.Dataframe(
            headers=list(_RUN_COLUMNS),
            interactive=False,
            visible=False,
            label="Runs (choose a row to see it)",
            max_height=260,
            elem_id="runs",
        )
        comparison = RunComparison()
        buttons = [self._stop, self._resume, self.clone, self._delete.ask]
        self._following = [
            *(self._status, self._curves, self._folds, self._log),
            *(*buttons, self._table, self._timer, self._seen, self._models),
        ]
        self.listing = [self.run, *self._following]
        self.changed = self._models.change
        self._wire_looks()
        self._wire_acts()
        comparison.wire(self._table, self._timer)

    def followed(self, run_id: str | None, seen: list[list[str]] | None = None) -> Updates:
        """Show a run as it stands, and all runs unless they are as they were `seen`."""
        runs = list_runs()
        rows = run_table(runs)
        timer = gr.Timer(active=any(run["state"] in UNDER_WAY for run in runs))
        models = [(run["run_id"], run["can_save"]) for run in runs]
        shown: Updates = {self._timer: timer, self._seen: rows, self._models: models}
        if rows != seen:
            table = filled_table(_RUN_COLUMNS, rows)
            shown[self._table] = gr.Dataframe(value=table, visible=bool(rows))
        known = any(run["run_id"] == run_id for run in runs)
        return {**shown, **(self._one(run_id) if known and run_id else self._none())}

    def _none(self) -> Updates:
        buttons = (self._stop, self._resume, self.clone, self._delete.ask)
        return {
            self._status: markup.empty(_NO_RUNS),
            self._curves: "",
            self._folds: "",
            self._log: gr.Textbox(value="", visible=False),
            **{button: gr.Button(visible=False) for button in buttons},
        }

    def _one(self, run_id: str) -> Updates:
        run = without_undefined(training_status(run_id))
        under_way = run["state"] in UNDER_WAY
        return {
            self._status: run_html(run),
            self._curves: curves_html(run["history"]),
            self._folds: folds_html(run),
            self._log: gr.Textbox(value="\n".join(run["log"]), visible=True),
            self._stop: gr.Button(visible=under_way),
            self._resume: gr.Button(visible=run["can_resume"]),
            self.clone: gr.Button(visible=bool(run["settings"])),
            self._delete.ask: gr.Button(visible=not under_way),
        }

    def listed(self, run_id: str | None) -> Updates:
        """List all runs and show one; the newest if there is no such one."""
        choices = run_choices(list_runs())
        ids = [run_id for _, run_id in choices]
        chosen = run_id if run_id in ids else (ids[0] if ids else None)
        return {self.run: gr.Dropdown(choices=choices, value=chosen), **self.followed(chosen)}

    def _wire_looks(self) -> None:
        def tick(run_id: str | None, seen: list[list[str]]) -> Updates:
            try:
                return self.followed(run_id, seen)
            except SeizureZooError:
                # Deleted by another user between two looks; the next one shows what is there.
                return {}

        def take_row(row: gr.SelectData) -> str:
            return str(row.row_value[0])

        watching: dict[str, Any] = {"outputs": self._following, "quiet": True}
        listen(self.run.input, self.followed, inputs=self.run, **watching)
        taken = listen(self._table.select, take_row, outputs=self.run, quiet=True)
        listen(taken.success, self.followed, inputs=self.run, **watching)
        asked = [self.run, self._seen]
        listen(self._timer.tick, tick, inputs=asked, trigger_mode="once", **watching)

    def _wire_acts(self) -> None:
        def doing(act: Callable[[str], object]) -> Callable[[str | None], Updates]:
            def do(run_id: str | None) -> Updates:
                act(chosen_run(run_id))
                return self.listed(run_id)

            return do

        def question(run_id: str) -> str:
            name = run_name(training_status(run_id))
            return tr(
                "Delete {name}? Its curves, log and checkpoints go for good. A model saved from it "
                "stays.",
                name=name,
            )

        def delete(run_id: str) -> None:
            delete_run(run_id)
            inform(tr("{run_id} was deleted. A model saved from it stays.", run_id=run_id))

        for button, act in (
            (self._stop, stop_run),
            (self._resume, resume_run),
        ):
            listen(
                button.click,
                doing(act),
                inputs=self.run,
                outputs=self.listing,
            )
        self._delete.wire(
            self.run,
            question,
            doing(delete),
            self.listing,
            nothing=_CHOOSE_RUN,
        )


def chosen_run(run_id: str | None) -> str:
    """Return the run that is chosen.

    Raises
    ------
    ParameterError
        None is.
    """
    if not run_id:
        raise ParameterError(_CHOOSE_RUN)
    return run_id
