"""A search for settings: many runs on one dataset, whose best is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr

from seizure_core.errors import ParameterError
from training.fit.settings import train_settings
from training.search.study import NEEDS_OPTUNA
from training.search.study_folder import (
    StudyFolder,
    TrialRow,
    all_studies,
    best_of,
    find_study,
    has_optuna,
    resume_study,
    start_study,
    stop_study,
)
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import filled_table, tr, tr_message
from ui.i18n.wording import NOTHING, figure_words
from ui.train.run_views import UNDER_WAY
from ui.train.runs import RunsPanel
from ui.train.search_space import SEARCHED_FIELDS, proposed, searched, whole_number
from ui.widgets import markup

_N_SETTINGS = 4
_BEGINNING = "learning_rate"
_TICK_S = 2.0

_ABOUT = (
    "A search trains one run after the other on the dataset and the network, with the settings of "
    "this step except for those named here, which Optuna chooses. Runs that do worse than others "
    "are given up early. The best has the highest event F1 on the validation recordings."
)
_NONE_CHOSEN = "No search has been started. A search goes on when you close this page."
_CHOOSE = "Choose a search first, or start one."
_NO_BEST = "No trial was trained to its end yet."
_COLUMNS = ("Trial", "State", "Event F1", "Epochs", "Settings", "Run")
_STATES = {
    **words.RUN_STATE_WORDS,
    "complete": "complete",
    "pruned": "given up early",
    "diverged": "diverged",
}
Start = Callable[[dict[Any, Any]], tuple[str, Any, dict[str, Any]]]
"""Returns dataset, network and settings from what the page holds."""


class SearchPanel:
    """The panel; without Optuna one line says how to get it.

    Attributes
    ----------
    listing : list
        What `listed` may change.
    remembered : list
        Fields of the next search.
    keep : gr.Button or None
        Asks for the best trial of `study` to be kept.
    """

    def __init__(self, runs: RunsPanel) -> None:
        self._runs = runs
        self.listing: list[Any] = []
        self.remembered: list[Any] = []
        self.keep: gr.Button | None = None
        with gr.Accordion("Search for settings", open=False, elem_id="search"):
            if not has_optuna():
                gr.HTML(markup.paragraph(NEEDS_OPTUNA), padding=False)
                return
            gr.HTML(markup.paragraph(_ABOUT), elem_classes="remark left", padding=False)
            with gr.Row(equal_height=False):
                with gr.Column(min_width=320):
                    self._build_space()
                with gr.Column(min_width=320):
                    self._build_progress()
            self._build_table()
        self.listing = [self.study, *self._following]

    def _build_space(self) -> None:
        self._space: list[tuple[gr.Dropdown, gr.Textbox, gr.Checkbox]] = []
        choices = [("none", ""), *((field.label, name) for name, field in SEARCHED_FIELDS.items())]
        for number in range(1, _N_SETTINGS + 1):
            name = _BEGINNING if number == 1 else ""
            values, log = proposed(name)
            with gr.Row(equal_height=False):
                row = (
                    gr.Dropdown(
                        choices=choices,
                        value=name,
                        label=f"Setting {number}",
                        scale=3,
                        min_width=140,
                        elem_id=f"search-setting-{number}",
                    ),
                    gr.Textbox(
                        values,
                        label="Range or values",
                        placeholder="0.001 .. 0.01",
                        max_lines=1,
                        scale=2,
                        min_width=140,
                        elem_id=f"search-values-{number}",
                    ),
                    gr.Checkbox(
                        log,
                        label="Logarithmic",
                        scale=1,
                        min_width=130,
                        elem_classes="flag",
                        elem_id=f"search-log-{number}",
                    ),
                )
            self._space.append(row)
            listen(row[0].input, proposed, inputs=row[0], outputs=list(row[1:]), quiet=True)
        self._n_trials = gr.Textbox(
            "20", label="Number of trials", max_lines=1, elem_id="search-trials"
        )
        self._start = gr.Button("Start the search", size="md", elem_id="start-search")
        self.remembered = [self._n_trials, *(field for row in self._space for field in row)]

    def _build_progress(self) -> None:
        self.study = gr.Dropdown(choices=[], label="Search", elem_id="search-choice")
        self._status = gr.HTML(markup.empty(_NONE_CHOSEN), elem_id="search-status")
        looks: dict[str, Any] = {"size": "md", "min_width": 140, "visible": False}
        with gr.Row():
            self._stop = gr.Button("Stop", elem_id="stop-search", **looks)
            self._resume = gr.Button("Resume", elem_id="resume-search", **looks)
            self.keep = gr.Button("Keep the best", elem_id="keep-search", **looks)
        self._buttons = (self._stop, self._resume, self.keep)

    def _build_table(self) -> None:
        self._table = gr.Dataframe(
            headers=list(_COLUMNS),
            interactive=False,
            visible=False,
            label="Trials (choose a row to see its run)",
            max_height=260,
            elem_id="search-table",
        )
        self._timer = gr.Timer(_TICK_S, active=False)
        self._seen = gr.State([])  # rows of the table as they were sent
        self._following = [
            *(self._status, *self._buttons, self._table, self._timer, self._seen),
        ]

    def wire(self, asked: set[Any], start: Start) -> None:
        """Bind the controls; `start` reads what the rest of the step holds in `asked`."""
        if not self.listing:
            return

        def begin(given: dict[Any, Any]) -> Updates:
            dataset_id, network, settings = start(given)
            rows = [tuple(given[field] for field in row) for row in self._space]
            study = start_study(
                dataset_id,
                network,
                train_settings(settings),
                searched(rows),
                n_trials=whole_number("Number of trials", given[self._n_trials]),
            )
            return self.listed(study.study_id)

        listen(self._start.click, begin, inputs={*asked, *self.remembered}, outputs=self.listing)
        for button, act in ((self._stop, stop_study), (self._resume, resume_study)):
            listen(button.click, self._doing(act), inputs=self.study, outputs=self.listing)
        watching: dict[str, Any] = {"outputs": self._following, "quiet": True}
        listen(self.study.input, self.followed, inputs=self.study, **watching)
        listen(
            self._timer.tick,
            self._tick,
            inputs=[self.study, self._seen, self._runs.run],
            outputs=[*self._following, *self._runs.listing],
            trigger_mode="once",
            quiet=True,
        )
        listen(self._table.select, self._take_row, outputs=self._runs.listing, quiet=True)

    def _doing(self, act: Callable[[str], object]) -> Callable[[str | None], Updates]:
        def do(study_id: str | None) -> Updates:
            act(_chosen(study_id))
            return self.listed(study_id)

        return do

    def _tick(self, study_id: str | None, seen: list[list[str]], run_id: str | None) -> Updates:
        shown = self.followed(study_id, seen)
        return {**shown, **(self._runs.listed(run_id) if self._table in shown else {})}

    def _take_row(self, row: gr.SelectData) -> Updates:
        return self._runs.listed(str(row.row_value[-1]))

    def listed(self, study_id: str | None) -> Updates:
        """List all searches and show one; the newest if there is no such one."""
        if not self.listing:
            return {}
        studies = all_studies()
        chosen = study_id if study_id in studies else next(iter(studies), None)
        choices = [(study.name, one) for one, study in studies.items()]
        return {self.study: gr.Dropdown(choices=choices, value=chosen), **self.followed(chosen)}

    def followed(self, study_id: str | None, seen: list[list[str]] | None = None) -> Updates:
        """Show a search as it stands, and its trials unless they are as they were `seen`."""
        study = all_studies().get(study_id or "")
        if study is None:
            return {
                self._status: markup.empty(_NONE_CHOSEN),
                **{button: gr.Button(visible=False) for button in self._buttons},
                self._table: gr.Dataframe(visible=False),
                self._timer: gr.Timer(active=False),
                self._seen: [],
            }
        trials = study.trials()
        state = study.state(trials)
        rows = [_cells(row) for row in trials]
        stop, resume, keep = self._buttons
        shown: Updates = {
            self._status: search_html(study, trials, state),
            stop: gr.Button(visible=state in UNDER_WAY),
            resume: gr.Button(visible=study.can_resume and state not in ("done", *UNDER_WAY)),
            keep: gr.Button(visible=best_of(trials) is not None),
            self._timer: gr.Timer(active=state in UNDER_WAY),
            self._seen: rows,
        }
        if rows != seen:
            table = filled_table(_COLUMNS, rows)
            shown[self._table] = gr.Dataframe(value=table, visible=bool(rows))
        return shown


def best_run(study_id: str | None) -> str:
    """Return the run of the best trial of a search.

    Raises
    ------
    ParameterError
        There is none yet.
    """
    best = best_of(find_study(_chosen(study_id)).trials())
    if best is None:
        raise ParameterError(_NO_BEST)
    return best.run_id


def search_html(study: StudyFolder, trials: list[TrialRow], state: str) -> str:
    """Return where a search stands, and what is best in it."""
    best = best_of(trials)
    ended = [row for row in trials if row.state in ("complete", "pruned", "diverged")]
    n_pruned = sum(row.state == "pruned" for row in trials)
    said = markup.facts(
        [
            ("Search", study.name),
            (words.STATE, tr(words.RUN_STATE_WORDS[state])),
            ("Trials", tr(words.OF, done=len(ended), total=study.n_trials)),
            ("Given up early", str(n_pruned)),
            ("Best event F1", figure_words(None if best is None else best.event_f1)),
            ("Best settings", NOTHING if best is None else _settings_words(best.params)),
        ],
        lead=True,
    )
    messages = [tr_message(row.message) for row in trials if row.message][:1]
    if not messages and state == "interrupted" and study.last_words():
        messages = [tr("The process ended. Last it said: {line}", line=study.last_words())]
    return said + markup.each('<p class="notice" role="status">{}</p>', messages)


def _cells(row: TrialRow) -> list[str]:
    return [
        str(row.number),
        tr(_STATES[row.state]),
        figure_words(row.event_f1),
        str(row.epochs),
        _settings_words(row.params),
        row.run_id,
    ]


def _settings_words(params: Mapping[str, Any]) -> str:
    labels = {name: tr(field.label) for name, field in SEARCHED_FIELDS.items()}
    said = (f"{labels.get(name, name)}: {_value_words(value)}" for name, value in params.items())
    return "; ".join(said)


def _value_words(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes" if value else "no")
    return tr("{value:.4g}", value=value) if isinstance(value, float) else str(value)


def _chosen(study_id: str | None) -> str:
    if not study_id:
        raise ParameterError(_CHOOSE)
    return study_id
