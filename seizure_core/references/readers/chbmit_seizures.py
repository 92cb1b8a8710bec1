"""Reads the binary seizure annotations of the CHB-MIT database: `*.edf.seizures`.

They are annotations in PhysioNet's MIT format: little-endian 16-bit words whose top 6 bits
are a code and whose low 10 bits an interval in ticks.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.recording import Finding
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.text_files import MAX_SECONDS

_SKIP, _NUMBER, _SUB, _CHANNEL, _AUX = 59, 60, 61, 62, 63
_SEIZURE_START, _SEIZURE_END = 32, 33
_RESOLUTION = re.compile(rb"## time resolution: ([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_CHBMIT_RATE_HZ = 256.0


def is_seizures_file(content: bytes, file_name: str) -> bool:
    """Return whether content or name are those of a binary seizure file."""
    return file_name.casefold().endswith(".seizures") or b"## time resolution:" in content[:64]


def parse_seizures(content: bytes, file_name: str) -> Reference:
    """Read the seizures of one recording.

    Parameters
    ----------
    content : bytes
        The whole file.
    file_name : str
        For messages.

    Returns
    -------
    Reference
        Its seizures, to the resolution the file states.

    Raises
    ------
    ReferenceFileError
        The file is cut off, or starts and ends of seizures do not match.
    """
    findings: list[Finding] = []
    resolution = _RESOLUTION.search(content)
    rate_hz = float(resolution[1]) if resolution else _CHBMIT_RATE_HZ
    if rate_hz <= 0:
        raise ReferenceFileError(file_name, "its time resolution is 0 ticks a second.")
    if resolution is None:
        findings.append(
            Finding.warning("No time resolution is given: 256 ticks a second are assumed.")
        )
    events = []
    start: int | None = None
    for code, ticks in _annotations(content, file_name):
        time_s = ticks / rate_hz
        if not 0 <= time_s <= MAX_SECONDS:
            raise ReferenceFileError(
                file_name, "it holds an impossible time, {time_s:g} s.", time_s=time_s
            )
        if code == _SEIZURE_START:
            if start is not None:
                raise ReferenceFileError(
                    file_name,
                    "a seizure starts at {time_s:g} s before the last has ended.",
                    time_s=time_s,
                )
            start = ticks
        else:
            if start is None or ticks <= start:
                raise ReferenceFileError(
                    file_name,
                    "a seizure ends at {time_s:g} s that did not start before.",
                    time_s=time_s,
                )
            events.append(Event(onset_s=start / rate_hz, duration_s=(ticks - start) / rate_hz))
            start = None
    if start is not None:
        raise ReferenceFileError(
            file_name, "the seizure that starts at {start:g} s does not end.", start=start / rate_hz
        )
    return make_reference(file_name, "CHB-MIT seizures", events, findings=findings)


def _annotations(content: bytes, file_name: str) -> Iterator[tuple[int, int]]:
    """Yield code and time in ticks of every start and end of a seizure."""
    position, ticks = 0, 0
    while True:
        word = _word(content, position, file_name)
        position += 2
        code, interval = word >> 10, word & 0x3FF
        if word == 0:
            return
        if code == _SKIP:
            high = _word(content, position, file_name)
            low = _word(content, position + 2, file_name)
            (skip,) = struct.unpack("<i", struct.pack("<I", high << 16 | low))
            ticks += skip
            position += 4
        elif code == _AUX:
            position += interval + interval % 2
        elif code not in (_NUMBER, _SUB, _CHANNEL):
            ticks += interval
            if code in (_SEIZURE_START, _SEIZURE_END):
                yield code, ticks


def _word(content: bytes, position: int, file_name: str) -> int:
    if position + 2 > len(content):
        raise ReferenceFileError(
            file_name, "it is cut off: its end mark is missing. Fetch the file again."
        )
    return content[position] | content[position + 1] << 8
