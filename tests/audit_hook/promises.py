"""What docs/security.md promises, and how a process is seen to break it.

Python reports such acts to audit hooks, whichever library does them. `sitecustomize` listens in
every process that tests start with this folder on their path, `tests.conftest` in their own.
"""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

_LOCAL = ("127.", "::1", "localhost", "0.0.0.0")
_NUMBERS = re.compile(r"[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:.%]*")
_PACKAGES = ("seizure_core", "zoo", "training", "ui", "seizure_zoo")
_PYTHON = sysconfig.get_path("stdlib") + os.sep
_ROOT = Path(__file__).resolve().parents[2]
_OURS = tuple(f"{_ROOT / package}{os.sep}" for package in _PACKAGES)
_STARTS = ("os.system", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile")
_WATCHED = {
    *("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"),
    *("exec", "pickle.find_class", "ctypes.dlopen", "subprocess.Popen", *_STARTS),
}


def watch(
    tell: Callable[[str], None],
    data_folders: Iterable[str],
    *,
    port: int | None = None,
    everything: bool = True,
) -> None:
    """Tell of every promise this process breaks from now on; a hook cannot be taken away.

    Parameters
    ----------
    tell : callable
        Takes a line such as "reaches example.org".
    data_folders : iterable of str
        Where people's files lie: nothing from there may be run.
    port : int, optional
        Where the process may listen; any port of this machine's if None.
    everything : bool
        Also what nothing of the product has led to, such as clients of tests.
    """
    folders = tuple(str(Path(folder).resolve()) + os.sep for folder in data_folders)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in _WATCHED:
            broken = _broken(event, args, folders, port)
            if broken and (everything or any(name.startswith(_OURS) for name in _callers())):
                tell(broken)

    sys.addaudithook(hook)


def _broken(event: str, args: tuple[Any, ...], folders: tuple[str, ...], port: int | None) -> str:
    """Return which promise an act breaks; empty for most acts."""
    if event.startswith("socket."):
        return _network(event, args, port)
    if event == "exec":
        source = str(args[0].co_filename)
        return f"runs {source}" if source.startswith(folders) else ""
    if event == "ctypes.dlopen":
        return f"loads {args[0]}" if str(args[0]).startswith(folders) else ""
    if not _is_of_ours():
        return ""
    if event == "pickle.find_class":
        return f"unpickles {args[0]}.{args[1]}"
    # A training is a process of its own: this very Python.
    program = str(args[0])
    return "" if program == sys.executable else f"starts {program}"


def _network(event: str, args: tuple[Any, ...], port: int | None) -> str:
    if event not in ("socket.connect", "socket.bind"):
        host = str(args[0] or "")
        asks_nobody = not host or host.startswith(_LOCAL) or _NUMBERS.fullmatch(host)
        return "" if asks_nobody else f"reaches {host}"
    address = args[1]
    if not isinstance(address, tuple):
        return ""  # within this machine
    host = str(address[0])
    if event == "socket.connect":
        return "" if host.startswith(_LOCAL) else f"reaches {host}"
    is_right = host.startswith(_LOCAL) if port is None else address[1] == port
    return "" if is_right else f"listens on {host}:{address[1]}"


def _is_of_ours() -> bool:
    """Return whether the product's own code does it, not a library that it calls."""
    for name in _callers():
        if not name.startswith(("<frozen", _PYTHON)) or "site-packages" in name:
            return name.startswith(_OURS)
    return False


def _callers() -> Iterator[str]:
    """Yield the source files of what led to an act, the nearest first, without this one."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename != __file__:
            yield frame.f_code.co_filename
        frame = frame.f_back
