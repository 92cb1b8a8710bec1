"""Atomic writing of files: to a temporary file that is then renamed.

Renaming protects against crashes of the program. Protection against power failures needs a flush to
disk (`durable`), which takes 1 to 10 ms. It is used for files that could not be restored otherwise:
user models and their registry.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of the system where there is no room for a file."""


@contextmanager
def atomic_path(path: str | Path, *, durable: bool = False) -> Iterator[Path]:
    """Yield a temporary file in the target's folder; rename it to the target on success.

    If the block raises, the temporary file is removed and the target stays as it was.

    Parameters
    ----------
    path : str or Path
        Final path; its folder must exist.
    durable : bool
        Whether to flush to disk, so that the old or the new file survives a power failure.

    Yields
    ------
    Path
        An existing, empty file with the target's suffix.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(6)}{target.suffix}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        if durable:
            flush_file(temporary)
        temporary.replace(target)
        if durable:
            flush_names(target.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def flush_file(path: Path) -> None:
    """Flush a file's contents to disk.

    Raises
    ------
    OSError
        It could not be written; a full disk may be noticed only here.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_names(folder: Path) -> None:
    """Flush a folder's entries to disk, where the system supports this."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Not supported by some network file systems.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


FileSignature = tuple[int, int, int, int, int]


def file_signature(path: Path) -> FileSignature:
    """Return a signature that changes when a file is written to or replaced.

    Raises
    ------
    OSError
        There is no such file.
    """
    state = path.stat()
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
