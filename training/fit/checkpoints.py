"""Checkpoints of a training: tensors as safetensors, the rest as JSON in its metadata.

A checkpoint is a single file written atomically, so that tensors and numbers always match. Pickle
is not used.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.atomic import atomic_path
from training.documents import write_error
from training.errors import RunError

if TYPE_CHECKING:
    import torch

CHECKPOINT_FILE = "checkpoint.safetensors"
BEST_FILE = "best.safetensors"

_STATE, _INFO = "seizure_zoo_state", "seizure_zoo_info"
_NETWORK, _OPTIMIZER, _BACKGROUND = "network.", "optimizer.", "background"


@dataclass(slots=True, kw_only=True)
class TrainingState:
    """Progress of a training.

    Attributes
    ----------
    stage : int
        Fold, from 0; trainings without folds have one stage.
    epoch, batch : int
        Completed epochs of the stage, and completed batches of the next one.
    loss_sum : float
        Loss summed over the windows of the current epoch.
    n_windows : int
        Number of these windows.
    history : list of dict
        A row per completed epoch of all stages.
    bests : list of dict
        Best epoch of each stage so far.
    stale : int
        Epochs since the best one of this stage.
    background : list of int or None
        Background windows in use, if hard ones were mined.
    """

    stage: int = 0
    epoch: int = 0
    batch: int = 0
    loss_sum: float = 0.0
    n_windows: int = 0
    history: list[dict[str, Any]] = field(default_factory=list)
    bests: list[dict[str, Any]] = field(default_factory=list)
    stale: int = 0
    background: list[int] | None = None
    finished: bool = False

    def next_stage(self) -> None:
        """Start the first epoch of the next stage."""
        self.stage += 1
        self.epoch = self.batch = self.stale = self.n_windows = 0
        self.loss_sum = 0.0
        self.background = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointFolder:
    """The checkpoints of one run.

    Attributes
    ----------
    folder : Path
        Where they lie.
    """

    folder: Path

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is a checkpoint to resume from."""
        return (self.folder / CHECKPOINT_FILE).exists()

    @property
    def has_best(self) -> bool:
        """Whether there is a best model."""
        return (self.folder / BEST_FILE).exists()

    def save(
        self,
        state: TrainingState,
        network: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
    ) -> None:
        """Write a checkpoint.

        Raises
        ------
        RunError
            The disk is full; the previous checkpoint is kept.
        """
        import torch

        tensors = {f"{_NETWORK}{name}": t for name, t in network.state_dict().items()}
        for index, values in optimizer.state_dict()["state"].items():
            for name, value in values.items():
                tensors[f"{_OPTIMIZER}{index}.{name}"] = torch.as_tensor(value)
        document = asdict(state)
        background = document.pop("background")
        if background is not None:
            tensors[_BACKGROUND] = torch.tensor(background, dtype=torch.int64)
        self._write(CHECKPOINT_FILE, tensors, {_STATE: json.dumps(document)})

    def load(
        self, network: torch.nn.Module, optimizer: torch.optim.Optimizer | None = None
    ) -> TrainingState:
        """Load a checkpoint into a network and its optimizer; return the progress.

        Raises
        ------
        RunError
            The checkpoint is damaged or of another network.
        """
        tensors, state = self._read_checkpoint()
        _load_network(network, tensors, CHECKPOINT_FILE)
        if optimizer is not None:
            _load_optimizer(optimizer, tensors)
        return state

    def state(self) -> TrainingState:
        """Return the progress without loading tensors.

        Raises
        ------
        RunError
            The checkpoint is damaged.
        """
        return self._read_checkpoint()[1]

    def save_best(self, network: torch.nn.Module, info: dict[str, Any]) -> None:
        """Save a network as the best one, with its figures.

        Raises
        ------
        RunError
            The disk is full; the previous best model is kept.
        """
        tensors = {f"{_NETWORK}{name}": t for name, t in network.state_dict().items()}
        self._write(BEST_FILE, tensors, {_INFO: json.dumps(info)})

    def load_best(self, network: torch.nn.Module) -> dict[str, Any]:
        """Load the best network's weights; return its figures.

        Raises
        ------
        RunError
            There is none, or it is damaged or of another network.
        """
        tensors, metadata = self._read(BEST_FILE)
        _load_network(network, tensors, BEST_FILE)
        return _json_of(metadata, _INFO, BEST_FILE)

    def _read_checkpoint(self) -> tuple[dict[str, torch.Tensor], TrainingState]:
        tensors, metadata = self._read(CHECKPOINT_FILE)
        document = _json_of(metadata, _STATE, CHECKPOINT_FILE)
        background = tensors.get(_BACKGROUND)
        try:
            state = TrainingState(
                **document, background=None if background is None else background.tolist()
            )
        except TypeError as error:
            raise _damaged(CHECKPOINT_FILE) from error
        return tensors, state

    def _write(self, name: str, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
        from safetensors.torch import save

        data = save(
            {key: t.detach().to("cpu").contiguous().clone() for key, t in tensors.items()},
            metadata=metadata,
        )
        try:
            with atomic_path(self.folder / name) as temporary:
                temporary.write_bytes(data)
        except OSError as error:
            raise write_error(name, error) from error

    def _read(self, name: str) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
        from safetensors import SafetensorError, safe_open

        path = self.folder / name
        if not path.exists():
            raise RunError("{name} is missing: the run has not saved a model yet.", name=name)
        try:
            with safe_open(path, framework="pt") as file:
                tensors = {key: file.get_tensor(key) for key in file.keys()}
                return tensors, dict(file.metadata() or {})
        except (OSError, SafetensorError, ValueError) as error:
            raise _damaged(name) from error


def _load_network(network: torch.nn.Module, tensors: dict[str, torch.Tensor], name: str) -> None:
    weights = {
        key.removeprefix(_NETWORK): t for key, t in tensors.items() if key.startswith(_NETWORK)
    }
    try:
        network.load_state_dict(weights, strict=True)
    except RuntimeError as error:
        raise RunError("{name} belongs to another network. Delete the run.", name=name) from error


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, torch.Tensor]) -> None:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        if key.startswith(_OPTIMIZER):
            index, name = key.removeprefix(_OPTIMIZER).split(".", maxsplit=1)
            state.setdefault(int(index), {})[name] = tensor
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _json_of(metadata: dict[str, str], key: str, name: str) -> dict[str, Any]:
    try:
        document = json.loads(metadata[key])
    except (KeyError, ValueError, RecursionError) as error:
        raise _damaged(name) from error
    if not isinstance(document, dict):
        raise _damaged(name)
    return document


def _damaged(name: str) -> RunError:
    return RunError(
        "{name} is damaged: the run cannot go on from it. Start a new run with the same settings.",
        name=name,
    )
