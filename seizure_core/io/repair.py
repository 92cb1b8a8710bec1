"""Repair of files without guessing: a wrong number of records, or a cut-off last one.

Only a copy is changed: eight bytes of its header, and an incomplete last record is left out.
"""

from __future__ import annotations

from pathlib import Path

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.edf.header import EdfHeader
from seizure_core.io.edf.reader import read_header
from seizure_core.io.stored_file import find_file
from seizure_core.messages import Message, sentences

_COUNT_OFFSET = 236
_COUNT_BYTES = 8
_MAX_RECORDS = 99_999_999


def what_to_repair(header: EdfHeader) -> str:
    """Return what `repair` would do to a file, as a sentence; "" for nothing."""
    n_records, n_left_out = header.n_whole, header.n_rest
    if not _can_be_counted(n_records):
        return ""
    parts = []
    if header.n_records is None:
        parts.append(Message("The header says {n} data records instead of no count.", n=n_records))
    elif header.n_records != n_records:
        parts.append(
            Message(
                "The header says {n} data records instead of {before}.",
                n=n_records,
                before=header.n_records,
            )
        )
    if n_left_out:
        parts.append(
            Message("{n} bytes after the last complete data record are ignored.", n=n_left_out)
        )
    return sentences(*parts, Message("Nothing else is changed.")) if parts else ""


def repair(path: str | Path, out: str | Path, *, file_name: str | None = None) -> str:
    """Write a copy of an EDF or BDF file with the right number of data records.

    Parameters
    ----------
    path : str or Path
        Not changed.
    out : str or Path
        Path of the copy, which must not exist.
    file_name : str, optional
        Name to show, if not that of the path.

    Returns
    -------
    str
        What was done, as a sentence.

    Raises
    ------
    RecordingError
        The file needs no repair, or another one.
    ParameterError
        `out` exists, or its folder does not.
    """
    location, target = Path(path), Path(out)
    file = find_file(location, file_name or location.name)
    header = read_header(file)
    n_records = header.n_whole
    if not _can_be_counted(n_records):
        raise RecordingError(
            file.file_name,
            "it holds {n_records} complete data records of {record_bytes} bytes; "
            "1 to 99999999 are needed. It cannot be repaired: copy or export it again.",
            n_records=n_records,
            record_bytes=header.record_bytes,
        )
    change = what_to_repair(header)
    if not change:
        raise RecordingError(
            file.file_name,
            "its count of data records is right and its last one is complete: there is nothing "
            "to repair.",
        )
    if target.exists() or target.is_symlink():
        raise ParameterError(
            "There is a file {target_name} already; choose another name.", target_name=target.name
        )
    if not target.parent.is_dir():
        raise ParameterError(
            "The folder for {target_name} does not exist; make it first.", target_name=target.name
        )
    try:
        with atomic_path(target) as temporary, temporary.open("r+b") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
            copy.truncate(file.size - header.n_rest)
            copy.seek(_COUNT_OFFSET)
            copy.write(f"{n_records}".encode().ljust(_COUNT_BYTES))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordingError(
            file.file_name,
            "the copy cannot be written ({reason}). Make room for it.",
            reason=reason,
        ) from error
    return change


def _can_be_counted(n_records: int) -> bool:
    return 1 <= n_records <= _MAX_RECORDS
