"""Montages as ordered lists of derivations or electrodes, in normalised labels."""

from __future__ import annotations

from itertools import pairwise

LONGITUDINAL_CHAINS: tuple[tuple[str, ...], ...] = (
    ("FP1", "F7", "T7", "P7", "O1"),
    ("FP1", "F3", "C3", "P3", "O1"),
    ("FP2", "F4", "C4", "P4", "O2"),
    ("FP2", "F8", "T8", "P8", "O2"),
    ("FZ", "CZ", "PZ"),
)
"""Electrodes of the double banana, front to back; neighbours form its derivations."""

DOUBLE_BANANA_18: tuple[str, ...] = tuple(
    f"{front}-{back}" for chain in LONGITUDINAL_CHAINS for front, back in pairwise(chain)
)
"""Longitudinal bipolar montage of the 10-20 system: two chains a side and the midline."""

CHBMIT_23: tuple[str, ...] = (
    *DOUBLE_BANANA_18,
    "P7-T7",
    "T7-FT9",
    "FT9-FT10",
    "FT10-T8",
    "T8-P8",
)
"""The 23 channels of CHB-MIT in their most common order; T8-P8 occurs twice."""

ELECTRODES_10_20: tuple[str, ...] = (
    "FP1",
    "F3",
    "C3",
    "P3",
    "O1",
    "F7",
    "T7",
    "P7",
    "FZ",
    "CZ",
    "PZ",
    "FP2",
    "F4",
    "C4",
    "P4",
    "O2",
    "F8",
    "T8",
    "P8",
)
"""The 19 scalp electrodes of the 10-20 system, in SzCORE's order."""
