from __future__ import annotations

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.app_server import ROOT, app_environment, free_port, running_app


def end_of_app(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=app_environment(folder, **variables),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_terminated_app_ends_cleanly_and_leaves_no_files(tmp_path: Path) -> None:
    with running_app(tmp_path) as server:
        assert list(server.temporary.glob("seizure-zoo-*"))
    assert server.process.returncode == 0
    assert list(server.temporary.glob("seizure-zoo-*")) == []
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_behind_a_login_nothing_is_answered_without_it(tmp_path: Path) -> None:
    with running_app(tmp_path, SEIZURE_ZOO_LOGIN="eva:secret") as server:
        for address in ("/config", "/gradio_api/info", "/gradio_api/file=/etc/hostname"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{server.url}{address}")
            assert refused.value.code == 401
            refused.value.close()


def test_a_port_in_use_is_told_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        ended = end_of_app(tmp_path, GRADIO_SERVER_PORT=str(port))
    assert ended.returncode == 1
    assert f"port {port}" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_variable_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    ended = end_of_app(tmp_path, SEIZURE_ZOO_DATA=str(tmp_path / "none"))
    assert ended.returncode == 1
    assert "SEIZURE_ZOO_DATA must be an existing folder" in ended.stderr
    assert "Traceback" not in ended.stderr
