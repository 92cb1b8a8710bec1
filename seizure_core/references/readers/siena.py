"""Reader of the seizure lists of the Siena database: `Seizures-list-PNxx.txt`.

A list contains times of day: start and end of recordings and seizures. The published lists are
irregular and read as they are: "19.58.36", "21:51:02" and "16:13.23", blanks inside a time, "Start
time" for "Seizure start time", one file heading for several seizures, times past midnight, mistyped
hours, two times in one place. Unreadable entries become uncertain intervals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.messages import Message
from seizure_core.recording import Finding, Recording
from seizure_core.references.model import (
    Reference,
    describe_span,
    make_reference,
    open_stretch,
    uncertain_stretch,
)
from seizure_core.references.names import plain_name
from seizure_core.references.tables import split_lines

_FORMAT = "Siena seizure list"
_DAY_S, _HOUR_S = 86_400.0, 3_600.0
_SAME_S = 60.0  # Ends are noted up to 20 s before the file ends.
_NOTABLE_S = 1.0
_KNOWN_BY = re.compile(
    r"^\s*(?:registration\s+(?:start|end)\b|seizure\s*n\W{0,3}[0-9]|"
    r"(?:seizure\s+)?(?:start|end)\s+time\s*:\s*[0-9]{1,2}[.:][0-9]{1,2}[.:])",
    re.I | re.M,
)
_HEADING = re.compile(r"seizure\s*n?\W{0,3}(?P<number>[0-9]+)\b.*", re.I)
_FILE_NAME = re.compile(r"(?:edf\s*)?file(?:\s*name)?\s*[:=]\s*(?P<name>.*\S)", re.I)
_TIME = re.compile(
    r"(?P<what>(?:seizure|crisis?|registration|recording|file)\s+)?(?:n?\W{0,2}[0-9]+\s+)?"
    r"(?P<edge>start|begin|beginning|onset|end|stop|offset)\b"
    r"(?:\s+of\s+(?:the\s+)?(?P<of>seizure|registration|recording|file))?"
    r"(?:\s*time)?\s*[:=]?\s*(?P<value>.*)",
    re.I,
)
_SPLIT_HOUR = re.compile(r"\b([0-9])\s+([0-9])(?=\s*[.:;,][0-9])")
_CLOCK = re.compile(
    r"(?<![0-9])([0-9]{1,2})\s*[.:;,-]\s*([0-9]{1,2})\s*[.:;,-]\s*([0-9]{1,2})(?![0-9])"
)


@dataclass(slots=True)
class _Registration:
    """A recording of the list; clocks in seconds since midnight."""

    file_name: str
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class _Seizure:
    """A seizure of the list, as far as readable."""

    name: str
    registration: _Registration | None
    start_s: float | None = None
    end_s: float | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.start_s is None and self.end_s is None


def is_siena(text: str) -> bool:
    """Return whether a text looks like a seizure list of the Siena database."""
    return _KNOWN_BY.search(text) is not None


def parse_siena(
    text: str, file_name: str, recording: Recording | None = None
) -> dict[str, Reference]:
    """Parse a list.

    Parameters
    ----------
    recording : Recording, optional
        The wanted recording, whose header may have a better start time.

    Returns
    -------
    dict of str to Reference
        By recording name.

    Raises
    ------
    ReferenceFileError
        It names no recording.
    """
    parser = _ListParser()
    for number, line in enumerate(split_lines(text), start=1):
        parser.feed(number, line.strip())
    parser.close()
    if not parser.registrations:
        raise ReferenceFileError(
            file_name, "it names no recording: a line 'File name: ...' is missing."
        )
    if not parser.seizures:
        raise ReferenceFileError(file_name, "it lists no seizure; the file may be cut off.")
    seizures = _real(parser.seizures)
    lost = [seizure for seizure in seizures if seizure.registration is None]
    return {
        registration.file_name: _reference(
            registration,
            [s for s in seizures if s.registration is registration],
            lost,
            file_name,
            recording,
        )
        for registration in parser.registrations.values()
    }


class _ListParser:
    def __init__(self) -> None:
        self.registrations: dict[str, _Registration] = {}
        self.seizures: list[_Seizure] = []
        self._current: _Registration | None = None
        self._seizure: _Seizure | None = None
        self._named_in_block = False

    def feed(self, number: int, line: str) -> None:
        if match := _FILE_NAME.fullmatch(line):
            self._file(match["name"])
        elif match := _TIME.fullmatch(line):
            self._time(number, line, match)
        elif match := _HEADING.fullmatch(line):
            self.close()
            self._named_in_block = False
            name = Message("Seizure {match}", match=match["number"])
            self._seizure = _Seizure(name, self._current)

    def close(self) -> None:
        """Close the current seizure; a heading alone does not count."""
        if self._seizure is not None:
            self.seizures.append(self._seizure)
        self._seizure = None

    def _file(self, name: str) -> None:
        self._current = self.registrations.setdefault(plain_name(name), _Registration(name))
        self._named_in_block = True
        if self._seizure is not None and self._seizure.is_empty:
            self._seizure.registration = self._current
        elif self._seizure is not None:
            self.close()

    def _time(self, number: int, line: str, match: re.Match[str]) -> None:
        what = (match["what"] or match["of"] or "seizure").strip().casefold()
        is_start = match["edge"].casefold() in ("start", "begin", "beginning", "onset")
        clocks = list(_clocks_s(match["value"]))
        if what in ("registration", "recording", "file"):
            self._bound(clocks, is_start=is_start)
            return
        if not clocks and not any(letter.isdigit() for letter in match["value"]):
            return  # Free text, such as "Onset: left temporal".
        seizure = self._seizure
        if seizure is None or (
            is_start and (seizure.start_s is not None or seizure.end_s is not None)
        ):
            self.close()
            name = Message("The seizure of line {number}", number=number)
            self._seizure = seizure = _Seizure(name, self._current)
        if not clocks:
            seizure.notes.append(
                Message("line {number}, {line!r}, holds no time of day", number=number, line=line)
            )
            return
        if len(clocks) > 1:
            seizure.notes.append(
                Message(
                    "line {number} holds {n_clocks} times, the first is taken",
                    number=number,
                    n_clocks=len(clocks),
                )
            )
        if is_start:
            seizure.start_s = clocks[0]
        else:
            seizure.end_s = clocks[0]

    def _bound(self, clocks: Sequence[float], *, is_start: bool) -> None:
        if not clocks or self._current is None:
            return
        known = self._current.start_s if is_start else self._current.end_s
        if known is not None and known != clocks[0]:
            if not self._named_in_block and self._seizure is not None:
                self._seizure.registration = None  # Of another recording without a name.
            elif self._seizure is not None:
                self._seizure.notes.append(
                    "its recording's start differs from that stated before, which is taken"
                    if is_start
                    else "its recording's end differs from that stated before, which is taken"
                )
            return
        if is_start:
            self._current.start_s = clocks[0]
        else:
            self._current.end_s = clocks[0]


def _clocks_s(text: str) -> Iterator[float]:
    for match in _CLOCK.finditer(_SPLIT_HOUR.sub(r"\1\2", text)):
        hour, minute, second = (int(group) for group in match.groups())
        if hour <= 24 and minute < 60 and second < 60:
            yield hour % 24 * 3600.0 + minute * 60.0 + second


def _reference(
    registration: _Registration,
    seizures: Sequence[_Seizure],
    lost: Sequence[_Seizure],
    file_name: str,
    recording: Recording | None,
) -> Reference:
    """Place the seizures of one recording on its time axis."""
    start_s, findings = _start_of(registration, recording)
    length_s = None
    if start_s is not None and registration.end_s is not None:
        length_s = (registration.end_s - start_s) % _DAY_S or None
    events: list[Event] = []
    doubtful: list[tuple[_Span, str]] = []
    for seizure in seizures:
        (onset_s, offset_s), is_certain, said = _placed(seizure, start_s, length_s)
        findings += [
            Finding.warning("{seizure_name}: {said}.", seizure_name=seizure.name, said=note)
            for note in (*seizure.notes, said)
            if note
        ]
        if is_certain and onset_s is not None and offset_s is not None:
            events.append(Event(onset_s=onset_s, duration_s=offset_s - onset_s))
        else:
            doubtful.append(((onset_s, offset_s), seizure.name))
    uncertain = [open_stretch(*span, events, name) for span, name in doubtful]
    findings += [
        Finding.warning(
            "{describe_span} count neither as seizure nor as background.",
            describe_span=describe_span(event),
        )
        for event in uncertain
    ]
    if lost:
        uncertain.append(uncertain_stretch(0.0, math.inf, lost[0].name))
        names = ", ".join(registration.name for registration in lost)
        findings.append(
            Finding.warning(
                "{names} names no recording and may belong to any of them: outside of the "
                "seizures that are marked, no second counts as background.",
                names=names,
            )
        )
    return make_reference(
        file_name, _FORMAT, events, duration_s=length_s, findings=findings, uncertain=uncertain
    )


def _real(seizures: Sequence[_Seizure]) -> list[_Seizure]:
    """Drop headings of several seizures that are followed by one heading each."""
    return [
        seizure
        for seizure, following in zip(seizures, [*seizures[1:], None], strict=True)
        if not (seizure.is_empty and following is not None and following.name == seizure.name)
    ]


def _start_of(
    registration: _Registration, recording: Recording | None
) -> tuple[float | None, list[Finding]]:
    """Return the time of day of the first sample.

    From the list, unless its own start and end contradict the recording and the header's start
    matches the list's end (as in PN14-3, whose start is mistyped by three hours).
    """
    listed_s, end_s = registration.start_s, registration.end_s
    if recording is None or recording.start_time is None:
        return listed_s, []
    begun = recording.start_time
    header_s = begun.hour * 3600.0 + begun.minute * 60.0 + begun.second + begun.microsecond / 1e6
    if listed_s is None:
        message = "The list does not say when the recording started: its header's time is taken."
        return header_s, [Finding.warning(message)]
    apart_s = _circular(listed_s - header_s)
    if apart_s <= _NOTABLE_S:
        return header_s, []
    by_header = Message(
        "The list says that the recording started at {listed}, its header {header}, which fits its "
        "length: the header's is taken.",
        listed=_as_clock(listed_s),
        header=_as_clock(header_s),
    )
    if end_s is not None:
        apart_by_list_s = _circular(listed_s + recording.duration_s - end_s)
        apart_by_header_s = _circular(header_s + recording.duration_s - end_s)
        if apart_by_list_s > _SAME_S >= apart_by_header_s:
            return header_s, [Finding.warning(by_header)]
    by_list = Finding.warning(
        "The list says that the recording started at {listed}, its header {header}: the list's is "
        "taken.",
        **by_header.values,
    )
    return listed_s, [by_list]


def _circular(difference_s: float) -> float:
    return abs((difference_s + _DAY_S / 2) % _DAY_S - _DAY_S / 2)


def _as_clock(time_s: float) -> str:
    whole = int(time_s) % int(_DAY_S)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


_Span = tuple[float | None, float | None]


def _placed(
    seizure: _Seizure, start_s: float | None, length_s: float | None
) -> tuple[_Span, bool, str]:
    """Return onset and offset on the recording's time axis, whether certain, and why not."""
    reach_s = (length_s or _DAY_S) + _SAME_S
    if start_s is None:
        return (None, None), False, "when its recording started is not known"
    onset_s, offset_s = (
        None if clock_s is None else (clock_s - start_s) % _DAY_S
        for clock_s in (seizure.start_s, seizure.end_s)
    )
    if onset_s is not None and onset_s > reach_s:
        return (None, None), False, "it starts outside of its recording"
    if onset_s is None:
        return (None, offset_s), False, "it has no time" if offset_s is None else "it has no start"
    if offset_s is None:
        return (onset_s, None), False, "it has no end"
    if onset_s < offset_s <= reach_s:
        return (onset_s, offset_s), True, ""
    # The end with the hour of the start, or the next, if only that makes sense.
    assert seizure.start_s is not None
    assert seizure.end_s is not None
    listed = _as_clock(seizure.end_s)
    for hours in (0, 1):
        clock_s = (seizure.start_s // _HOUR_S + hours) * _HOUR_S + seizure.end_s % _HOUR_S
        offset_s = (clock_s % _DAY_S - start_s) % _DAY_S
        if onset_s < offset_s <= min(reach_s, onset_s + _HOUR_S):
            said = Message(
                "its end, {listed}, is outside of the recording or before its start; {taken} is "
                "used, with another hour",
                listed=listed,
                taken=_as_clock(clock_s),
            )
            return (onset_s, offset_s), True, said
    return (onset_s, None), False, Message("its end, {listed}, cannot be", listed=listed)
