"""Recordings, channels, windows, events: everything about EEG that needs no model.

No torch, no Gradio and no network in this package.
"""

__version__ = "0.1.0"

from seizure_core.io.opening import open_recording
from seizure_core.recording import Annotation, Channel, Finding, Recording
from seizure_core.references import Reference, read_reference

__all__ = [
    "Annotation",
    "Channel",
    "Finding",
    "Recording",
    "Reference",
    "open_recording",
    "read_reference",
]
