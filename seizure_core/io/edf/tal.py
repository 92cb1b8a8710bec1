r"""Time-stamped annotation lists (TALs), the text inside EDF+ annotation signals.

A list reads `+onset[\x15duration]\x14text\x14text\x14\x00`; several follow each other and
zero bytes fill the rest. Source: EDF+ (Kemp and Olivan 2003), section 2.2.2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Some writers put their country's decimal comma, against the standard.
_ONSET = re.compile(rb"[+-]?[0-9]{1,12}([.,][0-9]*)?")
_DURATION = re.compile(rb"[+]?[0-9]{1,12}([.,][0-9]*)?")
_PLUS, _POINT, _ZERO, _NINE, _END = b"+.09\x14"
_MOST_DIGITS = 12  # before the point
_LONGEST = 24


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
    unreadable : tuple of str
        What is written in stretches of bytes that are no list, as far as it is text.
    commas : tuple of str
        Times written with a comma, which is taken as a decimal comma.
    """

    tals: tuple[Tal, ...]
    unreadable: tuple[str, ...]
    commas: tuple[str, ...] = ()


def lone_record_times(raws: Sequence[bytes], size: int) -> NDArray[np.float64]:
    """Return the times of data records whose annotation signal holds nothing else.

    Most records are of this kind; `parse_tals` gives the same, one by one, in many times as
    long.

    Parameters
    ----------
    raws : sequence of bytes
        The annotation signal of each record.
    size : int
        Bytes of each.

    Returns
    -------
    ndarray of float64, shape (n_records,)
        Seconds; NaN where there is something else, or nothing.
    """
    times_s = np.full(len(raws), np.nan)
    letters = np.frombuffer(b"".join(raws), dtype=np.uint8)
    if letters.size != len(raws) * size or size < 4 or not raws:
        return times_s
    # Letters first, records behind: numpy looks for something in many rows of a few slowly.
    letters = np.ascontiguousarray(letters.reshape(len(raws), size).T)
    # Plus, digits with or without a point, two end marks, zeros: whatever is less plain is
    # read one by one.
    ends = np.argmax(letters == _END, axis=0)
    places = np.arange(size)[:, np.newaxis]
    inside = (places > 0) & (places < ends)
    points = inside & (letters == _POINT)
    digits = inside & (letters >= _ZERO) & (letters <= _NINE)
    n_points = points.sum(axis=0)
    n_whole = np.where(n_points > 0, np.argmax(points, axis=0), ends) - 1
    plain = (letters[0] == _PLUS) & (1 <= n_whole) & (n_whole <= _MOST_DIGITS)
    plain &= (ends <= _LONGEST) & (n_points <= 1)
    plain &= digits.sum(axis=0) + n_points == ends - 1
    plain &= letters[np.minimum(ends + 1, size - 1), np.arange(len(raws))] == _END
    plain &= (letters != 0).sum(axis=0) == ends + 2
    texts = np.where(inside, letters, 0).astype(np.uint8)[1 : _LONGEST + 1, plain]
    texts = np.ascontiguousarray(texts.T)
    times_s[plain] = texts.view(f"S{texts.shape[1]}").reshape(-1).astype(np.float64)
    return times_s


def parse_tals(raw: bytes) -> ParsedTals:
    """Read all lists out of the bytes of one annotation signal in one data record.

    Nothing is raised: what cannot be understood is kept as text.
    """
    tals = []
    unreadable = []
    commas: list[str] = []
    for chunk in raw.split(b"\x00"):
        if not chunk:
            continue
        tal = _parse_tal(chunk)
        if tal is None:
            unreadable.append(_text_of(chunk))
        else:
            tals.append(tal)
            times = chunk.partition(b"\x14")[0].split(b"\x15")
            commas += (_decoded(time) for time in times if b"," in time)
    return ParsedTals(tals=tuple(tals), unreadable=tuple(unreadable), commas=tuple(commas))


def _parse_tal(chunk: bytes) -> Tal | None:
    head, *texts = chunk.split(b"\x14")
    onset, mark, duration = head.partition(b"\x15")
    onset = onset.strip()
    if not texts or not _ONSET.fullmatch(onset):
        return None
    # What follows the last 0x14 is empty in a well-formed list; a text that lost its end
    # is kept.
    if len(texts) > 1 and not texts[-1]:
        texts.pop()
    return Tal(
        onset_s=_number(onset),
        # Some writers put a negative duration where they mean none.
        duration_s=_number(duration) if mark and _DURATION.fullmatch(duration) else None,
        texts=tuple(_decoded(text) for text in texts),
    )


def _number(raw: bytes) -> float:
    return float(raw.replace(b",", b"."))


def _text_of(chunk: bytes) -> str:
    """Return the remarks of a list whose time cannot be read, or all that is printable of it."""
    _, *texts = chunk.split(b"\x14")
    shown = " ".join(_decoded(text) for text in texts if text) or _decoded(chunk)
    return "".join(letter for letter in shown if letter.isprintable()).strip()


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        return raw.decode("latin-1").strip()
