"""EEG without models: recordings, channels, signals, events, references, statistics, figures.

This package imports no torch, no Gradio and no huggingface_hub.
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
