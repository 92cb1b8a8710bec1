"""Which bytes of an EDF or BDF header hold what, and what they should hold.

Patient name, birth date and the text about the recording are never shown, nor are other
fields whose content is no number, code or date: their letters are replaced.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from seizure_core.io.edf.fields import (
    field_text,
    harmless,
    parse_decimal,
    parse_integer,
    parse_start,
)
from seizure_core.io.edf.header import BDF_VERSION, FIXED_BYTES, SIGNAL_BYTES
from seizure_core.io.edf.signal_headers import read_signals

MAX_TOLD_SIGNALS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteFact:
    """What some bytes of a file hold.

    Attributes
    ----------
    what : str
        Which field or size.
    offset : int or None
        Its first byte, None for facts about the whole file.
    found, expected : str
        What is there and what should be.
    is_right : bool
        Whether the two agree.
    """

    what: str
    offset: int | None
    found: str
    expected: str
    is_right: bool


def fixed_facts(raw: bytes) -> Iterator[ByteFact]:
    """Yield the fields of the first 256 bytes, as far as they are there."""
    for what, start, stop, expected, is_right in _fixed_fields(raw):
        if len(raw) >= stop:
            yield ByteFact(
                what=what,
                offset=start,
                found=harmless(field_text(raw[start:stop])),
                expected=expected,
                is_right=is_right,
            )


def _fixed_fields(raw: bytes) -> Iterator[tuple[str, int, int, str, bool]]:
    """Yield name, first byte, byte after the last, what should be there, whether it is."""

    def text(start: int, stop: int) -> str:
        return field_text(raw[start:stop])

    n_signals = parse_integer(text(252, 256)) or 0
    wanted = FIXED_BYTES + SIGNAL_BYTES * n_signals
    n_records = parse_integer(text(236, 244))
    duration_s = parse_decimal(text(244, 252))
    dated = parse_start(text(168, 176), text(176, 184)) is not None
    yield "start date", 168, 176, "dd.mm.yy", dated
    yield "start time", 176, 184, "hh.mm.ss", dated
    size = f"256 * (signals + 1){f' = {wanted}' if n_signals > 0 else ''}"
    yield "number of header bytes", 184, 192, size, parse_integer(text(184, 192)) == wanted
    kinds = "blank, EDF+C, EDF+D, BDF+C, BDF+D or 24BIT"
    yield "reserved (EDF+C, EDF+D)", 192, 236, kinds, True
    is_count = n_records is not None and n_records >= -1
    yield "number of data records", 236, 244, "a whole number, or -1 while recording", is_count
    is_length = duration_s is not None and duration_s >= 0
    yield "duration of a data record", 244, 252, "seconds, 0 or more", is_length
    yield "number of signals", 252, 256, "1 to 9999", 1 <= n_signals <= 9999


def signal_facts(raw: bytes) -> Iterator[ByteFact]:
    """Yield the wrong fields of the signals, at most `MAX_TOLD_SIGNALS`."""
    n_signals = parse_integer(field_text(raw[252:256])) or 0
    if not 0 < n_signals <= 9999 or len(raw) < FIXED_BYTES + SIGNAL_BYTES * n_signals:
        return
    sample_bytes = 3 if raw.startswith(BDF_VERSION) else 2
    faults = (f for s in read_signals(raw, n_signals, sample_bytes) for f in s.faults)
    for fault in itertools.islice(faults, MAX_TOLD_SIGNALS):
        yield ByteFact(
            what=f"signal {fault.number}: {fault.field}",
            offset=fault.offset,
            found=harmless(fault.text),
            expected=fault.expected,
            is_right=False,
        )
