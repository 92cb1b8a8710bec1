"""Numbers as people read them."""

from __future__ import annotations

import math

from ui.i18n.translation import grouped, tr

TIMES = "\u00d7"
NOTHING = "\u2013"


def duration_words(seconds: float) -> str:
    """Return a length of time: "50 s", "5 min 03 s", "1 h 02 min 03 s"."""
    if seconds < 120:
        return f"{seconds:.4g} s"
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours} h {minutes:02d} min {secs:02d} s" if hours else f"{minutes} min {secs:02d} s"


def clock_words(seconds: float) -> str:
    """Return a position in a recording: "0:05:03.2" is 5 min 3.2 s from its start."""
    tenths = math.floor(seconds * 10 + 0.5)
    whole, tenth = divmod(tenths, 10)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    words = f"{hours}:{minutes:02d}:{secs:02d}"
    return f"{words}.{tenth}" if tenth else words


def count_words(number: int, one: str, many: str | None = None) -> str:
    """Return "1 event", "3 events", "1,204 windows"."""
    return f"{grouped(number)} {tr(one if number == 1 else many or one + 's')}"


def significant(value: float | None, digits: int) -> float | None:
    """Return a number cut to so many significant digits; None where it is undefined."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")


def short_words(value: float | None) -> str:
    """Return three digits of a number, or a dash: "0.0123", "1,230", "12.3 k", "1,230 k"."""
    rounded = significant(value, 3)
    if rounded is None:
        return NOTHING
    size = abs(rounded)
    if 0 < size < 1e-4:
        return figure_words(rounded, f".{2 - math.floor(math.log10(size))}f")
    for factor, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if size >= 10 * factor:
            return f"{figure_words(rounded / factor)} {letter}"
    return figure_words(rounded)


def figure_words(value: float | None, form: str = "") -> str:
    """Return a measured number, or a dash where it is undefined.

    Parameters
    ----------
    value : float or None
        The number.
    form : str
        A format such as ".2f"; empty shows three digits, and never a power of ten.
    """
    if value is None:
        return NOTHING
    form = form or (",.0f" if abs(value) >= 100 else ".3g")
    return tr(f"{{n:{form}}}", n=float(value))


def number_words(value: object) -> str:
    """Return a number or a list of a card for reading: no trailing zeros, thousands apart."""
    if isinstance(value, list | tuple):
        return ", ".join(number_words(number) for number in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return grouped(value)
    return tr("{n:g}", n=value)


def size_words(size_bytes: int) -> str:
    """Return a size as people read it."""
    size, units = float(size_bytes), ("bytes", "kB", "MB", "GB")
    for unit in units:
        if size < 1000 or unit == units[-1]:
            break
        size /= 1000
    return f"{size:.3g} {unit}"
