"""Numbers for the browser: 16-bit integers as base64."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seizure_core.display.pages import NO_SIGNAL

_DECIBEL_STEPS = 100
_LOWEST_DECIBEL = -30.0


def encode(values: Sequence[NDArray[np.int16]]) -> str:
    """Return 16-bit integers as base64 of little-endian bytes."""
    joined = b"".join(np.ascontiguousarray(v, dtype="<i2").tobytes() for v in values)
    return base64.b64encode(joined).decode("ascii")


def whole(values: NDArray[np.floating], lowest: int = 0) -> NDArray[np.int16]:
    """Return rounded numbers from `lowest` to 32767; what is unknown is `NO_SIGNAL`."""
    known = np.isfinite(values)
    rounded = np.rint(np.where(known, values, 0))
    return np.where(known, np.clip(rounded, lowest, 32767), NO_SIGNAL).astype(np.int16)


def decibels(power: NDArray[np.floating]) -> NDArray[np.int16]:
    """Return hundredths of decibels above 1; the lowest is -30."""
    with np.errstate(divide="ignore"):
        levels = np.maximum(10 * np.log10(power), _LOWEST_DECIBEL)
    return whole(_DECIBEL_STEPS * levels, lowest=-32767)
