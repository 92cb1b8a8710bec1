"""The scoreboard: one file of figures for cards, README and app.

`results` and `models` hold the complete figures, `columns` and `rows` the table to show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from seizure_core.json_document import read_json
from zoo.card.evidence import kind_of

SCHEMA_VERSION = 1
BOARD_FILE = "zoo/models/scoreboard.json"

COLUMNS = (
    "model",
    "data set",
    "seizures",
    "hours",
    "sensitivity",
    "precision",
    "F1",
    "false alarms per 24 h",
    "latency, s",
    "F1 by seconds",
    "calibration error",
    "parameters",
    "s per hour of EEG",
    "data",
)


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


# Formats of the metrics between "hours" and "parameters", by name.
_FORMS: Mapping[str, Callable[[float], str]] = {
    "sensitivity": _percent,
    "precision": _percent,
    "f1": "{:.2f}".format,
    "false_alarms_per_24h": "{:.0f}".format,
    "latency_s": "{:+.1f}".format,
    "sample_f1": "{:.2f}".format,
    "calibration_error": "{:.3f}".format,
}

ABOUT = (
    "Every model at its card's operating point, and detectors without a model, scored by SzCORE's "
    "rules: an event from 30 s before to 60 s after a seizure detects it, events less than 90 s "
    "apart are merged. Brackets show 95 % bootstrap intervals over patients, if there are at "
    "least five and their recordings differ. Test-only data were not used for any choice; weights "
    "and operating points were chosen on validation data; simulated recordings show how a model "
    "behaves, not how well it works on patients. Rows with fewer than 10 seizures or less than an "
    "hour are marked: their rates are anecdotes. Seconds per hour of EEG on one core. Measured "
    "by `make scoreboard`."
)

Result = Mapping[str, Any]


def board_document(
    results: Sequence[Result], models: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the scoreboard as plain data.

    Parameters
    ----------
    results : sequence of mapping
        Entries of cards' `results`, each with `model`: an id, or a baseline's name.
    models : sequence of mapping
        `model`, `version`, `weights_sha256`, `n_parameters` and `seconds_per_hour` of each model;
        for baselines only the first and the last.
    """
    facts = {model["model"]: model for model in models}
    scored = [result for result in results if "false_alarms_per_24h" in result["metrics"]]
    names = list(dict.fromkeys(scored_recording["dataset"] for scored_recording in scored))
    return {
        "schema_version": SCHEMA_VERSION,
        "about": ABOUT,
        "columns": list(COLUMNS),
        "rows": [
            _row(scored_recording, facts[scored_recording["model"]])
            for name in names
            for scored_recording in scored
            if scored_recording["dataset"] == name
        ],
        "models": [dict(model) for model in models],
        "results": [dict(result) for result in results],
    }


def results_of(document: Mapping[str, Any], model: str) -> list[dict[str, Any]]:
    """Return the results of a model, for its card."""
    return [
        {key: value for key, value in result.items() if key != "model"}
        for result in document["results"]
        if result["model"] == model
    ]


def read_board(path: Path) -> dict[str, Any]:
    """Read a scoreboard file."""
    document: dict[str, Any] = read_json(path)
    return document


def markdown_table(document: Mapping[str, Any]) -> str:
    """Return the table as Markdown."""
    columns = document["columns"]
    lines = [_line(columns), _line(["---"] * len(columns))]
    lines += [_line([_shown(cell) for cell in row]) for row in document["rows"]]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(cell: object) -> str:
    if cell is None:
        return "-"
    return f"{cell:,}" if isinstance(cell, int) else str(cell).replace(" %", "\u00a0%")


def _row(result: Result, facts: Mapping[str, Any]) -> list[str | float | None]:
    return [
        result["model"],
        result["dataset"],
        result["n_seizures"],
        float(f"{result['hours']:.2g}"),
        *(_cell(result["metrics"].get(name), form) for name, form in _FORMS.items()),
        facts["n_parameters"],
        facts["seconds_per_hour"],
        _kind(result),
    ]


def _cell(metric: Mapping[str, Any] | None, form: Callable[[float], str]) -> str | None:
    """Format a figure with its interval."""
    if metric is None or metric["value"] is None:
        return None
    low, high = metric.get("ci_low"), metric.get("ci_high")
    text = form(metric["value"])
    # If all bootstrap samples are equal, the interval is meaningless.
    if low is None or high is None or low == high:
        return text
    return f"{text} [{form(low)}, {form(high)}]"


def _kind(result: Result) -> str:
    kind = kind_of(result["dataset"], result["split"])
    return f"{kind}, few data" if "little data" in result["note"].lower() else kind
