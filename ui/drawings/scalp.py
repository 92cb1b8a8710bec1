"""Positions of electrodes on a head seen from above, for drawings only.

The positions follow from the rule of the international 10-20 system and its finer
descendants: rows at fixed shares of the way from nasion to inion, and in each row places at
fixed shares of the way from the midline to the side. The head's rim, on which nasion, inion and
the places 9 and 10 lie, has radius 1; x points to the right ear, y to the nose.
"""

from __future__ import annotations

import math
import re

# From nose to neck in steps of 9 degrees; temporal names share the angle of central ones.
_ROWS = "FP AFP AF AFF F FFC,FFT FC,FT FCC,FTT C,T CCP,TTP CP,TP CPP,TPP P PPO PO POO O,OI,I"
_DEGREES = {
    name: 18.0 + 9.0 * number
    for number, names in enumerate(_ROWS.split())
    for name in names.split(",")
}
_EARS = {"A1": (-1.13, 0.0), "A2": (1.13, 0.0), "M1": (-1.1, -0.32), "M2": (1.1, -0.32)}
_NAME = re.compile(r"([A-Z]{1,3}?)(Z|[0-9]{1,2})(H?)")
_SIDE_RADIUS = 0.8
# The frontal and occipital rows have one place a side, which lies where others have place 7.
_SHORT_ROWS = frozenset({"FP", "O", "OI", "I"})


def electrode_position(name: str) -> tuple[float, float] | None:
    """Return where an electrode is.

    Parameters
    ----------
    name : str
        Normalised, as `seizure_core.channels.labels` gives it: "FP1", "T7", "CZ", "A1".

    Returns
    -------
    (float, float) or None
        x to the right ear and y to the nose, in radii of the head; None for what is no
        position on the head.
    """
    if name in _EARS:
        return _EARS[name]
    if name == "NZ":
        return 0.0, 1.0
    found = _NAME.fullmatch(name)
    if found is None or found[1] not in _DEGREES:
        return None
    if found[2] == "Z":
        return 0.0, _midline(found[1])
    return _lateral(found[1], int(found[2]), half=bool(found[3]))


def _midline(row: str) -> float:
    """Return where a row crosses the midline."""
    return {"OI": -0.9, "I": -1.0}.get(row, 1.0 - _DEGREES[row] / 90.0)


def _lateral(row: str, number: int, *, half: bool) -> tuple[float, float] | None:
    """Return a place off the midline: odd numbers are left, even ones right."""
    angle, midline = math.radians(_DEGREES[row]), _midline(row)
    step = (number + 1) // 2 - (0.5 if half else 0.0)
    side = -1.0 if number % 2 else 1.0
    if not 0 < step <= 6:
        return None
    if row in _SHORT_ROWS and step <= 1:
        radius = max(_SIDE_RADIUS, abs(midline))
        return side * radius * math.sin(angle) * step, radius * math.cos(angle)
    if step > 4:  # below the circle through the temples
        radius = _SIDE_RADIUS + 0.2 * (step - 4)
        return side * radius * math.sin(angle), radius * math.cos(angle)
    share = step / 4
    outer_y = _SIDE_RADIUS * math.cos(angle)
    return side * _SIDE_RADIUS * math.sin(angle) * share, midline + (outer_y - midline) * share**2
