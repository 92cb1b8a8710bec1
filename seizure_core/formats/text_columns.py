"""What the columns of a text are: channels, times, row numbers, markers; and in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import parse_derivation
from seizure_core.formats.text_cells import clock_seconds, is_missing, parse_number
from seizure_core.formats.text_layout import Role, TextColumn
from seizure_core.formats.units import microvolts_per_unit

_BRACKETED = re.compile(r"(?P<label>.*?)\s*[(\[{](?P<unit>[^()\[\]{}]{0,16})[)\]}]\s*")
_APPENDED = re.compile(r"(?P<label>.+?)\s*(?:[_/ ]|\bin\b)\s*(?P<unit>[uµμmn]v)", re.I)
_TIME_APPENDED = re.compile(r"(?P<label>.+?)\s*(?:[_/ ]|\bin\b)\s*(?P<unit>s|ms|us|ns|sec)", re.I)
_TIME = re.compile(
    r"t|times?|time ?(?:stamps?|s|ms)?(?: .*)?|timestamps?|sec(?:ond)?s?|m(?:illi)?sec(?:ond)?s?"
    r"|clock|date ?time|zeit|uhrzeit|tempo|temps|tiempo|hora|ora|unix.*|(?:system|recording) ?time",
    re.I,
)
_INDEX = re.compile(
    r"|index|idx|samples?|sample ?(?:index|number|no|nr)?|n|nr|no|#|row|unnamed: ?0|frames?", re.I
)
_MARKER = re.compile(
    r"markers?.*|trig(?:ger)?s?.*|events?.*|labels?|class|target|y|annotations?|stim.*|sti ?\d+"
    r"|status|notes?|stage|state|seizures?|codes?",
    re.I,
)
_QUALITY = re.compile(
    r"cq .*|eq .*|raw cq|quality.*|contact.*|counter|interpolated|gyro.*|acc(?:el.*|[xyz ].*)?"
    r"|mag[xyz].*|batt.*|packet.*|rssi|drl|impedance.*|temp(?:erature)?",
    re.I,
)


def describe_columns(
    header: Sequence[str], cells: Sequence[Sequence[str]], decimal: str
) -> tuple[tuple[TextColumn, ...], list[NDArray[np.float64]]]:
    """Tell what each column of some first rows is.

    Parameters
    ----------
    header : sequence of str
        Names, empty where the text has none.
    cells : sequence of sequence of str
        One a column: its first cells.
    decimal : str
        "." or ",".

    Returns
    -------
    tuple of TextColumn, list of ndarray of float64
        The columns and their values, NaN where there is no number.
    """
    columns: list[TextColumn] = []
    values = [_values(column, decimal) for column in cells]
    n_signals = 0
    for index, column in enumerate(cells):
        name = header[index] if header else ""
        taken = {c.role for c in columns}
        role = _role(name, column, values[index], index, has_names=bool(header))
        if role == "index" and len(cells) == 1:
            role = "signal"
        if role in ("time", "index") and role in taken:
            role = "ignored"
        if role == "signal":
            n_signals += 1
        label, unit = _label_and_unit(name, role)
        columns.append(TextColumn(label=label or _unnamed(role, n_signals), role=role, unit=unit))
    return tuple(columns), values


def _values(cells: Sequence[str], decimal: str) -> NDArray[np.float64]:
    numbers = (parse_number(cell, decimal) for cell in cells)
    return np.array([np.nan if n is None else n for n in numbers], dtype=np.float64)


def _role(
    name: str, cells: Sequence[str], values: NDArray[np.float64], index: int, *, has_names: bool
) -> Role:
    filled = [cell for cell in cells if not is_missing(cell)]
    if filled and sum(clock_seconds(cell) is not None for cell in filled) > 0.9 * len(filled):
        return "time"
    n_numbers = int(np.isfinite(values).sum())
    words = " ".join(re.split(r"[\s_]+", _label_and_unit(name, "time")[0])).strip()
    if has_names:
        named = _named_role(words, values)
        if named is not None:
            return named
    elif index == 0 and len(values) > 2 and (np.diff(values) >= 0).all() and _is_even(values):
        return "index" if _counts_up(values) else "time"
    if parse_derivation(name) is not None:
        return "signal"
    if n_numbers < 0.5 * len(filled) or not filled:
        return "marker" if len(filled) < 0.5 * len(cells) else "ignored"
    return "signal"


def _named_role(words: str, values: NDArray[np.float64]) -> Role | None:
    if _INDEX.fullmatch(words):
        return "index" if _counts_up(values) else "ignored"
    if _TIME.fullmatch(words):
        return "time" if _mostly_rises(values) else "ignored"
    if _MARKER.fullmatch(words):
        return "marker"
    return "quality" if _QUALITY.fullmatch(words) else None


def _mostly_rises(values: NDArray[np.float64]) -> bool:
    """Return whether values are times; that one runs backwards is told later."""
    known = values[np.isfinite(values)]
    steps = np.diff(known)
    return bool(len(steps) and steps.any() and np.mean(steps >= 0) > 0.9)


def _counts_up(values: NDArray[np.float64]) -> bool:
    """Return whether values number the rows, some of which may be missing."""
    steps = np.diff(values)
    return bool(
        len(steps) and (steps >= 1).all() and (steps % 1 == 0).all() and np.median(steps) == 1
    )


def _is_even(values: NDArray[np.float64]) -> bool:
    """Return whether values rise in steps so equal that only times do."""
    steps = np.diff(values)
    usual = float(np.median(steps))
    return bool(usual > 0 and np.mean(np.abs(steps - usual) <= 0.5 * usual) > 0.95)


def _label_and_unit(name: str, role: Role) -> tuple[str, str]:
    for pattern in (_BRACKETED, _TIME_APPENDED if role == "time" else _APPENDED):
        found = pattern.fullmatch(name.strip())
        if found is not None and found["label"]:
            return found["label"].strip(), found["unit"].strip()
    return name.strip(), ""


def _unnamed(role: Role, number: int) -> str:
    return f"Channel {number}" if role == "signal" else role.capitalize()


def spread_of(columns: Sequence[TextColumn], values: Sequence[NDArray[np.float64]]) -> float:
    """Return how far typical values of the signals lie from the middle; NaN where unknown.

    The median, over the signals, of the median distance from the median.
    """
    spreads = []
    for column, numbers in zip(columns, values, strict=True):
        known = numbers[np.isfinite(numbers)]
        if column.role == "signal" and len(known):
            spreads.append(float(np.median(np.abs(known - np.median(known)))))
    return float(np.median(spreads)) if spreads else float("nan")


def unit_of_remarks(remarks: Sequence[str]) -> str:
    """Return the unit of voltage that titles or comments name ("# unit: uV"), else ""."""
    for line in remarks:
        for word in re.findall(r"units?\s*[:=]\s*['\"]?([^\s,;'\"]{1,12})", line, re.I):
            if microvolts_per_unit(word) is not None:
                return str(word)
    return ""
