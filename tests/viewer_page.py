"""A page of its own for the viewer's journeys: simulated EEG, made-up findings, an ear for marks.

Run as `python -m tests.viewer_page PORT`; `running_viewer` does so for tests.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import numpy as np

from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from tests.app_server import ROOT, free_port
from tests.eeg_files import SEIZURE as FILE
from tests.eeg_files import eeg_file
from ui.gradio_compat import PartedBlocks
from ui.viewer.component import ViewerValue, build_viewer
from ui.viewer.handles import Overlays
from ui.viewer.script import script_route

SEIZURE = Event(onset_s=10, duration_s=40)
START_S = 120


def overlays_for(recording: Recording) -> Overlays:
    """Return an expert's seizure, and what a model might have said: one hit, one false alarm."""
    seconds = np.arange(int(recording.duration_s))
    probabilities = (1 / (1 + np.exp(-(seconds - 14) / 2))).astype(np.float32)
    return Overlays(
        references=(SEIZURE,),
        predictions=(
            Event(onset_s=2, duration_s=3, confidence=0.55),
            Event(onset_s=13, duration_s=34, confidence=0.97),
        ),
        trace=ProbabilityTrace(probabilities=probabilities, duration_s=recording.duration_s),
        threshold=0.5,
        title="made up",
    )


def build_page() -> gr.Blocks:
    """Return the page: the viewer, a button that jumps, a box that tells what was marked."""
    with PartedBlocks(title="viewer", fill_width=True, analytics_enabled=False) as demo:
        viewer = build_viewer()
        viewer.bind(demo)
        handle = gr.State("")
        jump = gr.Button("Show the seizure")
        told = gr.Textbox(label="Python read")

        def start(request: gr.Request) -> tuple[str, ViewerValue]:
            recording = open_recording(eeg_file(FILE))
            opened = viewer.open(recording, request, overlays_for(recording))
            return opened, viewer.show(opened)

        def show(opened: str) -> ViewerValue:
            return viewer.show(opened, event=SEIZURE)

        def tell(opened: str) -> str:
            review = viewer.review(opened)
            marks = [f"{m.kind} {m.onset_s:.1f}+{m.duration_s:.1f} {m.text}" for m in review.marks]
            return f"{'; '.join(marks)} | {dict(sorted(review.decisions.items()))}"

        demo.load(start, outputs=[handle, viewer.component], api_visibility="private")
        jump.click(show, handle, viewer.component, api_visibility="private")
        viewer.component.marks_changed(tell, inputs=handle, outputs=told, api_visibility="private")
    return demo


@contextlib.contextmanager
def running_viewer(folder: Path) -> Iterator[str]:
    """Serve the page from its own process; give its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TMPDIR": str(folder)}
    with (folder / "page.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.viewer_page", str(port)],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up and process.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                urllib.request.urlopen(f"{url}/config", timeout=5).close()
                break
            time.sleep(0.2)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    build_page().launch(
        server_name="127.0.0.1",
        server_port=int(sys.argv[1]),
        quiet=True,
        app_kwargs={"routes": [script_route()]},
    )
