"""Work on one fold: dataset, training run, test; each step can be resumed.

All inputs of a fold are saved with its scores to detect stale results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.json_document import canonical_json, sha256_of
from training.data import builder as dataset_builder
from training.data import store as dataset_store
from training.data.settings import DatasetSettings
from training.documents import read_document, write_document
from training.errors import DatasetError, EvaluationError, RunError, TrainingError, UnknownIdError
from training.evaluate.card_results import operating_point_json
from training.fit.settings import TrainSettings
from training.protocols.corpus import CorpusRecording, pairing_of
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
from training.runs.requests import find_start
from training.saving import run_detector
from zoo.store.home import home_folder

FOLD_VERSION = 1
"""Increase whenever the same settings give another fold, by cutting, training or scoring."""

# Names and save intervals, which do not affect the result.
_WITHOUT_EFFECT_ON_DATASETS = frozenset({"title"})
_WITHOUT_EFFECT_ON_TRAININGS = frozenset({"title", "checkpoint_every_s"})
_SHOWN = 3
_LONGEST_VALUE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Training method for the model of every fold.

    Attributes
    ----------
    network : list of dict, or str
        Layers, or the id of a model whose architecture is used.
    settings : TrainSettings
        The split is within the training recordings.
    """

    network: Any
    dataset: DatasetSettings
    settings: TrainSettings


def training_inputs(fold: Fold, method: Method) -> dict[str, Any]:
    """Return everything that determines the model of a fold, as plain data.

    Raises
    ------
    DatasetError
        A recording or a reference cannot be read.
    UnknownModelError, TrainingError
        The network is not valid, or not the id of a model.
    """
    start = find_start(method.network)
    weights = start.card.weights.sha256 if start.card and method.settings.start_weights else "none"
    return {
        "version": {"folds": FOLD_VERSION, "seizure-zoo": __version__},
        "network": start.layers,
        "start_weights": weights,
        "dataset": method.dataset.model_dump(mode="json", exclude=set(_WITHOUT_EFFECT_ON_DATASETS)),
        "settings": method.settings.model_dump(
            mode="json", exclude=set(_WITHOUT_EFFECT_ON_TRAININGS)
        ),
        "trained_on": _contents(fold.train),
    }


def fold_inputs(fold: Fold, method: Method) -> dict[str, Any]:
    """Return everything that determines the scores of a fold, as plain data.

    Raises
    ------
    DatasetError, UnknownModelError, TrainingError
        See `training_inputs`.
    """
    return {**training_inputs(fold, method), "tested_on": _contents(fold.test)}


def differences(before: object, now: Mapping[str, Any]) -> str:
    """Return the differences of two inputs as text; "" without any.

    Parameters
    ----------
    before : object
        From an earlier record; None in old ones.
    now : mapping
        From `training_inputs` or `fold_inputs`.
    """
    if not isinstance(before, Mapping):
        return "it is not written down with which settings"
    old, new = dict(_leaves(before)), dict(_leaves(now))
    changed = [
        name
        for name in dict.fromkeys([*new, *old])
        if name not in old
        or name not in new
        or canonical_json(old[name]) != canonical_json(new[name])
    ]
    said = [_change(name, old, new) for name in changed[:_SHOWN]]
    if len(changed) > _SHOWN:
        said.append(f"and {len(changed) - _SHOWN} more")
    return "; ".join(said)


def _contents(recordings: Sequence[CorpusRecording]) -> dict[str, Any]:
    """Return sizes of recordings and hashes of their references, by name.

    Signals are not hashed, because that would read the whole database before every start; `fetch`
    has verified them.
    """
    return {recording.pair.recording.file_name: _content(recording) for recording in recordings}


def _content(entry: CorpusRecording) -> dict[str, Any]:
    recording = entry.pair.recording.location
    references = [source.file for source in entry.pair.references]
    try:
        return {
            "n_bytes": recording.stat().st_size,
            "references": {
                file.file_name: sha256_of(file.location.read_bytes())
                for file in references
                if file.location != recording
            },
        }
    except OSError as error:
        raise DatasetError(
            "{file_name} or its reference cannot be read "
            "({strerror}). Fetch it again with --check.",
            file_name=entry.pair.recording.file_name,
            strerror=error.strerror,
        ) from error


def _leaves(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the values to compare, by dotted name."""
    for section, value in document.items():
        if isinstance(value, Mapping):
            yield from ((f"{section} {name}", member) for name, member in value.items())
        else:
            yield section, value


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    if name not in old:
        return f"{name} is new"
    if name not in new:
        return f"{name} is gone"
    if any(len(str(values[name])) > _LONGEST_VALUE for values in (old, new)):
        return f"{name} differs"
    return f"{name} was {_plain(old[name])}, is {_plain(new[name])}"


def _plain(value: object) -> str:
    # Canonical JSON has no 9.0; write both sides alike.
    return canonical_json(value).decode()


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
