"""EEG without models: recordings, channels, signals, events, references, statistics, figures.

This package imports no torch, no Gradio and no huggingface_hub.
"""

from typing import TYPE_CHECKING

from seizure_core.lazy import lazy_names

if TYPE_CHECKING:
    from seizure_core.io.opening import open_recording
    from seizure_core.recording import Annotation, Channel, Finding, Recording
    from seizure_core.references import Reference, read_reference

__version__ = "0.1.0"

__all__ = [
    "Annotation",
    "Channel",
    "Finding",
    "Recording",
    "Reference",
    "open_recording",
    "read_reference",
]
__getattr__ = lazy_names(
    __name__,
    {
        "Annotation": "recording",
        "Channel": "recording",
        "Finding": "recording",
        "Recording": "recording",
        "Reference": "references",
        "open_recording": "io.opening",
        "read_reference": "references",
    },
)
