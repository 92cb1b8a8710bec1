"""What a viewer draws on the time axis beside the signals."""

from __future__ import annotations

from dataclasses import dataclass

from seizure_core.events.event import Event
from seizure_core.events.trace import ProbabilityTrace


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """Events of experts and of a net.

    Attributes
    ----------
    references : tuple of Event
        What an expert marked.
    predictions : tuple of Event
        What a net found. They can be accepted, rejected and shifted.
    trace : ProbabilityTrace or None
        The net's output.
    threshold : float or None
        Where the net's events begin.
    title : str
        Name of the net.
    """

    references: tuple[Event, ...] = ()
    predictions: tuple[Event, ...] = ()
    trace: ProbabilityTrace | None = None
    threshold: float | None = None
    title: str = ""


NO_OVERLAYS = Overlays()
