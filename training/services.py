"""What the API, the app and the command line offer about training: plain data in and out.

Every function returns exactly the JSON the contract names, and raises `SeizureZooError`s only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from seizure_core.json_document import JsonError, parse_json
from training import keep
from training.data import builder as dataset_builder
from training.data import store as dataset_store
from training.data.card import public_card
from training.data.pairing import Pairing, SourceFile, pair_files
from training.data.settings import DatasetSettings, dataset_settings
from training.errors import DatasetError
from training.evaluate.evaluation import Evaluation, evaluate_detector, require_any
from training.evaluate.evaluation_report import evaluation_json
from training.keep import KeepChoices
from training.runs.control import delete_run as remove_run
from training.runs.control import resume_run, runs_of_dataset, start_run, stop_run
from training.runs.folder import all_runs, find_run
from training.runs.status import run_list, run_status
from zoo.detector import Detector
from zoo.hub.access import HubAccess
from zoo.layers.network import check_network as check_layers
from zoo.loading import load_detector

File = str | Path | SourceFile
Progress = Callable[[float, str], None]


def pair_recordings(recordings: Sequence[File], references: Sequence[File]) -> list[dict[str, Any]]:
    """Return which reference belongs to which recording, a row for each recording."""
    return pair_files(recordings, references).rows()


def create_dataset(
    recordings: Sequence[File] | Pairing,
    references: Sequence[File] = (),
    settings: DatasetSettings | Mapping[str, Any] | None = None,
    *,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make a dataset.

    Parameters
    ----------
    recordings : sequence of files, or Pairing
        EEG, or recordings and references paired and corrected already.
    references : sequence of files
        Expert annotations, paired with the recordings by name.
    settings : mapping, optional
        Names and values of `DatasetSettings`; what is not named takes its default.
    progress : callable, optional
        Called with the fraction done and what is being done.

    Returns
    -------
    dict
        `dataset_id`, counts, recordings, patients, refused, ledger, warnings, settings.

    Raises
    ------
    DatasetError
        A setting is wrong, nothing can be used, or the disk is full. Nothing is left behind.
    """
    checked = settings if isinstance(settings, DatasetSettings) else dataset_settings(settings)
    pairing = recordings if isinstance(recordings, Pairing) else pair_files(recordings, references)
    return public_card(dataset_builder.create_dataset(pairing, checked, progress=progress))


def list_datasets() -> list[dict[str, Any]]:
    """Return the cards of all datasets, newest first, without their ledgers."""
    rows = []
    for card in dataset_store.dataset_cards():
        row = public_card(card)
        row.pop("ledger", None)
        rows.append(row)
    return rows


def delete_dataset(dataset_id: str) -> dict[str, Any]:
    """Delete a dataset; nets and runs made from it stay.

    Raises
    ------
    UnknownIdError
        There is none with this id.
    DatasetError
        A run trains on it, or its folder cannot be removed.
    """
    users = runs_of_dataset(dataset_id)
    if users:
        raise DatasetError(
            "{users} trains on {dataset_id}. Stop it first.", users=users[0], dataset_id=dataset_id
        )
    dataset_store.remove_dataset(dataset_id)
    return {"dataset_id": dataset_id, "deleted": True}


def check_network(
    network: str | Sequence[Mapping[str, Any]], n_channels: int, n_samples: int
) -> dict[str, Any]:
    """Return shapes, parameters and reach of a network, or what is wrong with which layer."""
    layers: Any = network
    if isinstance(network, str):
        try:
            layers = parse_json(network.encode())
        except (JsonError, UnicodeEncodeError) as error:
            fault = {"index": None, "message": f"The network is no valid JSON: {error}"}
            return {
                "valid": False,
                "layers": [],
                "n_parameters": 0,
                "multiply_adds": 0,
                "receptive_field_samples": 0,
                "output_shape": None,
                "errors": [fault],
            }
    report: dict[str, Any] = check_layers(layers, n_channels, n_samples).to_dict()
    return report


def train(
    dataset_id: str,
    network: str | Sequence[Mapping[str, Any]],
    settings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Start a training in a process of its own and return its `run_id` at once.

    Parameters
    ----------
    dataset_id : str
        What to train on.
    network : list of layers, or str
        The network, as data or JSON text, or the id of a net to start from.
    settings : mapping, optional
        Names and values of `TrainSettings`.

    Raises
    ------
    SeizureZooError
        Dataset, network and settings do not go together; the message says what does.
    """
    return {"run_id": start_run(dataset_id, network, settings).run_id}


def list_runs() -> list[dict[str, Any]]:
    """Return a row for each run, newest first."""
    return run_list()


def delete_run(run_id: str) -> dict[str, Any]:
    """Delete a run that is not under way; a net saved from it stays.

    Raises
    ------
    UnknownIdError, RunError
        There is no such run, or it is under way.
    """
    remove_run(run_id)
    return {"run_id": run_id, "deleted": True}


def training_status(run_id: str) -> dict[str, Any]:
    """Return where a run stands.

    Raises
    ------
    UnknownIdError
        There is no such run.
    """
    return run_status(find_run(run_id))


def stop_training(run_id: str) -> dict[str, Any]:
    """Stop a run and keep its best net; return its status.

    Raises
    ------
    UnknownIdError, RunError
        There is no such run, or its folder is damaged.
    """
    return run_status(stop_run(run_id))


def resume_training(run_id: str) -> dict[str, Any]:
    """Let a run go on from where it was last saved; return its status.

    Raises
    ------
    UnknownIdError, RunError
        There is no such run, it is done or under way, or its folder is damaged.
    """
    return run_status(resume_run(run_id))


def save_model(
    run_id: str,
    model_id: str,
    title: str = "",
    choices: KeepChoices | None = None,
    *,
    tested: Evaluation | None = None,
) -> dict[str, Any]:
    """Save the best net of a run to the zoo and return its card.

    Raises
    ------
    SeizureZooError
        The run has no net yet, the id is taken or not possible, the disk is full.
    """
    said = choices or KeepChoices()
    if title:
        said = replace(said, title=title)
    document: dict[str, Any] = keep.save_model(run_id, model_id, said, tested=tested).to_document()
    return document


def evaluate(
    model_id: str,
    recordings: Sequence[File] | Pairing,
    references: Sequence[File] = (),
    *,
    threshold: float | None = None,
    stride_s: float | None = None,
    allow_training_data: bool = False,
    access: HubAccess | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure a net on recordings with references.

    Parameters
    ----------
    model_id : str
        Which net; the id of a run means its best net so far.
    recordings, references : sequence of files
        EEG and expert annotations, paired by name; or a Pairing and nothing.
    threshold, stride_s : float, optional
        Instead of the card's.
    allow_training_data : bool
        Score recordings that were in the net's training too.
    access : HubAccess, optional
        Who asks the Hub, if the net must be fetched; None means this machine's user.
    progress : callable, optional
        Called with the fraction done and the recording at work.

    Returns
    -------
    dict
        `recordings`, `overall` with baselines and intervals, `failed`, the threshold curve,
        the worst mistakes.

    Raises
    ------
    EvaluationError
        No recording could be scored.
    SeizureZooError
        No such net, or a number is out of its bounds.
    """
    pairing = recordings if isinstance(recordings, Pairing) else pair_files(recordings, references)
    evaluation = evaluate_detector(
        any_detector(model_id, access),
        pairing,
        threshold=threshold,
        stride_s=stride_s,
        allow_training_data=allow_training_data,
        progress=progress,
    )
    return evaluation_json(require_any(evaluation))


def any_detector(net: str, access: HubAccess | None = None) -> Detector:
    """Return a net of the zoo, or the best one so far of a run.

    Raises
    ------
    SeizureZooError
        There is neither, the run has no net yet, or the net cannot be had.
    """
    if is_run(net):
        return keep.run_detector(net)
    return load_detector(net, access=access)


def is_run(net: str) -> bool:
    """Whether an id is that of a run."""
    return any(run.run_id == net for run in all_runs())
