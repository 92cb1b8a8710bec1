"""Annotations and record times out of the annotation signals of EDF+ and BDF+ files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.formats.edf_layout import RecordLayout
from seizure_core.formats.stored_file import StoredFile, read_at
from seizure_core.formats.tal import Tal, lone_record_times, parse_tals
from seizure_core.recording import Annotation, Finding

MAX_SEARCHED_RECORDS = 4_000_000
MAX_ANNOTATIONS = 200_000
_BATCH_RECORDS = 4096
_BATCH_BYTES = 1024**2


@dataclass(frozen=True, kw_only=True, eq=False)
class AnnotationSignals:
    """What the annotation signals of a file hold.

    Attributes
    ----------
    record_onsets_s : ndarray of float64, shape (n_records,)
        Time of each data record after the start time in the header; NaN where none is given.
    tals : tuple of Tal
        Lists that hold at least one remark.
    findings : tuple of Finding
        What could not be understood.
    """

    record_onsets_s: NDArray[np.float64]
    tals: tuple[Tal, ...]
    findings: tuple[Finding, ...]

    @property
    def start_offset_s(self) -> float:
        """Start of the first record after the start time in the header (EDF+ allows 0 to 1)."""
        first = float(self.record_onsets_s[0]) if len(self.record_onsets_s) else 0.0
        return 0.0 if np.isnan(first) else first

    def annotations(self) -> tuple[Annotation, ...]:
        """Return the remarks, timed from the first sample, sorted by onset."""
        found = (
            Annotation(
                onset_s=round(tal.onset_s - self.start_offset_s, 9),
                duration_s=tal.duration_s,
                text=text,
            )
            for tal in self.tals
            for text in tal.texts
            if text
        )
        return tuple(sorted(found, key=lambda annotation: annotation.onset_s))


def check_searchable(layout: RecordLayout, file_name: str) -> None:
    """Refuse files whose annotation signals have more data records than can be searched.

    Raises
    ------
    RecordingError
        There are too many.
    """
    if layout.annotation_signals and layout.n_records > MAX_SEARCHED_RECORDS:
        raise RecordingError(
            file_name,
            f"it has {layout.n_records} data records; annotations can be searched in up to "
            f"{MAX_SEARCHED_RECORDS}. Export it with longer data records.",
        )


def read_start_offset(file: StoredFile, layout: RecordLayout) -> float:
    """Return what `AnnotationSignals.start_offset_s` is, from the first data record alone.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    if not layout.annotation_signals or not layout.n_records:
        return 0.0
    signal = layout.annotation_signals[0]
    with file.opened() as stream:
        (raw,) = read_at(
            stream,
            [layout.header_bytes + signal.byte_offset],
            layout.sample_bytes * signal.samples_per_record,
        )
    tals = parse_tals(raw).tals
    return tals[0].onset_s if tals and tals[0].is_time_keeping else 0.0


def read_annotation_signals(file: StoredFile, layout: RecordLayout) -> AnnotationSignals:
    """Read all annotation signals of a file.

    Parameters
    ----------
    file : StoredFile
        The file.
    layout : RecordLayout
        Where they lie; `check_searchable` has found nothing wrong with it.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    onsets_s = np.full(layout.n_records, np.nan)
    tals: list[Tal] = []
    n_malformed = n_left_out = 0
    for record, signal, raw in _remarks(file, layout, onsets_s):
        parsed = parse_tals(raw)
        n_malformed += parsed.n_malformed
        if signal == 0 and parsed.tals and parsed.tals[0].is_time_keeping:
            onsets_s[record] = parsed.tals[0].onset_s
        remarks = [tal for tal in parsed.tals if any(tal.texts)]
        room = MAX_ANNOTATIONS - len(tals)
        tals += remarks[:room]
        n_left_out += len(remarks[room:])
    return AnnotationSignals(
        record_onsets_s=onsets_s,
        tals=tuple(tals),
        findings=tuple(_findings(n_malformed, n_left_out)),
    )


def _remarks(
    file: StoredFile, layout: RecordLayout, onsets_s: NDArray[np.float64]
) -> Iterator[tuple[int, int, bytes]]:
    """Yield record, number of the annotation signal and its bytes, record by record.

    Those that hold nothing but the time of their record, as most do, are written into
    `onsets_s` instead.
    """
    places = [
        (
            layout.header_bytes + signal.byte_offset,
            layout.sample_bytes * signal.samples_per_record,
        )
        for signal in layout.annotation_signals
    ]
    step = layout.record_bytes
    per_batch = max(1, min(_BATCH_RECORDS, _BATCH_BYTES // sum(size for _, size in places)))
    with file.opened() as stream:
        for first in range(0, layout.n_records, per_batch):
            records = range(first, min(first + per_batch, layout.n_records))
            found = [
                read_at(stream, [offset + record * step for record in records], size)
                for offset, size in places
            ]
            times_s = onsets_s[first : records.stop]
            times_s[:] = lone_record_times(found[0], places[0][1])
            unread = [(int(position), 0) for position in np.flatnonzero(np.isnan(times_s))]
            unread += [
                (position, number)
                for number in range(1, len(found))
                for position in range(len(records))
            ]
            for position, number in sorted(unread):
                yield first + position, number, found[number][position]


def _findings(n_malformed: int, n_left_out: int) -> Iterator[Finding]:
    if n_malformed:
        yield Finding(
            severity="warning",
            message=f"{n_malformed} entries of the annotation signals cannot be understood and "
            "are left out.",
        )
    if n_left_out:
        yield Finding(
            severity="warning",
            message=f"The file holds more than {MAX_ANNOTATIONS} annotations; {n_left_out} are "
            "left out.",
        )
