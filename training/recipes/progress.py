"""Where the training of a recipe stands, on disk after every epoch; nothing is pickled.

Kept are the weights, the best ones, the optimiser's and both random generators' state, so that
a training that was interrupted ends in the very net it would have ended in.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.atomic import atomic_path
from training.errors import TrainingError
from training.recipes.material.window_mix import WindowMixer

if TYPE_CHECKING:
    import torch

History = list[dict[str, float | None]]

_INFO, _NETWORK, _BEST, _OPTIMISER, _CHANCE = "info", "network.", "best.", "optimiser.", "chance"


@dataclass(slots=True, kw_only=True)
class Standing:
    """What a training has come to.

    Attributes
    ----------
    history : list of dict
        One row for each complete epoch.
    best_loss : float
        Least validation loss so far.
    best_weights : dict
        The network's state in that epoch.
    """

    history: History = field(default_factory=list)
    best_loss: float = math.inf
    best_weights: dict[str, torch.Tensor]

    @staticmethod
    def begin(network: torch.nn.Module) -> Standing:
        """Return where every training starts."""
        return Standing(best_weights=network.state_dict())

    def add_epoch(
        self,
        network: torch.nn.Module,
        *,
        train_loss: float,
        validation_loss: float,
        validation_accuracy: float,
    ) -> None:
        """Note a finished epoch and keep its weights if they are the best so far."""
        self.history.append(
            {
                "epoch": float(len(self.history) + 1),
                "train_loss": round(train_loss, 4),
                "validation_loss": round(validation_loss, 4),
                "validation_accuracy": round(validation_accuracy, 4),
            }
        )
        if validation_loss < self.best_loss:
            self.best_loss = validation_loss
            self.best_weights = {name: one.clone() for name, one in network.state_dict().items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressFile:
    """A training's file.

    Attributes
    ----------
    path : Path
        It is whole or not there.
    settings : str
        What was trained, as text; a file of other settings is refused.
    """

    path: Path
    settings: str

    @property
    def exists(self) -> bool:
        """Whether there is something to go on from."""
        return self.path.exists()

    def save(
        self,
        standing: Standing,
        network: torch.nn.Module,
        optimiser: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        windows: WindowMixer,
    ) -> None:
        """Write where the training stands."""
        import torch
        from safetensors.torch import save

        tensors = {f"{_NETWORK}{name}": one for name, one in network.state_dict().items()}
        tensors |= {f"{_BEST}{name}": one for name, one in standing.best_weights.items()}
        for index, values in optimiser.state_dict()["state"].items():
            for name, value in values.items():
                tensors[f"{_OPTIMISER}{index}.{name}"] = torch.as_tensor(value)
        tensors[_CHANCE] = torch.get_rng_state()
        info = {
            "settings": self.settings,
            "history": standing.history,
            "best_loss": standing.best_loss,
            "schedule": schedule.state_dict(),
            "windows": windows.state,
        }
        data = save(
            {name: one.detach().contiguous().clone() for name, one in tensors.items()},
            metadata={_INFO: json.dumps(info)},
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(self.path) as temporary:
            temporary.write_bytes(data)

    def load(
        self,
        network: torch.nn.Module,
        optimiser: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        windows: WindowMixer,
    ) -> Standing:
        """Put everything where it stood and return what the training had come to.

        Raises
        ------
        TrainingError
            The file is damaged, or of a training with other settings.
        """
        import torch

        tensors, info = self._read()
        if info.get("settings") != self.settings:
            raise TrainingError(
                "{name} belongs to a training with other settings. Delete it to train anew.",
                name=self.path.name,
            )
        network.load_state_dict(_named(tensors, _NETWORK))
        state: dict[int, dict[str, torch.Tensor]] = {}
        for name, one in _named(tensors, _OPTIMISER).items():
            index, key = name.split(".", maxsplit=1)
            state.setdefault(int(index), {})[key] = one
        groups = optimiser.state_dict()["param_groups"]
        optimiser.load_state_dict({"state": state, "param_groups": groups})
        schedule.load_state_dict(info["schedule"])
        for group, rate in zip(optimiser.param_groups, schedule.get_last_lr(), strict=True):
            group["lr"] = rate
        windows.state = info["windows"]
        torch.set_rng_state(tensors[_CHANCE])
        return Standing(
            history=info["history"],
            best_loss=info["best_loss"],
            best_weights=_named(tensors, _BEST),
        )

    def _read(self) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(self.path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}
                return tensors, dict(json.loads((file.metadata() or {})[_INFO]))
        except (OSError, SafetensorError, ValueError, KeyError) as error:
            raise TrainingError(
                "{name} is damaged: the training cannot go on from it. Delete it to train anew.",
                name=self.path.name,
            ) from error


def progress_file(work: Path, name: str, settings: str) -> ProgressFile:
    """Return where a training's progress is kept: other settings, another file.

    Parameters
    ----------
    work : Path
        Folder of unfinished things.
    name : str
        Id of the net.
    settings : str
        What decides the weights, as text.
    """
    digest = hashlib.sha256(settings.encode("utf-8")).hexdigest()[:12]
    path = work / "trainings" / f"{name}-{digest}.safetensors"
    return ProgressFile(path=path, settings=settings)


def _named(tensors: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {
        name.removeprefix(prefix): one for name, one in tensors.items() if name.startswith(prefix)
    }
