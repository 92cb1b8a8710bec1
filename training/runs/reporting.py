"""Reports of a run's process to its folder, and requests to stop."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

from seizure_core.messages import Message
from training.runs.folder import RunFolder

_STATE_EVERY_S = 0.5


class StopRequest:
    """Whether the user or a signal asked the worker to stop."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self.signalled = False

    def is_requested(self) -> bool:
        """Whether to stop at the next opportunity."""
        return self.signalled or self._run.stop_is_asked()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Handle termination signals as requests to stop."""

        def note(_number: int, _frame: FrameType | None) -> None:
            self.signalled = True

        before = signal.signal(signal.SIGTERM, note)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)


class RunCallback:
    """Writes a training's progress to the run's folder."""

    def __init__(
        self,
        run: RunFolder,
        stop_request: StopRequest,
        on_epoch: Callable[[Mapping[str, Any]], None],
    ) -> None:
        self._run = run
        self._tell = on_epoch
        self._stop_request = stop_request
        self._epochs = 1
        self._durations_s: list[float] = []
        self._written_at = 0.0
        self._epoch_began_at = time.monotonic()

    def begin(self, epochs: int) -> None:
        """Write the maximum number of epochs."""
        self._epochs = epochs
        self._durations_s = [float(row.get("duration_s") or 0.0) for row in self._run.history()]

    def on_progress(self, epoch: int, fraction: float) -> None:
        """Write epoch and remaining time, at most twice a second."""
        now = time.monotonic()
        if now - self._written_at < _STATE_EVERY_S:
            return
        self._written_at = now
        spent_s = now - self._epoch_began_at
        known = self._durations_s[-5:]
        epoch_s = sum(known) / len(known) if known else spent_s / max(fraction, 1e-6)
        left = max(self._epochs - epoch - fraction, 0.0)
        self._run.write_state(epoch=epoch, eta_s=left * epoch_s)

    def on_epoch(self, row: dict[str, Any]) -> None:
        """Append the epoch's figures and log them."""
        self._durations_s.append(float(row["duration_s"]))
        self._epoch_began_at = time.monotonic()
        self._run.add_figures(row)
        self._run.log(_epoch_text(row))
        self._run.write_state(epoch=row["epoch"])
        self._tell(row)

    def log(self, text: str) -> None:
        """Append to the log."""
        self._run.log(text)

    def should_stop(self) -> bool:
        """Return whether the worker has been asked to stop."""
        return self._stop_request.is_requested()


class SilentCallback:
    """Reports nothing and decides nothing."""

    def on_progress(self, epoch: int, fraction: float) -> None:
        """Leave it to the first process."""

    def on_epoch(self, row: dict[str, Any]) -> None:
        """Leave it to the first process."""

    def log(self, text: str) -> None:
        """Leave it to the first process."""

    def should_stop(self) -> bool:
        """Leave it to the first process."""
        return False


def _epoch_text(row: dict[str, Any]) -> str:
    parts = [Message("Epoch {n}", n=row["epoch"])]
    for name, template in (
        ("train_loss", "loss {value:.4f}"),
        ("validation_loss", "validation loss {value:.4f}"),
        ("event_f1", "event F1 {value:.4f}"),
    ):
        value = row.get(name)
        if value is not None and math.isfinite(value):
            parts.append(Message(template, value=value))
    return Message("{parts} ({duration_s:.1f} s).", parts=parts, duration_s=row["duration_s"])
