"""From which channels of a file each wanted row comes, and how: the provenance of a row.

Electrodes and references are the nodes of a graph, channels its edges: the channel A-B
leads from A to B, and backwards with the sign turned. Every path from A to C adds up to the
voltage A-C, exactly. The rules choose one path and never look at the order of the channels.
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
"""A channel's position in the file and the sign (+1, -1) it enters a sum with."""

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
        Electrodes and references joined by an edge, whichever its direction.
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
        """Return the nodes from `wanted.plus` to `wanted.minus`, empty where there is no way.

        The fewest channels win; among equals, a way over a common reference, then the
        alphabetic order of the nodes.
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
        """Return the channels along a path, in its order; as recorded before turned."""
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
        What the recording has.
    electrodes : iterable of str
        Normalised electrodes one would like to have.

    Returns
    -------
    str or None
        Name of the reference (ties: the unnamed one, then alphabetic order); None where none
        of the electrodes is recorded against anything but a scalp electrode.
    """
    wanted = set(electrodes)
    counts: dict[str, int] = {}
    for derivation in set(derivations):
        if derivation.plus in wanted and not is_scalp_electrode(derivation.minus):
            counts[derivation.minus] = counts.get(derivation.minus, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSource:
    """Where one row of a model's input comes from.

    Attributes
    ----------
    target : str
        The row as the model's card names it.
    source : str
        The same in the file's own labels, "" where missing.
    how : str
        "exact" (the same label), "renamed" (the same pair, spelled differently), "flipped"
        (sign turned), "subtracted" (two electrodes of one common reference), "chained"
        (neighbouring pairs added up) or "missing".
    terms : tuple of (int, int)
        Position in `Recording.channels` and weight, +1 or -1, in the order they are added.
    """

    target: str
    source: str
    how: How
    terms: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledChannel:
    """The facts about a channel that decide what can be derived from it.

    Attributes
    ----------
    index : int
        Position in `Recording.channels`.
    label : str
        As written in the file.
    sampling_rate_hz : float
        Only channels of one rate are combined.
    """

    index: int
    label: str
    sampling_rate_hz: float

    @property
    def derivation(self) -> Derivation | None:
        """What the label says, None where it is not scalp EEG."""
        return parse_derivation(self.label)


class SourceFinder:
    """Answers from which channels a row can be had.

    Parameters
    ----------
    channels : sequence of LabelledChannel
        Usable channels in the file's order.
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
        """Every derivation recorded, once, sorted."""
        return tuple(sorted({derivation for _, derivation in self._repeats}))

    @property
    def other_channels(self) -> tuple[LabelledChannel, ...]:
        """Channels whose labels are not those of scalp EEG, sorted by normalised label."""
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
        """Return the source of every target, "missing" where there is none.

        A target that is a bare electrode ("FP1") is taken against the one common reference
        most of the wanted electrodes were recorded with, the same for all rows.
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
        """Return every derivation as recorded, each once, sorted."""
        return tuple(
            self._source(d.label if not d.minus else f"{d.plus}-{d.minus}", d, d.minus)
            for d in self.derivations
        )

    def as_they_are(self, channels: Sequence[LabelledChannel]) -> tuple[ChannelSource, ...]:
        """Return a source of each of these channels, under its own label."""
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
        for graph in self._graphs.values():  # highest sampling rate first; min keeps the first
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
        """Match a row that is not scalp EEG ("ECG") by its normalised label alone."""
        same = self._others.get(normalise_label(target), []) if normalise_label(target) else []
        if not same:
            return _missing(target)
        label = self._channels[same[0]].label
        how: How = "exact" if label == target else "renamed"
        return ChannelSource(target=target, source=label, how=how, terms=((same[0], 1),))


def _missing(target: str) -> ChannelSource:
    return ChannelSource(target=target, source="", how="missing", terms=())
