"""A file on disk that must not change while a recording is read from it; gzip is unpacked."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.messages import Message


@dataclass(kw_only=True, eq=False)
class StoredFile:
    """A file with its size and identity when first seen.

    Others may write to it at any time, so it is read in blocks and never mapped: a mapped file that
    shrinks would crash the process. Thread-safe.

    Attributes
    ----------
    location : Path
        Its path.
    file_name : str
        Name for messages.
    size : int
        In bytes.
    identity : tuple of int
        Device, inode and time of the last change.
    """

    location: Path
    file_name: str
    size: int
    identity: tuple[int, int, int]
    _kept: FileIO | None = field(default=None, repr=False)

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Share one file handle between all calls of `opened` in this block.

        For opening a recording, before other threads use the file.

        Raises
        ------
        RecordingError
            See `opened`.
        """
        with self.opened() as stream:
            self._kept = stream
            try:
                yield
            finally:
                self._kept = None

    @contextmanager
    def opened(self) -> Iterator[FileIO]:
        """Open the file for reading from its start.

        Raises
        ------
        RecordingError
            It is missing, unreadable, or has changed since it was first seen; also checked at the
            end.
        """
        kept, self._kept = self._kept, None
        try:
            if kept is not None:
                kept.seek(0)
                yield kept
                return
            # Unbuffered: blocks are large, and other reads far apart.
            with self.location.open("rb", buffering=0) as stream:
                self._check(stream)
                yield stream
                self._check(stream)
        except OSError as error:
            raise _unreadable(self.file_name, error) from error
        finally:
            if kept is not None and not kept.closed:
                self._kept = kept

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the whole contents in chunks; raises like `opened`."""
        with self.opened() as stream:
            while chunk := stream.read(size):
                yield chunk

    def read_into(self, stream: FileIO, offset: int, out: NDArray[np.uint8]) -> None:
        """Fill an array with bytes of the opened file from a position on.

        Raises
        ------
        RecordingError
            The file ends before.
        """
        stream.seek(offset)
        room = memoryview(out.data)
        while room:
            n_bytes = stream.readinto(room)
            if not n_bytes:
                raise self._changed()
            room = room[n_bytes:]

    def _check(self, stream: FileIO) -> None:
        status = os.fstat(stream.fileno())
        if (status.st_size, _identity(status)) != (self.size, self.identity):
            raise self._changed()

    def _changed(self) -> RecordingError:
        return RecordingError(
            self.file_name, "the file was changed or replaced after it was opened. Open it again."
        )


def find_file(location: Path, file_name: str) -> StoredFile:
    """Return a file with its size and identity, without opening it.

    Raises
    ------
    RecordingError
        There is no such file.
    """
    try:
        status = location.stat()
    except OSError as error:
        raise _unreadable(file_name, error) from error
    return StoredFile(
        location=location,
        file_name=file_name,
        size=status.st_size,
        identity=_identity(status),
    )


def read_at(stream: FileIO, offsets: Sequence[int], size: int) -> list[bytes]:
    """Return some bytes from several positions of an opened file; fewer at its end."""
    if hasattr(os, "pread"):  # Halves the number of system calls.
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


GZIP_START = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 8 * 1024**3
# Recordings shrink to a half or a tenth; only repetitive data exceeds this.
MAX_RATIO = 200
_UNSUSPICIOUS_BYTES = 64 * 1024**2
_CHUNK_BYTES = 1024**2


def is_packed(file: StoredFile) -> bool:
    """Return whether a file is a gzip file, by its first bytes."""
    with file.opened() as stream:
        return stream.read(len(GZIP_START)) == GZIP_START


def unpacked(packed: StoredFile) -> StoredFile:
    """Return an unpacked temporary copy of a gzip file; it is deleted with the returned object.

    Raises
    ------
    RecordingError
        The file is damaged or truncated, unpacks to too much, or the disk is full.
    """
    try:
        folder = tempfile.mkdtemp(prefix="seizure-zoo-")
    except OSError as error:
        raise _no_room(packed.file_name, error) from error
    try:
        target = Path(folder) / "recording"
        _unpack(packed, target)
        copy = find_file(target, packed.file_name)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    weakref.finalize(copy, shutil.rmtree, folder, ignore_errors=True)
    return copy


def _unpack(packed: StoredFile, target: Path) -> None:
    with packed.opened() as raw:
        try:
            with gzip.GzipFile(fileobj=raw) as stream, target.open("wb") as out:
                _copy_bounded(stream, out, packed)
        except EOFError as error:
            raise RecordingError(
                packed.file_name,
                "the packed file ends too early, after {size} bytes. It was probably cut "
                "off: copy or download it again.",
                size=packed.size,
            ) from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise RecordingError(
                packed.file_name, "the packed file is damaged. Copy or download it again."
            ) from error
        except OSError as error:
            raise _no_room(packed.file_name, error) from error


def _copy_bounded(stream: gzip.GzipFile, out: BinaryIO, packed: StoredFile) -> None:
    n_bytes = 0
    bound = min(max(_UNSUSPICIOUS_BYTES, MAX_RATIO * packed.size), MAX_UNPACKED_BYTES)
    while chunk := stream.read(_CHUNK_BYTES):
        n_bytes += len(chunk)
        if n_bytes > bound:
            raise _too_large(packed.file_name, packed.size, n_bytes)
        out.write(chunk)


def _too_large(file_name: str, size: int, n_bytes: int) -> RecordingError:
    if n_bytes > MAX_UNPACKED_BYTES:
        what = Message(
            "it unpacks to more than {max_unpacked_bytes} GiB",
            max_unpacked_bytes=MAX_UNPACKED_BYTES // 1024**3,
        )
    else:
        what = Message(
            "its {size} bytes unpack to more than {max_ratio} times as much, as no recording does",
            size=size,
            max_ratio=MAX_RATIO,
        )
    return RecordingError(
        file_name, "{what}; unpacking was stopped. Unpack it yourself if you trust it.", what=what
    )


def _no_room(file_name: str, error: OSError) -> RecordingError:
    reason = error.strerror or type(error).__name__
    return RecordingError(
        file_name,
        "it cannot be unpacked into the temporary folder ({reason}). Make room on its disk.",
        reason=reason,
    )
