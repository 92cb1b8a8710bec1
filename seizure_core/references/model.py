"""Common representation of references."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from seizure_core.events.event import SEIZURE, UNCERTAIN, Event, in_order, subtract_events
from seizure_core.intervals import joined
from seizure_core.messages import Message
from seizure_core.recording import Finding

UNCERTAIN_ROWS = (
    "Rows that sound like seizures and are not understood count neither as seizure nor as "
    "background."
)
_END_TOLERANCE_S = 1.0  # Durations are often stated in whole seconds.


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Seizures marked by an expert in one recording.

    Attributes
    ----------
    file_name : str
        Of the reference, without folder.
    format : str
        "SzCORE TSV", "BIDS events", "CSV", "MNE annotations", "TUSZ csv", "CHB-MIT summary",
        "CHB-MIT seizures", "Siena seizure list", "SeizeIT1 annotations" or "EDF annotations".
    events : tuple of Event
        Sorted seizures; empty means that the recording has none, except for `uncertain`.
    duration_s : float or None
        Of the recording, if stated.
    start_time : datetime or None
        Of the recording, if stated.
    uncertain : tuple of Event
        Possible seizures that could not be determined, neither seizure nor background. Sorted and
        disjoint, outside of `events`; an open one ends at infinity.
    """

    file_name: str
    format: str
    events: tuple[Event, ...]
    duration_s: float | None = None
    start_time: datetime | None = None
    findings: tuple[Finding, ...] = ()
    uncertain: tuple[Event, ...] = ()


def make_reference(
    file_name: str,
    file_format: str,
    events: Iterable[Event],
    *,
    duration_s: float | None = None,
    start_time: datetime | None = None,
    findings: Iterable[Finding] = (),
    uncertain: Iterable[Event] = (),
) -> Reference:
    """Return a reference with sorted events and findings on their times."""
    ordered = in_order(events)
    return Reference(
        file_name=file_name,
        format=file_format,
        events=ordered,
        duration_s=duration_s,
        start_time=start_time,
        findings=(*findings, *time_findings(ordered, duration_s)),
        uncertain=subtract_events(merge_overlapping(list(uncertain)), ordered),
    )


def time_findings(events: Iterable[Event], duration_s: float | None) -> Iterator[Finding]:
    """Return warnings about events that do not lie within their recording."""
    for event in events:
        span = describe_span(event)
        if event.onset_s < 0:
            yield Finding.warning("The event {span} begins before the recording.", span=span)
        if duration_s is not None and event.offset_s > duration_s + _END_TOLERANCE_S:
            yield Finding.warning(
                "The event {span} reaches past the recording's end at {duration_s:g} s.",
                span=span,
                duration_s=duration_s,
            )


def describe_span(event: Event) -> str:
    """Format an event's times, such as "2996 to 3036 s"."""
    is_open = math.isinf(event.offset_s)
    template = "{start_s:.10g} s to the end" if is_open else "{start_s:.10g} to {stop_s:.10g} s"
    return Message(template, start_s=event.onset_s, stop_s=event.offset_s)


def uncertain_stretch(onset_s: float, offset_s: float, text: str = "") -> Event:
    """Return an interval with a possible seizure; it may end at infinity."""
    return Event(
        onset_s=onset_s,
        duration_s=max(offset_s - onset_s, 0.0),
        event_type=UNCERTAIN,
        text=text,
    )


def open_stretch(
    onset_s: float | None, offset_s: float | None, events: Iterable[Event], text: str = ""
) -> Event:
    """Return the interval of a possible seizure with unknown start or end.

    It extends to the end of the previous event, or to the onset of the next one.
    """
    known = list(events)
    if onset_s is None and offset_s is not None:
        onset_s = max((e.offset_s for e in known if e.offset_s <= offset_s), default=None)
    elif onset_s is not None and offset_s is None:
        offset_s = min((e.onset_s for e in known if e.onset_s > onset_s), default=None)
    return uncertain_stretch(onset_s or 0.0, math.inf if offset_s is None else offset_s, text)


def merge_overlapping(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return events merged if they overlap or touch.

    A merged event has the first onset, the last offset and all channels.
    """
    ordered = sorted(events, key=lambda e: (e.onset_s, e.offset_s, e.event_type))
    starts = [start for start, _ in joined(e.span_s for e in ordered)]
    together = groupby(ordered, key=lambda event: bisect_right(starts, event.onset_s))
    return tuple(_joined(list(group)) for _, group in together)


def _joined(events: Sequence[Event]) -> Event:
    if len(events) == 1:
        return events[0]
    types = {event.event_type for event in events}
    confidences = [event.confidence for event in events if event.confidence is not None]
    everywhere = any(not event.channels for event in events)
    channels = dict.fromkeys(channel for event in events for channel in event.channels)
    return Event(
        onset_s=events[0].onset_s,
        duration_s=max(event.offset_s for event in events) - events[0].onset_s,
        event_type=types.pop() if len(types) == 1 else SEIZURE,
        confidence=max(confidences, default=None),
        channels=() if everywhere else tuple(channels),
    )
