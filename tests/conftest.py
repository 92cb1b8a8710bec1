"""What every test gets: a throw-away home, its own temporary folder, no way to the network.

A run passes or fails the same way every time: property tests try the same examples
(`tests.properties`), numbers are drawn from a fixed seed, libraries calculate on one thread. A
test that skips although `tests/may_skip.txt` does not name it fails.
"""

from __future__ import annotations

import contextlib
import gc
import getpass
import logging
import os
import random
import re
import socket
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from seizure_core.messages import Message
from tests import skips
from tests.audit_hook.promises import watch
from tests.dealing import dealt
from tests.eeg_files import FOLDER_VARIABLE
from tests.message_notes import known_templates, noting
from tests.properties import load_profile

# Two workers on two cores; and sums come out alike whatever the number of cores. The libraries
# read these once, when they are loaded.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

# Read once, too, by the Hub's client.
os.environ["HF_HUB_OFFLINE"] = os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

load_profile()

# A look through everything for garbage takes a second where Gradio and torch are loaded: with the
# usual thresholds a tenth of the time of the tests goes into it.
gc.set_threshold(700, 10, 100)

_BROKEN: list[str] = []
watch(
    _BROKEN.append,
    [str(Path(tempfile.gettempdir()) / f"pytest-of-{getpass.getuser()}")],
    everything=False,
)

# Libraries leave these, empty: gradio_client one a download, torch one for a compiler's cache.
_LEFT_BY_LIBRARIES = re.compile(r"[0-9a-f]{40}|torchinductor_.*")


@pytest.fixture(autouse=True, scope="session")
def temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Take the place of the system's temporary folder; in the end nothing may lie there."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr(tempfile, "tempdir", str(folder))
        # In the app `prepare_process` says so; tests build parts of the app without it.
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("eeg")))
        yield folder
    gc.collect()
    left = [
        path.name
        for path in sorted(folder.iterdir())
        if not (_LEFT_BY_LIBRARIES.fullmatch(path.name) and not any(path.iterdir()))
    ]
    assert left == [], "the tests, or the product under them, left this in the temporary folder"


@pytest.fixture(autouse=True)
def every_message_has_its_words(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that lets the product make a message of which a language has no words."""
    made: set[str] = set()
    monkeypatch.setattr(Message, "__new__", noting(made.add))
    yield
    assert sorted(made - known_templates()) == []


@pytest.fixture(autouse=True)
def no_promise_is_broken() -> Iterator[None]:
    """Fail a test that lets the product do what docs/security.md says it does not."""
    _BROKEN.clear()
    yield
    assert _BROKEN == []


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test its own writable folder for models, datasets and runs."""
    home = tmp_path / "seizure-zoo-home"
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(home))
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
    return home


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    """Start every test from the same state of the generators that a library may draw from."""
    random.seed(0)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every second worker begin with browser journeys."""
    n_workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if n_workers > 1:
        items[:] = dealt(items, n_workers)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let a test that must not skip fail instead."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        skips.check(item, report)
    return report


@pytest.fixture
def no_sockets_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for the sockets that Dask leaves to its garbage: later they would fail other tests."""
    # pytest keeps what is logged, and with the errors in it the sockets.
    monkeypatch.setattr(logging.getLogger("distributed"), "propagate", False)
    before = _open_sockets()
    yield
    give_up = time.monotonic() + 30
    while (left := _open_sockets() - before) and time.monotonic() < give_up:
        gc.collect()
        time.sleep(0.1)
    assert left == set()


def _open_sockets() -> set[str]:
    """Return the network sockets of this process, by their names in the kernel."""
    found = set()
    for link in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            name = link.readlink().name
            if name.startswith("socket:"):
                with socket.socket(fileno=os.dup(int(link.name))) as one:
                    found |= {name} if one.family == socket.AF_INET else set()
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was skipped, and why."""
    skips.summarise(terminalreporter)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the folder that pytest keeps its own in, once it is empty."""
    if not hasattr(config, "workerinput"):
        with contextlib.suppress(OSError):
            (Path(tempfile.gettempdir()) / f"pytest-of-{getpass.getuser()}").rmdir()
