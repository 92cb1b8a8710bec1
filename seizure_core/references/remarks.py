"""From remarks in time to seizures: starts and ends paired, and doubtful stretches kept apart.

A remark counts when its whole text is in the vocabulary of `event_types`: with a duration, or
as a pair of remarks for start and end. What sounds like a seizure and cannot be understood so
becomes an uncertain stretch: its seconds are neither seizure nor background.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from seizure_core.events.event import Event, in_order
from seizure_core.recording import Finding
from seizure_core.references.event_types import SeizureMark, names_seizure, sounds_like_seizure
from seizure_core.references.model import (
    describe_span,
    merge_overlapping,
    open_stretch,
    uncertain_stretch,
)

_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something said about a time.

    Attributes
    ----------
    onset_s : float
        Seconds from the start of the recording.
    duration_s : float or None
        None where none is given.
    text : str
        As written.
    mark : SeizureMark or None
        What it says about a seizure, None if nothing.
    channels : tuple of str
        Channels concerned; empty means all.
    confidence : float or None
        0 to 1.
    note : str
        Goes with the event.
    """

    onset_s: float
    duration_s: float | None
    text: str
    mark: SeizureMark | None
    channels: tuple[str, ...] = ()
    confidence: float | None = None
    note: str = ""

    @property
    def role(self) -> str | None:
        """What it says of a seizure: "whole", "start" or "end"; None if nothing."""
        return None if self.mark is None else self.mark.role


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTimes:
    """What remarks say about seizures.

    Attributes
    ----------
    events : tuple of Event
        Seizures, sorted.
    uncertain : tuple of Event
        Stretches that may hold a seizure; an offset may be infinite.
    findings : tuple of Finding
        What the user should know about the rest.
    """

    events: tuple[Event, ...]
    uncertain: tuple[Event, ...]
    findings: tuple[Finding, ...]


def mark_times(remarks: Iterable[Remark], *, join_channels: bool = True) -> MarkedTimes:
    """Return the seizures that remarks mark, and where there may be others.

    A start belongs to the next end of its channel. A start without an end may last until the
    next seizure is marked, an end without a start may reach back to the last one.

    Parameters
    ----------
    remarks : iterable of Remark
        In any order.
    join_channels : bool
        Whether a remark is linked to one channel, so that a seizure has one for each; tables
        have a row for each seizure, with all its channels.
    """
    ordered = sorted(remarks, key=lambda one: one.onset_s)
    pairing = _Pairing()
    for remark in ordered:
        pairing.feed(remark)
    events, alone = pairing.finish()
    if join_channels and any(event.channels for event in events):
        events = list(merge_overlapping(events))
    findings = []
    uncertain = []
    for remark in alone:
        stretch = _open_stretch(remark, events, alone)
        uncertain.append(stretch)
        findings.append(_alone(remark, stretch))
    doubtful = [one for one in ordered if one.mark is None and sounds_like_seizure(one.text)]
    uncertain += [_open_stretch(one, events, alone) for one in doubtful]
    return MarkedTimes(
        events=in_order(events),
        uncertain=tuple(uncertain),
        findings=(*findings, *_uncounted(ordered, doubtful)),
    )


@dataclass(slots=True)
class _Pairing:
    """Starts that wait for their ends, by channels."""

    events: list[Event] = field(default_factory=list)
    alone: list[Remark] = field(default_factory=list)
    started: dict[tuple[str, ...], Remark] = field(default_factory=dict)

    def feed(self, remark: Remark) -> None:
        if remark.role == "whole" and remark.duration_s:
            self.events.append(_event(remark, remark.duration_s))
        elif remark.role == "end":
            self._end(remark)
        elif remark.role is not None:
            self._close(self.started.pop(remark.channels, None))
            self.started[remark.channels] = remark

    def finish(self) -> tuple[list[Event], list[Remark]]:
        for start in self.started.values():
            self._close(start)
        self.started = {}
        return self.events, sorted(self.alone, key=lambda one: one.onset_s)

    def _end(self, remark: Remark) -> None:
        key = remark.channels
        if key not in self.started and len(self.started) == 1 and () in (key, *self.started):
            (key,) = self.started  # one of the two names no channel
        start = self.started.pop(key, None)
        if start is not None and remark.onset_s > start.onset_s:
            self.events.append(_event(start, remark.onset_s - start.onset_s))
            return
        self.alone.append(remark)
        if start is not None:
            self.alone.append(start)

    def _close(self, start: Remark | None) -> None:
        """Settle a start that no end follows: its own duration counts, if it has one."""
        if start is None:
            return
        if start.duration_s:
            self.events.append(_event(start, start.duration_s))
        else:
            self.alone.append(start)


def _event(remark: Remark, duration_s: float) -> Event:
    assert remark.mark is not None
    return Event(
        onset_s=remark.onset_s,
        duration_s=duration_s,
        event_type=remark.mark.code,
        confidence=remark.confidence,
        channels=remark.channels,
        text=remark.note,
    )


def _open_stretch(remark: Remark, events: Sequence[Event], alone: Sequence[Remark]) -> Event:
    """Return where the seizure of a remark may be that says too little about its times."""
    if remark.role is None and remark.duration_s:
        return uncertain_stretch(remark.onset_s, remark.onset_s + remark.duration_s, remark.text)
    # Lonely ends bound what reaches back, lonely starts what reaches on.
    is_end = remark.role == "end"
    points = [
        Event(onset_s=one.onset_s, duration_s=0.0)
        for one in alone
        if (one.role == "end") == is_end and one.onset_s != remark.onset_s
    ]
    start_s, end_s = (None, remark.onset_s) if is_end else (remark.onset_s, None)
    return open_stretch(start_s, end_s, [*events, *points], remark.text)


def _alone(remark: Remark, stretch: Event) -> Finding:
    is_end = remark.role == "end"
    lack = "no start before it" if is_end else "neither a duration nor an end"
    return Finding.warning(
        "The annotation {text!r} at {onset_s:g} s has {lack}: "
        "{describe_span} count neither as seizure nor as background.",
        text=remark.text,
        onset_s=remark.onset_s,
        lack=lack,
        describe_span=describe_span(stretch),
    )


def _uncounted(remarks: Sequence[Remark], doubtful: Sequence[Remark]) -> Iterator[Finding]:
    others = [one for one in remarks if one.mark is None]
    if others:
        yield Finding.info("{n_others} annotation(s) do not mark a seizure.", n_others=len(others))
    denied = sorted(
        {one.text for one in others if names_seizure(one.text)} - {one.text for one in doubtful}
    )
    if denied:
        yield Finding.info(
            "These annotations are not understood as seizures: {some}.",
            some=_some(map(repr, denied)),
        )
    if doubtful:
        listed = _some(f"{one.text!r} at {one.onset_s:g} s" for one in doubtful)
        yield Finding.warning(
            "These annotations sound like seizures and are not understood: "
            "{listed}. Their time counts neither as seizure nor as background.",
            listed=listed,
        )


def _some(listed: Iterable[str]) -> str:
    shown = list(listed)
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def unplaced(texts: Iterable[str], n_placed: int) -> tuple[Event, ...]:
    """Return the whole recording as uncertain if a mark without a time may be a seizure.

    Parameters
    ----------
    texts : iterable of str
        Of annotations whose time cannot be read.
    n_placed : int
        How many others there are; without any, nothing is known of the recording.
    """
    doubtful = [text for text in texts if not n_placed or sounds_like_seizure(text)]
    return (uncertain_stretch(0.0, math.inf, doubtful[0]),) if doubtful else ()
