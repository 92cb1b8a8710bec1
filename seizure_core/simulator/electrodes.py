"""Electrode positions on a spherical head, in radians and unit vectors.

The 10-20 system divides the head's arcs into tenths, so on a sphere the outer ring has an electrode
every 36 degrees, and the inner ones are half way to the vertex.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError

# Azimuth (degrees from the right ear towards the nose) and elevation (degrees above the ring
# through FPZ, T7, OZ and T8).
_ANGLES_DEGREES: dict[str, tuple[float, float]] = {
    "FP1": (108, 0),
    "FP2": (72, 0),
    "F7": (144, 0),
    "F8": (36, 0),
    "T7": (180, 0),
    "T8": (0, 0),
    "P7": (216, 0),
    "P8": (324, 0),
    "O1": (252, 0),
    "O2": (288, 0),
    "F3": (129, 30),
    "F4": (51, 30),
    "P3": (231, 30),
    "P4": (309, 30),
    "C3": (180, 45),
    "C4": (0, 45),
    "FZ": (90, 45),
    "PZ": (270, 45),
    "CZ": (90, 90),
    "FT9": (162, -18),
    "FT10": (18, -18),
    "A1": (188, -30),
    "A2": (352, -30),
}

ELECTRODES_10_20 = tuple(
    name for name in _ANGLES_DEGREES if name not in {"FT9", "FT10", "A1", "A2"}
)
"""The 19 electrodes of the 10-20 system."""

ALL_ELECTRODES = tuple(_ANGLES_DEGREES)
"""All electrodes of the simulator: the 10-20 system, FT9, FT10 and the ears A1, A2."""

EARS = ("A1", "A2")
"""Electrodes whose mean is the reference."""


def electrode_positions(electrodes: Sequence[str]) -> NDArray[np.float64]:
    """Return the positions of electrodes.

    Parameters
    ----------
    electrodes : sequence of str
        Upper-case names of the newer 10-20 system ("T7", "FP1").

    Returns
    -------
    ndarray of float64, shape (n_electrodes, 3)
        Unit vectors: right, front, up.

    Raises
    ------
    ParameterError
        A name is unknown.
    """
    unknown = [name for name in electrodes if name not in _ANGLES_DEGREES]
    if unknown:
        raise ParameterError(
            "The simulator knows no electrode {unknown}. It knows: {all_electrodes}.",
            unknown=", ".join(unknown),
            all_electrodes=", ".join(ALL_ELECTRODES),
        )
    rows = []
    for name in electrodes:
        azimuth, elevation = (radians(angle) for angle in _ANGLES_DEGREES[name])
        rows.append((cos(elevation) * cos(azimuth), cos(elevation) * sin(azimuth), sin(elevation)))
    return np.asarray(rows, dtype=np.float64).reshape(len(rows), 3)


def angles_between(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the angles between the unit vectors of two sets.

    Parameters
    ----------
    first, second : ndarray of float64, shapes (n, 3) and (m, 3)
        Unit vectors.

    Returns
    -------
    ndarray of float64, shape (n, m)
        Radians, 0 to pi.
    """
    return np.asarray(np.arccos(np.clip(first @ second.T, -1.0, 1.0)))


def mirrored(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return positions mirrored to the other side of the head."""
    return np.asarray(position * np.array([-1.0, 1.0, 1.0]))


def spread_weights(
    electrodes: NDArray[np.float64], sources: NDArray[np.float64], width_rad: float
) -> NDArray[np.float32]:
    """Return how strongly each electrode sees each source.

    Parameters
    ----------
    electrodes, sources : ndarray of float64, shapes (n_electrodes, 3), (n_sources, 3)
        Unit vectors.
    width_rad : float
        Angle at which a source has dropped to 0.61 of its strength.

    Returns
    -------
    ndarray of float32, shape (n_electrodes, n_sources)
        1 where an electrode is at a source.
    """
    arcs = angles_between(electrodes, sources)
    return np.asarray(np.exp(-0.5 * np.square(arcs / width_rad)), dtype=np.float32)
