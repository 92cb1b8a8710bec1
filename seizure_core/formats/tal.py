r"""Time-stamped annotation lists (TALs), the text inside EDF+ annotation signals.

A list reads `+onset[\x15duration]\x14text\x14text\x14\x00`; several follow each other and
zero bytes fill the rest. Source: EDF+ (Kemp and Olivan 2003), section 2.2.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONSET = re.compile(rb"[+-]?[0-9]{1,12}(\.[0-9]*)?")
_TIME_ONLY = re.compile(rb"([+-]?[0-9]{1,12}(?:\.[0-9]*)?)\x14\x14\x00*")
_DURATION = re.compile(rb"[+]?[0-9]{1,12}(\.[0-9]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tal:
    """One list: what was noted at one time.

    Attributes
    ----------
    onset_s : float
        Seconds after the start time in the header.
    duration_s : float or None
        None where none is given.
    texts : tuple of str
        Remarks in order; an empty one first marks the time of the data record.
    """

    onset_s: float
    duration_s: float | None
    texts: tuple[str, ...]

    @property
    def is_time_keeping(self) -> bool:
        """Whether the list says when its data record starts."""
        return bool(self.texts) and self.texts[0] == ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTals:
    """The lists of one annotation signal in one data record.

    Attributes
    ----------
    tals : tuple of Tal
        In the file's order.
    n_malformed : int
        Stretches of bytes that are no list.
    """

    tals: tuple[Tal, ...]
    n_malformed: int


def lone_record_time(raw: bytes) -> float | None:
    """Return the time of a data record whose annotation signal holds nothing else, else None.

    Most records are of this kind; `parse_tals` gives the same in several times as long.
    """
    match = _TIME_ONLY.fullmatch(raw)
    return float(match.group(1)) if match else None


def parse_tals(raw: bytes) -> ParsedTals:
    """Read all lists out of the bytes of one annotation signal in one data record.

    Nothing is raised: what cannot be understood is counted.
    """
    tals = []
    n_malformed = 0
    for chunk in raw.split(b"\x00"):
        if not chunk:
            continue
        tal = _parse_tal(chunk)
        if tal is None:
            n_malformed += 1
        else:
            tals.append(tal)
    return ParsedTals(tals=tuple(tals), n_malformed=n_malformed)


def _parse_tal(chunk: bytes) -> Tal | None:
    head, *texts = chunk.split(b"\x14")
    onset, mark, duration = head.partition(b"\x15")
    if not texts or not _ONSET.fullmatch(onset):
        return None
    # What follows the last 0x14 is empty in a well-formed list; a text that lost its end
    # is kept.
    if len(texts) > 1 and not texts[-1]:
        texts.pop()
    return Tal(
        onset_s=float(onset),
        # Some writers put a negative duration where they mean none.
        duration_s=float(duration) if mark and _DURATION.fullmatch(duration) else None,
        texts=tuple(_decoded(text) for text in texts),
    )


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()
