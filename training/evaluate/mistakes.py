"""Missed seizures and false alarms of an evaluation, worst first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seizure_core.events.event import Event, clip_events, seizures_of
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import TOLERANCE_AFTER_S, TOLERANCE_BEFORE_S
from training.evaluate.explorer import TracedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """A missed seizure or a false alarm.

    Attributes
    ----------
    kind : str
        "missed seizure" or "false alarm".
    probability : float or None
        Largest probability during the event; None without any.
    """

    kind: Literal["missed seizure", "false alarm"]
    file_name: str
    onset_s: float
    duration_s: float
    probability: float | None


def worst_mistakes(
    recordings: Sequence[TracedFile], settings: PostProcessing, *, limit: int = 20
) -> tuple[list[Mistake], list[Mistake]]:
    """Return missed seizures and false alarms, worst first.

    Parameters
    ----------
    settings : PostProcessing
        The operating point.
    limit : int
        Maximum number of each.

    Returns
    -------
    missed : list of Mistake
        Lowest probability first.
    false_alarms : list of Mistake
        Highest probability, then longest, first.
    """
    missed, false_alarms = [], []
    for recording in recordings:
        expert = clip_events(seizures_of(recording.reference), recording.trace.duration_s)
        unclear = clip_events(recording.uncertain, recording.trace.duration_s)
        found = recording.events(settings)
        missed += [
            _mistake("missed seizure", recording, seizure)
            for seizure in expert
            if not any(_belongs(event, seizure) for event in found)
        ]
        false_alarms += [
            _mistake("false alarm", recording, event)
            for event in found
            if not any(_belongs(event, seizure) for seizure in (*expert, *unclear))
        ]
    missed.sort(key=lambda m: (m.probability if m.probability is not None else -1.0, m.onset_s))
    false_alarms.sort(key=lambda m: (-(m.probability or 0.0), -m.duration_s))
    return missed[:limit], false_alarms[:limit]


def _belongs(event: Event, seizure: Event) -> bool:
    """Return whether an event is within a seizure's tolerance, by SzCORE's rules."""
    return (
        event.onset_s < seizure.offset_s + TOLERANCE_AFTER_S
        and event.offset_s > seizure.onset_s - TOLERANCE_BEFORE_S
    )


def _mistake(
    kind: Literal["missed seizure", "false alarm"], recording: TracedFile, event: Event
) -> Mistake:
    inside = recording.trace.probabilities[math.floor(event.onset_s) : math.ceil(event.offset_s)]
    defined = inside[np.isfinite(inside)]
    return Mistake(
        kind=kind,
        file_name=recording.file_name,
        onset_s=event.onset_s,
        duration_s=event.duration_s,
        probability=float(defined.max()) if len(defined) else None,
    )
