"""Status of runs as plain data."""

from __future__ import annotations

import re
from typing import Any

from seizure_core.errors import SeizureZooError
from training.runs.folder import RunFolder, all_runs, find_run

_LOG_LINES = 40
# Log lines of a run start with a date. Logs of version 0.1 also hold output of Python and
# libraries, with local paths.
_OWN_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ")


def run_status(run: RunFolder) -> dict[str, Any]:
    """Return a run's status, as returned by `/training_status`.

    A damaged folder has state "failed", with the reason as message.
    """
    try:
        request, state = run.request(), run.state()
    except SeizureZooError as error:
        return _row(run, {}, {"state": "failed", "message": error.message})
    return _row(run, request, state)


def training_status(run_id: str) -> dict[str, Any]:
    """Return the status of a run by its id."""
    return run_status(find_run(run_id))


def list_runs() -> list[dict[str, Any]]:
    """Return a row per run, newest first, without history and log."""
    rows = []
    for run in all_runs():
        row = run_status(run)
        history = row.pop("history")
        row.pop("log")
        rows.append({**row, "last": history[-1] if history else None})
    return rows


def _row(run: RunFolder, request: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    history = run.history()
    log = [line for line in run.log_text().splitlines() if _OWN_LINE.match(line)]
    settings = request.get("settings") or {}
    return {
        "run_id": run.run_id,
        "state": state["state"],
        "epoch": len(history),
        "epochs": state.get("epochs") or settings.get("epochs"),
        "eta_s": state.get("eta_s"),
        "history": history,
        "message": state.get("message", ""),
        "best": best_epoch(history),
        "folds": _folds(history),
        "title": settings.get("title", ""),
        "created": request.get("created"),
        "dataset_id": request.get("dataset_id"),
        "parent": (request.get("parent") or {}).get("model_id"),
        "split": request.get("split"),
        "warnings": request.get("warnings", []),
        "settings": settings,
        "network": request.get("network"),
        "n_parameters": request.get("n_parameters"),
        "threads": state.get("threads"),
        "device": state.get("device"),
        "can_resume": state["state"] in ("interrupted", "stopped", "failed") and bool(request),
        "can_save": run.checkpoints.has_best,
        "log": log[-_LOG_LINES:],
    }


def best_epoch(history: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the best epoch of the last stage; None without epochs."""
    rows = [row for row in history if row.get("fold") == history[-1].get("fold")]
    if not rows:
        return None
    if any(row.get("event_f1") is not None for row in rows):
        return max(
            rows,
            key=lambda row: (row.get("event_f1") or 0.0, -(row.get("validation_loss") or 0.0)),
        )
    if any(row.get("validation_loss") is not None for row in rows):
        return min(rows, key=lambda row: row.get("validation_loss") or float("inf"))
    return rows[-1]


def _folds(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the best epoch of each fold of leave-one-patient-out, with the fold's name."""
    numbers = dict.fromkeys(row["fold"] for row in history if row.get("fold") is not None)
    bests = (
        best_epoch([row for row in history if row.get("fold") == number]) for number in numbers
    )
    return [best for best in bests if best is not None]
