"""The process of a run: waits in the queue, trains, reports its state."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from seizure_core.errors import SeizureZooError
from seizure_core.messages import Message, counted
from training.data.store import open_dataset
from training.errors import DivergedError, RunError, TrainingError
from training.fit.ranks import ALONE, Ranks, joined
from training.fit.settings import TrainSettings, train_settings
from training.runs.folder import START_WEIGHTS_FILE, RunFolder, all_runs, find_run, runs_folder
from training.runs.reporting import RunCallback, SilentCallback, StopRequest

if TYPE_CHECKING:
    import torch

    from training.fit.loop import Trainer

QUEUE_LOCK = "queue.lock"

_POLL_S = 0.3


def work(run_id: str) -> int:
    """Execute a run; return the exit status of the process.

    Raises
    ------
    UnknownIdError, RunError
        There is no such run, or another process works on it.
    """
    run = find_run(run_id)
    with joined(lambda: _device(run)) as ranks:
        if not ranks.leads:
            return _follow(run, ranks)
        with run.locked():
            stop_request = StopRequest(run)
            with stop_request.on_signals():
                return _work(run, stop_request, ranks)


def train_at_once(
    run: RunFolder,
    on_epoch: Callable[[Mapping[str, Any]], None] = lambda _: None,
    *,
    in_turn: bool = False,
) -> str:
    """Train a run in this process, from where it was.

    Parameters
    ----------
    on_epoch : callable, optional
        Called with the figures of each epoch; may ask the run to stop.
    in_turn : bool
        Whether to wait in the queue of runs first, instead of training next to others.

    Returns
    -------
    str
        The state at the end: "done", "stopped" or "interrupted"; "diverged" after a loss that
        became NaN or infinite.

    Raises
    ------
    SeizureZooError
        It cannot be trained.
    """
    with run.locked():
        run.forget_stop()
        stop_request = StopRequest(run)
        run.note_launch(time.time())
        run.write_state(state="queued", message="Waiting for its turn.", eta_s=None)
        turn = _wait_in_queue(run, stop_request) if in_turn else nullcontext(True)
        try:
            with turn as is_ours:
                if not is_ours:
                    _finish(run, *_stopped(run, stop_request, "before it began"))
                    return "stopped"
                run.write_state(state="running", message="Preparing.", started_at=time.time())
                status = _train(run, stop_request, on_epoch)
        except SeizureZooError as error:
            _fail(run, error.message)
            raise
        except KeyboardInterrupt:
            _finish(run, *_stopped(run, stop_request, f"after {len(run.history())} epochs"))
            raise
        return "diverged" if status else str(run.written_state()["state"])


def _device(run: RunFolder) -> str:
    from training.fit.loop import chosen_device

    return chosen_device(train_settings(run.request()["settings"]).device)


def _follow(run: RunFolder, ranks: Ranks) -> int:
    """Train along with the first process, which writes all there is to write."""
    if not ranks.agreed(None):
        return 0
    try:
        make_trainer(run, SilentCallback(), ranks).run()
    except DivergedError:
        return 1
    return 0


def _work(run: RunFolder, stop_request: StopRequest, ranks: Ranks) -> int:
    try:
        run.log("Waiting for its turn.")
        with _wait_in_queue(run, stop_request) as is_ours:
            if not ranks.agreed(is_ours):
                _finish(run, *_stopped(run, stop_request, "before it began"))
                return 0
            run.write_state(state="running", message="Preparing.", started_at=time.time())
            return _train(run, stop_request, ranks=ranks)
    except SeizureZooError as error:
        return _fail(run, error.message)
    except Exception as error:
        if isinstance(error, MemoryError) or "out of memory" in str(error).casefold():
            return _fail(run, "The memory is full. Take a smaller batch_size or network.")
        # A programming error: report it instead of hanging.
        _fail(
            run,
            Message(
                "The program failed ({name}); process.txt says where.", name=type(error).__name__
            ),
        )
        raise


def _train(
    run: RunFolder,
    stop_request: StopRequest,
    on_epoch: Callable[[Mapping[str, Any]], None] = lambda _: None,
    ranks: Ranks = ALONE,
) -> int:
    callback = RunCallback(run, stop_request, on_epoch)
    trainer = make_trainer(run, callback, ranks)
    callback.begin(trainer.epochs)
    run.write_state(
        message="Training.", epochs=trainer.epochs, device=trainer.device, threads=_threads()
    )
    _log_device(run, trainer)
    for warning in run.request().get("warnings", []):
        run.log(f"Attention: {warning}")
    try:
        outcome = trainer.run()
    except DivergedError as error:
        state = "stopped" if run.checkpoints.has_best else "failed"
        run.log(str(error))
        _finish(run, state, error.message)
        return 1
    if outcome == "done":
        _finish(run, "done", _done_text(run))
    else:
        _finish(run, *_stopped(run, stop_request, f"after {len(run.history())} epochs"))
    return 0


def make_trainer(
    run: RunFolder,
    callback: Any,
    ranks: Ranks = ALONE,
    *,
    place: RunFolder | None = None,
    stage: int | None = None,
) -> Trainer:
    """Return the trainer for a run's request, with the same number of threads as before.

    Parameters
    ----------
    place : RunFolder, optional
        Where checkpoints and figures are, if not in the run's own folder.
    stage : int, optional
        Train this fold only.

    Raises
    ------
    RunError, DatasetError, TrainingError
        The dataset is missing or has changed, or the folder is damaged.
    """
    import torch

    from training.fit.dataset_source import DatasetPlan
    from training.fit.loop import Trainer

    request = run.request()
    try:
        settings = train_settings(request["settings"])
        dataset_id, sha256 = str(request["dataset_id"]), request["dataset_sha256"]
        n_steps = request["n_steps"]
    except KeyError as error:
        raise RunError(
            "{run_id}/run.json lacks {error}: it is damaged. Delete it.",
            run_id=run.run_id,
            error=error,
        ) from error
    dataset = open_dataset(dataset_id)
    if dataset.sha256 != sha256:
        raise TrainingError(
            "{dataset_id} is not the dataset this run was made for.", dataset_id=dataset_id
        )
    threads = run.written_state().get("threads") or settings.threads
    if threads:
        torch.set_num_threads(int(threads))
    place = place or run
    if ranks.leads:
        _rewind_history(place)
    plan = DatasetPlan(dataset=dataset, settings=settings, n_steps=n_steps, folder=run.folder)
    return Trainer(
        plan, lambda: starting_network(run), settings, place.checkpoints, callback, ranks, stage
    )


def starting_network(run: RunFolder) -> torch.nn.Module:
    """Return a run's network with its initial weights, in training mode.

    Raises
    ------
    NetworkError, WeightsError
        The run's folder is damaged.
    """
    from zoo.layers.network import build_network
    from zoo.store.weights import kept_tensors, load_into, read_weights

    request = run.request()
    dataset = open_dataset(str(request["dataset_id"]))
    n_channels = dataset.n_channels or min(recording.n_channels for recording in dataset.recordings)
    network = build_network(request["network"], n_channels, dataset.settings.window_samples)
    if request.get("parent") is not None:
        n_values = sum(tensor.numel() for tensor in kept_tensors(network).values())
        load_into(network, read_weights(run.folder / START_WEIGHTS_FILE, n_values=n_values))
        network.train()
    return network


@contextmanager
def _wait_in_queue(run: RunFolder, stop_request: StopRequest) -> Iterator[bool]:
    """Wait until no other run trains and no earlier one waits; yield False if stopped before."""
    lock = FileLock(runs_folder() / QUEUE_LOCK)
    while not stop_request.is_requested():
        if not _older_waits(run):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                pass
            else:
                try:
                    yield True
                finally:
                    lock.release()
                return
        time.sleep(_POLL_S)
    yield False


def _older_waits(run: RunFolder) -> bool:
    mine = (run.launched()["launched_at"], run.run_id)
    for other in all_runs():
        if other.run_id == run.run_id:
            continue
        try:
            state = other.written_state()
        except SeizureZooError:
            continue
        place = (other.launched()["launched_at"], other.run_id)
        if state.get("state") == "queued" and place < mine and other.is_locked():
            return True
    return False


def _rewind_history(run: RunFolder) -> None:
    """Drop figures of epochs after the checkpoint, and an incomplete last line."""
    known = run.checkpoints.state().history if run.checkpoints.has_checkpoint else []
    written = {row.get("epoch"): row for row in run.history()}
    run.write_history([{**written.get(row["epoch"], {}), **row} for row in known])


def _stopped(run: RunFolder, stop_request: StopRequest, when: str) -> tuple[str, str]:
    kept = (
        "The best model so far is kept." if run.checkpoints.has_best else "There is no model yet."
    )
    if stop_request.signalled and not run.stop_is_asked():
        return "interrupted", Message(
            "The process was told to end {when}. It can be resumed. {kept}", when=when, kept=kept
        )
    return "stopped", Message("Stopped {when}. {kept} It can be resumed.", when=when, kept=kept)


def _finish(run: RunFolder, state: str, message: str) -> None:
    run.log(message)
    run.forget_stop()
    run.write_state(state=state, message=message, eta_s=0.0 if state == "done" else None)


def _fail(run: RunFolder, message: str) -> int:
    try:
        run.log(message)
        run.forget_stop()
        run.write_state(state="failed", message=message, eta_s=None)
    except (SeizureZooError, OSError):
        # The state cannot be written; the run will show as interrupted.
        print(message, flush=True)
    return 1


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _log_device(run: RunFolder, trainer: Trainer) -> None:
    settings: TrainSettings = trainer.settings
    run.log(
        Message(
            "Training on {device} with {threads} threads.",
            device=trainer.device,
            threads=_threads(),
        )
    )
    if settings.mixed_precision and trainer.device != "cuda":
        run.log("mixed_precision is for GPUs only and is left off.")
    if settings.mixture.simulates:
        run.log(
            Message(
                "Simulating {n} recordings of each kind first; this takes a while.",
                n=settings.mixture.n_simulated,
            )
        )


def _done_text(run: RunFolder) -> str:
    best = run.checkpoints.state().bests[-1]
    f1 = best.get("event_f1")
    loss = best.get("validation_loss")
    if f1 is not None:
        n = best.get("n_seizures")  # not known of epochs of an older version
        return Message(
            "Done. Best is epoch {best} with event F1 {f1:.3f}{of}.",
            best=best["of_all_epochs"],
            f1=f1,
            of=counted(n, " of {n} seizure", " of {n} seizures") if n else "",
        )
    if loss is not None:
        return Message(
            "Done. Best is epoch {best} with validation loss {loss:.4f}.",
            best=best["of_all_epochs"],
            loss=loss,
        )
    return "Done."
