"""Conversion of timed texts to seizures: pairing of starts and ends, uncertain intervals.

A text counts if it is in the vocabulary of `event_types`, with a duration or as a pair of start and
end. Texts that may denote a seizure but cannot be interpreted become uncertain intervals, which are
neither seizure nor background.
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
class ReferenceAnnotation:
    """A text with a time.

    Attributes
    ----------
    onset_s : float
        In seconds from the start of the recording.
    duration_s : float or None
        None where none is given.
    text : str
        As in the file.
    mark : SeizureMark or None
        Its meaning, None if it is not about a seizure.
    channels : tuple of str
        Empty for all.
    confidence : float or None
        0 to 1.
    note : str
        Comment for the event.
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
        """Role in a seizure: "whole", "start" or "end"; None if it is not about a seizure."""
        return None if self.mark is None else self.mark.role


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedTimes:
    """Seizures in timed texts.

    Attributes
    ----------
    events : tuple of Event
        Sorted.
    uncertain : tuple of Event
        Possible seizures; an offset may be infinite.
    findings : tuple of Finding
        On other texts.
    """

    events: tuple[Event, ...]
    uncertain: tuple[Event, ...]
    findings: tuple[Finding, ...]


def mark_times(
    annotations: Iterable[ReferenceAnnotation], *, join_channels: bool = True
) -> MarkedTimes:
    """Return the seizures in timed texts, and possible ones.

    A start belongs to the next end of its channel. A start without end may last until the next
    seizure, an end without start may extend back to the last one.

    Parameters
    ----------
    annotations : iterable of ReferenceAnnotation
        In any order.
    join_channels : bool
        Whether each text refers to one channel, so that a seizure has one text per channel; tables
        have one row per seizure with all its channels.
    """
    ordered = sorted(annotations, key=lambda item: item.onset_s)
    pairing = _Pairing()
    for annotation in ordered:
        pairing.feed(annotation)
    events, alone = pairing.finish()
    if join_channels and any(event.channels for event in events):
        events = list(merge_overlapping(events))
    findings = []
    uncertain = []
    for annotation in alone:
        stretch = _open_stretch(annotation, events, alone)
        uncertain.append(stretch)
        findings.append(_alone(annotation, stretch))
    doubtful = [item for item in ordered if item.mark is None and sounds_like_seizure(item.text)]
    uncertain += [_open_stretch(item, events, alone) for item in doubtful]
    return MarkedTimes(
        events=in_order(events),
        uncertain=tuple(uncertain),
        findings=(*findings, *_uncounted(ordered, doubtful)),
    )


@dataclass(slots=True)
class _Pairing:
    """Open starts by channel."""

    events: list[Event] = field(default_factory=list)
    alone: list[ReferenceAnnotation] = field(default_factory=list)
    started: dict[tuple[str, ...], ReferenceAnnotation] = field(default_factory=dict)

    def feed(self, annotation: ReferenceAnnotation) -> None:
        if annotation.role == "whole" and annotation.duration_s:
            self.events.append(_event(annotation, annotation.duration_s))
        elif annotation.role == "end":
            self._end(annotation)
        elif annotation.role is not None:
            self._close(self.started.pop(annotation.channels, None))
            self.started[annotation.channels] = annotation

    def finish(self) -> tuple[list[Event], list[ReferenceAnnotation]]:
        for start in self.started.values():
            self._close(start)
        self.started = {}
        return self.events, sorted(self.alone, key=lambda item: item.onset_s)

    def _end(self, annotation: ReferenceAnnotation) -> None:
        key = annotation.channels
        if key not in self.started and len(self.started) == 1 and () in (key, *self.started):
            (key,) = self.started  # One of the two names no channel.
        start = self.started.pop(key, None)
        if start is not None and annotation.onset_s > start.onset_s:
            self.events.append(_event(start, annotation.onset_s - start.onset_s))
            return
        self.alone.append(annotation)
        if start is not None:
            self.alone.append(start)

    def _close(self, start: ReferenceAnnotation | None) -> None:
        """Close a start without end: use its own duration, if any."""
        if start is None:
            return
        if start.duration_s:
            self.events.append(_event(start, start.duration_s))
        else:
            self.alone.append(start)


def _event(annotation: ReferenceAnnotation, duration_s: float) -> Event:
    assert annotation.mark is not None
    return Event(
        onset_s=annotation.onset_s,
        duration_s=duration_s,
        event_type=annotation.mark.code,
        confidence=annotation.confidence,
        channels=annotation.channels,
        text=annotation.note,
    )


def _open_stretch(
    annotation: ReferenceAnnotation, events: Sequence[Event], alone: Sequence[ReferenceAnnotation]
) -> Event:
    """Return the interval of a possible seizure whose times are incomplete."""
    if annotation.role is None and annotation.duration_s:
        return uncertain_stretch(
            annotation.onset_s, annotation.onset_s + annotation.duration_s, annotation.text
        )
    # Unpaired ends bound what extends back, unpaired starts what extends forward.
    is_end = annotation.role == "end"
    points = [
        Event(onset_s=item.onset_s, duration_s=0.0)
        for item in alone
        if (item.role == "end") == is_end and item.onset_s != annotation.onset_s
    ]
    start_s, end_s = (None, annotation.onset_s) if is_end else (annotation.onset_s, None)
    return open_stretch(start_s, end_s, [*events, *points], annotation.text)


def _alone(annotation: ReferenceAnnotation, stretch: Event) -> Finding:
    is_end = annotation.role == "end"
    lack = "no start before it" if is_end else "neither a duration nor an end"
    return Finding.warning(
        "The annotation {text!r} at {onset_s:g} s has {lack}: "
        "{describe_span} count neither as seizure nor as background.",
        text=annotation.text,
        onset_s=annotation.onset_s,
        lack=lack,
        describe_span=describe_span(stretch),
    )


def _uncounted(
    annotations: Sequence[ReferenceAnnotation], doubtful: Sequence[ReferenceAnnotation]
) -> Iterator[Finding]:
    others = [annotation for annotation in annotations if annotation.mark is None]
    if others:
        yield Finding.info("{n_others} annotation(s) do not mark a seizure.", n_others=len(others))
    denied = sorted(
        {other.text for other in others if names_seizure(other.text)}
        - {item.text for item in doubtful}
    )
    if denied:
        yield Finding.info(
            "These annotations are not understood as seizures: {some}.",
            some=_some(map(repr, denied)),
        )
    if doubtful:
        listed = _some(f"{item.text!r} at {item.onset_s:g} s" for item in doubtful)
        yield Finding.warning(
            "These annotations sound like seizures and are not understood: "
            "{listed}. Their time counts neither as seizure nor as background.",
            listed=listed,
        )


def _some(listed: Iterable[str]) -> str:
    shown = list(listed)
    return ", ".join(shown[:_SHOWN]) + (", ..." if len(shown) > _SHOWN else "")


def unplaced(texts: Iterable[str], n_placed: int) -> tuple[Event, ...]:
    """Return the whole recording as uncertain if an annotation without time may be a seizure.

    Parameters
    ----------
    texts : iterable of str
        Of annotations without a readable time.
    n_placed : int
        Number of other annotations; without any, nothing is known about the recording.
    """
    doubtful = [text for text in texts if not n_placed or sounds_like_seizure(text)]
    return (uncertain_stretch(0.0, math.inf, doubtful[0]),) if doubtful else ()
