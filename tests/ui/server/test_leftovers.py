"""What killed apps and broken-off uploads leave on the disk."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.app_server import ROOT, app_served_here
from ui.server.health import LEAST_FREE_MB, health_route
from ui.server.process import LOCK, PREFIX, delete_abandoned

DiskUsage = namedtuple("DiskUsage", ["total", "used", "free"])


def until(holds: Callable[[], object]) -> None:
    give_up = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_the_folder_of_a_killed_app_is_deleted_at_the_next_start_and_no_other(
    tmp_path: Path,
) -> None:
    begin = "from ui.server.process import prepare_process as begin; print(begin(), flush=True)"
    command = [sys.executable, "-c", f"{begin}; input()"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as app:
        assert app.stdout is not None
        killed = Path(app.stdout.readline().strip())
        running, other = (tmp_path / f"{PREFIX}{name}" for name in ("now", "other"))
        for folder in (killed, running, other):
            (folder / "uploads").mkdir(parents=True)
            (folder / "uploads" / "night.edf").write_bytes(b"eeg")
        delete_abandoned(tmp_path)
        assert killed.exists()
        app.kill()
        app.wait()
        with FileLock(running / LOCK):
            delete_abandoned(tmp_path)
    assert not killed.exists()
    assert (running / "uploads" / "night.edf").exists()
    assert (other / "uploads" / "night.edf").exists()  # says nothing of who made it


def test_an_upload_that_breaks_off_leaves_nothing() -> None:
    with app_served_here() as url:
        (folder,) = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
        uploads = folder / "uploads"
        address = urlsplit(url)
        head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="night.edf"\r\n\r\n'
        with socket.create_connection((address.hostname, address.port)) as connection:
            connection.sendall(
                b"POST /gradio_api/upload HTTP/1.1\r\nHost: localhost\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\n"
                b"Content-Length: 90000000\r\n\r\n" + head + b"0" * 3_000_000
            )
            until(lambda: list(uploads.glob("tmp*")))
        until(lambda: not list(uploads.glob("tmp*")))
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            assert json.load(answer)["ok"] is True


def test_a_disk_that_is_nearly_full_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(Starlette(routes=[health_route((tmp_path / "not" / "made",))]))
    well = client.get("/healthz")
    assert (well.status_code, well.json()["ok"]) == (200, True)
    monkeypatch.setattr("shutil.disk_usage", lambda _: DiskUsage(10**9, 10**9, 10**6))
    told = client.get("/healthz")
    assert (told.status_code, told.json()["ok"]) == (503, False)
    assert told.json()["status"] == "disk nearly full"
    assert told.json()["free_disk_mb"] < LEAST_FREE_MB
