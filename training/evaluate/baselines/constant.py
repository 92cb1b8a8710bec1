"""What one gets without looking at the EEG: an alarm all the time, and none at all."""

from __future__ import annotations

from seizure_core.events.event import SEIZURE, Event
from seizure_core.recording import Recording
from training.recipes.measure.event_figures import Found


class AlwaysAlarm:
    """One event from start to end."""

    def find(self, recording: Recording) -> Found:
        """Return the whole recording as a seizure."""
        whole = Event(onset_s=0.0, duration_s=recording.duration_s, event_type=SEIZURE)
        return Found(events=(whole,))


class NeverAlarm:
    """No event."""

    def find(self, recording: Recording) -> Found:
        """Return nothing."""
        return Found(events=())
