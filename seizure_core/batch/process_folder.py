"""Processes in the background: started by the app, which may end before them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from filelock import FileLock, Timeout

import seizure_core
from seizure_core.errors import SeizureZooError
from seizure_core.json_document import JsonError, read_json, write_json

SECRETS = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "SEIZURE_ZOO_LOGIN")
"""Variables of the app that its processes have no use for."""

PROGRAM = "seizure_zoo.folder_command"
"""The module that runs any command for a folder; see there."""

PROCESS_FILE = "process.txt"
_LAUNCH_FILE = "launch.json"
_LOCK_FILE = "worker.lock"
_STOP_FILE = "stop.request"

# The folder of the package: the checkout, or site-packages, where its name differs.
_PACKAGES = Path(seizure_core.__file__).resolve().parents[seizure_core.__name__.count(".") + 1]
# Time from starting a process to its taking the lock; torch is not imported before.
_START_GRACE_S = 60.0
# Pages and detections of the app come first; on an idle machine it is as fast as without.
_NICENESS = 5
_POLL_S = 0.3
_MAX_OUTPUT_BYTES = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessFolder:
    """The folder of a process: its lock, its start, its output and the request to stop."""

    folder: Path

    def launch(self, words: Sequence[str], *, environment: Mapping[str, str]) -> None:
        """Start a process that is independent of this one.

        Parameters
        ----------
        words : sequence of str
            Module and arguments, as after `python -m`.
        environment : mapping of str to str
            Variables that differ from those of this process.

        Raises
        ------
        OSError
            It cannot be started.
        """
        variables = {name: value for name, value in os.environ.items() if name not in SECRETS}
        launched_at = time.time()
        self.note_launch(launched_at)
        # Not to a log that is shown, because Python's own messages contain local paths.
        with (self.folder / PROCESS_FILE).open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-m", *words],
                cwd=_PACKAGES,
                env={**variables, "PYTHONUNBUFFERED": "1", **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                umask=0o077,
            )
        if sys.platform != "win32":
            with suppress(ProcessLookupError):
                lower = os.getpriority(os.PRIO_PROCESS, 0) + _NICENESS
                os.setpriority(os.PRIO_PROCESS, process.pid, lower)
        # Collect the exit status, or the finished process stays in the process table.
        threading.Thread(target=process.wait, daemon=True).start()
        self.note_launch(launched_at, process.pid)

    def launched(self) -> dict[str, Any]:
        """Return time and process id of the last start; without id while starting."""
        document: Any = None
        with suppress(OSError, JsonError):
            document = read_json(self.folder / _LAUNCH_FILE)
        known = document if isinstance(document, dict) else {}
        launched_at, pid = known.get("launched_at"), known.get("pid")
        return {
            "launched_at": float(launched_at) if _is_number(launched_at) else 0.0,
            "pid": pid if isinstance(pid, int) else None,
        }

    def note_launch(self, launched_at: float, pid: int | None = None) -> None:
        """Record a start.

        Raises
        ------
        OSError
            The disk is full.
        """
        write_json(self.folder / _LAUNCH_FILE, {"launched_at": launched_at, "pid": pid})

    def is_starting(self) -> bool:
        """Whether a process was started that may not have taken the lock yet."""
        launch = self.launched()
        # The clock was set back since the launch.
        if not 0 <= time.time() - launch["launched_at"] <= _START_GRACE_S:
            return False
        return launch["pid"] is None or _is_process(launch["pid"])

    def is_locked(self) -> bool:
        """Whether a process works for this folder."""
        lock = FileLock(self.folder / _LOCK_FILE)
        try:
            # Others that check the lock hold it for a moment.
            lock.acquire(timeout=0.05, poll_interval=0.01)
        except Timeout:
            return True
        except OSError:
            return False
        lock.release()
        return False

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, which shows that the process is alive.

        Raises
        ------
        SeizureZooError
            Another process works for this folder.
        """
        lock = FileLock(self.folder / _LOCK_FILE)
        try:
            # Retry: others that check the state hold the lock for a moment.
            lock.acquire(timeout=10)
        except Timeout:
            raise SeizureZooError(
                "Another process works on {name} already.", name=self.folder.name
            ) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def interrupted_on_request(self) -> Iterator[None]:
        """Hold the lock, and interrupt what this process does when it is asked to stop."""
        with self.locked():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.default_int_handler)
            threading.Thread(target=self._interrupt_on_request, daemon=True).start()
            try:
                yield
            finally:
                # It lives a little longer than its work.
                self.note_launch(0.0)

    def _interrupt_on_request(self) -> None:
        while not self.stop_is_asked():
            time.sleep(_POLL_S)
        os.kill(os.getpid(), signal.SIGINT)

    def ask_to_stop(self) -> None:
        """Ask the process to stop at the next opportunity.

        Raises
        ------
        OSError
            The folder cannot be written.
        """
        (self.folder / _STOP_FILE).touch()

    def stop_is_asked(self) -> bool:
        """Whether the process has been asked to stop."""
        return (self.folder / _STOP_FILE).exists()

    def forget_stop(self) -> None:
        """Withdraw the request to stop."""
        (self.folder / _STOP_FILE).unlink(missing_ok=True)

    def last_words(self) -> str:
        """Return the last line that the process has written; empty if none."""
        try:
            data = (self.folder / PROCESS_FILE).read_bytes()[-_MAX_OUTPUT_BYTES:]
        except OSError:
            return ""
        lines = data.decode("utf-8", errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


def _is_number(value: object) -> TypeGuard[float]:
    """Return whether a value is a number within the range of float."""
    return isinstance(value, int | float) and abs(value) <= sys.float_info.max


def _is_process(pid: int) -> bool:
    # 0 and negative numbers are process groups, and larger ones do not exist.
    if not 0 < pid < 2**31:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
