"""Runs as people read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seizure_core.recording import Finding
from ui import markup
from ui import train_text as words
from ui.train.score_views import figure_words
from ui.wording import NOTHING, duration_words

UNDER_WAY = ("queued", "running")


def run_choices(runs: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return (name shown, id) of every run."""
    return [(_name(run), run["run_id"]) for run in runs]


def run_table(runs: Sequence[dict[str, Any]]) -> list[list[str]]:
    """Return a row for each run, as `train_text.RUN_COLUMNS` names them."""
    return [
        [
            run["run_id"],
            run["title"] or "",
            words.RUN_STATE_WORDS[run["state"]],
            f"{run['epoch']} of {run['epochs']}",
            _figure((run["best"] or {}).get("event_f1")),
            str((run["split"] or {}).get("method", "")),
            str(run["dataset_id"] or ""),
            str(run["created"] or "").replace("T", " ")[:16],
        ]
        for run in runs
    ]


def run_html(run: dict[str, Any]) -> str:
    """Return where a run stands."""
    best = run["best"] or {}
    left = NOTHING if run["eta_s"] is None else duration_words(run["eta_s"])
    return markup.facts(
        [
            ("Run", _name(run)),
            ("State", words.RUN_STATE_WORDS[run["state"]]),
            ("Epoch", f"{run['epoch']} of {run['epochs']}"),
            ("Time left", left if run["state"] == "running" else NOTHING),
            ("Best epoch", str(best.get("epoch", NOTHING))),
            ("Its validation loss", _figure(best.get("validation_loss"))),
            ("Its event F1", _figure(best.get("event_f1"))),
            ("False alarms per 24 h", _figure(best.get("false_alarms_per_24h"))),
        ],
        lead=True,
    ) + markup.findings(_findings(run))


def _findings(run: dict[str, Any]) -> list[Finding]:
    found = []
    if run["message"]:
        severity = {"failed": "error", "interrupted": "warning"}.get(run["state"], "info")
        found.append(Finding(severity=severity, message=run["message"]))  # type: ignore[arg-type]
    split = run["split"] or {}
    if split.get("leaks"):
        leak = duration_words(split["leak_s"])
        found.append(Finding(severity="warning", message=words.LEAKS.format(leak=leak)))
    return found


def _name(run: dict[str, Any]) -> str:
    return f"{run['title']} ({run['run_id']})" if run["title"] else str(run["run_id"])


def _figure(value: float | None) -> str:
    return NOTHING if value is None else figure_words(value)
