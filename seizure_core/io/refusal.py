"""Why a file does not open, with the bytes that say so; and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from seizure_core.errors import RecordingError
from seizure_core.file_kinds import describe_kind
from seizure_core.io.edf.field_facts import ByteFact, fixed_facts, signal_facts
from seizure_core.io.edf.header import FIXED_BYTES, SIGNAL_BYTES
from seizure_core.io.edf.header_parsing import is_edf_start, n_signals_of
from seizure_core.io.edf.reader import read_header
from seizure_core.io.opening import open_recording
from seizure_core.io.repair import what_to_repair
from seizure_core.io.stored_file import StoredFile, find_file
from seizure_core.io.unpacking import unpacked
from seizure_core.recording import Finding

_SHOWN_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalReport:
    """What is known about a file that does not open, or opens with findings.

    Attributes
    ----------
    file_name : str
        Which file.
    opens : bool
        Whether it opens all the same.
    reason : str
        Why not, and what to do; "" where it opens.
    facts : tuple of ByteFact
        What its bytes are and should be. Nothing about the patient.
    findings : tuple of Finding
        What was found where it opens.
    repair : str
        What `repair` would change; "" where it can do nothing.
    """

    file_name: str
    opens: bool
    reason: str
    facts: tuple[ByteFact, ...]
    findings: tuple[Finding, ...]
    repair: str

    def to_dict(self) -> dict[str, Any]:
        """Return the report as values that JSON can hold."""
        return asdict(self)

    def text(self) -> str:
        """Return the report as lines of plain words."""
        lines = [f"{self.file_name}: {'opens.' if self.opens else self.reason}"]
        lines += [f"- {finding.message}" for finding in self.findings]
        for fact in self.facts:
            place = "" if fact.offset is None else f" (from byte {fact.offset})"
            verdict = "" if fact.is_right else f"; expected: {fact.expected}"
            lines.append(f"- {fact.what}{place}: {fact.found}{verdict}")
        if self.repair:
            lines.append(f"A repaired copy can be made: {self.repair}")
        return "\n".join(lines) + "\n"


def why_not(path: str | Path, *, file_name: str | None = None) -> RefusalReport:
    """Tell why a file does not open.

    Parameters
    ----------
    path : str or Path
        Any file.
    file_name : str, optional
        The name to show, where the file is stored under another one.

    Returns
    -------
    RefusalReport
        Also for files that open.

    Raises
    ------
    RecordingError
        There is no such file, or it cannot be read at all.
    """
    location = Path(path)
    file = find_file(location, file_name or location.name)
    reason, findings = "", tuple[Finding, ...]()
    try:
        findings = tuple(open_recording(location, file_name=file.file_name).findings)
    except RecordingError as error:
        reason = error.reason
    return RefusalReport(
        file_name=file.file_name,
        opens=not reason,
        reason=reason,
        facts=_facts_of_content(file),
        findings=findings,
        repair=what_to_repair(file),
    )


def _facts_of_content(file: StoredFile) -> tuple[ByteFact, ...]:
    """Return what the bytes of a file are; of a packed one those inside, where it is whole."""
    try:
        with unpacked(file) as content:
            return tuple(_facts(content))
    except RecordingError:
        return tuple(_facts(file))


def _facts(file: StoredFile) -> Iterator[ByteFact]:
    with file.opened() as stream:
        raw = stream.read(FIXED_BYTES)
        n_signals = _n_signals(raw, file.file_name)
        raw += stream.read(SIGNAL_BYTES * n_signals)
    is_edf = is_edf_start(raw)
    yield ByteFact(
        what="size of the file",
        offset=None,
        found=f"{file.size} bytes",
        expected=f"{FIXED_BYTES} bytes or more",
        is_right=file.size >= FIXED_BYTES or (file.size > 0 and not is_edf),
    )
    if raw:
        kind = describe_kind(raw)
        is_text = "text" in kind
        yield ByteFact(
            what="first bytes",
            offset=0,
            found="letters" if is_text and not is_edf else raw[:_SHOWN_BYTES].hex(" "),
            expected="30 20 20 20 20 20 20 20 (EDF) or ff 42 49 4f 53 45 4d 49 (BDF)",
            is_right=is_edf,
        )
        if kind and not is_edf:
            yield ByteFact(
                what="kind of file", offset=0, found=kind, expected="EDF or BDF", is_right=False
            )
    if is_edf:
        yield from fixed_facts(raw)
        yield from signal_facts(raw)
        yield from _size_facts(file)


def _n_signals(raw: bytes, file_name: str) -> int:
    try:
        return n_signals_of(raw, file_name)
    except RecordingError:
        return 0


def _size_facts(file: StoredFile) -> Iterator[ByteFact]:
    try:
        header = read_header(file)
    except RecordingError:
        return
    n_bytes = max(file.size - header.header_bytes, 0)
    n_records, rest = divmod(n_bytes, header.record_bytes)
    yield ByteFact(
        what="data records in the file",
        offset=header.header_bytes,
        found=f"{n_records} of {header.record_bytes} bytes",
        expected="1 or more" if header.n_records is None else f"{header.n_records} by the header",
        is_right=n_records == header.n_records,
    )
    if not rest:
        return
    is_cut_off = header.n_records is None or header.n_records > n_records
    yield ByteFact(
        what="last data record" if is_cut_off else "after the last data record",
        offset=header.header_bytes + n_records * header.record_bytes,
        found=f"{rest} bytes",
        expected=f"{header.record_bytes} bytes, or none" if is_cut_off else "none",
        is_right=False,
    )
