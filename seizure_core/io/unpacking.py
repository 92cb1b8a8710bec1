"""Recordings packed with gzip: unpacked once into a private file that is cleaned up."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import weakref
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.recording import SignalReader

GZIP_START = b"\x1f\x8b"
MAX_UNPACKED_BYTES = 8 * 1024**3
# Recordings shrink to a half or a tenth; only endless repetition shrinks further than this.
MAX_RATIO = 200
_UNSUSPICIOUS_BYTES = 64 * 1024**2
_CHUNK_BYTES = 1024**2


class UnpackedFile:
    """A private unpacked copy of a packed file; deleted with this object or the process.

    Attributes
    ----------
    file : StoredFile
        The copy, under the packed file's name.
    """

    def __init__(self, packed: StoredFile) -> None:
        """Unpack a file.

        Parameters
        ----------
        packed : StoredFile
            A gzip file.

        Raises
        ------
        RecordingError
            It is damaged or cut off, grows beyond all bounds, or the disk is full.
        """
        try:
            folder = tempfile.mkdtemp(prefix="seizure-zoo-")
        except OSError as error:
            raise _no_room(packed.file_name, error) from error
        self._finalizer = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        target = Path(folder) / "recording"
        try:
            _unpack(packed, target)
            self.file: StoredFile = find_file(target, packed.file_name)
        except BaseException:
            self._finalizer()
            raise


class OwningReader:
    """Reads through another reader and keeps alive what that one reads from.

    Parameters
    ----------
    reader : SignalReader
        Who reads.
    owner : UnpackedFile
        What must not vanish meanwhile.
    """

    def __init__(self, reader: SignalReader, owner: UnpackedFile) -> None:
        self._reader = reader
        self._owner = owner

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`."""
        return self._reader.read_samples(channel_indices, start, stop)


def is_packed(file: StoredFile) -> bool:
    """Return whether a file is a gzip file, by its first bytes."""
    with file.opened() as stream:
        return stream.read(len(GZIP_START)) == GZIP_START


@contextmanager
def unpacked(file: StoredFile) -> Iterator[StoredFile]:
    """Provide a file as it is, or a private unpacked copy of a packed one.

    Raises
    ------
    RecordingError
        As for `UnpackedFile`.
    """
    if is_packed(file):
        copy = UnpackedFile(file)
        yield copy.file
        del copy
    else:
        yield file


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
        what = f"it unpacks to more than {MAX_UNPACKED_BYTES // 1024**3} GiB"
    else:
        what = (
            f"its {size} bytes unpack to more than {MAX_RATIO} times as much, as no recording does"
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
