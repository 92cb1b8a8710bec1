"""Which bytes of an EDF or BDF header hold what, and what they should hold.

Patient name, birth date and the text about the recording are never shown, nor are other
fields whose content is no number, code or date: their letters are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from seizure_core.formats.edf_fields import field_text, parse_decimal, parse_integer, parse_start
from seizure_core.formats.edf_header import FIXED_BYTES, SIGNAL_BYTES

MAX_TOLD_SIGNALS = 20
_HARMLESS = re.compile(r"[0-9+\-.,:eE ]*|[EB]DF\+?[CD]?|24BIT|BIOSEMI", re.I)
_LIMITS = {
    "physical minimum": (104, 8),
    "physical maximum": (112, 8),
    "digital minimum": (120, 8),
    "digital maximum": (128, 8),
    "samples per data record": (216, 8),
}


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


def harmless(text: str) -> str:
    """Return a field's text, with letters replaced by x where it may be about a person."""
    return repr(text if _HARMLESS.fullmatch(text) else re.sub(r"[^\W\d_]|[0-9]", "x", text))


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
    n_told = 0
    for index in range(n_signals):
        for fact in _wrong_fields(raw, index, n_signals):
            if n_told == MAX_TOLD_SIGNALS:
                return
            n_told += 1
            yield fact


def _wrong_fields(raw: bytes, index: int, n_signals: int) -> Iterator[ByteFact]:
    texts: dict[str, tuple[int, str]] = {}
    for what, (offset, size) in _LIMITS.items():
        start = FIXED_BYTES + n_signals * offset + index * size
        texts[what] = (start, field_text(raw[start : start + size]))
    for what, (start, text) in texts.items():
        value = parse_decimal(text)
        whole = value is not None and value.denominator == 1
        if what == "samples per data record":
            expected, is_right = "a whole number, 1 or more", whole and (value or 0) >= 1
        elif what.startswith("digital"):
            expected, is_right = "a whole number", whole
        else:
            expected, is_right = "a number", value is not None
        if what == "digital maximum" and text == texts["digital minimum"][1]:
            expected, is_right = "another number than the digital minimum", False
        if not is_right:
            yield ByteFact(
                what=f"signal {index + 1}: {what}",
                offset=start,
                found=harmless(text),
                expected=expected,
                is_right=False,
            )
