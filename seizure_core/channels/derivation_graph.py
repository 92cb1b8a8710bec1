"""Finds how a wanted derivation follows from the channels a recording has.

Electrodes and references are the nodes of a graph, channels its edges: the channel A-B
leads from A to B, and backwards with the sign turned. Every path from A to C adds up to the
voltage A-C, exactly. The rules choose one path and never look at the order of the channels.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from seizure_core.channels.labels import Derivation, is_scalp_electrode

Step = tuple[int, int]
"""A channel's position in the file and the sign (+1, -1) it enters a sum with."""


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
