"""Cells of a line of text, and what they hold: numbers, clock times, nothing."""

from __future__ import annotations

import csv
import math
import re
from datetime import datetime

# What programs write where there is no value.
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-", "--", "inf", "-inf"})
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_CLOCK = re.compile(
    r"(?:(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[T ]\s*)?"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def split_cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, without quotes and surrounding spaces.

    Parameters
    ----------
    line : str
        Without its end.
    delimiter : str
        One of `text_layout.DELIMITERS`.
    """
    if delimiter == "":
        return [_bare(line)]
    if delimiter == " ":
        return [_bare(cell) for cell in line.split()]
    if '"' in line:
        try:
            cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
            return [cell.strip() for cell in cells]
        except csv.Error:
            pass  # a quote that never ends: cells as they stand
    return [_bare(cell) for cell in line.split(delimiter)]


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no value."""
    return cell.casefold() in _MISSING


def parse_number(cell: str, decimal: str) -> float | None:
    """Return the number in a cell: NaN where it says there is none, None where it is no number."""
    if is_missing(cell):
        return math.nan
    text = cell.replace(",", ".") if decimal == "," else cell
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else math.nan


def n_decimals(cell: str, decimal: str) -> int:
    """Return how many digits a number has after its decimal point; 0 for "1e-3"."""
    return len(cell.partition(decimal)[2]) if "e" not in cell.casefold() else 0


def clock_seconds(cell: str) -> float | None:
    """Return seconds since midnight, or since 1970 where a date is given; None for no clock."""
    found = _CLOCK.fullmatch(cell.strip())
    if found is None:
        return None
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    if hour > 99 or minute > 59 or second > 60:
        return None
    seconds = hour * 3600 + minute * 60 + second + float(f"0.{found['fraction'] or 0}")
    if found["year"] is None:
        return seconds
    try:
        day = datetime(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return (day - datetime(1970, 1, 1)).total_seconds() + seconds


def _bare(cell: str) -> str:
    return cell.strip().strip('"').strip()
