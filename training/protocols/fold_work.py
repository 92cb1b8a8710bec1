"""Work on one fold: dataset, training run, test; each step can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.data import builder as dataset_builder
from training.data import store as dataset_store
from training.documents import read_document, write_document
from training.errors import DatasetError, EvaluationError, RunError, TrainingError, UnknownIdError
from training.evaluate.card_results import operating_point_json
from training.protocols.corpus import pairing_of
from training.protocols.fold_inputs import Method, differences, fold_inputs, training_inputs
from training.protocols.fold_record import (
    FileScore,
    made_with,
    read_record,
    score_fold,
    write_record,
)
from training.protocols.folds import Fold
from training.runs.control import delete_run, resume_run, start_run, stop_run, wait_for_run
from training.runs.folder import find_run
from training.saving import run_detector
from zoo.store.home import home_folder

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolFolder:
    """Working folder of a protocol run, with the records of its folds.

    Attributes
    ----------
    folder : Path
        Created if missing.
    """

    folder: Path

    def record(self, name: str) -> Path:
        """Return the file with the scores of a fold."""
        return self.folder / f"{name}.json"

    def pending(self, name: str) -> Path:
        """Return the file that names the dataset and run of an unfinished fold."""
        return self.folder / f"{name}.pending.json"


def scored_fold(
    folder: ProtocolFolder, fold: Fold, method: Method, report: Report
) -> list[FileScore]:
    """Train and test a fold, unless it has a valid record; return its scores.

    A record made with other settings is discarded and the fold repeated. Dataset and run are
    deleted afterwards.

    Raises
    ------
    DatasetError, TrainingError, RunError, EvaluationError
        The fold cannot be completed; the next call continues.
    """
    record = folder.record(fold.name)
    inputs = fold_inputs(fold, method)
    if record.exists():
        rows = read_record(record)
        differing = differences(made_with(record), inputs)
        if not differing:
            report(f"{fold.name}: done before")
            return rows
        report(f"{fold.name}: done before in another way ({differing}); it is done again")
    run_id = trained_run(folder, fold, method, report)
    report(f"{fold.name}: testing on {len(fold.test)} recordings ...")
    rows, point = score_fold(run_detector(run_id), fold.test)
    write_record(
        record,
        rows,
        {
            "fold": fold.name,
            "operating_point": operating_point_json(point),
            "seed": method.settings.seed,
            "made_with": inputs,
        },
    )
    forget(folder, fold.name)
    return rows


def trained_run(folder: ProtocolFolder, fold: Fold, method: Method, report: Report) -> str:
    """Return the id of the finished run on a fold's training recordings.

    Raises
    ------
    DatasetError, TrainingError, RunError
        It cannot be trained.
    """
    folder.folder.mkdir(parents=True, exist_ok=True)
    inputs = training_inputs(fold, method)
    run_id = _run_under_way(folder, fold.name, inputs, report)
    if run_id is None:
        report(f"{fold.name}: making the dataset of {len(fold.train)} recordings ...")
        card = dataset_builder.create_dataset(pairing_of(fold.train), method.dataset)
        report(
            f"{fold.name}: {card['n_seizure_windows']} seizure and "
            f"{card['n_background_windows']} background windows; training ..."
        )
        run_id = start_run(card["dataset_id"], method.network, method.settings).run_id
        write_document(
            folder.pending(fold.name),
            {
                "run_id": run_id,
                "dataset_id": card["dataset_id"],
                "home": str(home_folder()),
                "made_with": inputs,
            },
        )
    state = wait_for_run(run_id)
    if state["state"] != "done":
        raise TrainingError(
            "{fold_name}, {run_id}: {state}",
            fold_name=fold.name,
            run_id=run_id,
            state=state["message"],
        )
    report(f"{fold.name}: {state['message']}")
    return run_id


def forget(folder: ProtocolFolder, name: str) -> None:
    """Delete the dataset and the run of a finished fold."""
    pending = folder.pending(name)
    if not pending.exists():
        return
    said = read_document(pending, EvaluationError)
    for remove, key in ((delete_run, "run_id"), (dataset_store.remove_dataset, "dataset_id")):
        try:
            remove(str(said[key]))
        except (UnknownIdError, RunError, DatasetError):
            # Already deleted or in use, which does no harm.
            continue
    pending.unlink()


def _run_under_way(
    folder: ProtocolFolder, name: str, inputs: Mapping[str, Any], report: Report
) -> str | None:
    """Return the resumed run of an earlier call; None without any."""
    pending = folder.pending(name)
    if not pending.exists():
        return None
    said = read_document(pending, EvaluationError)
    run_id = str(said["run_id"])
    try:
        state = find_run(run_id).state()["state"]
    except UnknownIdError:
        pending.unlink()
        return None
    differing = differences(said.get("made_with"), inputs)
    if differing:
        report(f"{name}: a training begun in another way ({differing}) is thrown away")
        stop_run(run_id)
        wait_for_run(run_id)
        forget(folder, name)
        return None
    if state in ("interrupted", "stopped", "failed"):
        resume_run(run_id)
    return run_id
