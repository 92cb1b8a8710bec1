"""Readers of CHB-MIT references: summaries and binary `.seizures` files.

A summary, `chbNN-summary.txt`, describes every recording of one subject: channels, clock times,
seizures. The spelling varies between subjects: seizures numbered or not, single or double spaces,
hours with or without a leading zero and past 24, channel lists that change on the way, and one
subject without clock times.

`*.edf.seizures` are annotations in PhysioNet's MIT format: little-endian 16-bit words whose top 6
bits are a code and whose low 10 bits an interval in ticks.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.errors import ReferenceFileError
from seizure_core.events.event import Event
from seizure_core.messages import Message
from seizure_core.recording import Finding
from seizure_core.references.model import Reference, make_reference
from seizure_core.references.tables import (
    MAX_SECONDS,
    decode,
    parse_seconds,
    read_bytes,
    split_lines,
)

_DAY_S = 86_400.0
_FILE_NAME = re.compile(r"File\s+Name\s*:\s*(?P<name>.+)", re.I)
_CHANNEL_LIST = re.compile(r"Channels\s+(?:changed|in\s+EDF\s+Files)\s*:.*", re.I)
_CHANNEL = re.compile(r"Channel\s+(?P<number>[0-9]{1,6})\s*:\s*(?P<label>.*)", re.I)
_RATE = re.compile(r"Data\s+Sampling\s+Rate\s*:\s*(?P<rate>\S+)\s*Hz", re.I)
_CLOCK = re.compile(r"File\s+(?P<end>Start|End)\s+Time\s*:\s*(?P<clock>.+)", re.I)
_COUNT = re.compile(r"Number\s+of\s+Seizures\s+in\s+File\s*:\s*(?P<count>.+)", re.I)
_SEIZURE = re.compile(r"Seizure\s+(?:[0-9]+\s+)?(?P<end>Start|End)\s+Time\s*:\s*(?P<time>.+)", re.I)

_SKIP, _AUX, _TIMELESS = 59, 63, (60, 61, 62)
_SEIZURE_START, _SEIZURE_END = 32, 33
_RESOLUTION = re.compile(rb"## time resolution: ([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_CHBMIT_RATE_HZ = 256.0


@dataclass(slots=True, kw_only=True)
class SummaryEntry:
    """Entry of a summary for one recording.

    Attributes
    ----------
    file_name : str
        "chb01_03.edf".
    channels : tuple of str
        Labels in file order, including placeholders.
    sampling_rate_hz : float or None
        As stated for the patient.
    start_clock_s, end_clock_s : float or None
        In seconds since midnight of the first day; hours may exceed 24.
    """

    file_name: str
    channels: tuple[str, ...]
    sampling_rate_hz: float | None = None
    start_clock_s: float | None = None
    end_clock_s: float | None = None
    events: tuple[Event, ...] = ()

    @property
    def duration_s(self) -> float | None:
        """Duration by the clock times, in whole seconds; None if not given."""
        if self.start_clock_s is None or self.end_clock_s is None:
            return None
        duration_s = self.end_clock_s - self.start_clock_s
        return duration_s if duration_s > 0 else duration_s + _DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class ChbmitSummary:
    """One summary file.

    Attributes
    ----------
    file_name : str
        Without folder.
    recordings : tuple of SummaryEntry
        In file order.
    findings : tuple of Finding
        On counts that contradict the lists.
    """

    file_name: str
    recordings: tuple[SummaryEntry, ...]
    findings: tuple[Finding, ...]


def is_summary(text: str) -> bool:
    """Return whether a text looks like a summary."""
    return any(_FILE_NAME.match(line.strip()) for line in split_lines(text))


def read_summary(path: str | Path) -> ChbmitSummary:
    """Read a summary file.

    Raises
    ------
    ReferenceFileError
        It cannot be read, describes no recording, or a line is invalid.
    """
    path = Path(path)
    return parse_summary(decode(read_bytes(path, path.name), path.name), path.name)


def parse_summary(text: str, file_name: str) -> ChbmitSummary:
    """Parse a summary's text; see `read_summary`."""
    parser = _SummaryParser(file_name)
    for number, line in enumerate(split_lines(text), start=1):
        parser.feed(number, line.strip())
    return parser.finish()


class _SummaryParser:
    def __init__(self, file_name: str) -> None:
        self._file_name = file_name
        self._rate_hz: float | None = None
        self._channels: list[str] = []
        self._done: list[SummaryEntry] = []
        self._entry: SummaryEntry | None = None
        self._stated: int | None = None  # Stated number of seizures.
        self._started: tuple[int, float] | None = None  # Line and time of an open seizure.
        self._findings: list[Finding] = []
        self._rules = (
            (_SEIZURE, self._seizure),
            (_CHANNEL, self._channel),
            (_FILE_NAME, self._recording),
            (_CLOCK, self._clock),
            (_COUNT, self._count),
            (_CHANNEL_LIST, self._channel_list),
            (_RATE, self._rate),
        )

    def feed(self, number: int, line: str) -> None:
        for pattern, rule in self._rules:
            match = pattern.fullmatch(line)
            if match is not None:
                rule(number, match)
                return

    def finish(self) -> ChbmitSummary:
        self._close()
        if not self._done:
            raise ReferenceFileError(
                self._file_name, "it describes no recording: a line 'File Name: ...' is missing."
            )
        return ChbmitSummary(
            file_name=self._file_name,
            recordings=tuple(self._done),
            findings=tuple(self._findings),
        )

    def _rate(self, number: int, match: re.Match[str]) -> None:
        self._rate_hz = self._seconds(number, match["rate"], "sampling rate")

    def _channel_list(self, number: int, match: re.Match[str]) -> None:
        self._close()
        self._channels = []

    def _channel(self, number: int, match: re.Match[str]) -> None:
        if int(match["number"]) == 1:  # A new list may start without a heading.
            self._channel_list(number, match)
        if len(self._channels) >= MAX_CHANNELS:
            self._fail(
                number,
                "a recording cannot have more than {max_channels} channels",
                max_channels=MAX_CHANNELS,
            )
        self._channels.append(match["label"])

    def _recording(self, number: int, match: re.Match[str]) -> None:
        self._close()
        self._entry = SummaryEntry(file_name=match["name"], channels=tuple(self._channels))

    def _clock(self, number: int, match: re.Match[str]) -> None:
        parts = match["clock"].split(":")
        values = [parse_seconds(part) for part in parts]
        if len(values) != 3 or any(value is None or value < 0 for value in values):
            self._fail(
                number, "{match!r} is not a clock time such as 13:43:04", match=match["clock"]
            )
        clock_s = sum(
            (value or 0.0) * unit for value, unit in zip(values, (3600, 60, 1), strict=True)
        )
        if match["end"].casefold() == "start":
            self._open(number).start_clock_s = clock_s
        else:
            self._open(number).end_clock_s = clock_s

    def _count(self, number: int, match: re.Match[str]) -> None:
        if not re.fullmatch(r"[0-9]{1,6}", match["count"]):
            self._fail(number, "{match!r} is not a number of seizures", match=match["count"])
        self._open(number)
        self._stated = int(match["count"])

    def _seizure(self, number: int, match: re.Match[str]) -> None:
        entry = self._open(number)
        text = re.sub(r"\s*(?:seconds?|secs?|s)?\.?$", "", match["time"], flags=re.I)
        time_s = self._seconds(number, text, "time in seconds")
        if match["end"].casefold() == "start":
            self._check_all_ended()
            self._started = (number, time_s)
            return
        if self._started is None:
            self._fail(number, "a seizure ends here that did not start")
        start_s, self._started = self._started[1], None
        if time_s <= start_s:
            self._fail(
                number,
                "a seizure ends at {time_s:g} s but starts at {start_s:g} s",
                time_s=time_s,
                start_s=start_s,
            )
        entry.events += (Event(onset_s=start_s, duration_s=time_s - start_s),)

    def _check_all_ended(self) -> None:
        if self._started is not None:
            self._fail(self._started[0], "a seizure starts here that does not end")

    def _seconds(self, number: int, text: str, what: str) -> float:
        value = parse_seconds(text)
        if value is None or value < 0:
            self._fail(number, "{text!r} is not a valid {what}", text=text, what=what)
        return value

    def _open(self, number: int) -> SummaryEntry:
        if self._entry is None:
            self._fail(number, "it is before the first 'File Name: ...'")
        return self._entry

    def _close(self) -> None:
        entry, self._entry = self._entry, None
        stated, self._stated = self._stated, None
        if entry is None:
            return
        self._check_all_ended()
        if stated is not None and stated != len(entry.events):
            self._findings.append(
                Finding.warning(
                    "{file_name} is said to have {count} seizure(s), {n_events} are listed.",
                    file_name=entry.file_name,
                    count=stated,
                    n_events=len(entry.events),
                )
            )
        entry.sampling_rate_hz = self._rate_hz
        self._done.append(entry)

    def _fail(self, number: int, template: str, /, **values: Any) -> NoReturn:
        raise ReferenceFileError(
            self._file_name,
            "line {number}: {reason}.",
            number=number,
            reason=Message(template, **values),
        )


def is_seizures_file(content: bytes, file_name: str) -> bool:
    """Return whether contents or name are those of a binary seizure file."""
    return file_name.casefold().endswith(".seizures") or b"## time resolution:" in content[:64]


def parse_seizures(content: bytes, file_name: str) -> Reference:
    """Parse the seizures of one recording.

    Raises
    ------
    ReferenceFileError
        The file is truncated, or starts and ends do not match.
    """
    findings: list[Finding] = []
    resolution = _RESOLUTION.search(content)
    rate_hz = float(resolution[1]) if resolution else _CHBMIT_RATE_HZ
    if rate_hz <= 0:
        raise ReferenceFileError(file_name, "its time resolution is 0 ticks a second.")
    if resolution is None:
        findings.append(
            Finding.warning("No time resolution is given: 256 ticks a second are assumed.")
        )
    events = []
    start: int | None = None
    for code, ticks in _annotations(content, file_name):
        time_s = ticks / rate_hz
        if not 0 <= time_s <= MAX_SECONDS:
            raise ReferenceFileError(
                file_name, "it holds an impossible time, {time_s:g} s.", time_s=time_s
            )
        if code == _SEIZURE_START:
            if start is not None:
                raise ReferenceFileError(
                    file_name,
                    "a seizure starts at {time_s:g} s before the last has ended.",
                    time_s=time_s,
                )
            start = ticks
        else:
            if start is None or ticks <= start:
                raise ReferenceFileError(
                    file_name,
                    "a seizure ends at {time_s:g} s that did not start before.",
                    time_s=time_s,
                )
            events.append(Event(onset_s=start / rate_hz, duration_s=(ticks - start) / rate_hz))
            start = None
    if start is not None:
        raise ReferenceFileError(
            file_name, "the seizure that starts at {start:g} s does not end.", start=start / rate_hz
        )
    return make_reference(file_name, "CHB-MIT seizures", events, findings=findings)


def _annotations(content: bytes, file_name: str) -> Iterator[tuple[int, int]]:
    """Yield code and time in ticks of every seizure start and end."""
    position, ticks = 0, 0
    while True:
        word = _word(content, position, file_name)
        position += 2
        code, interval = word >> 10, word & 0x3FF
        if word == 0:
            return
        if code == _SKIP:
            high = _word(content, position, file_name)
            low = _word(content, position + 2, file_name)
            (skip,) = struct.unpack("<i", struct.pack("<I", high << 16 | low))
            ticks += skip
            position += 4
        elif code == _AUX:
            position += interval + interval % 2
        elif code not in _TIMELESS:
            ticks += interval
            if code in (_SEIZURE_START, _SEIZURE_END):
                yield code, ticks


def _word(content: bytes, position: int, file_name: str) -> int:
    if position + 2 > len(content):
        raise ReferenceFileError(
            file_name, "it is cut off: its end mark is missing. Fetch the file again."
        )
    return content[position] | content[position + 1] << 8
