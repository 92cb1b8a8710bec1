"""Lenient parsing of the text fields of an EDF header: numbers, dates, names."""

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
# Blanks replace leading zeros or separators.
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
    """Return a field as text: UTF-8 if valid, else Latin-1, without padding."""
    stripped = raw.strip(b" \x00\t\r\n")
    try:
        text = stripped.decode("utf-8")
    except UnicodeDecodeError:
        text = stripped.decode("latin-1")
    if text.isprintable():  # As nearly always.
        return text.strip()
    return "".join(char if char.isprintable() else " " for char in text).strip()


def list_names(names: Iterable[str], limit: int = 8) -> str:
    """Return names as an enumeration of at most `limit`."""
    return some(list(names), at_most=limit)


def counted_names(names: Sequence[str]) -> str:
    """Return unique names as an enumeration, with counts."""
    return list_names(
        Message("{name!r} ({n} times)", name=name, n=count) if count > 1 else repr(name)
        for name, count in Counter(names).items()
    )


def harmless(text: str) -> str:
    """Return a field's text, with letters replaced by x if it may identify a person."""
    return repr(text if _HARMLESS.fullmatch(text) else re.sub(r"[^\W\d_]|[0-9]", "x", text))


def parse_integer(text: str) -> int | None:
    """Parse a whole number, also written as "256.0"; None if invalid.

    "1,000" is invalid, because it may mean a thousand or one.
    """
    if _INTEGER.fullmatch(text):
        return int(text)
    value = None if "," in text else parse_decimal(text)
    return int(value) if value is not None and value.denominator == 1 else None


def may_be_thousands(text: str) -> bool:
    """Return whether a comma may be a thousands separator: in "1,000", but not in "0,5"."""
    return re.fullmatch(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}", text) is not None


@lru_cache(maxsize=256)  # The signals of a file mostly have the same numbers.
def parse_decimal(text: str) -> Fraction | None:
    """Parse a number exactly; a decimal comma is accepted. None if invalid."""
    if not _DECIMAL.fullmatch(text):
        return None
    return Fraction(text.replace(",", "."))


def parse_start(date_text: str, time_text: str, *, plus_text: str = "") -> datetime | None:
    """Parse the wall-clock start of a recording.

    Parameters
    ----------
    date_text, time_text : str
        "dd.mm.yy" and "hh.mm.ss"; other separators are accepted. Years 85 to 99 are 1985 to 1999,
        others 20yy.
    plus_text : str
        The field of EDF+ that may start with "Startdate dd-MMM-yyyy". Its full year is used if it
        is the same day; the rest is ignored.

    Returns
    -------
    datetime or None
        None for an invalid date or time.
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
    if 100 <= year < 1000:  # A digit is missing.
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
