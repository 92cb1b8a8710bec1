"""Recordings, channels, windows, events: everything about EEG that needs no net.

No torch, no Gradio and no network in this package.
"""

__version__ = "0.1.0"
