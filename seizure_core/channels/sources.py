"""Derivation of wanted channels from recorded ones, with provenance.

Electrodes and references are the nodes of a graph, channels its edges: the channel A-B leads from A
to B, and from B to A with the opposite sign. Every path from A to C sums exactly to the voltage
A-C. The rules choose one path regardless of the order of the channels.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from seizure_core.channels.labels import (
    UNNAMED_REFERENCE,
    Derivation,
    is_scalp_electrode,
    normalise_label,
    parse_derivation,
)

Step = tuple[int, int]
"""Position of a channel in the file, and its sign (+1, -1) in a sum."""

How = Literal["exact", "renamed", "flipped", "subtracted", "chained", "missing"]

_PREFERENCE: tuple[How, ...] = ("exact", "renamed", "flipped", "subtracted", "chained")


@dataclass(frozen=True, slots=True)
class DerivationGraph:
    """Channels of one sampling rate, as edges between electrodes.

    Attributes
    ----------
    edges : mapping of Derivation to int
        Position in the file of the channel that records this derivation.
    neighbours : mapping of str to set of str
        Electrodes and references connected by an edge in either direction.
    """

    edges: Mapping[Derivation, int]
    neighbours: dict[str, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        neighbours: dict[str, set[str]] = {}
        for edge in self.edges:
            neighbours.setdefault(edge.plus, set()).add(edge.minus)
            neighbours.setdefault(edge.minus, set()).add(edge.plus)
        object.__setattr__(self, "neighbours", neighbours)

    def path(self, wanted: Derivation) -> tuple[str, ...]:
        """Return the nodes from `wanted.plus` to `wanted.minus`; empty if there is no path.

        The path with the fewest channels wins, then one via a common reference, then the
        alphabetically first.
        """
        distances = self._distances_to(wanted.minus)
        if wanted.plus not in distances or wanted.plus == wanted.minus:
            return ()
        nodes = [wanted.plus]
        while nodes[-1] != wanted.minus:
            remaining = distances[nodes[-1]] - 1
            closer = [n for n in self.neighbours[nodes[-1]] if distances.get(n) == remaining]
            nodes.append(min(closer, key=lambda name: (is_scalp_electrode(name), name)))
        return tuple(nodes)

    def steps(self, path: tuple[str, ...]) -> tuple[Step, ...]:
        """Return the channels along a path, in its order; a non-inverted channel is preferred."""
        steps = []
        for plus, minus in pairwise(path):
            forward = self.edges.get(Derivation(plus, minus))
            if forward is not None:
                steps.append((forward, 1))
            else:
                steps.append((self.edges[Derivation(minus, plus)], -1))
        return tuple(steps)

    def _distances_to(self, goal: str) -> dict[str, int]:
        if goal not in self.neighbours:
            return {}
        distances = {goal: 0}
        queue = deque([goal])
        while queue:
            node = queue.popleft()
            for neighbour in self.neighbours[node]:
                if neighbour not in distances:
                    distances[neighbour] = distances[node] + 1
                    queue.append(neighbour)
        return distances


def common_reference(derivations: Iterable[Derivation], electrodes: Iterable[str]) -> str | None:
    """Return the reference against which most of the electrodes were recorded.

    Parameters
    ----------
    derivations : iterable of Derivation
        Those of the recording.
    electrodes : iterable of str
        Normalised names of the wanted electrodes.

    Returns
    -------
    str or None
        Ties: the unnamed reference, then alphabetic order. None if no wanted electrode was recorded
        against a common reference.
    """
    wanted = set(electrodes)
    counts: dict[str, int] = {}
    for derivation in set(derivations):
        if derivation.plus in wanted and not is_scalp_electrode(derivation.minus):
            counts[derivation.minus] = counts.get(derivation.minus, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSource:
    """Source of one input channel of a model.

    Attributes
    ----------
    target : str
        Name on the model's card.
    source : str
        The same in the file's own labels, "" if missing.
    how : str
        "exact" (same label), "renamed" (same derivation, other spelling), "flipped" (inverted),
        "subtracted" (two electrodes of a common reference), "chained" (sum of neighbouring
        derivations) or "missing".
    terms : tuple of (int, int)
        Positions in `Recording.channels` and weights, +1 or -1, in the order of the sum.
    """

    target: str
    source: str
    how: How
    terms: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledChannel:
    """Properties of a channel that determine what can be derived from it.

    Attributes
    ----------
    index : int
        Position in `Recording.channels`.
    label : str
        As in the file.
    sampling_rate_hz : float
        Only channels of the same rate are combined.
    """

    index: int
    label: str
    sampling_rate_hz: float

    @property
    def derivation(self) -> Derivation | None:
        """The parsed label, None if it is not scalp EEG."""
        return parse_derivation(self.label)


class SourceFinder:
    """Finds the sources of wanted channels.

    Parameters
    ----------
    channels : sequence of LabelledChannel
        Usable channels in file order.
    """

    def __init__(self, channels: Sequence[LabelledChannel]) -> None:
        self._channels = {channel.index: channel for channel in channels}
        self._repeats: dict[tuple[float, Derivation], list[int]] = {}
        self._others: dict[str, list[int]] = {}
        for channel in channels:
            derivation = channel.derivation
            if derivation is None:
                self._others.setdefault(normalise_label(channel.label), []).append(channel.index)
            else:
                key = (channel.sampling_rate_hz, derivation)
                self._repeats.setdefault(key, []).append(channel.index)
        self._graphs = {
            rate: DerivationGraph(
                {d: same[0] for (r, d), same in self._repeats.items() if r == rate}
            )
            for rate in sorted({rate for rate, _ in self._repeats}, reverse=True)
        }

    @property
    def derivations(self) -> tuple[Derivation, ...]:
        """All recorded derivations, unique and sorted."""
        return tuple(sorted({derivation for _, derivation in self._repeats}))

    @property
    def other_channels(self) -> tuple[LabelledChannel, ...]:
        """Channels that are not scalp EEG, sorted by normalised label."""
        indices = [i for label in sorted(self._others) for i in self._others[label]]
        return tuple(self._channels[i] for i in indices)

    def repeats_of(self, index: int) -> tuple[int, ...]:
        """Return later channels of the same derivation and rate as the one at `index`."""
        channel = self._channels[index]
        derivation = channel.derivation
        if derivation is None:
            same = self._others[normalise_label(channel.label)]
            return tuple(
                i
                for i in same
                if i > index and self._channels[i].sampling_rate_hz == channel.sampling_rate_hz
            )
        return tuple(i for i in self._repeats[channel.sampling_rate_hz, derivation] if i != index)

    def sources(self, targets: Sequence[str]) -> tuple[ChannelSource, ...]:
        """Return the source of every target, "missing" if there is none.

        Targets that are bare electrodes ("FP1") use the one common reference that most of the
        wanted electrodes were recorded with.
        """
        wanted = [parse_derivation(target) for target in targets]
        bare = [w.plus for w in wanted if w is not None and w.minus == UNNAMED_REFERENCE]
        reference = common_reference(self.derivations, bare)
        return tuple(
            self._other_source(target)
            if derivation is None
            else self._source(target, derivation, reference)
            for target, derivation in zip(targets, wanted, strict=True)
        )

    def recorded(self) -> tuple[ChannelSource, ...]:
        """Return every derivation as recorded, unique and sorted."""
        return tuple(
            self._source(d.label if not d.minus else f"{d.plus}-{d.minus}", d, d.minus)
            for d in self.derivations
        )

    def as_they_are(self, channels: Sequence[LabelledChannel]) -> tuple[ChannelSource, ...]:
        """Return each of these channels as its own source."""
        return tuple(
            ChannelSource(
                target=channel.label, source=channel.label, how="exact", terms=((channel.index, 1),)
            )
            for channel in channels
        )

    def _source(self, target: str, wanted: Derivation, reference: str | None) -> ChannelSource:
        if wanted.minus == UNNAMED_REFERENCE:
            if reference is None:
                return _missing(target)
            wanted = Derivation(wanted.plus, reference)
        found = []
        for graph in self._graphs.values():  # Highest sampling rate first; min keeps the first.
            path = graph.path(wanted)
            if path:
                found.append(self._described(target, path, graph.steps(path)))
        if not found:
            return _missing(target)
        return min(found, key=lambda source: (len(source.terms), _PREFERENCE.index(source.how)))

    def _described(
        self, target: str, path: tuple[str, ...], steps: tuple[Step, ...]
    ) -> ChannelSource:
        how: How = "chained"
        if len(steps) == 1:
            index, weight = steps[0]
            same_label = self._channels[index].label == target
            how = "flipped" if weight < 0 else "exact" if same_label else "renamed"
        elif len(steps) == 2 and not is_scalp_electrode(path[1]):
            how = "subtracted"
        return ChannelSource(target=target, source=self._formula(steps), how=how, terms=steps)

    def _formula(self, steps: tuple[Step, ...]) -> str:
        if len(steps) == 1 and steps[0][1] > 0:
            return self._channels[steps[0][0]].label
        terms: list[str] = []
        for index, weight in steps:
            label = self._channels[index].label
            term = f"({label})" if "-" in label else label
            sign = "-" if weight < 0 else "+"
            terms.append(f" {sign} {term}" if terms else f"{sign}{term}".removeprefix("+"))
        return "".join(terms)

    def _other_source(self, target: str) -> ChannelSource:
        """Match a row that is not scalp EEG ("ECG") by normalised label only."""
        same = self._others.get(normalise_label(target), []) if normalise_label(target) else []
        if not same:
            return _missing(target)
        label = self._channels[same[0]].label
        how: How = "exact" if label == target else "renamed"
        return ChannelSource(target=target, source=label, how=how, terms=((same[0], 1),))


def _missing(target: str) -> ChannelSource:
    return ChannelSource(target=target, source="", how="missing", terms=())
