"""Building of a dataset from paired recordings, atomically."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core import __version__
from seizure_core.batch.engines import in_process
from seizure_core.batch.planning import named_tasks
from seizure_core.batch.task import Batch, Task
from seizure_core.errors import SeizureZooError
from seizure_core.events.event import Event
from seizure_core.intervals import Spans, spans_within
from seizure_core.messages import Message
from seizure_core.recording import Finding, caveats_first
from seizure_core.signals.model_input import ModelInput
from training.data.card import DatasetEntry, dataset_card, public_card
from training.data.dataset import (
    DATASET_FILE,
    HASHES_FILE,
    SIGNALS_FOLDER,
    WINDOWS_FILE,
    signals_name,
)
from training.data.labelled_recordings import (
    LabelledRecording,
    RefusedFile,
    nothing_usable,
    open_labelled,
)
from training.data.labelling import RecordingSpans, choose_windows
from training.data.ledger import ledger_entry, refused_entry
from training.data.pairing import Pairing
from training.data.parts import SignalsJob, StoredPart, kept_salt, model_input_of, stored_part
from training.data.settings import DatasetSettings, dataset_settings
from training.data.signal_store import stored_bytes
from training.data.store import KIND, datasets_folder
from training.data.timeline import FileSpan, doubtful_starts, neighbours_seizures
from training.documents import workshop, write_document, write_error
from training.errors import DatasetError
from zoo.store.home import check_room, make_private

Progress = Callable[[float, str], None]
Store = Callable[[Batch, Sequence[Task]], None]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Usable:
    """A recording that fits the settings."""

    labelled: LabelledRecording
    model_input: ModelInput


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Plan:
    """The recordings of a dataset, the batch that stores their signals, and what is left out."""

    usable: list[_Usable]
    refused: list[RefusedFile]
    batch: Batch
    tasks: list[Task]
    salt: str


def create_dataset(
    pairing: Pairing,
    settings: DatasetSettings | Mapping[str, Any] | None = None,
    *,
    progress: Progress | None = None,
    parts: Path | None = None,
    store: Store | None = None,
) -> dict[str, Any]:
    """Create a dataset in the home folder.

    Parameters
    ----------
    pairing : Pairing
        Recordings and references.
    settings : DatasetSettings or mapping, optional
        None takes the defaults.
    progress : callable, optional
        Called with the fraction done and the current step.
    parts : Path, optional
        Folder to keep the signals of each recording in; with None they are the dataset's only.
    store : callable, optional
        Does the tasks of a batch, in whatever processes; None does them here.

    Returns
    -------
    dict
        The dataset's card as plain data, with `dataset_id`.

    Raises
    ------
    DatasetError
        A setting is wrong, no recording is usable, or the disk is full. Nothing is left on disk.
    HomeFullError
        The home folder holds as much as it may, or would with the dataset.
    """
    if not isinstance(settings, DatasetSettings):
        settings = dataset_settings(settings)
    home = datasets_folder()
    report = progress or (lambda _f, _t: None)
    try:
        make_private(home.parent)
        with workshop(home, KIND) as (dataset_id, temporary):
            (temporary / SIGNALS_FOLDER).mkdir()
            plan = _planned(parts or temporary / "parts", pairing, settings)
            if store is None:
                _store_here(plan, report)
            else:
                store(plan.batch, plan.tasks)
            card = _assembled(temporary, dataset_id, pairing, settings, plan)
            if parts is None:
                shutil.rmtree(temporary / "parts")
            report(1.0, "Writing the card")
            write_document(temporary / DATASET_FILE, card)
            temporary.rename(home / dataset_id)
    except OSError as error:
        reason = write_error("the dataset", error).message
        raise DatasetError("{reason}", reason=reason) from error
    return public_card(card)


def store_parts(folder: Path, pairing: Pairing, settings: Mapping[str, Any], store: Store) -> None:
    """Store signals of recordings for `create_dataset` to find, without making a dataset.

    Raises
    ------
    DatasetError
        A setting is wrong, or no recording is usable.
    """
    plan = _planned(folder, pairing, dataset_settings(settings))
    store(plan.batch, plan.tasks)


def _planned(folder: Path, pairing: Pairing, settings: DatasetSettings) -> _Plan:
    usable, refused = _usable(pairing, settings)
    if not usable:
        raise DatasetError(nothing_usable(refused, window_s=settings.window_s))
    check_room(sum(stored_bytes(candidate.model_input) for candidate in usable))
    salt = kept_salt(folder)
    tasks = named_tasks(
        (one.labelled.pair.recording.location, one.labelled.recording.file_name) for one in usable
    )
    batch = Batch(job=SignalsJob(settings=settings, salt=salt), out=folder)
    return _Plan(usable=usable, refused=refused, batch=batch, tasks=tasks, salt=salt)


def _store_here(plan: _Plan, progress: Progress) -> None:
    """Store the signals in this process."""
    n = len(plan.tasks)

    def report(done: float) -> None:
        name = plan.tasks[min(int(done), n - 1)].file_name
        progress(done / n, Message("Storing {name}", name=name))

    plan.batch.ledger.create()
    for _ in in_process(plan.batch, plan.tasks, report):
        pass


def _assembled(
    folder: Path, dataset_id: str, pairing: Pairing, settings: DatasetSettings, plan: _Plan
) -> dict[str, Any]:
    """Choose the windows of stored recordings, write them and return the card."""
    parts, refused = _parts(plan)
    if not parts:
        raise DatasetError(nothing_usable(refused, window_s=settings.window_s))
    timed = [_timed(candidate) for candidate, _ in parts]
    neighbours = neighbours_seizures(timed, within_s=settings.guard_s)
    built: list[DatasetEntry] = []
    for index, (candidate, part) in enumerate(parts):
        part.put(folder / SIGNALS_FOLDER / signals_name(index))
        built.append(
            DatasetEntry(
                labelled=_with_caveats(
                    candidate.labelled, (*candidate.model_input.findings, *part.stored.findings)
                ),
                plan=candidate.model_input.plan,
                n_samples=candidate.model_input.n_samples,
                spans=_spans(candidate, neighbours[index], settings, part.stored.gaps),
                sha256=part.stored.sha256,
            )
        )
    hashes = [part.hashes for _, part in parts]
    windows = choose_windows([entry.spans for entry in built], settings)
    np.save(folder / WINDOWS_FILE, windows, allow_pickle=False)
    np.save(folder / HASHES_FILE, np.unique(np.concatenate(hashes)), allow_pickle=False)
    return dataset_card(
        dataset_id=dataset_id,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        app_version=__version__,
        settings=settings,
        recordings=built,
        refused=refused,
        windows=windows,
        ledger=_ledger(built, windows, refused, settings),
        salt=plan.salt,
        hashes=hashes,
        doubtful=doubtful_starts(timed) if settings.guard_s else frozenset(),
        unused_references=pairing.unused,
    )


def _parts(plan: _Plan) -> tuple[list[tuple[_Usable, StoredPart]], list[RefusedFile]]:
    """Return the recordings whose signals are stored, and all that are left out."""
    parts: list[tuple[_Usable, StoredPart]] = []
    refused = list(plan.refused)
    for candidate, task in zip(plan.usable, plan.tasks, strict=True):
        part = stored_part(plan.batch, task, candidate.labelled.recording.duration_s)
        if isinstance(part, RefusedFile):
            refused.append(part)
        else:
            parts.append((candidate, part))
    return parts, refused


def _usable(pairing: Pairing, settings: DatasetSettings) -> tuple[list[_Usable], list[RefusedFile]]:
    usable: list[_Usable] = []
    refused: list[RefusedFile] = []
    for pair in pairing.pairs:
        if pair.state == "unknown" and settings.unreferenced == "seizure-free":
            pair = replace(pair, seizure_free=True)
        opened = open_labelled(pair)
        found = opened if isinstance(opened, RefusedFile) else _fitted(opened, settings)
        if isinstance(found, RefusedFile):
            refused.append(found)
        else:
            usable.append(found)
    return usable, refused


def _fitted(labelled: LabelledRecording, settings: DatasetSettings) -> _Usable | RefusedFile:
    recording = labelled.recording
    try:
        model_input = model_input_of(recording, settings)
    except SeizureZooError as error:
        return RefusedFile.because(
            error, file_name=recording.file_name, duration_s=recording.duration_s
        )
    reason = ""
    is_short = model_input.n_samples < settings.window_samples
    if is_short:
        reason = Message(
            "it lasts {duration_s:g} s, less than a window of {window_s:g} s",
            duration_s=recording.duration_s,
            window_s=settings.window_s,
        )
    elif settings.only_with_seizures and not labelled.events:
        reason = "it has no seizure, and only recordings with seizures are wanted"
    if reason:
        return RefusedFile(
            file_name=recording.file_name,
            reason=reason,
            duration_s=recording.duration_s,
            is_short=is_short,
        )
    return _Usable(labelled=labelled, model_input=model_input)


def _with_caveats(labelled: LabelledRecording, found: Sequence[Finding]) -> LabelledRecording:
    """Add findings on channels and quality, which also concern models trained on them."""
    doubts = (finding for finding in found if finding.is_caveat)
    return replace(labelled, findings=caveats_first((*labelled.findings, *doubts)))


def _timed(usable: _Usable) -> FileSpan:
    return FileSpan(
        patient=usable.labelled.pair.patient,
        start_time=usable.labelled.recording.start_time,
        duration_s=usable.labelled.recording.duration_s,
        # A possible seizure also guards neighbouring files.
        events=(*usable.labelled.events, *usable.labelled.uncertain),
    )


def _spans(
    usable: _Usable,
    neighbours: Sequence[Event],
    settings: DatasetSettings,
    gaps: Spans,
) -> RecordingSpans:
    n_samples, rate_hz = usable.model_input.n_samples, settings.sampling_rate_hz
    events, uncertain = usable.labelled.events, usable.labelled.uncertain
    return RecordingSpans(
        n_samples=n_samples,
        ictal=_samples_of(events, rate_hz, n_samples),
        guarded=_samples_of(
            (*events, *uncertain, *neighbours), rate_hz, n_samples, margin_s=settings.guard_s
        ),
        gaps=gaps,
        uncertain=_samples_of(uncertain, rate_hz, n_samples),
    )


def _samples_of(
    events: Iterable[Event], sampling_rate_hz: float, n_samples: int, *, margin_s: float = 0.0
) -> Spans:
    """Return the sample ranges of events, widened by a margin on both sides."""
    return spans_within(
        (
            (
                round((event.onset_s - margin_s) * sampling_rate_hz),
                round((event.offset_s + margin_s) * sampling_rate_hz),
            )
            for event in events
        ),
        n_samples,
    )


def _ledger(
    built: Sequence[DatasetEntry],
    windows: NDArray[np.void],
    refused: Sequence[RefusedFile],
    settings: DatasetSettings,
) -> list[dict[str, Any]]:
    entries = [
        ledger_entry(
            entry.labelled.recording.file_name,
            entry.labelled.recording.duration_s,
            entry.spans,
            windows[windows["recording"] == index],
            window_samples=settings.window_samples,
            sampling_rate_hz=settings.sampling_rate_hz,
            findings=entry.labelled.messages,
        )
        for index, entry in enumerate(built)
    ]
    entries += [
        refused_entry(refused_file.file_name, refused_file.duration_s, refused_file.reason)
        for refused_file in refused
        if refused_file.duration_s is not None
    ]
    return entries
