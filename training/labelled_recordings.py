"""Recordings opened together with what their references say, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seizure_core.errors import ReferenceFileError, SeizureZooError
from seizure_core.events import Event, clip_events, seizures_of
from seizure_core.opening import open_recording
from seizure_core.recording import Recording
from seizure_core.references.model import Reference
from seizure_core.references.reading import read_reference
from training.pairing import Pair

_SAME_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LabelledRecording:
    """A recording and its seizures.

    Attributes
    ----------
    pair : Pair
        Where both come from.
    recording : Recording
        Opened lazily.
    events : tuple of Event
        Its seizures, inside the recording, sorted.
    warnings : tuple of str
        What is odd about its references.
    """

    pair: Pair
    recording: Recording
    events: tuple[Event, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRecording:
    """A recording that cannot be used.

    Attributes
    ----------
    file_name : str
        Its name.
    reason : str
        Why, in words.
    duration_s : float or None
        Its length, where it could be found out.
    in_training : bool
        Whether the reason is that the net to be tested was trained on it.
    """

    file_name: str
    reason: str
    duration_s: float | None = None
    in_training: bool = False

    @classmethod
    def because(
        cls, error: SeizureZooError, *, file_name: str, duration_s: float | None = None
    ) -> RefusedRecording:
        """Return a recording refused for an error, whose message may name the file itself."""
        reason = str(error).removeprefix(f"{file_name}: ")
        return cls(file_name=file_name, reason=reason, duration_s=duration_s)


def open_labelled(pair: Pair) -> LabelledRecording | RefusedRecording:
    """Open a recording and read all its references.

    Never raises for bad files: the reason is returned.
    """
    name = pair.recording.file_name
    try:
        recording = open_recording(pair.recording.location, file_name=name)
    except SeizureZooError as error:
        return RefusedRecording.because(error, file_name=name)
    if pair.state == "unknown":
        return RefusedRecording(
            file_name=name,
            reason="no reference was found for it, and nobody said that it has no seizure",
            duration_s=recording.duration_s,
        )
    try:
        references = [_read(pair, index) for index in range(len(pair.references))]
    except ReferenceFileError as error:
        return RefusedRecording.because(error, file_name=name, duration_s=recording.duration_s)
    events = seizures_of(references[0].events) if references else ()
    inside = clip_events(events, recording.duration_s)
    return LabelledRecording(
        pair=pair,
        recording=recording,
        events=inside,
        warnings=tuple(_warnings(recording, references, inside)),
    )


def _read(pair: Pair, index: int) -> Reference:
    source = pair.references[index].file
    return read_reference(
        source.location,
        recording_name=pair.recording.file_name,
        file_name=source.file_name,
    )


def _warnings(
    recording: Recording, references: Sequence[Reference], inside: Sequence[Event]
) -> Iterator[str]:
    name = recording.file_name
    if not references:
        return
    first = references[0]
    for finding in first.findings:
        if finding.severity != "info":
            yield f"{name}: {finding.message}"
    n_outside = len(seizures_of(first.events)) - len(inside)
    if n_outside:
        yield (
            f"{name}: {n_outside} seizure(s) of {first.file_name} lie outside the recording of "
            f"{recording.duration_s:g} s and are left out. Is it the right reference?"
        )
    for other in references[1:]:
        theirs = clip_events(seizures_of(other.events), recording.duration_s)
        if not _agree(inside, theirs):
            yield (
                f"{name}: two references disagree. {first.file_name} says {_times(inside)}, "
                f"{other.file_name} says {_times(theirs)}; the first is used."
            )


def _agree(one: Sequence[Event], other: Sequence[Event]) -> bool:
    return len(one) == len(other) and all(
        abs(a.onset_s - b.onset_s) <= _SAME_S and abs(a.offset_s - b.offset_s) <= _SAME_S
        for a, b in zip(one, other, strict=True)
    )


def _times(events: Sequence[Event]) -> str:
    if not events:
        return "no seizure"
    shown = ", ".join(f"{e.onset_s:g} to {e.offset_s:g} s" for e in events[:5])
    return f"{shown} and {len(events) - 5} more" if len(events) > 5 else shown
