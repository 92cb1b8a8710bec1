"""Finds channels that hold the same signal, or the same with its sign turned.

Every sample is compared. *Equal* means the same values. *Opposite* means that the two add up
to one constant, as far as single precision tells: turning round the sign of a converter's
steps moves all values by one step, so that real opposites seldom add up to zero.
Channels that never change are left out: of those one says that they are flat.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.messages import Message
from seizure_core.recording import Channel, Finding

# Two roundings to single precision and that of their sum, with room to spare.
_ROUNDING = 2.0**-22


@dataclass(slots=True, eq=False)
class _Opposites:
    """Two channels that may be opposites, and what they add up to, NaN until known."""

    one: int
    other: int
    total: float


class PairFinder:
    """Compares channels of one sampling rate as they stream by.

    Parameters
    ----------
    n_rows : int
        Rows of every piece.
    """

    def __init__(self, n_rows: int) -> None:
        self._n_rows = n_rows
        # Classes of channels that were equal so far: each is compared with its first only.
        self._classes: list[list[int]] = [list(range(n_rows))] if n_rows else []
        self._opposites: list[_Opposites] | None = None
        self._varies = np.zeros(n_rows, dtype=np.bool_)
        self._first = np.full(n_rows, np.nan)
        self._largest = np.zeros(n_rows)

    def add(self, rows: NDArray[np.float32]) -> None:
        """Take in the samples that follow, shape (n_rows, n_samples)."""
        if not rows.shape[1]:
            return
        self._note_variation(rows)
        self._classes = [part for members in self._classes for part in _split(rows, members)]
        values = _FinitePiece(rows, self._largest)
        self._largest = values.largest
        if self._opposites is None:
            pairs = itertools.combinations(range(self._n_rows), 2)
            self._opposites = [_Opposites(one, other, np.nan) for one, other in pairs]
        self._opposites = [pair for pair in self._opposites if values.may_be_opposite(pair)]

    def _note_variation(self, rows: NDArray[np.float32]) -> None:
        with np.errstate(invalid="ignore"):
            low, high = np.fmin.reduce(rows, axis=1), np.fmax.reduce(rows, axis=1)
            self._first = np.where(np.isnan(self._first), low, self._first)
            self._varies |= (low != high) & ~np.isnan(low) | (low != self._first) & ~np.isnan(low)

    def equal_classes(self) -> list[tuple[int, ...]]:
        """Return rows that are equal, two or more together, in order."""
        return [tuple(c) for c in self._classes if len(c) > 1 and self._varies[c[0]]]

    def opposite_pairs(self) -> list[tuple[int, int]]:
        """Return pairs of opposite rows, the earlier first, in order."""
        return [
            (pair.one, pair.other)
            for pair in self._opposites or ()
            if self._varies[pair.one] and self._varies[pair.other]
        ]


def _split(rows: NDArray[np.float32], members: list[int]) -> list[list[int]]:
    """Part channels that were equal so far by whether they are equal in this piece too."""
    parts: list[list[int]] = []
    for member in members:
        for part in parts:
            if np.array_equal(rows[part[0]], rows[member], equal_nan=True):
                part.append(member)
                break
        else:
            parts.append([member])
    return parts


class _FinitePiece:
    """A piece of all channels, looked at for opposites.

    Parameters
    ----------
    rows : ndarray of float32, shape (n_rows, n_samples)
        The piece.
    largest : ndarray of float64, shape (n_rows,)
        Largest absolute value of each row up to here: by it goes what rounding may do.
    """

    def __init__(self, rows: NDArray[np.float32], largest: NDArray[np.float64]) -> None:
        self._rows = rows
        self._present = np.isfinite(rows)
        self._missing: NDArray[np.bool_] = np.asarray(~self._present.all(axis=1))
        with np.errstate(invalid="ignore"):
            self._low = np.min(rows, axis=1, initial=np.inf, where=self._present)
            self._high = np.max(rows, axis=1, initial=-np.inf, where=self._present)
        here = np.max(np.abs(rows), axis=1, initial=0.0, where=self._present)
        self.largest: NDArray[np.float64] = np.maximum(largest, here)

    def may_be_opposite(self, pair: _Opposites) -> bool:
        one, other = pair.one, pair.other
        if self._missing[one] or self._missing[other]:
            if not np.array_equal(self._present[one], self._present[other]):
                return False
            if not self._present[one].any():
                return True
        slack = (self.largest[one] + self.largest[other]) * _ROUNDING
        total = pair.total
        if np.isnan(total):
            at = int(np.argmax(self._present[one]))
            total = pair.total = float(self._rows[one, at]) + float(self._rows[other, at])
        # The extremes of opposites mirror each other: this refutes nearly all pairs at once.
        mirrored = (
            float(self._low[one]) + float(self._high[other]),
            float(self._high[one]) + float(self._low[other]),
        )
        if max(abs(sum_ - total) for sum_ in mirrored) > slack:
            return False
        if self._low[one] == self._high[one]:
            return True
        present = self._present[one]
        sums = self._rows[one][present].astype(np.float64) + self._rows[other][present]
        return bool(np.abs(sums - total).max() <= slack)


def likeness_findings(
    channels: Sequence[Channel],
    equal_classes: Sequence[Sequence[int]],
    opposite_pairs: Sequence[Sequence[int]],
) -> list[Finding]:
    """Say which channels are copies or opposites of others.

    Parameters
    ----------
    channels : sequence of Channel
        All channels of the file.
    equal_classes : sequence of sequence of int
        Positions of channels that are equal, from 0.
    opposite_pairs : sequence of (int, int)
        Positions of opposites, the earlier first.
    """
    messages = [_equal_words(channels, members) for members in equal_classes]
    copies = {index for members in equal_classes for index in members[1:]}
    messages += [
        Message(
            "{name} (channel {other}) is the opposite of {name_2} (channel {one}).",
            name=_name(channels, other),
            other=other + 1,
            name_2=_name(channels, one),
            one=one + 1,
        )
        for one, other in opposite_pairs
        if one not in copies and other not in copies
    ]
    return [Finding.info(message) for message in messages]


def _equal_words(channels: Sequence[Channel], members: Sequence[int]) -> str:
    *first, last = [index + 1 for index in members]
    names = [_name(channels, index) for index in members]
    if len({channels[index].label for index in members}) > 1:
        return Message(
            "{names} and {name} hold the same signal: channels {first} and {last} are equal.",
            names=names[:-1],
            name=names[-1],
            first=first,
            last=last,
        )
    return Message(
        "{name} appears twice: channels {first} and {last} are equal."
        if len(members) == 2
        else "{name} appears {n} times: channels {first} and {last} are equal.",
        name=names[0],
        n=len(members),
        first=first,
        last=last,
    )


def _name(channels: Sequence[Channel], index: int) -> str:
    return channels[index].label or "(no label)"
