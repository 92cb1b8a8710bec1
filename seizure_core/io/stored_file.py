"""A file on disk that must stay the same while a recording is read from it."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file and what it looked like when it was first seen.

    No handle is kept: each call opens the file, checks that it is still the same one, and
    closes it. Calls from several threads do not meet.

    Attributes
    ----------
    location : Path
        Where it lies.
    file_name : str
        The name that messages use.
    size : int
        Bytes.
    identity : tuple of int
        Device, inode and time of the last change.
    """

    location: Path
    file_name: str
    size: int
    identity: tuple[int, int, int]

    @contextmanager
    def opened(self) -> Iterator[FileIO]:
        """Open the file for reading.

        Raises
        ------
        RecordingError
            It is gone, cannot be read, or is no longer the file that was first seen.
        """
        try:
            # Unbuffered: a few bytes are fetched at a time, from far apart.
            with self.location.open("rb", buffering=0) as file:
                status = os.fstat(file.fileno())
                if (status.st_size, _identity(status)) != (self.size, self.identity):
                    raise RecordingError(
                        self.file_name,
                        "the file was changed or replaced after it was opened. Open it again.",
                    )
                yield file
        except OSError as error:
            raise _unreadable(self.file_name, error) from error

    @contextmanager
    def mapped(self) -> Iterator[NDArray[np.uint8]]:
        """Map the whole file into memory, read only, as bytes; no views may outlive this.

        Raises
        ------
        RecordingError
            As for `opened`.
        """
        with self.opened() as file:
            yield np.frombuffer(
                mmap.mmap(file.fileno(), self.size, access=mmap.ACCESS_READ), dtype=np.uint8
            )

    def can_be_mapped(self) -> bool:
        """Whether the file system lets the file be mapped (some network ones do not)."""
        with self.opened() as file:
            try:
                mmap.mmap(file.fileno(), self.size, access=mmap.ACCESS_READ).close()
            except (OSError, ValueError):
                return False
        return True


def find_file(location: Path, file_name: str) -> StoredFile:
    """Look at a file and remember what it looks like.

    Raises
    ------
    RecordingError
        There is no such file, or it cannot be read.
    """
    try:
        with location.open("rb") as file:
            status = os.fstat(file.fileno())
    except OSError as error:
        raise _unreadable(file_name, error) from error
    return StoredFile(
        location=location,
        file_name=file_name,
        size=status.st_size,
        identity=_identity(status),
    )


def read_at(stream: FileIO, offsets: Sequence[int], size: int) -> list[bytes]:
    """Return so many bytes from each of some places of an opened file; fewer at its end."""
    if hasattr(os, "pread"):  # half as many calls into the system
        number = stream.fileno()
        return [os.pread(number, size, offset) for offset in offsets]
    pieces = []
    for offset in offsets:
        stream.seek(offset)
        pieces.append(stream.read(size))
    return pieces


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return (status.st_dev, status.st_ino, status.st_mtime_ns)


def _unreadable(file_name: str, error: OSError) -> RecordingError:
    if isinstance(error, FileNotFoundError):
        return RecordingError(file_name, "there is no such file (any more). Check where it is.")
    if isinstance(error, IsADirectoryError):
        return RecordingError(file_name, "this is a folder. Choose a file in it.")
    reason = error.strerror or type(error).__name__
    return RecordingError(
        file_name, "the file cannot be read ({reason}). Check its permissions.", reason=reason
    )
