"""Where electrodes are on a head seen from above, for drawings only.

The positions follow from the rule of the international 10-20 system and its finer
descendants: rows at fixed shares of the way from nasion to inion, and in each row places at
fixed shares of the way from the midline to the side. The head's rim, on which nasion, inion and
the places 9 and 10 lie, has radius 1; x points to the right ear, y to the nose.
"""

from __future__ import annotations

import math
import re

# Of each row: degrees from the nose to its place 7 on the circle of radius 0.8, and where it
# crosses the midline.
_ROWS = {
    "FP": (18.0, 0.8),
    "AFP": (27.0, 0.7),
    "AF": (36.0, 0.6),
    "AFF": (45.0, 0.5),
    "F": (54.0, 0.4),
    "FFC": (63.0, 0.3),
    "FFT": (63.0, 0.3),
    "FC": (72.0, 0.2),
    "FT": (72.0, 0.2),
    "FCC": (81.0, 0.1),
    "FTT": (81.0, 0.1),
    "C": (90.0, 0.0),
    "T": (90.0, 0.0),
    "CCP": (99.0, -0.1),
    "TTP": (99.0, -0.1),
    "CP": (108.0, -0.2),
    "TP": (108.0, -0.2),
    "CPP": (117.0, -0.3),
    "TPP": (117.0, -0.3),
    "P": (126.0, -0.4),
    "PPO": (135.0, -0.5),
    "PO": (144.0, -0.6),
    "POO": (153.0, -0.7),
    "O": (162.0, -0.8),
    "OI": (162.0, -0.9),
    "I": (162.0, -1.0),
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
    if found is None or found[1] not in _ROWS:
        return None
    if found[2] == "Z":
        return 0.0, _ROWS[found[1]][1]
    return _lateral(found[1], int(found[2]), half=bool(found[3]))


def _lateral(row: str, number: int, *, half: bool) -> tuple[float, float] | None:
    """Return a place beside the midline: odd numbers are left, even ones right."""
    angle, midline = math.radians(_ROWS[row][0]), _ROWS[row][1]
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
