"""Seizure Zoo: epileptic-seizure detection in scalp EEG.

The public names for Python programs. For research use only; not a medical device.

Examples
--------
>>> from seizure_zoo import load_detector, open_recording
>>> recording = open_recording("night.edf")
>>> detection = load_detector("aligned-cnn").detect(recording)
>>> detection.events
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seizure_core import (
    Annotation,
    Channel,
    Finding,
    Recording,
    Reference,
    __version__,
    open_recording,
    read_reference,
)

if TYPE_CHECKING:
    from zoo import list_models, load_detector

__all__ = [
    "Annotation",
    "Channel",
    "Finding",
    "Recording",
    "Reference",
    "__version__",
    "list_models",
    "load_detector",
    "open_recording",
    "read_reference",
]


def __getattr__(name: str) -> Any:
    """Import the names that need torch on first use."""
    if name in ("list_models", "load_detector"):
        import zoo

        return getattr(zoo, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
