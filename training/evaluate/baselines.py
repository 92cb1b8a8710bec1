"""Baseline detectors without a model."""

from __future__ import annotations

from collections.abc import Mapping

from seizure_core.events.event import SEIZURE, Event
from seizure_core.events.line_length import line_length_events
from seizure_core.recording import Recording
from training.evaluate.finders import Finder, Found
from training.evaluate.gotman import gotman_like


def always_alarm(recording: Recording) -> Found:
    """Return the whole recording as one seizure."""
    whole = Event(onset_s=0.0, duration_s=recording.duration_s, event_type=SEIZURE)
    return Found(events=(whole,))


def never_alarm(recording: Recording) -> Found:
    """Return no events."""
    return Found(events=())


def line_length(recording: Recording) -> Found:
    """Return the events of the line-length detector."""
    return Found(events=line_length_events(recording))


BASELINES: Mapping[str, Finder] = {
    "always alarm": always_alarm,
    "never alarm": never_alarm,
    "line length": line_length,
    "Gotman-like": gotman_like,
}
