"""From results to the rows and sentences of the page. Pure: nothing is read or drawn here."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.trace import probability_words
from seizure_core.recording import MICROVOLT, UNCALIBRATED, Recording
from ui.i18n.translation import tr
from ui.i18n.wording import NOTHING, clock_words, duration_words, significant
from ui.widgets import markup
from zoo.inference.detection import Detection
from zoo.inference.results import detection_statistics

_NONE = "none"
HOW_WORDS = {
    "exact": "as recorded",
    "renamed": "same electrodes, other name",
    "flipped": "inverted (B-A for A-B)",
    "subtracted": "difference of two electrodes",
    "chained": "sum of neighbouring pairs",
    "missing": "missing: zeros",
}

ANNOTATION_COLUMNS = ("Onset", "Onset (s)", "Duration (s)", "Text")
WINDOW_COLUMNS = ("Start (s)", "Stop (s)", "Probability", "Seizure")
SOURCE_COLUMNS = ("Channel of the model", "Taken from", "How")

Cell = str | float | int | None
Rows = list[list[Cell]]


def recording_facts(recording: Recording) -> list[tuple[str, str]]:
    """Return the header facts a user sees; no patient text is among them."""
    rates = sorted({channel.sampling_rate_hz for channel in recording.channels})
    units = sorted({unit_words(channel.unit) for channel in recording.channels})
    start = recording.start_time
    facts = [
        ("File", recording.file_name),
        ("Format", recording.format),
        ("Start", tr("not given") if start is None else f"{start:%Y-%m-%d %H:%M:%S}"),
        ("Duration", duration_words(recording.duration_s)),
        ("Channels", str(len(recording.channels))),
        ("Sampling rate", ", ".join(f"{rate:g} Hz" for rate in rates) or tr(_NONE)),
        ("Unit", ", ".join(units) or tr(_NONE)),
        ("Annotations", str(len(recording.annotations))),
    ]
    if len(recording.segments) > 1:
        facts.append(("Interruptions", str(len(recording.segments) - 1)))
    return facts


def recording_html(recording: Recording) -> str:
    """Return header facts and findings."""
    return markup.facts(recording_facts(recording), lead=True) + markup.findings(recording.findings)


def channel_choices(recording: Recording) -> list[tuple[str, int]]:
    """Return (name shown, position) of every channel; repeated labels are told apart."""
    seen: dict[str, int] = {}
    choices = []
    for position, label in enumerate(recording.labels):
        seen[label] = seen.get(label, 0) + 1
        shown = label or tr("channel {n}", n=position + 1)
        if seen[label] > 1:
            shown = tr("{label} (no. {n})", label=shown, n=seen[label])
        choices.append((shown, position))
    return choices


def annotation_rows(recording: Recording) -> Rows:
    """Return the rows of the table of annotations."""
    return [
        [clock_words(a.onset_s), significant(a.onset_s, 8), significant(a.duration_s, 8), a.text]
        for a in recording.annotations
    ]


def statistics_line(detection: Detection) -> list[tuple[str, str]]:
    """Return the summary numbers of a detection, in words."""
    numbers = detection_statistics(detection)
    first = next(iter(detection.events), None)
    longest_s = max((event.duration_s for event in detection.events), default=0.0)
    share = detection.seizure_s / detection.duration_s if detection.duration_s else 0.0
    return [
        ("Events", str(numbers["n_events"])),
        (
            "Time in events",
            tr(
                "{some} of {all} ({share:.1%})",
                some=duration_words(detection.seizure_s),
                all=duration_words(detection.duration_s),
                share=share,
            ),
        ),
        ("First event", clock_words(first.onset_s) if first else NOTHING),
        ("Longest event", duration_words(longest_s) if first else NOTHING),
        (
            "Events per hour",
            f"{3600 * len(detection.events) / detection.duration_s:.3g}",
        ),
        ("Highest probability", _probability_words(numbers["max_probability"])),
        ("Stride", f"{detection.stride_s:g} s"),
        ("Model", f"{detection.model_id} {detection.model_version}"),
        ("Channels found", f"{detection.coverage:.0%}"),
    ]


def window_rows(detection: Detection, chosen: NDArray[np.int64]) -> Rows:
    """Return the rows of the table of windows, for those at some positions."""
    starts_s, is_seizure = detection.starts_s[chosen], detection.is_seizure[chosen]
    return [
        [
            significant(start_s, 8),
            significant(start_s + detection.window_s, 8),
            None if math.isnan(probability) else float(probability_words(probability)),
            tr("yes") if seizure else tr("no"),
        ]
        for start_s, probability, seizure in zip(
            starts_s.tolist(),
            detection.probabilities[chosen].tolist(),
            is_seizure.tolist(),
            strict=True,
        )
    ]


def listed_windows(detection: Detection, *, only_seizure: bool) -> NDArray[np.int64]:
    """Return the positions of all windows, or of those at or above the threshold."""
    n_windows = len(detection.probabilities)
    return np.flatnonzero(detection.is_seizure) if only_seizure else np.arange(n_windows)


def source_rows(detection: Detection) -> Rows:
    """Return where each channel of the model came from."""
    return [
        [source.target, source.source or NOTHING, tr(HOW_WORDS[source.how])]
        for source in detection.channels
    ]


def unit_words(unit: str) -> str:
    """Return a unit as people write it."""
    words = {MICROVOLT: "µV", "": tr("no unit"), UNCALIBRATED: tr("uncalibrated")}
    return words.get(unit, unit)


def _probability_words(value: float | None) -> str:
    if value is None:
        return NOTHING
    return probability_words(value, 2)
