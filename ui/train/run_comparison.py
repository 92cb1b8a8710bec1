"""Several runs side by side: their curves over each other, what differs, how they ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import gradio as gr

from seizure_core.errors import SeizureZooError
from seizure_core.json_document import canonical_json, sha256_of
from training.runs.status import list_runs, training_status
from ui.events import Updates, listen
from ui.i18n import words
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, duration_words, figure_words, number_words
from ui.train.curves import STYLES, compared_curves_html
from ui.train.fields import TRAIN_FIELDS
from ui.train.run_views import UNDER_WAY, run_choices, scored_words
from ui.widgets import markup
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
