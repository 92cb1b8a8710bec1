"""Several consecutive files opened as one recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.bounds import MAX_FILES
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.intervals import joined
from seizure_core.io.edf.samples import empty_samples
from seizure_core.io.opening import OpenedFile, RefusedFileError, is_text_name, open_file
from seizure_core.io.sequence_order import CLOCK_ROUNDING_S, DAY_S, in_order, starts_of
from seizure_core.io.text.layout import TextLayout
from seizure_core.io.timeline import MAX_DURATION_S
from seizure_core.messages import Message, sentences, spans
from seizure_core.recording import (
    UNCALIBRATED,
    Channel,
    FilePart,
    Finding,
    Recording,
    Segment,
)

_TOUCHING_S = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """One file of a sequence.

    Attributes
    ----------
    start_s : float
        First sample, in seconds from the first sample of the sequence.
    first_samples : tuple of int
        For each channel the position of its first sample on the sequence's time line.
    """

    recording: Recording
    start_s: float
    first_samples: tuple[int, ...]

    @property
    def stop_s(self) -> float:
        """End of the file on the sequence's time line."""
        return self.start_s + self.recording.duration_s


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceReader:
    """Reads through the readers of the files; a `SignalReader`.

    Attributes
    ----------
    parts : tuple of Part
        In order of time.
    """

    file_name: str
    parts: tuple[Part, ...]

    def read_samples(
        self, channel_indices: Sequence[int], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return samples `[start, stop)`; see `SignalReader.read_samples`.

        Raises
        ------
        RecordingError
            A file can no longer be read.
        """
        values = empty_samples(len(channel_indices), stop - start, self.file_name)
        position = start
        for part in self.parts:
            first = part.first_samples[channel_indices[0]]
            n_samples = part.recording.channels[channel_indices[0]].n_samples
            begin, end = max(position, first), min(stop, first + n_samples)
            if begin < end:
                values[:, position - start : begin - start] = np.nan
                values[:, begin - start : end - start] = part.recording.reader.read_samples(
                    channel_indices, begin - first, end - first
                )
                position = end
        values[:, position - start :] = np.nan
        return values


class SequenceError(RecordingError):
    """Files that open one by one do not open as one recording.

    Attributes
    ----------
    files : list of (Recording, float or None)
        See `seizure_core.io.sequence_order.in_order`.
    """

    def __init__(self, error: RecordingError, files: list[tuple[Recording, float | None]]) -> None:
        super().__init__(error.file_name, error.reason)
        self.files = files


def open_sequence(
    paths: Sequence[str | Path], *, text_layout: TextLayout | None = None
) -> Recording:
    """Open several files as one recording, with gaps between them.

    Parameters
    ----------
    paths : sequence of str or Path
        At least one.
    text_layout : TextLayout, optional
        How to read text files; detected for each by default.

    Returns
    -------
    Recording
        Its findings and `parts` tell where each file starts.

    Raises
    ------
    RecordingError
        A file cannot be read, or see `join_files`.
    ParameterError
        No files, too many, or a duplicate.
    """
    return open_files(paths, text_layout=text_layout).recording


def open_files(paths: Sequence[str | Path], *, text_layout: TextLayout | None = None) -> OpenedFile:
    """Open one file, or several like `open_sequence`, with annotations.

    Returns
    -------
    OpenedFile
        For several files with the layout of the first text, and without report.

    Raises
    ------
    RefusedFileError
        A file does not open; it says which and why.
    SequenceError
        They do not follow each other.
    RecordingError, ParameterError
        See `open_sequence`.
    """
    places = [Path(path) for path in paths]
    _check_paths(places)
    opened: list[OpenedFile] = []
    for number, place in enumerate(places):
        own_layout = text_layout if is_text_name(place.name) else None
        try:
            opened.append(open_file(place, text_layout=own_layout, wholly=True))
        except RefusedFileError as error:
            error.number = number
            raise
    if len(opened) == 1:
        return opened[0]
    recordings = [one.recording for one in opened]
    try:
        recording = join_files(recordings, places)
    except RecordingError as error:
        raise SequenceError(error, in_order(recordings, places)) from error
    layout = next((one.layout for one in opened if one.layout is not None), None)
    return OpenedFile(recording=recording, layout=layout)


def join_files(opened: Sequence[Recording], places: Sequence[Path]) -> Recording:
    """Return several opened files as one recording.

    Files are ordered by start time; if not all have one, by the clock times of a CHB-MIT summary in
    their folder; else they follow each other in the given order without gaps, with a warning.

    Parameters
    ----------
    opened : sequence of Recording
        Two or more.
    places : sequence of Path
        Their paths.

    Raises
    ------
    RecordingError
        Channels or sampling rates differ from the first file's, or files overlap.
    """
    for recording in opened[1:]:
        _check_channels(opened[0], recording)
    starts_s, findings = starts_of(opened, places)
    if starts_s is not None:
        order = np.argsort(starts_s, kind="stable")
        opened = [opened[i] for i in order]
        starts_s = [starts_s[i] - starts_s[order[0]] for i in order]
    return _joined(_placed(opened, starts_s), findings)


def _check_paths(places: Sequence[Path]) -> None:
    if not 1 <= len(places) <= MAX_FILES:
        raise ParameterError(
            "A sequence has 1 to {max_files} files; {n_places} were given.",
            max_files=MAX_FILES,
            n_places=len(places),
        )
    seen: dict[Path, str] = {}
    for place in places:
        real = place.resolve()
        if real in seen:
            raise ParameterError(
                "{name} was given twice (as {seen} before).", name=place.name, seen=seen[real]
            )
        seen[real] = place.name


def _check_channels(first: Recording, other: Recording) -> None:
    """Raise an error if two files cannot be parts of one recording."""
    if not first.channels or len(first.channels) != len(other.channels):
        raise RecordingError(
            other.file_name,
            "it has {n_channels} channels, {name} has "
            "{n_channels_2}: they cannot be joined. Open them one by one.",
            n_channels=len(other.channels),
            name=first.file_name,
            n_channels_2=len(first.channels),
        )
    for number, (channel, two) in enumerate(
        zip(first.channels, other.channels, strict=True), start=1
    ):
        for what, before, after in (
            ("", channel.label, two.label),
            ("'s unit", *_units(channel, two)),
            (
                "'s sampling rate",
                f"{channel.sampling_rate_hz:g} Hz",
                f"{two.sampling_rate_hz:g} Hz",
            ),
        ):
            if before != after:
                raise RecordingError(
                    other.file_name,
                    "its channel {number}{what} is {after!r}, in {name} it is "
                    "{before!r}: they cannot be joined. Open them one by one.",
                    number=number,
                    what=what,
                    after=after,
                    name=first.file_name,
                    before=before,
                )


def _units(channel: Channel, two: Channel) -> tuple[str, str]:
    """Return the units of two channels; if one is uncalibrated, both are."""
    is_known = UNCALIBRATED not in (channel.unit, two.unit)
    return (channel.unit, two.unit) if is_known else (UNCALIBRATED, UNCALIBRATED)


def _placed(opened: Sequence[Recording], starts_s: Sequence[float] | None) -> tuple[Part, ...]:
    """Place the files on one time line.

    Raises
    ------
    RecordingError
        They overlap, or the result is too long.
    """
    parts: list[Part] = []
    end_s = 0.0
    ends = [0] * len(opened[0].channels)
    for number, recording in enumerate(opened):
        start_s = end_s if starts_s is None else starts_s[number]
        if parts and start_s < end_s - CLOCK_ROUNDING_S:
            before = parts[-1].recording.file_name
            raise RecordingError(
                recording.file_name,
                "it starts {end_s:.6g} s before {before} ends: files that overlap "
                "cannot be joined. Leave one of them out.",
                end_s=end_s - start_s,
                before=before,
            )
        if abs(start_s - end_s) < CLOCK_ROUNDING_S or start_s < end_s:
            start_s = end_s
        first = tuple(
            end if start_s == end_s else max(round(start_s * channel.sampling_rate_hz), end)
            for channel, end in zip(recording.channels, ends, strict=True)
        )
        parts.append(Part(recording=recording, start_s=start_s, first_samples=first))
        end_s = start_s + recording.duration_s
        ends = [f + c.n_samples for f, c in zip(first, recording.channels, strict=True)]
        if end_s > MAX_DURATION_S:
            raise RecordingError(
                recording.file_name,
                "with it the sequence would last {end_s:.1f} days; up to "
                "{max_duration_s:g} are possible. Check the start times.",
                end_s=end_s / DAY_S,
                max_duration_s=MAX_DURATION_S // DAY_S,
            )
    return tuple(parts)


def _joined(parts: tuple[Part, ...], findings: Sequence[Finding]) -> Recording:
    first, last = parts[0].recording, parts[-1]
    name = f"{first.file_name} and {len(parts) - 1} more"
    formats = list(dict.fromkeys(part.recording.format for part in parts))
    return Recording(
        file_name=name,
        format="+".join(formats) if len(formats) > 1 else formats[0],
        duration_s=last.stop_s,
        start_time=first.start_time,
        channels=tuple(_joined_channel(parts, index) for index in range(len(first.channels))),
        annotations=tuple(
            sorted(
                (
                    replace(annotation, onset_s=round(annotation.onset_s + part.start_s, 9))
                    for part in parts
                    for annotation in part.recording.annotations
                ),
                key=lambda annotation: annotation.onset_s,
            )
        ),
        segments=_segments(parts),
        findings=(*_part_findings(parts), *findings, *_own_findings(parts)),
        reader=SequenceReader(file_name=name, parts=parts),
        parts=tuple(
            FilePart(
                file_name=part.recording.file_name,
                start_s=part.start_s,
                duration_s=part.recording.duration_s,
            )
            for part in parts
        ),
        unreadable_marks=tuple(text for part in parts for text in part.recording.unreadable_marks),
    )


def _joined_channel(parts: tuple[Part, ...], index: int) -> Channel:
    """Return a channel of all files; uncalibrated if it is in one of them."""
    of_parts = [part.recording.channels[index] for part in parts]
    return replace(
        next((channel for channel in of_parts if channel.unit == UNCALIBRATED), of_parts[0]),
        n_samples=parts[-1].first_samples[index] + of_parts[-1].n_samples,
        minimum=min(channel.minimum for channel in of_parts),
        maximum=max(channel.maximum for channel in of_parts),
    )


def _segments(parts: tuple[Part, ...]) -> tuple[Segment, ...]:
    """Return the files' segments, merged if they touch."""
    spans_s = joined(
        (
            (part.start_s + segment.start_s, part.start_s + segment.stop_s)
            for part in parts
            for segment in part.recording.segments
        ),
        _TOUCHING_S,
    )
    return tuple(Segment(start_s=start, duration_s=stop - start) for start, stop in spans_s)


def _part_findings(parts: tuple[Part, ...]) -> Iterator[Finding]:
    places = [
        Message("{name} at {start_s:.6g} s", name=part.recording.file_name, start_s=part.start_s)
        for part in parts
    ]
    listed = sentences(*places, between="; ")
    yield Finding.info("{n} files opened as one: {listed}.", n=len(parts), listed=listed)
    gaps = [
        (before.stop_s, after.start_s)
        for before, after in pairwise(parts)
        if after.start_s > before.stop_s
    ]
    if gaps:
        yield Finding.warning(
            "Nothing was recorded between some of the files: {gaps}.", gaps=spans(gaps, at_most=8)
        )


def _own_findings(parts: tuple[Part, ...]) -> Iterator[Finding]:
    """Yield the findings of the files, once if it applies to all."""
    names: dict[Finding, list[str]] = {}
    for part in parts:
        for finding in part.recording.findings:
            names.setdefault(finding, []).append(part.recording.file_name)
    for finding, files in names.items():
        where = "All files" if len(files) == len(parts) else ", ".join(files[:5])
        more = f" and {len(files) - 5} more" if 5 < len(files) < len(parts) else ""
        yield replace(finding, message=f"{where}{more}: {finding.message}")
