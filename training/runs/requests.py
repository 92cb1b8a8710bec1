"""Validation of a training before its process starts."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seizure_core.json_document import JsonError, parse_json
from seizure_core.messages import Message
from training.data.card import by_recording
from training.data.dataset import Dataset
from training.data.store import open_dataset
from training.documents import software_versions, workshop, write_document, write_error
from training.errors import TrainingError
from training.fit.augmentation import mirror_plan
from training.fit.dataset_source import DatasetPlan, check_mixture
from training.fit.settings import TrainSettings, train_settings
from training.runs.folder import (
    KIND,
    RUN_FILE,
    START_WEIGHTS_FILE,
    STATE_FILE,
    RunFolder,
    runs_folder,
)
from zoo.card.schema import ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.layers.network import NetworkReport, check_network, parse_layers
from zoo.layers.vocabulary import PerChannel
from zoo.store.home import check_room, make_private
from zoo.store.registry import Registry, model_card


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """Starting point of a training.

    Attributes
    ----------
    card : ArchitectureCard or None
        Card of the model to start from.
    """

    layers: list[dict[str, Any]]
    card: ArchitectureCard | None = None


def new_run(
    dataset_id: str,
    network: str | Sequence[Mapping[str, Any]],
    settings: TrainSettings | Mapping[str, Any] | None = None,
    *,
    search: Mapping[str, Any] | None = None,
) -> RunFolder:
    """Check a training and create its folder, without starting it.

    Parameters
    ----------
    network : sequence of mapping, or str
        Layers, the same as JSON text, or the id of a model to start from.
    search : mapping, optional
        The search that it is a trial of, for its card; see `training.search.study_folder`.

    Raises
    ------
    UnknownIdError, UnknownModelError
        There is no such dataset or model.
    NetworkError
        The network is not valid for the dataset's windows.
    TrainingError, SplitError
        Settings, dataset and network do not match; the message says what would.
    RunError
        The disk is full.
    """
    checked = settings if isinstance(settings, TrainSettings) else train_settings(settings)
    request, start = checked_request(dataset_id, network, checked)
    return _write(request | ({"search": dict(search)} if search else {}), start, checked)


def checked_request(
    dataset_id: str, network: str | Sequence[Mapping[str, Any]], checked: TrainSettings
) -> tuple[dict[str, Any], Start]:
    """Check a training; return its request and starting point. Raises as `new_run` does."""
    dataset = open_dataset(dataset_id)
    start = find_start(network)
    report = checked_network(start.layers, dataset)
    n_steps = steps_of(report, dataset)
    if start.card is not None and checked.start_weights:
        _check_same_input(start.card, dataset)
    _check_possible(checked, dataset)
    split = DatasetPlan(dataset=dataset, settings=checked).splits
    request = {
        "schema_version": 1,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "dataset_id": dataset.dataset_id,
        "dataset_sha256": dataset.sha256,
        "network": start.layers,
        "n_steps": n_steps,
        "n_parameters": report.n_parameters,
        "parent": _parent(start.card) if start.card and checked.start_weights else None,
        "split": {
            "method": checked.split,
            "leaks": any(part.leaks for part in split),
            "leak_s": max(part.leak_s for part in split),
            "description": " ".join(part.description for part in split),
            "folds": [part.name for part in split],
        },
        "warnings": list(
            by_recording(
                (Message("recording {n}", n=n), recording.public_findings)
                for n, recording in enumerate(dataset.recordings, start=1)
            )
        ),
        "settings": checked.model_dump(mode="json"),
        "software": software_versions(),
    }
    return request, start


def find_start(network: str | Sequence[Mapping[str, Any]]) -> Start:
    """Return the layers, and the card of the model they are from, if any.

    Raises
    ------
    UnknownModelError
        The text is neither JSON nor the id of a model.
    TrainingError
        The JSON is not valid, or not a list.
    """
    if isinstance(network, str):
        if network.lstrip().startswith(("[", "{")):
            try:
                network = parse_json(network.encode())
            except (JsonError, UnicodeEncodeError) as error:
                raise TrainingError("The network is not valid JSON: {error}", error=error) from None
        else:
            card = model_card(network)
            layers = [layer.model_dump(mode="json", exclude_unset=True) for layer in card.network]
            return Start(layers=layers, card=card)
    if isinstance(network, Mapping) or not isinstance(network, Sequence):
        raise TrainingError("A network is a list of layers, or the id of a model of the zoo.")
    # The following check names elements that are not layers.
    return Start(layers=list(network))  # type: ignore[arg-type]


def checked_network(layers: Sequence[Mapping[str, Any]], dataset: Dataset) -> NetworkReport:
    """Return the report of a network for a dataset's windows.

    Raises
    ------
    NetworkError
        It is not valid for them.
    TrainingError
        The dataset has any montage, which the network does not accept.
    """
    n_channels = dataset.n_channels or min(recording.n_channels for recording in dataset.recordings)
    report = check_network(layers, n_channels, dataset.settings.window_samples)
    if report.errors:
        raise report.errors[0]
    if dataset.n_channels is None and not isinstance(parse_layers(layers)[0], PerChannel):
        raise TrainingError(
            "The dataset takes any montage, so its windows have different numbers of channels: "
            "the network must begin with per_channel. Or make a dataset with named channels."
        )
    return report


def steps_of(report: NetworkReport, dataset: Dataset) -> int | None:
    """Return the outputs per window, None for a single one.

    Raises
    ------
    TrainingError
        The window is not a whole number of steps.
    """
    if report.output_shape is None or len(report.output_shape) == 1:
        return None
    n_steps = int(report.output_shape[1])
    if dataset.settings.window_samples % n_steps:
        raise TrainingError(
            "The network has {n_steps} outputs for a window of {window_samples} samples, which is "
            "not a whole number of samples each.",
            n_steps=n_steps,
            window_samples=dataset.settings.window_samples,
        )
    return n_steps


def _check_same_input(card: ArchitectureCard, dataset: Dataset) -> None:
    section = dataset.settings.input_section(stride_s=card.input.stride_s)
    theirs = card.input.model_dump(mode="json")
    differing = [
        Message(
            "{name} ({theirs} in the model, {section} in the dataset)",
            name=name,
            theirs=theirs[name],
            section=section[name],
        )
        if name != "channels"
        else "channels"
        for name in ("channels", "sampling_rate_hz", "window_s", "preprocessing")
        if theirs[name] != section[name]
    ]
    if differing:
        raise TrainingError(
            "The model {model_id} cannot be trained further with this dataset, because their "
            "inputs differ: {differing}. Make a dataset with the model's input, or set "
            "start_weights to false to take its architecture only.",
            model_id=card.model_id,
            differing="; ".join(differing),
        )


def _check_possible(settings: TrainSettings, dataset: Dataset) -> None:
    if settings.augmentation.mirror and dataset.settings.channels is not None:
        mirror_plan(dataset.settings.channels)
    check_mixture(dataset, settings.mixture)
    if settings.device == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise TrainingError("There is no GPU here. Set device to 'auto' or 'cpu'.")


def _parent(card: ArchitectureCard) -> dict[str, str]:
    return {
        "model_id": card.model_id,
        "version": card.version,
        "weights_sha256": card.weights.sha256,
    }


def _write(request: dict[str, Any], start: Start, settings: TrainSettings) -> RunFolder:
    home = runs_folder()
    check_room()
    try:
        make_private(home.parent)
        with workshop(home, KIND) as (run_id, temporary):
            if request["parent"] is not None and start.card is not None:
                # The model may be deleted while the run is queued or stopped.
                source = Registry.load().get(start.card.model_id).path / WEIGHTS_FILE
                shutil.copyfile(source, temporary / START_WEIGHTS_FILE)
            write_document(temporary / RUN_FILE, {"run_id": run_id, **request})
            write_document(
                temporary / STATE_FILE,
                {
                    "state": "queued",
                    "message": "Not started yet.",
                    "epoch": 0,
                    "epochs": settings.epochs,
                    "eta_s": None,
                },
            )
            temporary.rename(home / run_id)
    except OSError as error:
        raise write_error("the run", error) from error
    return RunFolder(folder=home / run_id)
