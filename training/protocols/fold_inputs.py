"""All inputs of a fold, saved with its scores to detect stale results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seizure_core import __version__
from seizure_core.json_document import canonical_json, sha256_of
from training.data.settings import DatasetSettings
from training.errors import DatasetError
from training.fit.settings import TrainSettings
from training.protocols.corpus import CorpusRecording
from training.protocols.folds import Fold
from training.runs.requests import find_start

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
