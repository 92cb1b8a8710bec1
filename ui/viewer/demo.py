"""A page with nothing but the viewer: `python -m ui.viewer.demo FILE [EVENTS]`.

For looking at the component alone, for its browser tests and its benchmark.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable

import gradio as gr

from seizure_core.io.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references import read_reference
from ui.viewer.component import ViewerComponents, ViewerValue, build_viewer
from ui.viewer.overlays import NO_OVERLAYS, Overlays


def build_demo(
    open_file: Callable[[], Recording], overlays: Overlays = NO_OVERLAYS
) -> tuple[gr.Blocks, ViewerComponents]:
    """Return a page that opens one recording for every visitor.

    Parameters
    ----------
    open_file : callable
        Opens the recording.
    overlays : Overlays
        Drawn beside the signals.
    """
    with gr.Blocks(title="EEG viewer", fill_width=True) as demo:
        viewer = build_viewer()
        viewer.bind(demo)

        def start(request: gr.Request) -> ViewerValue:
            return viewer.show(viewer.open(open_file(), request, overlays))

        demo.load(start, outputs=viewer.component, api_visibility="private")
    return demo, viewer


def main() -> None:
    """Serve the page on the loopback address."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("recording")
    parser.add_argument("events", nargs="?")
    parser.add_argument("--port", type=int, default=7861)
    arguments = parser.parse_args()
    overlays = NO_OVERLAYS
    if arguments.events:
        reference = read_reference(arguments.events, recording_name=arguments.recording)
        overlays = Overlays(references=reference.events)
    demo, _ = build_demo(lambda: open_recording(arguments.recording), overlays)
    demo.launch(server_name="127.0.0.1", server_port=arguments.port)


if __name__ == "__main__":
    main()
