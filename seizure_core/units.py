"""Units of stored signals, and how many microvolts one of them is."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

_MICROVOLTS_PER_VOLT_UNIT = {
    "v": Fraction(10**6),
    "mv": Fraction(10**3),
    "uv": Fraction(1),
    "nv": Fraction(1, 10**3),
}
_SPELLED_OUT = {
    "microvolt": "uv",
    "millivolt": "mv",
    "nanovolt": "nv",
    "volt": "v",
    "uvolt": "uv",
    "mvolt": "mv",
    "nvolt": "nv",
}
# The micro sign, the Greek letter, the UTF-8 bytes of both read as Latin-1, and what DOS
# code pages make of it.
_MICRO_SIGNS = ("Â\u00b5", "Î¼", "\u00b5", "\u03bc", "\u00e6")


@lru_cache(maxsize=64)  # the signals of a file mostly have the same unit
def microvolts_per_unit(unit: str) -> Fraction | None:
    """Return how many microvolts one of a unit is, exactly.

    Parameters
    ----------
    unit : str
        As written in a file: "uV", "µV", "mV", "Volts" ...; case does not matter, since no
        recorder counts in megavolts.

    Returns
    -------
    Fraction or None
        None for what is not a voltage (a blank unit included).
    """
    text = unit.strip()
    for sign in _MICRO_SIGNS:
        text = text.replace(sign, "u")
    text = text.casefold()
    singular = text.removesuffix("s")
    return _MICROVOLTS_PER_VOLT_UNIT.get(_SPELLED_OUT.get(singular, text))
