"""Files that are either whole or not there: written aside, then renamed.

Renaming guards against a program that dies. Against a power cut only waiting for the disk does,
which takes from a millisecond to some ten; it is asked for (`durable`) where nothing else could
bring the file back: the models of a home folder and their registry. Pictures, tables and what can
be fetched or computed again do without; checksums tell if one of them was lost.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def atomic_path(path: str | Path, *, durable: bool = False) -> Iterator[Path]:
    """Give a temporary file in the target's folder; on success it takes the target's name.

    If the block raises, the temporary file is removed and the target stays as it was.

    Parameters
    ----------
    path : str or Path
        Where the file shall stand in the end. Its folder must exist.
    durable : bool
        Whether to wait until the disk has it, so that a power cut leaves the old file or the
        new one.

    Yields
    ------
    Path
        An existing, empty file to be written, with the target's suffix.
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
    """Wait until the disk has a file's content.

    Raises
    ------
    OSError
        It could not be written; a full disk may be noticed only here.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def flush_names(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system can do that."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        # Some network file systems know no such thing for folders.
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


FileSignature = tuple[int, int, int, int, int]


def file_signature(path: Path) -> FileSignature:
    """Return what changes when a file is written to or replaced, without reading it.

    Raises
    ------
    OSError
        There is no such file.
    """
    state = path.stat()
    return (state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
