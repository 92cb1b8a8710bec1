"""Annotations and record times out of the annotation signals of EDF+ and BDF+ files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import may_be_thousands, parse_decimal
from seizure_core.io.edf.layout import RecordLayout
from seizure_core.io.edf.tal import Tal, lone_record_times, parse_tals
from seizure_core.io.stored_file import StoredFile, read_at
from seizure_core.io.timeline import TimeLine
from seizure_core.recording import Annotation, Finding

MAX_SEARCHED_RECORDS = 4_000_000
MAX_ANNOTATIONS = 200_000
_SHOWN = 10
_BATCH_RECORDS = 4096
_STAMPED_RECORDS = 64
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
    unreadable : tuple of str
        Texts of entries whose time cannot be read.
    findings : tuple of Finding
        What could not be understood.
    """

    record_onsets_s: NDArray[np.float64]
    tals: tuple[Tal, ...]
    unreadable: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def start_offset_s(self) -> float:
        """Start of the first record after the start time in the header (EDF+ allows 0 to 1)."""
        first = float(self.record_onsets_s[0]) if len(self.record_onsets_s) else 0.0
        return 0.0 if np.isnan(first) else first

    def annotations(self, line: TimeLine) -> tuple[Annotation, ...]:
        """Return the remarks at their places on a time line, sorted by onset."""
        placed_s = line.places_s(
            self.record_onsets_s, [tal.onset_s - self.start_offset_s for tal in self.tals]
        )
        found = (
            Annotation(
                onset_s=round(float(onset_s), 9),
                duration_s=tal.duration_s,
                text=text,
            )
            for tal, onset_s in zip(self.tals, placed_s, strict=True)
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
            "it has {n_records} data records; annotations can be searched in up to "
            "{max_searched_records}. Export it with longer data records.",
            n_records=layout.n_records,
            max_searched_records=MAX_SEARCHED_RECORDS,
        )


def stamped_duration(file: StoredFile, layout: RecordLayout) -> Fraction | None:
    """Return how long a data record is by the time stamps of the first ones.

    Returns
    -------
    Fraction or None
        None where there are none, or most steps from one to the next differ.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    if not layout.annotation_signals:
        return None
    signal = layout.annotation_signals[0]
    first = layout.header_bytes + signal.byte_offset
    records = range(min(layout.n_records, _STAMPED_RECORDS))
    with file.opened() as stream:
        raws = read_at(
            stream,
            [first + record * layout.record_bytes for record in records],
            layout.sample_bytes * signal.samples_per_record,
        )
    steps = [
        round(later - earlier, 6)
        for earlier, later in pairwise(_stamp(raw) for raw in raws)
        if earlier is not None and later is not None
    ]
    usual, count = Counter(steps).most_common(1)[0] if steps else (0.0, 0)
    return Fraction(str(usual)) if usual > 0 and count > len(raws) / 2 else None


def read_end_stamps(file: StoredFile, layout: RecordLayout) -> tuple[float, float | None]:
    """Return the time stamps of the first and of the last data record.

    The first is what `AnnotationSignals.start_offset_s` is; the last is None where that record
    has none.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    if not layout.annotation_signals or not layout.n_records:
        return 0.0, None
    signal = layout.annotation_signals[0]
    with file.opened() as stream:
        place = layout.header_bytes + signal.byte_offset
        raws = read_at(
            stream,
            [place, place + (layout.n_records - 1) * layout.record_bytes],
            layout.sample_bytes * signal.samples_per_record,
        )
    first, last = (_stamp(raw) for raw in raws)
    return first or 0.0, last


def _stamp(raw: bytes) -> float | None:
    tals = parse_tals(raw).tals
    return tals[0].onset_s if tals and tals[0].is_time_keeping else None


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
    unreadable: list[str] = []
    commas: list[str] = []
    n_left_out = 0
    for record, signal, raw in _remarks(file, layout, onsets_s):
        parsed = parse_tals(raw)
        unreadable += parsed.unreadable
        commas += parsed.commas
        if signal == 0 and parsed.tals and parsed.tals[0].is_time_keeping:
            onsets_s[record] = parsed.tals[0].onset_s
        remarks = [tal for tal in parsed.tals if any(tal.texts)]
        room = MAX_ANNOTATIONS - len(tals)
        tals += remarks[:room]
        n_left_out += len(remarks[room:])
    return AnnotationSignals(
        record_onsets_s=onsets_s,
        tals=tuple(tals),
        unreadable=tuple(unreadable),
        findings=tuple(_findings(unreadable, commas, n_left_out)),
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


def _findings(
    unreadable: Sequence[str], commas: Sequence[str], n_left_out: int
) -> Iterator[Finding]:
    if unreadable:
        texts = dict.fromkeys(repr(text[:40]) for text in unreadable if text)
        shown = f" ({', '.join([*texts][:_SHOWN])})" if texts else ""
        yield (
            Finding.warning(
                "The time of 1 entry of the annotation signals{shown} cannot be read.", shown=shown
            )
            if len(unreadable) == 1
            else Finding.warning(
                "The time of {n} entries of the annotation signals{shown} cannot be read.",
                n=len(unreadable),
                shown=shown,
            )
        )
    if commas:
        is_ambiguous = all(map(may_be_thousands, commas))
        tell = Finding.warning if is_ambiguous else Finding.info
        yield tell(
            "Commas in the times of the annotation signals are taken as decimal commas ({text!r} "
            "as {time_s:g} s). If they separate thousands, these times are a thousand times too "
            "small.",
            text=commas[0],
            time_s=float(parse_decimal(commas[0]) or 0),
        )
    if n_left_out:
        yield Finding.warning(
            "The file holds more than {max_annotations} annotations; {n_left_out} are left out.",
            max_annotations=MAX_ANNOTATIONS,
            n_left_out=n_left_out,
        )
