"""The training loop; it can be stopped at any batch and resumed exactly."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, Protocol

from seizure_core.messages import Message, sentences
from training.errors import DivergedError
from training.fit.checkpoints import CheckpointFolder, TrainingState
from training.fit.randomness import Purpose, seed_torch, torch_generator
from training.fit.ranks import ALONE, Ranks
from training.fit.settings import TrainSettings
from training.fit.sources import TrainingPlan, TrainingStage
from training.fit.validation import ValidationResult

if TYPE_CHECKING:
    import torch


def chosen_device(wanted: str) -> str:
    """Return "cuda" or "cpu"; "auto" uses a GPU if available."""
    import torch

    if wanted == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return wanted


def make_optimizer(network: torch.nn.Module, settings: TrainSettings) -> torch.optim.Optimizer:
    """Return the optimizer of the settings."""
    import torch

    kind = torch.optim.AdamW if settings.optimizer == "adamw" else torch.optim.Adam
    return kind(network.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay)


def learning_rate(settings: TrainSettings, step: int, steps_per_epoch: int, epochs: int) -> float:
    """Return the learning rate at a step, counted from 0 over all epochs."""
    total = max(steps_per_epoch * epochs, 1)
    warmup = settings.warmup_epochs * steps_per_epoch
    if step < warmup:
        return settings.learning_rate * (step + 1) / (warmup + 1)
    done = (step - warmup) / max(total - warmup, 1)
    if settings.schedule == "cosine":
        return settings.learning_rate * 0.5 * (1 + math.cos(math.pi * done))
    if settings.schedule == "linear":
        return settings.learning_rate * (1 - done)
    return settings.learning_rate


Outcome = Literal["done", "stopped"]
NetworkFactory = Callable[[], "torch.nn.Module"]


class TrainingCallback(Protocol):
    """Callbacks of a training."""

    def on_progress(self, epoch: int, fraction: float) -> None:
        """Report completed epochs over all stages, a fraction for the current one included."""

    def on_epoch(self, row: dict[str, Any]) -> None:
        """Report the figures of a completed epoch."""

    def log(self, text: str) -> None:
        """Write a line to the log."""

    def should_stop(self) -> bool:
        """Return whether to stop at this batch."""
        ...


class Trainer:
    """One training.

    Parameters
    ----------
    make_network : callable
        Returns a network with the initial weights of every stage, from torch's random state.
    checkpoints : CheckpointFolder
        Resumed from, if there is one.
    ranks : Ranks
        The processes that train together.
    stage : int, optional
        Train this one only; by default all, one after the other.

    Raises
    ------
    SplitError, TrainingError
        The settings do not fit the plan.
    """

    def __init__(
        self,
        plan: TrainingPlan,
        make_network: NetworkFactory,
        settings: TrainSettings,
        checkpoints: CheckpointFolder,
        callback: TrainingCallback,
        ranks: Ranks = ALONE,
        stage: int | None = None,
    ) -> None:
        self.settings = settings
        self._ranks = ranks
        self._only = stage
        self._plan = plan
        self._make_network = make_network
        self._checkpoints = checkpoints
        self._callback = callback
        self.device = chosen_device(settings.device)
        self._n_stages = plan.n_stages
        self._augmenter = plan.augmenter
        self._state = TrainingState()
        self._saved_at = time.monotonic()
        self._network: torch.nn.Module
        self._model: torch.nn.Module  # the same, with gradients over all processes
        self._optimizer: torch.optim.Optimizer

    @property
    def epochs(self) -> int:
        """Maximum number of epochs of all stages."""
        return self.settings.epochs * self._n_stages

    def run(self) -> Outcome:
        """Train until finished or stopped by the callback.

        Returns
        -------
        str
            "done", or "stopped" with a checkpoint to resume from.

        Raises
        ------
        DivergedError
            The loss became NaN or infinite; the best model so far is saved.
        RunError
            The disk is full, or the checkpoint is damaged.
        """
        self._begin()
        state = self._state
        while not state.finished:
            stage = self._plan.stage(state.stage, state.bests)
            if not self._run_stage(stage):
                self._save()
                return "stopped"
            if self._only is not None or state.stage + 1 >= self._n_stages:
                state.finished = True
            else:
                state.next_stage()
                self._fresh_network()
            self._save()
        return "done"

    def skip_to(
        self, stage: int, *, history: list[dict[str, Any]], bests: list[dict[str, Any]]
    ) -> None:
        """Save a checkpoint from which to begin with a stage; others have trained those before."""
        self._state = TrainingState(stage=stage, history=history, bests=bests)
        self._fresh_network()
        self._save()

    def _begin(self) -> None:
        if self._only is not None:
            # The bests of earlier stages, of which nothing is known here, keep their places.
            self._state = TrainingState(stage=self._only, bests=[{}] * self._only)
        self._fresh_network()
        if self._checkpoints.has_checkpoint:
            stage = self._checkpoints.state().stage
            if stage:
                self._state.stage = stage
                self._fresh_network()
            self._state = self._checkpoints.load(self._network, self._optimizer)
            done = len(self._state.history)
            self._callback.log(
                Message(
                    "Going on after {done} epochs and {batch} batches.",
                    done=done,
                    batch=self._state.batch,
                )
            )

    def _fresh_network(self) -> None:
        seed_torch(Purpose.WEIGHTS, self.settings.seed, self._state.stage)
        network = self._make_network().to(self.device)
        self._network = self._ranks.with_shared_statistics(network)
        self._model = self._ranks.wrapped(self._network)
        self._optimizer = make_optimizer(self._network, self.settings)

    def _run_stage(self, stage: TrainingStage) -> bool:
        """Train one stage; return False if stopped."""
        state = self._state
        if not state.epoch and not state.batch:
            fold = Message("Fold {n}, {name}.", n=state.stage + 1, name=stage.name)
            self._callback.log(sentences(fold if stage.name else "", stage.description))
        while state.epoch < stage.epochs:
            began = time.monotonic()
            if not self._train_epoch(stage):
                return False
            result = self._validate(stage)
            if self._should_stop():
                # Validation may be incomplete; it is repeated on resuming.
                return False
            self._close_epoch(stage, result, time.monotonic() - began)
            if self.settings.patience is not None and state.stale >= self.settings.patience:
                self._callback.log(
                    Message("No improvement in {stale} epochs: stopping early.", stale=state.stale)
                )
                break
        return True

    def _train_epoch(self, stage: TrainingStage) -> bool:
        """Train the rest of an epoch; return False if stopped."""
        state, settings = self._state, self.settings
        place = (settings.seed, state.stage, state.epoch)
        if not state.batch:
            source, leads = stage.source, self._ranks.leads
            found = source.hard_background(self._network, place) if leads else None
            background = self._ranks.agreed(found)
            state.background = state.background if background is None else background
        epoch = stage.source.epoch(place, state.background)
        weights = self._class_weights(*epoch.class_counts)
        self._network.train()
        for signals, labels in epoch.batches_from(state.batch):
            step = state.epoch * epoch.n_batches + state.batch
            rate = learning_rate(settings, step, epoch.n_batches, stage.epochs)
            signals, labels = self._augmenter(
                signals, labels, torch_generator(Purpose.AUGMENTATION, *place, state.batch)
            )
            seed_torch(Purpose.DROPOUT, *place, state.batch, *self._ranks.place)
            loss = self._step(signals, labels, weights, rate)
            state.batch += 1
            state.loss_sum += loss * len(signals)
            state.n_windows += len(signals)
            self._callback.on_progress(len(state.history), state.batch / epoch.n_batches)
            if self._should_stop():
                return False
            if time.monotonic() - self._saved_at >= settings.checkpoint_every_s:
                self._save()
        return True

    def _validate(self, stage: TrainingStage) -> ValidationResult:
        found = None
        if self._ranks.leads:
            found = asdict(stage.source.validate(self._network, self._callback.should_stop))
        return ValidationResult(**self._ranks.agreed(found))

    def _should_stop(self) -> bool:
        return bool(self._ranks.agreed(self._callback.should_stop()))

    def _step(
        self,
        signals: torch.Tensor,
        labels: torch.Tensor,
        weights: torch.Tensor | None,
        rate: float,
    ) -> float:
        import torch

        mine = self._ranks.share(len(labels))
        with self._precision():
            logits = self._model(signals[mine].to(self.device))
        loss = torch.nn.functional.cross_entropy(
            logits.float(),
            labels[mine].to(self.device),
            weight=weights,
            label_smoothing=self.settings.label_smoothing,
        )
        loss = loss * self._ranks.part_of_loss(labels, weights)
        value = self._ranks.mean(loss.detach())
        if not math.isfinite(value):
            raise DivergedError(self._divergence())
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        self._optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if self.settings.gradient_clip is not None:
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), self.settings.gradient_clip)
        self._optimizer.step()
        return value

    def _precision(self) -> AbstractContextManager[Any]:
        import torch

        if self.settings.mixed_precision and self.device == "cuda":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return nullcontext()

    def _divergence(self) -> str:
        state = self._state
        best = state.bests[state.stage] if len(state.bests) > state.stage else None
        kept = (
            Message("The model of epoch {best} is kept.", best=best["epoch"])
            if best
            else "There is no model to keep yet."
        )
        return Message(
            "The loss became NaN or infinite in epoch {epoch}, batch "
            "{batch}, so that training was stopped. {kept} Try a smaller learning "
            "rate than {learning_rate:g}, or gradient_clip 1.",
            epoch=state.epoch + 1,
            batch=state.batch + 1,
            kept=kept,
            learning_rate=self.settings.learning_rate,
        )

    def _class_weights(self, n_background: float, n_seizure: float) -> torch.Tensor | None:
        import torch

        chosen = self.settings.class_weights
        if chosen == "none":
            return None
        if chosen == "balanced":
            total = n_background + n_seizure
            values = [total / (2 * n_background), total / (2 * n_seizure)]
        else:
            values = [float(weight) for weight in chosen]
        return torch.tensor(values, dtype=torch.float32, device=self.device)

    def _close_epoch(
        self, stage: TrainingStage, result: ValidationResult, duration_s: float
    ) -> None:
        state = self._state
        if not math.isfinite(result.validation_loss or 0.0):
            raise DivergedError(self._divergence())
        row: dict[str, Any] = {
            "epoch": len(state.history) + 1,
            "train_loss": state.loss_sum / max(state.n_windows, 1),
            **asdict(result),
            "learning_rate": learning_rate(self.settings, state.epoch, 1, stage.epochs),
        }
        if self._n_stages > 1:
            row |= {"fold": state.stage + 1, "fold_name": stage.name}
        state.epoch, state.batch = state.epoch + 1, 0
        state.loss_sum, state.n_windows = 0.0, 0
        state.history.append(row)
        self._note_best(row)
        self._save()
        self._callback.on_epoch({**row, "duration_s": duration_s})

    def _note_best(self, row: dict[str, Any]) -> None:
        state = self._state
        best = state.bests[state.stage] if len(state.bests) > state.stage else None
        if best is not None and not _is_better(row, best):
            state.stale += 1
            return
        state.stale = 0
        del state.bests[state.stage :]
        state.bests.append({**row, "epoch": state.epoch, "of_all_epochs": row["epoch"]})
        if self._ranks.leads:
            self._checkpoints.save_best(self._network, state.bests[-1])

    def _save(self) -> None:
        if self._ranks.leads:
            self._checkpoints.save(self._state, self._network, self._optimizer)
        self._saved_at = time.monotonic()


def _is_better(row: dict[str, Any], best: dict[str, Any]) -> bool:
    """Compare epochs by event F1, then validation loss; without both the later one wins."""
    for name, sign in (("event_f1", 1.0), ("validation_loss", -1.0)):
        new, old = row[name], best[name]
        if new is not None and old is not None and new != old:
            return bool(sign * new > sign * old)
    return row["validation_loss"] is None
