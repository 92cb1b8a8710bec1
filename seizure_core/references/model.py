"""The one form every reference file becomes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from seizure_core.events import Event
from seizure_core.recording import Finding

_END_TOLERANCE_S = 1.0  # recordings' lengths are often written in whole seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """Seizures somebody marked in one recording.

    Attributes
    ----------
    file_name : str
        Name of the file they were read from, without folder.
    format : str
        "SzCORE TSV", "BIDS events", "CSV", "TUSZ csv", "CHB-MIT summary",
        "CHB-MIT seizures" or "EDF annotations".
    events : tuple of Event
        Seizures only, sorted; none means that the recording has no seizure.
    duration_s : float or None
        Length of the recording, where the file says it.
    start_time : datetime or None
        Start of the recording, where the file says it.
    findings : tuple of Finding
        What was left out or looks odd.
    """

    file_name: str
    format: str
    events: tuple[Event, ...]
    duration_s: float | None = None
    start_time: datetime | None = None
    findings: tuple[Finding, ...] = ()


def make_reference(
    file_name: str,
    file_format: str,
    events: Iterable[Event],
    *,
    duration_s: float | None = None,
    start_time: datetime | None = None,
    findings: Iterable[Finding] = (),
) -> Reference:
    """Return a reference with its events sorted and what is odd about their times found."""
    ordered = tuple(sorted(events, key=lambda e: (e.onset_s, e.offset_s)))
    return Reference(
        file_name=file_name,
        format=file_format,
        events=ordered,
        duration_s=duration_s,
        start_time=start_time,
        findings=(*findings, *time_findings(ordered, duration_s)),
    )


def time_findings(events: Iterable[Event], duration_s: float | None) -> tuple[Finding, ...]:
    """Return warnings about events that do not lie within their recording."""
    findings = []
    for event in events:
        span = describe_span(event)
        if event.onset_s < 0:
            findings.append(warning(f"The event {span} begins before the recording."))
        if duration_s is not None and event.offset_s > duration_s + _END_TOLERANCE_S:
            findings.append(
                warning(f"The event {span} reaches past the recording's end at {duration_s:g} s.")
            )
    return tuple(findings)


def describe_span(event: Event) -> str:
    """Return an event's times in words, such as "2996 to 3036 s"."""
    return f"{event.onset_s:.10g} to {event.offset_s:.10g} s"


def warning(message: str) -> Finding:
    """Return a finding of severity "warning"."""
    return Finding(severity="warning", message=message)
