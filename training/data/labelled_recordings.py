"""Recordings opened together with their references."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from seizure_core.errors import FileError, ReferenceFileError, SeizureZooError
from seizure_core.events.event import Event, clip_events, same_times, seizures_of, subtract_events
from seizure_core.io.opening import open_recording
from seizure_core.messages import Message, sentences, some
from seizure_core.recording import Finding, Recording
from seizure_core.references.model import Reference, describe_span
from seizure_core.references.readers.edf_annotations import reference_inside
from seizure_core.references.reading import read_reference
from training.data.pairing import Pair, ReferenceSource

_SAME_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledRecording:
    """A recording and its seizures.

    Attributes
    ----------
    events : tuple of Event
        Sorted, inside the recording.
    uncertain : tuple of Event
        Intervals that are neither seizure nor background.
    findings : tuple of Finding
        About the recording and its references; results made from it inherit them.
    """

    pair: Pair
    recording: Recording
    events: tuple[Event, ...]
    uncertain: tuple[Event, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """Texts of the findings."""
        return tuple(finding.message for finding in self.findings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Texts of the findings, prefixed with the recording's name."""
        return tuple(f"{self.recording.file_name}: {message}" for message in self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    """A recording that cannot be used.

    Attributes
    ----------
    duration_s : float or None
        None if unknown.
    in_training : bool
        Whether it was refused because the tested model was trained on it.
    is_short : bool
        Whether it was refused because it is shorter than a window.
    """

    file_name: str
    reason: str
    duration_s: float | None = None
    in_training: bool = False
    is_short: bool = False

    @classmethod
    def because(
        cls, error: SeizureZooError, *, file_name: str, duration_s: float | None = None
    ) -> RefusedFile:
        """Return a recording refused for an error, whose message may name the file itself."""
        reason = error.message
        if isinstance(error, FileError) and error.file_name == file_name:
            reason = error.reason
        return cls(file_name=file_name, reason=reason, duration_s=duration_s)


def refusals(refused: Sequence[RefusedFile], *, window_s: float = 0.0) -> Iterator[Message]:
    """Yield why recordings are left out, each reason once with all that it holds for.

    Parameters
    ----------
    refused : sequence of RefusedFile
        All that are left out.
    window_s : float
        Length of the window that some of them are shorter than.
    """
    short_s = [one.duration_s or 0.0 for one in refused if one.is_short]
    if short_s:
        yield Message(
            "{n} recordings are shorter than one window of {window_s:g} s and are left out "
            "({names}). Use a window of at most {shortest_s:g} s to take all of them in."
            if len(short_s) > 1
            else "{names} is shorter than one window of {window_s:g} s and is left out. Use a "
            "window of at most {shortest_s:g} s to take it in.",
            n=len(short_s),
            window_s=window_s,
            names=some([one.file_name for one in refused if one.is_short]),
            shortest_s=_floored(min(short_s)),
        )
    names: dict[str, list[str]] = {}
    for one in refused:
        if not one.is_short:
            names.setdefault(one.reason, []).append(one.file_name)
    for reason, files in names.items():
        yield Message(
            "{file_name} is left out: {reason}"
            if len(files) == 1
            else "{n} recordings ({file_name}) are left out: {reason}",
            n=len(files),
            file_name=some(files),
            reason=reason,
        )


def nothing_usable(refused: Sequence[RefusedFile], *, window_s: float) -> Message:
    """Return in a sentence or two why none of the recordings can be used, and what to do."""
    longest_s = max((one.duration_s or 0.0 for one in refused), default=0.0)
    if all(one.is_short for one in refused):
        return Message(
            "None of the recordings ({n}) is as long as one window of {window_s:g} s; the longest "
            "has {longest_s:g} s. Use a window of at most {longest_s:g} s.",
            n=len(refused),
            window_s=window_s,
            longest_s=_floored(longest_s),
        )
    return Message(
        "None of the recordings ({n}) can be used. {reasons}",
        n=len(refused),
        reasons=sentences(*refusals(refused, window_s=window_s)),
    )


def _floored(seconds: float) -> float:
    """Return seconds so short that they surely fit."""
    return math.floor(100 * seconds) / 100


def open_labelled(pair: Pair) -> LabelledRecording | RefusedFile:
    """Open a recording and read all its references.

    Does not raise for bad files: returns a `RefusedFile`.
    """
    name = pair.recording.file_name
    try:
        recording = open_recording(pair.recording.location, file_name=name)
        # Annotations are read only here, and the file may have changed.
        problem = next(
            (finding for finding in recording.findings if finding.severity == "error"), None
        )
    except SeizureZooError as error:
        return RefusedFile.because(error, file_name=name)

    def refused(reason: str) -> RefusedFile:
        return RefusedFile(file_name=name, reason=reason, duration_s=recording.duration_s)

    if problem is not None:
        return refused(problem.message)
    if pair.state == "unknown":
        doubts = [finding.message for finding in _oddities(reference_inside(recording).findings)]
        lack = Message("it has no reference, and was not stated to be free of seizures")
        return refused(sentences(Message("{lack}.", lack=lack), *doubts) if doubts else lack)
    try:
        references = [_read(source, recording, pair) for source in pair.references]
        marks = references[0] if references else _seizure_free_reference(recording)
    except ReferenceFileError as error:
        return RefusedFile.because(error, file_name=name, duration_s=recording.duration_s)
    events = clip_events(seizures_of(marks.events), recording.duration_s)
    uncertain = subtract_events(clip_events(marks.uncertain, recording.duration_s), events)
    findings = dict.fromkeys(
        (
            *_oddities(recording.findings),
            *_oddities(marks.findings),
            *_differences(recording, references),
        )
    )
    if (
        not events
        and sum(event.duration_s for event in uncertain) >= recording.duration_s - _SAME_S
    ):
        unknown = Message("where its seizures are is not known.")
        return refused(sentences(unknown, *[finding.message for finding in findings]))
    return LabelledRecording(
        pair=pair,
        recording=recording,
        events=events,
        uncertain=uncertain,
        findings=tuple(findings),
    )


def _read(source: ReferenceSource, recording: Recording, pair: Pair) -> Reference:
    if source.file.location == pair.recording.location:
        return reference_inside(recording)
    return read_reference(
        source.file.location,
        recording_name=recording.file_name,
        file_name=source.file.file_name,
        recording=recording,
    )


def _seizure_free_reference(recording: Recording) -> Reference:
    """Return the reference of a recording declared free of seizures.

    Annotations in the file that contradict this make their times uncertain.
    """
    inside = reference_inside(recording)
    against = [
        Finding.warning(
            "It is said to be free of seizures, but its annotations mark one at "
            "{describe_span}, which counts neither as seizure nor as background.",
            describe_span=describe_span(event),
        )
        for event in inside.events
    ]
    return Reference(
        file_name=recording.file_name,
        format=inside.format,
        events=(),
        findings=(*inside.findings, *against),
        uncertain=(*inside.uncertain, *inside.events),
    )


def _oddities(findings: Iterable[Finding]) -> Iterator[Finding]:
    return (finding for finding in findings if finding.severity != "info")


def _differences(recording: Recording, references: Sequence[Reference]) -> Iterator[Finding]:
    if not references:
        return
    first, *others = references
    inside = clip_events(seizures_of(first.events), recording.duration_s)
    n_outside = len(seizures_of(first.events)) - len(inside)
    if n_outside:
        yield Finding.warning(
            "{n_outside} seizure(s) of {file_name} lie outside the recording of "
            "{duration_s:g} s and are left out. Is it the right reference?",
            n_outside=n_outside,
            file_name=first.file_name,
            duration_s=recording.duration_s,
        )
    for other in others:
        theirs = clip_events(seizures_of(other.events), recording.duration_s)
        if not same_times(inside, theirs, _SAME_S):
            yield Finding.warning(
                "The two references disagree. {file_name} says {times}, "
                "{file_name_2} says {times_2}; the first is used.",
                file_name=first.file_name,
                times=_times(inside),
                file_name_2=other.file_name,
                times_2=_times(theirs),
            )


def _times(events: Sequence[Event]) -> str:
    if not events:
        return "no seizure"
    shown = ", ".join(f"{e.onset_s:g} to {e.offset_s:g} s" for e in events[:5])
    return f"{shown} and {len(events) - 5} more" if len(events) > 5 else shown
