"""What a start loads: modules are counted, for times jitter."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from seizure_core.io.edf.writer import write_edf
from ui.server.process import quick_start

HEAVY = ("torch", "scipy.signal", "scipy.optimize", "matplotlib")
ROOT = Path(__file__).parents[1]


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


def test_the_app_is_built_and_shown_without_what_only_costs_time(tmp_path: Path) -> None:
    code = """
import gc, sys, urllib.request
stubs = []
sys.addaudithook(lambda event, args: event == "open" and str(args[0]).endswith(".pyi")
                 and stubs.append(args[0]))
import app
assert stubs == [], stubs
assert gc.isenabled()
assert gc.get_freeze_count() > 100_000
assert not any(type(one).__module__ == "ui.server.process" for one in sys.meta_path)
import gradio
assert callable(gradio.Button.click), "components have their events all the same"
_, url, _ = app.demo.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
assert b"Seizure Zoo" in urllib.request.urlopen(url).read()
app.demo.close(verbose=False)
"""
    assert heavy_after(code, tmp_path, (*HEAVY, "mcp", "jsonschema")) == []


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
