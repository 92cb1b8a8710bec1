"""Units of stored signals, and their conversion to microvolts."""

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
# The micro sign, the Greek letter, the UTF-8 bytes of both read as Latin-1, and their DOS
# encodings.
_MICRO_SIGNS = ("Â\u00b5", "Î¼", "\u00b5", "\u03bc", "\u00e6")


@lru_cache(maxsize=64)  # The signals of a file mostly have the same unit.
def microvolts_per_unit(unit: str) -> Fraction | None:
    """Return the microvolts per unit, exactly.

    Parameters
    ----------
    unit : str
        As in a file: "uV", "µV", "mV", "Volts" ...; case is ignored, because no recorder uses
        megavolts.

    Returns
    -------
    Fraction or None
        None if it is not a voltage (including a blank unit).
    """
    text = unit.strip()
    for sign in _MICRO_SIGNS:
        text = text.replace(sign, "u")
    text = text.casefold()
    singular = text.removesuffix("s")
    return _MICROVOLTS_PER_VOLT_UNIT.get(_SPELLED_OUT.get(singular, text))
