"""Detection of duplicate and inverted channels.

Every sample is compared. *Equal* means the same values. *Opposite* means that the sum is constant
within single precision; since inverting a converter's steps shifts all values by one step, it is
seldom zero. Constant channels are left out, because they are reported as flat.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.messages import Message
from seizure_core.recording import Channel, Finding

# Two roundings to single precision and that of their sum, with a margin.
_ROUNDING = 2.0**-22


@dataclass(frozen=True, slots=True)
class _Opposites:
    """First rows of two classes of equal rows that may be opposite, and their sum."""

    one: int
    other: int
    total: float


class PairFinder:
    """Compares channels with the same sampling rate, block by block.

    Equal rows are found by their bytes, opposite ones by a projection with opposite sign. The
    effort grows with the number of rows, not of pairs.
    """

    def __init__(self, n_rows: int) -> None:
        # Classes of rows that were equal so far; the first represents them.
        self._classes: list[list[int]] = [list(range(n_rows))] if n_rows else []
        self._opposites: list[_Opposites] = []
        self._varies = np.zeros(n_rows, dtype=np.bool_)
        self._start = np.full(n_rows, np.nan)
        self._largest = np.zeros(n_rows)
        # Hash of the positions of missing values before a row started to vary.
        self._gaps = [0] * n_rows

    def add(self, rows: NDArray[np.float32]) -> None:
        """Process the next samples, shape (n_rows, n_samples)."""
        if not rows.shape[1]:
            return
        piece = _FinitePiece(rows)
        self._largest = np.maximum(self._largest, piece.largest)
        parts = {members[0]: _split(rows, members) for members in self._classes}
        self._classes = [part for split in parts.values() for part in split]
        candidates = [
            _Opposites(one[0], other[0], pair.total)
            for pair in self._opposites
            for one in parts[pair.one]
            for other in parts[pair.other]
        ]
        candidates += self._new_candidates(piece)
        self._opposites = [p for p in candidates if piece.may_be_opposite(p, self._largest)]

    def _new_candidates(self, piece: _FinitePiece) -> list[_Opposites]:
        """Pair classes that vary in this piece for the first time."""
        self._start = np.where(np.isnan(self._start), piece.first, self._start)
        varies = (piece.low < self._start) | (piece.high > self._start)
        begins = varies & ~self._varies
        self._varies |= varies
        for row in np.flatnonzero(piece.has_gaps):
            self._gaps[row] = hash((self._gaps[row], piece.present[row].tobytes()))
        alike: dict[int, list[int]] = defaultdict(list)
        for members in self._classes:
            if begins[members[0]]:
                alike[self._gaps[members[0]]].append(members[0])
        return [
            _Opposites(one, other, float(self._start[one] + self._start[other]))
            for firsts in alike.values()
            for one, other in piece.mirrored(firsts, self._largest)
        ]

    def equal_classes(self) -> list[tuple[int, ...]]:
        """Return groups of two or more equal rows, in order."""
        return sorted(tuple(c) for c in self._classes if len(c) > 1 and self._varies[c[0]])

    def opposite_pairs(self) -> list[tuple[int, int]]:
        """Return pairs of opposite rows, the earlier first, in order."""
        members = {equal[0]: equal for equal in self._classes}
        return sorted(
            (min(member, other), max(member, other))
            for pair in self._opposites
            for member in members[pair.one]
            for other in members[pair.other]
        )


def _split(rows: NDArray[np.float32], members: list[int]) -> list[list[int]]:
    """Split channels that were equal so far but differ in this piece."""
    if len(members) == 1:
        return [members]
    parts: dict[bytes, list[int]] = defaultdict(list)
    for member in members:
        # Normalise zero and NaN, so that equal values have equal bytes.
        values = rows[member] + np.float32(0)
        values[np.isnan(values)] = np.nan
        parts[values.tobytes()].append(member)
    return list(parts.values())


class _FinitePiece:
    """A piece of all channels, for finding opposite ones."""

    def __init__(self, rows: NDArray[np.float32]) -> None:
        self._rows = rows
        self.present = np.isfinite(rows)
        self.has_gaps: NDArray[np.bool_] = np.asarray(~self.present.all(axis=1))
        self.low = np.min(rows, axis=1, initial=np.inf, where=self.present)
        self.high = np.max(rows, axis=1, initial=-np.inf, where=self.present)
        at = np.argmax(self.present, axis=1)
        first = rows[np.arange(len(rows)), at].astype(np.float64)
        self.first = np.where(np.isfinite(first), first, np.nan)
        self.largest: NDArray[np.float64] = np.max(
            np.abs(rows), axis=1, initial=0.0, where=self.present
        ).astype(np.float64)

    def mirrored(
        self, rows: Sequence[int], largest: NDArray[np.float64]
    ) -> Iterable[tuple[int, int]]:
        """Return pairs of rows with the same gaps and opposite projections."""
        if len(rows) < 2:
            return []
        present = self.present[rows[0]]
        # Any weights that do not cancel usual waveforms; the first value is subtracted so that a
        # constant offset is ignored.
        weights = np.random.default_rng(0).uniform(0.5, 1.5, int(present.sum()))
        weights[::2] *= -1
        values = self._rows[np.asarray(rows)][:, present].astype(np.float64)
        sums = (values - values[:, :1]) @ weights
        order = np.argsort(sums)
        slack = 4 * _ROUNDING * largest[np.asarray(rows)] * np.abs(weights).sum()
        low = np.searchsorted(sums[order], -sums - slack, side="left")
        high = np.searchsorted(sums[order], -sums + slack, side="right")
        return {
            (min(row, rows[at]), max(row, rows[at]))
            for row, start, stop in zip(rows, low, high, strict=True)
            for at in order[start:stop]
            if rows[at] != row
        }

    def may_be_opposite(self, pair: _Opposites, largest: NDArray[np.float64]) -> bool:
        one, other = pair.one, pair.other
        if self.has_gaps[one] or self.has_gaps[other]:
            if not np.array_equal(self.present[one], self.present[other]):
                return False
            if not self.present[one].any():
                return True
        slack = (largest[one] + largest[other]) * _ROUNDING
        # Extremes of opposite rows mirror each other, which excludes nearly all pairs quickly.
        mirrored = (
            float(self.low[one]) + float(self.high[other]),
            float(self.high[one]) + float(self.low[other]),
        )
        if max(abs(sum_ - pair.total) for sum_ in mirrored) > slack:
            return False
        if self.low[one] == self.high[one]:
            return True
        present = self.present[one]
        sums = self._rows[one][present].astype(np.float64) + self._rows[other][present]
        return bool(np.abs(sums - pair.total).max() <= slack)


def likeness_findings(
    channels: Sequence[Channel],
    equal_classes: Sequence[Sequence[int]],
    opposite_pairs: Sequence[Sequence[int]],
) -> list[Finding]:
    """Return findings on duplicate and inverted channels.

    Parameters
    ----------
    channels : sequence of Channel
        All channels of the file.
    equal_classes : sequence of sequence of int
        Positions of equal channels, from 0.
    opposite_pairs : sequence of (int, int)
        Positions, the earlier first.
    """
    messages = [_equal_words(channels, members) for members in equal_classes]
    copies = {index for members in equal_classes for index in members[1:]}
    messages += [
        Message(
            "{name} (channel {other}) is the opposite of {name_2} (channel {one}).",
            name=_name(channels, other),
            other=other + 1,
            name_2=_name(channels, first),
            one=first + 1,
        )
        for first, other in opposite_pairs
        if first not in copies and other not in copies
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
