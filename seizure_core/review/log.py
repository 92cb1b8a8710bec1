"""An append-only log whose entries are chained by hash, so that any change of it is found.

Each line is canonical JSON, `{"before": SHA, "entry": {...}, "n": N, "sha256": SHA}`: `before` is
the hash of the line before, and `sha256` that of the line without itself. Appending is safe from
several processes at a time, and each entry is on the disk before `append` returns.

A chain shows every change but one: entries cut off at the end. Exports therefore state how many
entries there were and the hash of the last one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from seizure_core.atomic import flush_names
from seizure_core.errors import SeizureZooError
from seizure_core.json_document import JsonError, canonical_json, parse_json, sha256_of
from seizure_core.messages import Message

MAX_ENTRY_BYTES = 8 << 20
_LOCK_TIMEOUT_S = 20.0
_START = "0" * 64

LogEntry = Mapping[str, Any]


class ReviewLogError(SeizureZooError):
    """The log of a review cannot be trusted or written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFault:
    """A place where a log is not what was written.

    Attributes
    ----------
    line : int
        Number of the line, from 1.
    reason : str
        What is wrong with it.
    """

    line: int
    reason: str


class ReviewLog:
    """A log in a file, and what of it has been read.

    Parameters
    ----------
    path : Path
        The file; its folder must exist, it need not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.n_entries = 0
        self.head_sha256 = _START
        self._offset = 0

    def read_new(self) -> list[dict[str, Any]]:
        """Return the entries that were appended since the last call, the first time all.

        An unfinished last line, which a crash while appending leaves, is not an entry yet.

        Raises
        ------
        ReviewLogError
            An entry is not what was written; the message names its line.
        """
        found, fault = self._read_new()
        if fault is not None:
            raise ReviewLogError(
                "The log of this review was changed or damaged: line {line}: {reason} Nothing "
                "after it can be trusted. Put a copy of {file_name} back.",
                line=fault.line,
                reason=fault.reason,
                file_name=self.path.name,
            )
        return found

    def append(self, entries: Iterable[LogEntry]) -> list[dict[str, Any]]:
        """Append entries in one piece and return all that are new to the reader, these included.

        Raises
        ------
        ReviewLogError
            The log is damaged, an entry is too long, or another process does not let go of it.
        OSError
            The disk is full or cannot be written to.
        """
        wanted = [dict(entry) for entry in entries]
        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=_LOCK_TIMEOUT_S):
                found = self.read_new()
                self._write(self._lines(wanted))
                return [*found, *self.read_new()]
        except Timeout:
            raise ReviewLogError(
                "Another process has been writing to the log of this review for {timeout_s:g} s. "
                "Try again.",
                timeout_s=_LOCK_TIMEOUT_S,
            ) from None

    def _lines(self, entries: Iterable[LogEntry]) -> bytes:
        lines, n, before = [], self.n_entries, self.head_sha256
        for entry in entries:
            line, sha256 = _line(n, before, entry)
            if len(line) > MAX_ENTRY_BYTES:
                raise ReviewLogError(
                    "An entry of a review can have {max_mb} MB. Add fewer events at a time.",
                    max_mb=MAX_ENTRY_BYTES >> 20,
                )
            lines.append(line)
            n, before = n + 1, sha256
        return b"".join(lines)

    def _write(self, content: bytes) -> None:
        is_new = not self.path.exists()
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # What a crash left of an entry that was never confirmed.
            os.ftruncate(handle, self._offset)
            os.lseek(handle, self._offset, os.SEEK_SET)
            try:
                _write_all(handle, content)
                os.fsync(handle)
            except OSError:
                os.ftruncate(handle, self._offset)
                raise
        finally:
            os.close(handle)
        if is_new:
            flush_names(self.path.parent)

    def _read_new(self) -> tuple[list[dict[str, Any]], LogFault | None]:
        found: list[dict[str, Any]] = []
        if not self.path.exists():
            return found, None
        with self.path.open("rb") as file:
            if file.seek(0, os.SEEK_END) < self._offset:
                reason = Message("Entries that were there are gone.")
                return found, LogFault(line=self.n_entries, reason=reason)
            file.seek(self._offset)
            for raw in file:
                known = _read_line(raw, self.n_entries, self.head_sha256)
                if known is None:  # unfinished
                    break
                if isinstance(known, str):
                    return found, LogFault(line=self.n_entries + 1, reason=known)
                entry, self.head_sha256 = known
                found.append(entry)
                self.n_entries += 1
                self._offset += len(raw)
        return found, None


def first_fault(path: Path) -> LogFault | None:
    """Return the first place where a log is not what was written; None for a sound one.

    Raises
    ------
    OSError
        The file cannot be read.
    """
    _, fault = ReviewLog(path)._read_new()
    return fault


def _line(n: int, before: str, entry: LogEntry) -> tuple[bytes, str]:
    facts = {"before": before, "entry": entry, "n": n}
    sha256 = sha256_of(canonical_json(facts))
    return canonical_json({**facts, "sha256": sha256}) + b"\n", sha256


def _read_line(raw: bytes, n: int, before: str) -> tuple[dict[str, Any], str] | str | None:
    """Return an entry and its hash, or what is wrong with its line; None for an unfinished one."""
    if not raw.endswith(b"\n"):
        if isinstance(_read_line(raw[:-1] + b"\n", n, before), tuple):
            return Message("Its end of line was changed.")
        head = b'{"before":"' + before.encode() + b'","entry":{'
        is_torn = raw[: len(head)] == head[: len(raw)]
        return None if is_torn else Message("It does not follow the entry before it.")
    try:
        facts = parse_json(raw[:-1])
    except JsonError as error:
        return Message("It is not readable: {error}", error=error)
    if not isinstance(facts, dict) or not isinstance(facts.get("entry"), dict):
        return Message("It holds no entry.")
    if facts.get("before") != before or facts.get("n") != n:
        return Message("It does not follow the entry before it.")
    line, sha256 = _line(n, before, facts["entry"])
    return (facts["entry"], sha256) if line == raw else Message("It does not match its hash.")


def _write_all(handle: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(handle, left) :]
