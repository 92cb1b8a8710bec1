"""Rows as a viewer shows them: sums of a recording's channels with any weights.

Models take rows of weights +1 and -1 only (`channels.py`). A viewer also shows electrodes
against an average, which needs fractions, and channels that are no EEG.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import (
    UNNAMED_REFERENCE,
    Derivation,
    is_scalp_electrode,
    normalise_label,
    parse_derivation,
)
from seizure_core.channels.montages import LONGITUDINAL_CHAINS
from seizure_core.recording import Recording

Side = Literal["left", "right", "midline", "across", "other"]

_CHAIN_GROUPS = (
    "left_temporal",
    "left_parasagittal",
    "right_parasagittal",
    "right_temporal",
    "midline",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayRow:
    """One trace of a montage, and the channels it is made of.

    Attributes
    ----------
    label : str
        As the montage or, for channels as recorded, the file writes it.
    unit : str
        "uV" for voltages, else as stored.
    sampling_rate_hz : float
        Of all its channels.
    n_samples : int
        On the recording's time line.
    terms : tuple of (int, float)
        Position in `Recording.channels` and weight.
    how : str
        Provenance as in `ChannelSource.how`, or "average".
    source : str
        The same in the file's own labels.
    group : str
        Rows of one group stand together.
    side : str
        Side of the head: "left", "right", "midline", "across" or "other" (no scalp EEG).
    is_dummy : bool
        Whether the label says that nothing was recorded ("-", ".").
    """

    label: str
    unit: str
    sampling_rate_hz: float
    n_samples: int
    terms: tuple[tuple[int, float], ...]
    how: str
    source: str
    group: str
    side: Side
    is_dummy: bool = False


def side_of(derivation: Derivation | None) -> Side:
    """Return the side of the head a derivation lies on, by the numbers of its electrodes."""
    if derivation is None:
        return "other"
    names = [n for n in (derivation.plus, derivation.minus) if is_scalp_electrode(n)]
    lateral = {_laterality(name) for name in names or [derivation.plus]} - {"midline"}
    if len(lateral) > 1:
        return "across"
    return "midline" if not lateral else "left" if "left" in lateral else "right"


def group_of(derivation: Derivation | None) -> str:
    """Return the chain of the double banana a derivation belongs to, else its side."""
    if derivation is None:
        return "other"
    for group, chain in zip(_CHAIN_GROUPS, LONGITUDINAL_CHAINS, strict=True):
        if {derivation.plus, derivation.minus} in [
            {front, back} for front, back in pairwise(chain)
        ]:
            return group
    return side_of(derivation)


def recorded_row(recording: Recording, index: int) -> DisplayRow:
    """Return a channel as it is recorded."""
    channel = recording.channels[index]
    derivation = parse_derivation(channel.label)
    if derivation is not None and not channel.is_voltage and channel.unit:
        derivation = None
    bare = derivation is not None and derivation.minus == UNNAMED_REFERENCE
    return DisplayRow(
        label=channel.label,
        unit=channel.unit,
        sampling_rate_hz=channel.sampling_rate_hz,
        n_samples=channel.n_samples,
        terms=((index, 1.0),),
        how="exact",
        source=channel.label,
        group=side_of(derivation) if bare else group_of(derivation),
        side=side_of(derivation),
        is_dummy=bool(channel.label) and not normalise_label(channel.label),
    )


def derived_row(
    recording: Recording,
    label: str,
    terms: Sequence[tuple[int, float]],
    *,
    how: str,
    source: str,
    group: str = "",
) -> DisplayRow:
    """Return a derivation as the sum of channels with their weights."""
    channels = [recording.channels[index] for index, _ in terms]
    derivation = parse_derivation(label)
    return DisplayRow(
        label=label,
        unit=channels[0].unit,
        sampling_rate_hz=channels[0].sampling_rate_hz,
        n_samples=min(channel.n_samples for channel in channels),
        terms=tuple((index, float(weight)) for index, weight in terms),
        how=how,
        source=source,
        group=group or group_of(derivation),
        side=side_of(derivation),
    )


def rows_by_rate(rows: Sequence[DisplayRow]) -> Iterator[tuple[float, list[int]]]:
    """Yield each sampling rate with the positions of its rows, in order of appearance."""
    for rate_hz in dict.fromkeys(row.sampling_rate_hz for row in rows):
        yield rate_hz, [i for i, row in enumerate(rows) if row.sampling_rate_hz == rate_hz]


def read_display_rows(
    recording: Recording, rows: Sequence[DisplayRow], start: int, stop: int
) -> NDArray[np.float32]:
    """Read rows that share one sampling rate.

    Parameters
    ----------
    recording : Recording
        The file the rows were made for.
    rows : sequence of DisplayRow
        At least one.
    start, stop : int
        Samples at that rate, `0 <= start <= stop <= n_samples`.

    Returns
    -------
    ndarray of float32, shape (n_rows, stop - start)
        In each row's unit; NaN where one of its channels has none.
    """
    indices = sorted({index for row in rows for index, _ in row.terms})
    position = {index: i for i, index in enumerate(indices)}
    stored = recording.read_samples(indices, start, stop)
    if all(len(row.terms) == 1 and row.terms[0][1] == 1 for row in rows):
        wanted = [position[row.terms[0][0]] for row in rows]
        return stored if wanted == list(range(len(stored))) else stored[wanted]
    weights = np.zeros((len(rows), len(indices)), dtype=np.float32)
    for i, row in enumerate(rows):
        for index, weight in row.terms:
            weights[i, position[index]] += weight
    if np.isfinite(stored).all():
        return weights @ stored
    # A product would spread the NaN of one channel to rows that do not use it.
    signals = np.zeros((len(rows), stop - start), dtype=np.float32)
    for signal, row_weights in zip(signals, weights, strict=True):
        for i in np.flatnonzero(row_weights).tolist():
            signal += row_weights[i] * stored[i]
    return signals


def _laterality(electrode: str) -> Side:
    digits = "".join(c for c in electrode if c.isdigit())
    if not digits:
        return "midline"
    return "left" if int(digits) % 2 else "right"
