"""Runs as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

import gradio as gr

from seizure_core.recording import Finding
from training.runs.folder import list_runs
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, count_words, duration_words, figure_words
from ui.widgets import markup
from ui.widgets.model_picker import refilled

_FOLD_COLUMNS = (
    "Patient left out",
    "State",
    "Epochs",
    "Best epoch",
    "Validation loss",
    "Event F1",
    "Event sensitivity",
    "False alarms per 24 h",
    "Second F1",
    "Scored on",
)

UNDER_WAY = ("queued", "running")

# Scores of a fold, and whether more of it is better.
_FOLD_SCORES = (
    ("validation_loss", False),
    ("event_f1", True),
    ("event_sensitivity", True),
    ("false_alarms_per_24h", False),
    ("sample_f1", True),
)


def run_choices(runs: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (name shown, id) of every run."""
    return [(run_name(run), run["run_id"]) for run in runs]


def runs_with_model() -> list[tuple[str, str]]:
    """Return (name shown, id) of every run whose model can be tested and kept, newest first."""
    return run_choices([run for run in list_runs() if run["can_save"]])


def with_newest(
    choices: list[tuple[str, str]],
    runs: Sequence[tuple[str, str]],
    chosen: str | None,
    newest: str,
    default: str | None = None,
    **looks: Any,
) -> gr.Dropdown:
    """Return a dropdown in which a run that has come since is chosen; else the choice stays.

    Parameters
    ----------
    choices, runs : sequence of (str, str)
        What is offered, and which runs there are now, newest first.
    chosen : str or None
        What was chosen when the list was asked for.
    newest : str
        The newest run then; empty if there was none.
    default : str, optional
        What to choose where nothing was.
    **looks
        More arguments of the dropdown.
    """
    if runs and runs[0][1] != newest:
        return gr.Dropdown(choices=choices, value=runs[0][1], **looks)
    return refilled(choices, chosen, default=default, **looks)[0]


def scored_words(row: Mapping[str, Any] | None) -> str:
    """Return how little the event figures of an epoch are from; empty where that is not known."""
    if not row or not row.get("n_seizures"):
        return ""
    return tr(
        "{seizures} in {time}",
        seizures=count_words(row["n_seizures"], "seizure"),
        time=duration_words(row["scored_s"]),
    )


def with_count(value: float | None, row: Mapping[str, Any] | None) -> str:
    """Return a figure of an epoch with what it is from."""
    said, count = figure_words(value), scored_words(row)
    return (
        said
        if value is None or not count
        else tr("{figure} (of {count})", figure=said, count=count)
    )


def run_name(run: dict[str, Any]) -> str:
    """Return a run's title with its id."""
    return f"{run['title']} ({run['run_id']})" if run["title"] else str(run["run_id"])


def run_table(runs: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return a row for each run, in the order of the columns of the table."""
    return [
        [
            run["run_id"],
            run["title"] or "",
            tr(words.RUN_STATE_WORDS[run["state"]]),
            tr(words.OF, done=run["epoch"], total=run["epochs"]),
            with_count((run["best"] or {}).get("event_f1"), run["best"]),
            _split_words((run["split"] or {}).get("method", "")),
            str(run["dataset_id"] or ""),
            str(run["created"] or "").replace("T", " ")[:16],
        ]
        for run in runs
    ]


def _split_words(method: str) -> str:
    return next((tr(name) for name, meant in words.SPLIT_CHOICES if meant == method), method)


def run_html(run: dict[str, Any]) -> str:
    """Return where a run stands."""
    left = NOTHING if run["eta_s"] is None else duration_words(run["eta_s"])
    return markup.facts(
        [
            ("Run", run_name(run)),
            (words.STATE, tr(words.RUN_STATE_WORDS[run["state"]])),
            ("Epoch", tr(words.OF, done=run["epoch"], total=run["epochs"])),
            ("Time left", left if run["state"] == "running" else NOTHING),
            *(_fold_facts(run) if len(_fold_names(run)) > 1 else _best_facts(run)),
        ],
        lead=True,
    ) + markup.findings(_findings(run))


def folds_html(run: dict[str, Any]) -> str:
    """Return the scores of each fold of leave-one-patient-out; empty for any other run."""
    names = _fold_names(run)
    if len(names) < 2:
        return ""
    tested = run["folds"][: len(names)]
    rows = [_fold_row(run, number, name) for number, name in enumerate(names)]
    rows.append(_fold_row(run, len(names), tr("none: all patients")))
    if tested:
        rows.append(_summary("Mean of the folds", [_mean(tested, key) for key, _ in _FOLD_SCORES]))
        worst = [_worst(tested, key, more_is_better=better) for key, better in _FOLD_SCORES]
        rows.append(_summary("Worst of the folds", worst))
    return markup.heading("Each patient in turn") + markup.table(_FOLD_COLUMNS, rows)


def _best_facts(run: dict[str, Any]) -> list[tuple[str, str]]:
    best = run["best"] or {}
    return [
        (words.BEST_EPOCH, str(best.get("epoch", NOTHING))),
        (words.BEST_LOSS, figure_words(best.get("validation_loss"))),
        (words.BEST_F1, with_count(best.get("event_f1"), best)),
        (words.BEST_ALARMS, with_count(best.get("false_alarms_per_24h"), best)),
    ]


def _fold_facts(run: dict[str, Any]) -> list[tuple[str, str]]:
    """Return means over the folds: the model that is kept was tested on no patient."""
    names = _fold_names(run)
    tested = run["folds"][: len(names)]
    return [
        ("Folds", tr(words.OF, done=len(tested), total=len(names))),
        ("Mean event F1 of the folds", figure_words(_mean(tested, "event_f1"))),
        ("Mean false alarms per 24 h", figure_words(_mean(tested, "false_alarms_per_24h"))),
    ]


def _fold_names(run: dict[str, Any]) -> list[str]:
    return (run["split"] or {}).get("folds") or []


def _fold_row(run: dict[str, Any], number: int, name: str) -> list[str]:
    rows = [row for row in run["history"] if row.get("fold") == number + 1]
    best = run["folds"][number] if number < len(run["folds"]) else {}
    first = rows[0]["epoch"] if rows else 1
    return [
        name,
        tr(_fold_state(run, number)),
        str(len(rows) or NOTHING),
        str(best["epoch"] - first + 1) if best else NOTHING,
        *(figure_words(best.get(key)) for key, _ in _FOLD_SCORES),
        scored_words(best) or NOTHING,
    ]


def _fold_state(run: dict[str, Any], number: int) -> str:
    """Return in a word what becomes of a fold: later ones begin when it is through."""
    reached = len(run["folds"]) - 1
    if run["state"] == "done" or number < reached:
        return "done"
    if number == max(reached, 0) and run["state"] != "queued":
        return "training" if run["state"] == "running" else "not finished"
    return "waiting" if run["state"] in UNDER_WAY else NOTHING


def _summary(title: str, values: Sequence[float | None]) -> list[str]:
    return [tr(title), "", "", "", *map(figure_words, values), ""]


def _known(folds: Sequence[dict[str, Any]], key: str) -> list[float]:
    return [fold[key] for fold in folds if fold.get(key) is not None]


def _mean(folds: Sequence[dict[str, Any]], key: str) -> float | None:
    values = _known(folds, key)
    return mean(values) if values else None


def _worst(folds: Sequence[dict[str, Any]], key: str, *, more_is_better: bool) -> float | None:
    values = _known(folds, key)
    if not values:
        return None
    return min(values) if more_is_better else max(values)


def _findings(run: dict[str, Any]) -> list[Finding]:
    found = []
    if run["message"]:
        severity = {"failed": "error", "interrupted": "warning"}.get(run["state"], "info")
        found.append(Finding(severity=severity, message=run["message"]))  # type: ignore[arg-type]
    found += [Finding.warning(warning) for warning in run["warnings"]]
    split = run["split"] or {}
    if split.get("leaks"):
        leak = duration_words(split["leak_s"])
        found.append(
            Finding.warning(
                "This split leaks: {leak} of the validation windows are in training windows "
                "too. Its validation figures are too good to be true.",
                leak=leak,
            )
        )
    return found
