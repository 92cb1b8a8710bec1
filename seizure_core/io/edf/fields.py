"""Numbers, dates and words out of the text fields of an EDF header, leniently."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from functools import lru_cache

from seizure_core.messages import Message, some

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?")
# Blanks stand for leading zeros, or by themselves between the numbers.
_THREE_NUMBERS = re.compile(
    r"\s*([0-9]{1,4})(?:\s*[^0-9\s]\s*|\s+)([0-9]{1,2})(?:\s*[^0-9\s]\s*|\s+)([0-9]{1,4})\s*"
)
_PLUS_START = re.compile(
    r"Startdate\s+([0-9]{1,2})\s*-\s*([A-Za-z]{3})\s*-\s*([0-9]{4})", re.IGNORECASE
)
_HARMLESS = re.compile(
    r"[0-9+\-.,:eE ]*|[EB]DF\+?[CD]?|24BIT|BIOSEMI|[+-]?(inf|nan)", re.IGNORECASE
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLIPPING_YEAR = 85


def field_text(raw: bytes) -> str:
    """Return a field as text: UTF-8 where it is valid, else Latin-1, without its padding."""
    stripped = raw.strip(b" \x00\t\r\n")
    try:
        text = stripped.decode("utf-8")
    except UnicodeDecodeError:
        text = stripped.decode("latin-1")
    if text.isprintable():  # as almost all are
        return text.strip()
    return "".join(char if char.isprintable() else " " for char in text).strip()


def list_names(names: Iterable[str], limit: int = 8) -> str:
    """Return names as an enumeration, cut after `limit` of them."""
    return some(list(names), most=limit)


def counted_names(names: Sequence[str]) -> str:
    """Return names as an enumeration, each once, with how often it comes."""
    return list_names(
        Message("{name!r} ({n} times)", name=name, n=count) if count > 1 else repr(name)
        for name, count in Counter(names).items()
    )


def harmless(text: str) -> str:
    """Return a field's text, with letters replaced by x where it may be about a person."""
    return repr(text if _HARMLESS.fullmatch(text) else re.sub(r"[^\W\d_]|[0-9]", "x", text))


def parse_integer(text: str) -> int | None:
    """Return a whole number, also one written as "256.0"; None where there is none.

    "1,000" is none: it may be a thousand as well as one.
    """
    if _INTEGER.fullmatch(text):
        return int(text)
    value = None if "," in text else parse_decimal(text)
    return int(value) if value is not None and value.denominator == 1 else None


def may_be_thousands(text: str) -> bool:
    """Return whether the comma of a number may separate thousands: "1,000", but not "0,5"."""
    return re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text) is not None


@lru_cache(maxsize=256)  # the signals of a file mostly have the same numbers
def parse_decimal(text: str) -> Fraction | None:
    """Return a number exactly as its digits say; a decimal comma counts. None where none is."""
    if not _DECIMAL.fullmatch(text):
        return None
    return Fraction(text.replace(",", "."))


def parse_start(date_text: str, time_text: str, *, plus_text: str = "") -> datetime | None:
    """Return the wall-clock start of a recording.

    Parameters
    ----------
    date_text, time_text : str
        "dd.mm.yy" and "hh.mm.ss"; other separators are accepted. Years 85 to 99 are of the
        20th century, the others of the 21st.
    plus_text : str
        The field of EDF+ that may start with "Startdate dd-MMM-yyyy". Its full year is taken
        where it names the same day; nothing else of it is read.

    Returns
    -------
    datetime or None
        None where the file names no such day or time.
    """
    day_time = _parse_time(time_text)
    day = _parse_date(date_text)
    full = _parse_plus_date(plus_text)
    if full is not None and (day is None or _same_day(day, full)):
        day = full
    if day is None or day_time is None:
        return None
    return datetime.combine(day, day_time)


def _same_day(day: date, full: date) -> bool:
    return (day.day, day.month, day.year % 100) == (full.day, full.month, full.year % 100)


def _parse_date(text: str) -> date | None:
    match = _THREE_NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, month, last = (int(part) for part in match.groups())
    day, year = (last, first) if first > 31 else (first, last)
    if 100 <= year < 1000:  # a digit is missing
        return None
    if year < 100:
        year += 1900 if year >= _CLIPPING_YEAR else 2000
    return _valid_date(year, month, day)


def _parse_plus_date(text: str) -> date | None:
    match = _PLUS_START.match(text)
    if match is None or match.group(2).lower() not in MONTHS:
        return None
    month = MONTHS.index(match.group(2).lower()) + 1
    return _valid_date(int(match.group(3)), month, int(match.group(1)))


def _valid_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parse_time(text: str) -> time | None:
    match = _THREE_NUMBERS.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part) for part in match.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        return None
