"""What docs/security.md says is tested, and a broken promise is noticed in any process."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app_server import ROOT, app_environment

_OURS = str(ROOT / "ui" / "made_up.py")
_AS_OURS = "exec(compile({code!r}, {ours!r}, 'exec'))"

BREAKING = {
    "reaches example.invalid": "import socket; socket.getaddrinfo('example.invalid', 443)",
    "reaches 192.0.2.1": (
        "import socket; s = socket.socket(); s.settimeout(0.01); s.connect(('192.0.2.1', 9))"
    ),
    "listens on 127.0.0.1": "import socket; socket.socket().bind(('127.0.0.1', 0))",
    "runs ": "import sys, os; sys.path.insert(0, os.environ['TMPDIR']); import planted",
    "unpickles builtins.print": _AS_OURS.format(
        code="import pickle; pickle.loads(b'cbuiltins\\nprint\\n.')", ours=_OURS
    ),
    "starts true": _AS_OURS.format(code="import subprocess; subprocess.run(['true'])", ours=_OURS),
}
KEEPING = "import json, pathlib, socket; socket.getaddrinfo('127.0.0.1', 80); json.loads('{}')"


def broken_by(code: str, folder: Path) -> str:
    (folder / "planted.py").write_text("")
    log = folder / "audit.log"
    environment = app_environment(
        folder,
        GRADIO_SERVER_PORT="7860",
        SEIZURE_ZOO_TEST_AUDIT=str(log),
        TMPDIR=str(folder),
    )
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=False)
    return log.read_text(encoding="utf-8") if log.exists() else ""


@pytest.mark.parametrize("said", BREAKING)
def test_a_broken_promise_is_told(said: str, tmp_path: Path) -> None:
    assert broken_by(BREAKING[said], tmp_path).startswith(said)


def test_a_process_that_keeps_them_is_not_accused(tmp_path: Path) -> None:
    assert broken_by(KEEPING, tmp_path) == ""


def test_every_threat_names_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 20
    for row in rows:
        (named,) = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)` \|$", row)
        assert f"def {named[1]}(" in (ROOT / named[0]).read_text(encoding="utf-8"), row
