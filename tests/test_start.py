"""What a start loads: modules are counted, for times jitter."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from seizure_core.io.edf.writer import write_edf
from tests.app_server import ROOT, app_environment, free_port
from tests.seizure_core.review.reviews import review_of
from tests.starting import HEAVY
from ui.server.process import quick_start


def heavy_after(code: str, tmp_path: Path, heavy: tuple[str, ...] = HEAVY) -> list[str]:
    """Run code in a fresh Python and return which of the heavy modules it has loaded."""
    report = f"import json, sys; print(json.dumps([m for m in {heavy!r} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{report}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "SEIZURE_ZOO_HOME": str(tmp_path)},
    )
    return list(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("arguments", [["list"], ["show", "n1spool-cnn"]])
def test_lists_of_models_load_neither_torch_nor_what_filters_or_draws(
    arguments: list[str], tmp_path: Path
) -> None:
    code = f"from zoo.__main__ import main; assert main({arguments!r}) == 0"
    assert heavy_after(code, tmp_path, (*HEAVY, "gradio", "huggingface_hub", "pandas")) == []


@dataclass(frozen=True)
class Start:
    """What `tests.starting` told, and what it wrote to standard error."""

    port: int
    told: dict[str, Any]
    errors: str


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """An app that has been built, met a port in use, shown its page and opened a review."""
    folder, port = tmp_path_factory.mktemp("start"), free_port()
    review, _ = review_of(folder)
    (folder / "home" / "reviews").mkdir(parents=True)
    review.folder.rename(folder / "home" / "reviews" / "ward")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.starting"],
        cwd=ROOT,
        env=app_environment(folder, GRADIO_SERVER_PORT=str(port)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return Start(port, json.loads(ended.stdout.splitlines()[-1]), ended.stderr)


def test_the_app_is_built_without_stub_files_and_then_collects_garbage_again(
    started: Start,
) -> None:
    assert started.told["stubs"] == []
    assert started.told["collects_garbage"]
    assert started.told["n_left_alone"] > 100_000
    assert "ui.server.process" not in started.told["finders"]


def test_a_port_in_use_is_told_in_one_line(started: Start) -> None:
    assert started.told["status_at_a_port_in_use"] == 1
    assert f"port {started.port}" in started.errors
    assert "Traceback" not in started.errors


def test_the_first_page_of_the_app_needs_no_torch(started: Start) -> None:
    assert "Seizure Zoo" in started.told["page"]
    assert started.told["loaded_to_show_it"] == []


def test_torch_is_not_loaded_for_reviewing(started: Start) -> None:
    assert started.told["loaded_to_review"] == []


def test_a_variable_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    variables = app_environment(tmp_path, SEIZURE_ZOO_DATA=str(tmp_path / "none"))
    ended = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "SEIZURE_ZOO_DATA must be an existing folder" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.slow
def test_without_a_quick_start_gradio_writes_stub_files(tmp_path: Path) -> None:
    # Once it does so no more, ui/server/process.py has one thing less to do.
    code = """
import sys
stubs = []
sys.addaudithook(lambda event, args: event == "open" and str(args[0]).endswith(".pyi")
                 and stubs.append(args[0]))
import gradio
assert stubs
"""
    heavy_after(code, tmp_path)


def test_garbage_waits_for_the_end_of_a_start_and_no_longer() -> None:
    was_on = gc.isenabled()
    try:
        for on in (True, False):
            (gc.enable if on else gc.disable)()
            with pytest.raises(ZeroDivisionError), quick_start(mcp=False):
                assert not gc.isenabled()
                1 / 0  # noqa: B018
            assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()


def test_looking_at_a_page_of_eeg_needs_no_torch(tmp_path: Path) -> None:
    path = tmp_path / "page.edf"
    write_edf(path, np.ones((2, 512)), labels=["FP1-F7", "F7-T7"], sampling_rate_hz=256)
    code = f"""
from seizure_core import open_recording
from seizure_core.display.montages import BUILT_IN, fit_montage
from seizure_core.display.pages import page
recording = open_recording({str(path)!r})
rows = fit_montage(recording, BUILT_IN[0]).rows
assert len(page(recording, rows, start_s=0, length_s=1, n_columns=100).rows) == 2
"""
    assert heavy_after(code, tmp_path) == []


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="only glibc")
def test_memory_that_threads_have_freed_is_given_back() -> None:
    code = """
import threading, time
from pathlib import Path
from ui.server import process

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

process._GIVE_BACK_EVERY_S = 0.1
process.keep_memory_low()
before = resident_mb()
kept = []

def fill():
    blocks = [b"x" * (60_000 + one) for one in range(500)]
    kept.append(blocks.pop())  # at the end of what was taken: nothing below it is free to go

threads = [threading.Thread(target=fill) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
time.sleep(2)
assert resident_mb() - before < 60, resident_mb() - before
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
