"""Repairs what can be repaired without guessing: a wrong count of data records, a cut-off last one.

Only a copy is changed: eight bytes of its header, and an incomplete last record is left out.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.io.edf.reader import read_header
from seizure_core.io.stored_file import StoredFile, find_file

_COUNT_OFFSET = 236
_COUNT_BYTES = 8
_CHUNK_BYTES = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRepair:
    """What differs between a file and its repaired copy.

    Attributes
    ----------
    file_name, repaired_name : str
        The original and the copy.
    n_records_before : int or None
        Data records by the original's header; None where it names none.
    n_records : int
        Data records there are, by the copy's header too.
    changed_offset : int
        First of the eight bytes of the header that hold this number.
    n_bytes_left_out : int
        Bytes of an incomplete last record, absent from the copy.
    """

    file_name: str
    repaired_name: str
    n_records_before: int | None
    n_records: int
    changed_offset: int
    n_bytes_left_out: int

    @property
    def message(self) -> str:
        """What was done, as a sentence."""
        return _sentence(self.n_records_before, self.n_records, self.n_bytes_left_out)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON can hold."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Damage:
    n_records_before: int | None
    n_records: int
    n_bytes_kept: int
    n_bytes_left_out: int

    @property
    def is_any(self) -> bool:
        return self.n_records != self.n_records_before or self.n_bytes_left_out > 0


def what_to_repair(file: StoredFile) -> str:
    """Return what `repair` would do to a file, as a sentence; "" where it can do nothing."""
    try:
        damage = _damage(file)
    except RecordingError:
        return ""
    if not damage.is_any:
        return ""
    return _sentence(damage.n_records_before, damage.n_records, damage.n_bytes_left_out)


def repair(path: str | Path, out: str | Path, *, file_name: str | None = None) -> FileRepair:
    """Write a copy of an EDF or BDF file with the right count of data records.

    Parameters
    ----------
    path : str or Path
        The file; it stays as it is.
    out : str or Path
        Where the copy shall stand; nothing may be there yet.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Raises
    ------
    RecordingError
        The file is in order, or something else is wrong with it.
    ParameterError
        There is a file at `out` already, or its folder does not exist.
    """
    location, target = Path(path), Path(out)
    file = find_file(location, file_name or location.name)
    damage = _damage(file)
    if not damage.is_any:
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
    with file.opened() as source:
        try:
            with atomic_path(target) as temporary:
                _write_copy(source, temporary, damage)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise RecordingError(
                file.file_name,
                "the copy cannot be written ({reason}). Make room for it.",
                reason=reason,
            ) from error
    return FileRepair(
        file_name=file.file_name,
        repaired_name=target.name,
        n_records_before=damage.n_records_before,
        n_records=damage.n_records,
        changed_offset=_COUNT_OFFSET,
        n_bytes_left_out=damage.n_bytes_left_out,
    )


def _write_copy(source: FileIO, target: Path, damage: _Damage) -> None:
    with target.open("r+b") as copy:
        shutil.copyfileobj(source, copy, _CHUNK_BYTES)
        copy.truncate(damage.n_bytes_kept)
        copy.seek(_COUNT_OFFSET)
        copy.write(f"{damage.n_records}".encode().ljust(_COUNT_BYTES))


def _damage(file: StoredFile) -> _Damage:
    """Compare a file's size with its header.

    Raises
    ------
    RecordingError
        The header is damaged in another way, or there is no complete record.
    """
    header = read_header(file)
    n_bytes = file.size - header.header_bytes
    n_records, rest = divmod(n_bytes, header.record_bytes)
    if n_records < 1 or len(str(n_records)) > _COUNT_BYTES:
        raise RecordingError(
            file.file_name,
            "it holds {n_records} complete data records of {record_bytes} bytes; "
            "1 to 99999999 are needed. It cannot be repaired: copy or export it again.",
            n_records=n_records,
            record_bytes=header.record_bytes,
        )
    return _Damage(
        n_records_before=header.n_records,
        n_records=n_records,
        n_bytes_kept=file.size - rest,
        n_bytes_left_out=rest,
    )


def _sentence(before: int | None, n_records: int, n_bytes_left_out: int) -> str:
    parts = []
    if before != n_records:
        was = "no count" if before is None else f"{before}"
        parts.append(f"the header says {n_records} data records instead of {was}")
    if n_bytes_left_out:
        parts.append(f"{n_bytes_left_out} bytes after the last whole data record are left out")
    return f"{'; '.join(parts)}. Everything else stays as it is."
