"""The folder of a run: request, state, figures, log; its status as plain data."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from seizure_core.batch.process_folder import ProcessFolder
from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message
from training.documents import (
    existing_folder,
    known_ids,
    read_document,
    write_document,
    write_error,
)
from training.errors import RunError
from training.fit.checkpoints import CheckpointFolder
from zoo.store.home import home_folder

KIND = "run"
RUN_FILE = "run.json"
STATE_FILE = "state.json"
METRICS_FILE = "metrics.jsonl"
LOG_FILE = "log.txt"
START_WEIGHTS_FILE = "start.safetensors"

RunState = Literal["queued", "running", "stopped", "interrupted", "done", "failed"]

_MAX_LOG_BYTES = 200_000


def runs_folder() -> Path:
    """Return the folder of all runs, which need not exist."""
    return home_folder() / "runs"


def find_run(run_id: str) -> RunFolder:
    """Return a run by its id.

    Raises
    ------
    UnknownIdError
        There is no such run.
    """
    return RunFolder(folder=existing_folder(runs_folder(), KIND, run_id))


def all_runs() -> list[RunFolder]:
    """Return all runs, newest first."""
    folder = runs_folder()
    return [RunFolder(folder=folder / run_id) for run_id in reversed(known_ids(folder, KIND))]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFolder(ProcessFolder):
    """The folder of one run; every method reads the disk.

    Attributes
    ----------
    folder : Path
        Its name is the run's id.
    """

    @property
    def run_id(self) -> str:
        """Id of the run."""
        return self.folder.name

    @property
    def checkpoints(self) -> CheckpointFolder:
        """Its checkpoints."""
        return CheckpointFolder(folder=self.folder)

    def request(self) -> dict[str, Any]:
        """Return the request: dataset, network, settings.

        Raises
        ------
        RunError
            The folder is damaged.
        """
        return read_document(self.folder / RUN_FILE)

    def written_state(self) -> dict[str, Any]:
        """Return the state as last written, whether or not the process lives.

        Raises
        ------
        RunError
            The folder is damaged.
        """
        return read_document(self.folder / STATE_FILE)

    def write_state(self, **changes: Any) -> None:
        """Change some keys of the state.

        Raises
        ------
        RunError
            The disk is full.
        """
        try:
            known = self.written_state()
        except RunError:
            known = {"state": "queued", "message": "", "epoch": 0, "epochs": None, "eta_s": None}
        write_document(self.folder / STATE_FILE, {**known, **changes})

    def state(self) -> dict[str, Any]:
        """Return the state; a running state without a process becomes "interrupted".

        Raises
        ------
        RunError
            The folder is damaged.
        """
        known = self.written_state()
        if known.get("state") in ("queued", "running") and not self._is_alive(known):
            # The worker may have finished between the two checks.
            known = self.written_state()
            if known.get("state") in ("queued", "running") and not self._is_alive(known):
                saved = (
                    "It can be resumed from where it was last saved."
                    if self.checkpoints.has_checkpoint
                    else "It can be resumed from the start."
                )
                known |= {
                    "state": "interrupted",
                    "eta_s": None,
                    "message": Message("The process of this run is gone. {saved}", saved=saved),
                }
        return known

    def _is_alive(self, known: dict[str, Any]) -> bool:
        return self.is_locked() or (known.get("state") == "queued" and self.is_starting())

    def ask_to_stop(self) -> None:
        """Ask the worker to stop at the next batch.

        Raises
        ------
        RunError
            The disk is full.
        """
        try:
            ProcessFolder.ask_to_stop(self)
        except OSError as error:
            raise write_error(self.run_id, error) from error

    def history(self) -> list[dict[str, Any]]:
        """Return the figures of all completed epochs, without an incomplete last line."""
        try:
            lines = (self.folder / METRICS_FILE).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return []
        rows = []
        for line in lines:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                break
            if not isinstance(row, dict):
                break
            rows.append(row)
        return rows

    def write_history(self, rows: list[dict[str, Any]]) -> None:
        """Rewrite all figures, when a run resumes from an earlier epoch."""
        text = "".join(json.dumps(row, allow_nan=False) + "\n" for row in rows)
        self._write(METRICS_FILE, text, mode="w")

    def add_figures(self, row: dict[str, Any]) -> None:
        """Append the figures of an epoch."""
        self._write(METRICS_FILE, json.dumps(row, allow_nan=False) + "\n")

    def log(self, text: str) -> None:
        """Append a line to the log."""
        self._write(LOG_FILE, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")

    def log_text(self) -> str:
        """Return the end of the log."""
        try:
            data = (self.folder / LOG_FILE).read_bytes()[-_MAX_LOG_BYTES:]
        except OSError:
            return ""
        return data.decode("utf-8", errors="replace")

    def _write(self, name: str, text: str, mode: str = "a") -> None:
        try:
            with (self.folder / name).open(mode, encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise write_error(name, error) from error


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
