"""Rows of a viewer: weighted sums of a recording's channels.

Model input has weights of +1 and -1 only (`channels.py`). A viewer also shows average references,
which need fractions, and channels other than EEG.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    """One trace of a montage, and the channels it is computed from.

    Attributes
    ----------
    label : str
        Of the montage, or of the file for channels as recorded.
    unit : str
        "uV" for voltages, else as stored.
    n_samples : int
        On the recording's time axis.
    terms : tuple of (int, float)
        Positions in `Recording.channels` and weights.
    how : str
        See `ChannelSource.how`, or "average".
    source : str
        The same in the file's own labels.
    group : str
        Rows of a group are shown together.
    side : str
        "left", "right", "midline", "across", or "other" if not scalp EEG.
    is_dummy : bool
        Whether the label is a placeholder ("-", ".").
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
    """Return the side of the head of a derivation, by the numbers of its electrodes."""
    if derivation is None:
        return "other"
    names = [n for n in (derivation.plus, derivation.minus) if is_scalp_electrode(n)]
    return side_of_electrodes(names or [derivation.plus])


def side_of_electrodes(names: Iterable[str]) -> Side:
    """Return the side of the head of electrodes together."""
    lateral = {_laterality(name) for name in names} - {"midline"}
    if len(lateral) > 1:
        return "across"
    return "midline" if not lateral else "left" if "left" in lateral else "right"


def group_of(derivation: Derivation | None) -> str:
    """Return the chain of the double banana that contains a derivation, else its side."""
    if derivation is None:
        return "other"
    for group, chain in zip(_CHAIN_GROUPS, LONGITUDINAL_CHAINS, strict=True):
        if {derivation.plus, derivation.minus} in [
            {front, back} for front, back in pairwise(chain)
        ]:
            return group
    return side_of(derivation)


def recorded_row(recording: Recording, index: int) -> DisplayRow:
    """Return a channel as recorded."""
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
    side: Side | None = None,
) -> DisplayRow:
    """Return a derivation as a sum of channels with weights.

    Parameters
    ----------
    side : str, optional
        Of its electrodes, where the label alone does not say it.
    """
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
        group=group or (side if side and derivation is None else group_of(derivation)),
        side=side or side_of(derivation),
    )


def rows_by_rate(rows: Sequence[DisplayRow]) -> Iterator[tuple[float, list[int]]]:
    """Yield each sampling rate with the positions of its rows, in order of appearance."""
    for rate_hz in dict.fromkeys(row.sampling_rate_hz for row in rows):
        yield rate_hz, [i for i, row in enumerate(rows) if row.sampling_rate_hz == rate_hz]


def read_display_rows(
    recording: Recording, rows: Sequence[DisplayRow], start: int, stop: int
) -> NDArray[np.float32]:
    """Read rows with the same sampling rate.

    Parameters
    ----------
    rows : sequence of DisplayRow
        At least one.
    start, stop : int
        In samples, `0 <= start <= stop <= n_samples`.

    Returns
    -------
    ndarray of float32, shape (n_rows, stop - start)
        In each row's unit; NaN if one of its channels is NaN.
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
    # A matrix product would spread NaN to rows that do not use the channel.
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
