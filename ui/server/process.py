"""Preparation of the process before Gradio is imported.

Gradio and the Hub client read these variables when they are imported, so this module
imports neither.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from filelock import FileLock, Timeout

PREFIX = "seizure-zoo-"
# Held while the app runs, so that the folder of one that was killed can be told from one in use.
LOCK = "app.lock"

# glibc keeps what threads have freed, in an arena for each few of them: 25 viewers and a few
# detections of an hour leave 708 MB of which the app uses 470. With two arenas and what is free
# given back now and then it is 470 MB, with less processor time than before.
_MOST_ARENAS, _GIVE_BACK_EVERY_S = 2, 10.0
_M_ARENA_MAX = -8


def prepare_process() -> Path:
    """Switch telemetry off and make the app's own temporary folder.

    Returns
    -------
    Path
        A fresh folder only this user can enter. `uploads` inside it is Gradio's cache
        (files there can be fetched by anyone who knows their unguessable address); everything
        else cannot be fetched. It is deleted when the process ends; the folder of a process
        that was killed is deleted by the next one that starts.
    """
    keep_memory_low()
    os.umask(0o077)  # recordings, and names of patients among theirs, are this user's alone
    delete_abandoned(Path(tempfile.gettempdir()))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ.setdefault("MPLBACKEND", "agg")
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = FileLock(folder / LOCK)
    lock.acquire()
    os.environ["GRADIO_TEMP_DIR"] = str(folder / "uploads")
    os.environ["GRADIO_EXAMPLES_CACHE"] = str(folder / "uploads" / "examples")

    def delete() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()

    atexit.register(delete)
    return folder


def keep_memory_low() -> None:
    """Let the C library give freed memory back to the system; only glibc has to be told."""
    library: Any = ctypes.CDLL(None) if os.name == "posix" else None
    if not (hasattr(library, "mallopt") and hasattr(library, "malloc_trim")):
        return
    library.mallopt(_M_ARENA_MAX, _MOST_ARENAS)

    def give_back() -> None:
        while True:
            time.sleep(_GIVE_BACK_EVERY_S)
            library.malloc_trim(0)

    threading.Thread(target=give_back, name="memory", daemon=True).start()


def delete_abandoned(parent: Path) -> None:
    """Delete the temporary folders of apps that ended without tidying up."""
    for path in parent.glob(f"{PREFIX}*/{LOCK}"):
        try:
            with FileLock(path, timeout=0):
                shutil.rmtree(path.parent, ignore_errors=True)
        except (Timeout, OSError):
            continue  # in use, or another user's


def end_cleanly_when_terminated() -> None:
    """Turn the termination signal into an ordinary exit, so that files are tidied up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))


# Gradio writes a stub file for editors next to every class of components whenever it is
# imported, from the class's parsed source.
_MODULE, _WRITES_STUBS = "gradio.component_meta", "create_or_modify_pyi"


@contextmanager
def quick_start(*, mcp: bool) -> Iterator[None]:
    """Import Gradio and build the app in the block, without what only costs time.

    Gradio writes no stub files and, where `mcp` is false, does without the package of that name.
    The garbage collector waits; from then on it leaves alone what has been loaded, so that it
    never again holds up a page by looking through all of it. A start takes 3.4 s of processor
    time instead of 5.1 s (median of 3): 0.9 s of it are the stub files, the rest is the collector.
    """
    finder, was_on = _Without(mcp=mcp), gc.isenabled()
    sys.meta_path.insert(0, finder)
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        sys.meta_path.remove(finder)
        if was_on:
            gc.enable()


class _Without(MetaPathFinder):
    """Changes the one module of Gradio that writes stub files, and may say that MCP is missing."""

    def __init__(self, *, mcp: bool) -> None:
        self._mcp = mcp

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        # Gradio imports it if it is there, and with it a validator of JSON that takes as long.
        if fullname == "mcp" and not self._mcp:
            raise ModuleNotFoundError("The app does not serve MCP.", name=fullname)
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _LoaderWithoutStubs(fullname, spec.loader.path)
        return spec


class _LoaderWithoutStubs(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, _WRITES_STUBS):
            setattr(module, _WRITES_STUBS, lambda *_: None)
