"""The real app: free port, own home, watched connections, clean end; in its own process or here."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.message_notes import known_templates

ROOT = Path(__file__).resolve().parents[1]
START_S = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class AppServer:
    """A running app.

    Attributes
    ----------
    url : str
        Where it answers.
    process : subprocess.Popen
        The app.
    log : Path
        What it wrote to standard output and error.
    audit : Path
        Promises that it has broken, one a line (see `tests.audit_hook.promises`).
    loads : Path
        What it loaded although a start should do without, one a line.
    temporary : Path
        Folder for its temporary files.
    """

    url: str
    process: subprocess.Popen[bytes]
    log: Path
    audit: Path
    loads: Path
    temporary: Path

    def broken_promises(self) -> list[str]:
        """Return what the app has done until now although docs/security.md says it does not."""
        return _lines(self.audit)

    def heavy_loads(self) -> list[str]:
        """Return what the app has loaded until now although a start should do without."""
        return _lines(self.loads)


@contextlib.contextmanager
def running_app(
    folder: Path, *, data_folder: Path | None = None, **extra: str
) -> Iterator[AppServer]:
    """Start `python app.py` and terminate it at the end.

    It may have broken no promise, every message it made must have its words, and a terminated app
    ends well and leaves no temporary files.

    Parameters
    ----------
    folder : Path
        An empty folder for the app's home, temporary files and log.
    data_folder : Path, optional
        `SEIZURE_ZOO_DATA`.
    **extra : str
        More environment variables.
    """
    port = free_port()
    temporary = folder / "tmp"
    temporary.mkdir(parents=True)
    log, audit, loads = folder / "app.log", folder / "audit.log", folder / "loads.log"
    messages = folder / "messages.log"
    environment = app_environment(
        folder,
        GRADIO_SERVER_PORT=str(port),
        SEIZURE_ZOO_DATA=str(data_folder or ""),
        SEIZURE_ZOO_TEST_AUDIT=str(audit),
        SEIZURE_ZOO_TEST_LOADS=str(loads),
        SEIZURE_ZOO_TEST_MESSAGES=str(messages),
        TMPDIR=str(temporary),
        **extra,
    )
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    server = AppServer(
        url=f"http://127.0.0.1:{port}",
        process=process,
        log=log,
        audit=audit,
        loads=loads,
        temporary=temporary,
    )
    try:
        _wait_until_it_answers(server)
        yield server
        was_killed = process.poll() is not None
    finally:
        process.terminate()
        try:
            process.wait(timeout=START_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    assert was_killed or process.returncode == 0
    assert was_killed or list(temporary.glob("seizure-zoo-*")) == []
    broken = server.broken_promises()
    assert broken == [], f"docs/security.md promises otherwise: {broken}"
    made = set(map(json.loads, _lines(messages)))
    assert made - known_templates() == set(), "messages of which a language has no words"


@contextlib.contextmanager
def app_served_here(**variables: str) -> Iterator[str]:
    """Serve the app from the tests' own process, in a fifth of the time that a process takes.

    For what settings alone decide: home, log and promises are those of the tests.

    Parameters
    ----------
    **variables : str
        The app's environment variables.

    Yields
    ------
    str
        Where it answers.
    """
    from ui.app import build_app, launch_options
    from ui.resources import Services
    from ui.server.settings import Settings

    port = free_port()
    settings = Settings.from_environment({"GRADIO_SERVER_PORT": str(port), **variables})
    with (
        tempfile.TemporaryDirectory(prefix="seizure-zoo-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("GRADIO_TEMP_DIR", f"{folder}/uploads")
        services = Services.create(settings, Path(folder))
        demo = build_app(services)
        demo.launch(**launch_options(demo, services), prevent_thread_lock=True)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            demo.close(verbose=False)


def app_environment(folder: Path, **extra: str) -> dict[str, str]:
    """Return the environment of an app that shares nothing with this machine's user."""
    return {
        **os.environ,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "SEIZURE_ZOO_HOME": str(folder / "home"),
        "PYTHONPATH": str(ROOT / "tests" / "audit_hook"),
        "PYTHONUNBUFFERED": "1",
        **extra,
    }


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _wait_until_it_answers(server: AppServer) -> None:
    give_up = time.monotonic() + START_S
    while time.monotonic() < give_up:
        if server.process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(server.url, timeout=5).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"The app did not start:\n{server.log.read_text(encoding='utf-8')}")
