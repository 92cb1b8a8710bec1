r"""Annotations and record times from the annotation signals of EDF+ and BDF+ files.

These contain time-stamped annotation lists (TALs): `+onset[\x15duration]\x14text\x14text\x14\x00`,
several in a row, padded with zero bytes. Source: EDF+ (Kemp and Olivan 2003), 2.2.2.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from seizure_core.bounds import MAX_ANNOTATION_CHARS, MAX_ANNOTATIONS
from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import may_be_thousands, parse_decimal
from seizure_core.io.edf.header import EdfHeader
from seizure_core.io.stored_file import StoredFile, read_at
from seizure_core.io.timeline import TimeLine
from seizure_core.messages import shortened
from seizure_core.recording import Annotation, Finding

MAX_SEARCHED_RECORDS = 4_000_000
_SHOWN = 10
_BATCH_BYTES = 1024**2
_STAMPED_RECORDS = 64
# Some writers use their country's decimal comma, against the standard.
_ONSET = re.compile(rb"[+-]?[0-9]{1,12}([.,][0-9]*)?")
_DURATION = re.compile(rb"[+]?[0-9]{1,12}([.,][0-9]*)?")
# Contents of most records: only their time stamp.
_LONE_TIME = re.compile(rb"(\+[0-9]{1,12}(?:\.[0-9]*)?)\x14\x14\x00*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tal:
    """One list: the annotations at one time.

    Attributes
    ----------
    onset_s : float
        In seconds after the start time in the header.
    duration_s : float or None
        None where none is given.
    texts : tuple of str
        In order; an empty one first marks the time of the data record.
    """

    onset_s: float
    duration_s: float | None
    texts: tuple[str, ...]

    @property
    def is_time_keeping(self) -> bool:
        """Whether the list gives the start of its data record."""
        return bool(self.texts) and self.texts[0] == ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTals:
    """Lists of one annotation signal in one data record.

    Attributes
    ----------
    tals : tuple of Tal
        In file order.
    unreadable : tuple of str
        Printable parts of bytes that are not a list.
    commas : tuple of str
        Times with a comma, which is read as a decimal comma.
    """

    tals: tuple[Tal, ...]
    unreadable: tuple[str, ...]
    commas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class AnnotationSignals:
    """Contents of a file's annotation signals.

    Attributes
    ----------
    record_onsets_s : ndarray of float64, shape (n_records,)
        Time of each data record after the start time in the header; NaN if not given.
    tals : tuple of Tal
        Lists with at least one text.
    unreadable : tuple of str
        Texts of entries without a readable time.
    """

    record_onsets_s: NDArray[np.float64]
    tals: tuple[Tal, ...]
    unreadable: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def start_offset_s(self) -> float:
        """Start of the first record after the start time in the header (0 to 1 s in EDF+)."""
        first = float(self.record_onsets_s[0]) if len(self.record_onsets_s) else 0.0
        return 0.0 if np.isnan(first) else first

    def annotations(self, line: TimeLine) -> tuple[Annotation, ...]:
        """Return the annotations on a time line, sorted by onset."""
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


def check_searchable(header: EdfHeader, file_name: str) -> None:
    """Refuse files with more data records than can be searched for annotations.

    Raises
    ------
    RecordingError
        There are too many.
    """
    if header.annotation_signals and header.n_whole > MAX_SEARCHED_RECORDS:
        raise RecordingError(
            file_name,
            "it has {n_records} data records; annotations can be searched in up to "
            "{max_searched_records}. Export it with longer data records.",
            n_records=header.n_whole,
            max_searched_records=MAX_SEARCHED_RECORDS,
        )


def first_annotation_signals(
    file: StoredFile, header: EdfHeader, records: Sequence[int]
) -> list[bytes]:
    """Return the bytes of the first annotation signal of some data records.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    signal = header.annotation_signals[0]
    first, step = header.header_bytes + signal.byte_offset, header.record_bytes
    with file.opened() as stream:
        return read_at(
            stream,
            [first + record * step for record in records],
            header.sample_bytes * signal.samples_per_record,
        )


def stamped_duration(file: StoredFile, header: EdfHeader) -> Fraction | None:
    """Return the duration of a data record by the time stamps of the first ones.

    Returns
    -------
    Fraction or None
        None if there are none, or most steps differ.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    if not header.annotation_signals:
        return None
    raws = first_annotation_signals(file, header, range(min(header.n_whole, _STAMPED_RECORDS)))
    steps = [
        round(later - earlier, 6)
        for earlier, later in pairwise(stamp_of(raw) for raw in raws)
        if earlier is not None and later is not None
    ]
    usual, count = Counter(steps).most_common(1)[0] if steps else (0.0, 0)
    return Fraction(str(usual)) if usual > 0 and count > len(raws) / 2 else None


def stamp_of(raw: bytes) -> float | None:
    """Return the time stamp of a data record from its first annotation signal, if any."""
    tals = parse_tals(raw).tals
    return tals[0].onset_s if tals and tals[0].is_time_keeping else None


def read_annotation_signals(file: StoredFile, header: EdfHeader) -> AnnotationSignals:
    """Read all annotation signals of a file.

    Parameters
    ----------
    header : EdfHeader
        Must have passed `check_searchable`.

    Raises
    ------
    RecordingError
        The file has changed.
    """
    onsets_s = np.full(header.n_whole if header.annotation_signals else 0, np.nan)
    tals: list[Tal] = []
    unreadable: list[str] = []
    commas: list[str] = []
    n_texts = n_left_out = 0
    for record, signal, raw in _annotation_signals(file, header):
        lone = _LONE_TIME.fullmatch(raw)
        if lone and signal == 0:
            onsets_s[record] = float(lone[1])
            continue
        parsed = parse_tals(raw)
        room = MAX_ANNOTATIONS - len(unreadable)
        unreadable += parsed.unreadable[:room]
        n_left_out += len(parsed.unreadable[room:])
        commas += parsed.commas[: MAX_ANNOTATIONS - len(commas)]
        if signal == 0 and parsed.tals and parsed.tals[0].is_time_keeping:
            onsets_s[record] = parsed.tals[0].onset_s
        for tal in parsed.tals:
            n_more = sum(map(bool, tal.texts))
            if n_texts + n_more > MAX_ANNOTATIONS:
                n_left_out += n_more
            elif n_more:
                n_texts += n_more
                tals.append(tal)
    return AnnotationSignals(
        record_onsets_s=onsets_s,
        tals=tuple(tals),
        unreadable=tuple(unreadable),
        findings=tuple(_findings(unreadable, commas, n_left_out)),
    )


def _annotation_signals(file: StoredFile, header: EdfHeader) -> Iterator[tuple[int, int, bytes]]:
    """Yield record, number of the annotation signal and its bytes, record by record."""
    places = [
        (header.header_bytes + signal.byte_offset, header.sample_bytes * signal.samples_per_record)
        for signal in header.annotation_signals
    ]
    if not places:
        return
    step, n_records = header.record_bytes, header.n_whole
    n_together = max(1, _BATCH_BYTES // sum(size for _, size in places))
    with file.opened() as stream:
        for first in range(0, n_records, n_together):
            records = range(first, min(first + n_together, n_records))
            found = [
                read_at(stream, [place + record * step for record in records], size)
                for place, size in places
            ]
            for record, raws in zip(records, zip(*found, strict=True), strict=True):
                for number, raw in enumerate(raws):
                    yield record, number, raw


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
        # Seizures may be among them: an error, so that no dataset takes them for background.
        yield Finding.error(
            "The file holds more than {max_annotations} annotations; {n_left_out} are left out.",
            max_annotations=MAX_ANNOTATIONS,
            n_left_out=n_left_out,
        )


def parse_tals(raw: bytes) -> ParsedTals:
    """Parse all lists in one annotation signal of one data record.

    Does not raise: what cannot be parsed is kept as text.
    """
    tals = []
    unreadable = []
    commas: list[str] = []
    for chunk in raw.split(b"\x00"):
        if not chunk:
            continue
        tal = _parse_tal(chunk)
        if tal is None:
            unreadable.append(_text_of(chunk))
        else:
            tals.append(tal)
            times = chunk.partition(b"\x14")[0].split(b"\x15")
            commas += (_decoded(time) for time in times if b"," in time)
    return ParsedTals(tals=tuple(tals), unreadable=tuple(unreadable), commas=tuple(commas))


def _parse_tal(chunk: bytes) -> Tal | None:
    head, *texts = chunk.split(b"\x14")
    onset, mark, duration = head.partition(b"\x15")
    onset = onset.strip()
    if not texts or not _ONSET.fullmatch(onset):
        return None
    # The part after the last 0x14 is empty in a valid list; an unterminated text is kept.
    if len(texts) > 1 and not texts[-1]:
        texts.pop()
    return Tal(
        onset_s=_number(onset),
        # Some writers use a negative duration for none.
        duration_s=_number(duration) if mark and _DURATION.fullmatch(duration) else None,
        texts=tuple(_decoded(text) for text in texts),
    )


def _number(raw: bytes) -> float:
    return float(raw.replace(b",", b"."))


def _text_of(chunk: bytes) -> str:
    """Return the texts of a list without a readable time, or its printable part."""
    _, *texts = chunk.split(b"\x14")
    shown = " ".join(_decoded(text) for text in texts if text) or _decoded(chunk)
    return "".join(letter for letter in shown if letter.isprintable()).strip()


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8").strip()
    except UnicodeDecodeError:
        text = raw.decode("latin-1").strip()
    return shortened(text, MAX_ANNOTATION_CHARS)
