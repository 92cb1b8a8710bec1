"""Sources of a review: results of `predict` and files of experts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from seizure_core.batch.status import ledgers_in
from seizure_core.errors import ParameterError
from seizure_core.events.event import Event, clip_events
from seizure_core.recording import Recording
from seizure_core.references import read_reference
from seizure_core.review.folder import ReviewFolder, source_of
from seizure_core.review.model import Source

_FACTS = ("model_id", "model_version", "weights_sha256", "operating_point", "threshold")


def model_source(result: Mapping[str, Any]) -> Source:
    """Return the model that a result of `predict` names, with its operating point."""
    name = f"{result['model_id']} {result['model_version']}"
    return source_of("model", name, {fact: result.get(fact) for fact in _FACTS})


def events_of_result(result: Mapping[str, Any], duration_s: float) -> tuple[Event, ...]:
    """Return the events of a result of `predict`."""
    found = [
        Event(
            onset_s=float(one["onset_s"]),
            duration_s=float(one["duration_s"]),
            confidence=one.get("confidence"),
        )
        for one in result["events"]
    ]
    return clip_events(found, duration_s)


def results_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the results of `predict --out FOLDER` by the names of their recordings.

    Raises
    ------
    ParameterError
        There are none.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for ledger in ledgers_in(folder):
        for entry, result in ledger.results():
            if entry.state == "done" and "model_id" in result and "events" in result:
                found.setdefault(entry.name, []).append(result)
    if not found:
        raise ParameterError(
            "There are no results in {name!r}. Make them with: predict PATH --out {name}.",
            name=folder.name,
        )
    return found


def add_results(
    review: ReviewFolder,
    recording_id: str,
    recording: Recording,
    name: str,
    results: Mapping[str, Sequence[Mapping[str, Any]]],
) -> int:
    """Add what models found in a recording, and return how many models looked at it.

    Parameters
    ----------
    name : str
        Of the recording in its tree, as `seizure_core.batch.planning.tasks_of` names it.
    """
    for result in results.get(name, ()):
        events = events_of_result(result, recording.duration_s)
        review.add_events(recording_id, model_source(result), events)
    return len(results.get(name, ()))


def add_reference(
    review: ReviewFolder, recording_id: str, recording: Recording, files: Iterable[Path], name: str
) -> bool:
    """Add an expert's seizures from the file that belongs to a recording; False if none does.

    Parameters
    ----------
    files : iterable of Path
        The expert's files. The one whose name begins like the recording's is taken, or the only
        one, which may describe many recordings.
    name : str
        The expert.

    Raises
    ------
    ReferenceFileError
        The file cannot be read.
    """
    wanted = list(files)
    stem = Path(recording.file_name).stem
    near = [file for file in wanted if file.name.startswith(stem)] or wanted
    if len(near) != 1:
        return False
    reference = read_reference(near[0], recording_name=recording.file_name, recording=recording)
    events = clip_events(reference.events, recording.duration_s)
    review.add_events(recording_id, source_of("expert", name), events)
    return True
