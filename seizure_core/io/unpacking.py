"""Unpacking of gzip files to temporary files."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import weakref
import zlib
from pathlib import Path
from typing import BinaryIO

from seizure_core.errors import RecordingError
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.messages import Message

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
