"""What has to be true of the process before Gradio is imported.

Gradio and the Hub client read these variables when they are imported, so this module
imports neither.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path


def prepare_process() -> Path:
    """Switch all reporting home off and make the app's own temporary folder.

    Returns
    -------
    Path
        A fresh folder only this user can enter. `uploads` inside it is Gradio's cache
        (files there can be fetched by whoever knows their unguessable address); everything
        beside it cannot be fetched. It is deleted when the process ends.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ.setdefault("MPLBACKEND", "agg")
    folder = Path(tempfile.mkdtemp(prefix="seizure-zoo-"))
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "uploads")
    os.environ["GRADIO_EXAMPLES_CACHE"] = str(folder / "uploads" / "examples")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def end_cleanly_when_terminated() -> None:
    """Turn the termination signal into an ordinary exit, so that files are tidied up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
