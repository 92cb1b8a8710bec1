"""Experiments: a training from recordings to a saved model, described in a JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seizure_core.json_document import JsonError, read_json
from training.data.settings import DatasetSettings, dataset_settings
from training.errors import TrainingError
from training.fit.settings import TrainSettings, train_settings
from zoo.presets import preset

SHIPPED_FOLDER = Path(__file__).parent / "experiments"
N1SPOOL_EXPERIMENT = "n1spool-experiment"
RENAMED = {"seed-experiment": N1SPOOL_EXPERIMENT}
"""Former names of shipped experiments, which are still accepted."""

_KEYS = ("about", "dataset", "network", "settings", "search", "save")
_DATASET_KEYS = ("recordings", "references", "seizure_free", "patients", "settings")
_SAVE_KEYS = ("model_id", "title", "authors", "license", "notes", "version", "calibrate", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """A described training.

    Attributes
    ----------
    dataset_id : str or None
        Existing dataset, instead of the next four.
    recordings, references : tuple of str
        Files and folders, relative to a folder given at the start.
    seizure_free : tuple of str
        Recordings without reference that are known to have no seizure.
    patients : dict of str
        Patient ids by recording, if not in the file name.
    network : list of dict, or str
        Layers, or the id of a model to start from.
    search : dict
        Values or ranges of settings for `study`, by name; empty searches nothing.
    save : dict
        `model_id` and further fields of `SaveOptions`; empty saves nothing.
    """

    dataset_id: str | None = None
    recordings: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    seizure_free: tuple[str, ...] = ()
    patients: Mapping[str, str] = field(default_factory=dict)
    dataset: DatasetSettings = field(default_factory=DatasetSettings)
    network: Any = None
    settings: TrainSettings = field(default_factory=TrainSettings)
    search: Mapping[str, Any] = field(default_factory=dict)
    save: Mapping[str, Any] = field(default_factory=dict)


def shipped_experiments() -> list[str]:
    """Return the names of the shipped experiments."""
    return sorted(path.stem for path in SHIPPED_FOLDER.glob("*.json"))


def find_experiment(name: str) -> Path:
    """Return the file of an experiment, from a path or the name of a shipped one.

    Raises
    ------
    TrainingError
        There is no such file.
    """
    name = RENAMED.get(name, name)
    if name in shipped_experiments():
        return SHIPPED_FOLDER / f"{name}.json"
    path = Path(name)
    if path.is_file():
        return path
    raise TrainingError(
        "There is no file {name}. Shipped experiments: {shipped_experiments}.",
        name=name,
        shipped_experiments=", ".join(shipped_experiments()),
    )


def read_experiment(path: Path) -> Experiment:
    """Read an experiment.

    Raises
    ------
    TrainingError, DatasetError
        It cannot be read, or a part of it is not valid; the message names the part.
    """
    try:
        document = read_json(path)
    except OSError as error:
        raise TrainingError(
            "{file_name} cannot be read ({strerror}).", file_name=path.name, strerror=error.strerror
        ) from None
    except JsonError as error:
        raise TrainingError("{file_name}: {error}", file_name=path.name, error=error) from None
    return experiment_of(document, name=path.name)


def experiment_of(document: Any, *, name: str = "The experiment") -> Experiment:
    """Parse an experiment from plain data.

    Raises
    ------
    TrainingError, DatasetError
        A part of it is not valid; the message names the part.
    """
    parts = _known(document, _KEYS, name)
    if "dataset" not in parts or "network" not in parts:
        raise TrainingError("{name} needs the keys 'dataset' and 'network'.", name=name)
    data = parts["dataset"]
    from_id = isinstance(data, str)
    section = {} if from_id else _known(data, _DATASET_KEYS, f"{name}, dataset")
    if not from_id and not section.get("recordings"):
        raise TrainingError("{name}, dataset: 'recordings' names no file or folder.", name=name)
    patients = section.get("patients") or {}
    if not isinstance(patients, dict):
        raise TrainingError(
            "{name}, dataset: 'patients' must name a patient by recording.", name=name
        )
    return Experiment(
        dataset_id=data if from_id else None,
        recordings=_names(section, "recordings", name),
        references=_names(section, "references", name),
        seizure_free=_names(section, "seizure_free", name),
        patients={str(key): str(value) for key, value in patients.items()},
        dataset=dataset_settings(section.get("settings")),
        network=_network(parts["network"], name),
        settings=train_settings(parts.get("settings")),
        search=_search(parts.get("search") or {}, name),
        save=_known(parts.get("save") or {}, _SAVE_KEYS, f"{name}, save"),
    )


def _known(document: Any, keys: tuple[str, ...], name: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise TrainingError("{name} must be a JSON object.", name=name)
    unknown = [key for key in document if key not in keys]
    if unknown:
        raise TrainingError(
            "{name}: the key {unknown!r} is not known. Known keys: {keys}.",
            name=name,
            unknown=unknown[0],
            keys=", ".join(keys),
        )
    return document


def _search(document: Any, name: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise TrainingError("{name}: 'search' must name settings and their values.", name=name)
    return document


def _names(section: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = section.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TrainingError("{name}, dataset: {key!r} must be a list of names.", name=name, key=key)
    return tuple(value)


def _network(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        chosen = _known(value, ("preset",), f"{name}, network").get("preset")
        return [dict(layer) for layer in preset(str(chosen)).layers]
    if not isinstance(value, list | str):
        raise TrainingError(
            "{name}: 'network' must be a list of layers, {{\"preset\": NAME}}, or the id of "
            "a model.",
            name=name,
        )
    return value
