"""Parsing of the signal headers of an EDF or BDF file.

A faulty signal does not affect the others: unusable limits make it uncalibrated, and missing
samples per record, which determine the layout of all signals, are computed from the file size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from seizure_core.errors import RecordingError
from seizure_core.io.edf.fields import (
    counted_names,
    field_text,
    harmless,
    list_names,
    may_be_thousands,
    parse_decimal,
    parse_integer,
)
from seizure_core.io.edf.header import (
    FIXED_BYTES,
    FieldFault,
    SignalHeader,
    SignalKind,
)
from seizure_core.io.edf.limits import (
    LIMIT_FIELDS,
    SignalLimits,
    limits_of,
    limits_of_integers,
)
from seizure_core.messages import Message
from seizure_core.recording import Finding

MAX_RATE_HZ = 1_000_000
SAMPLES_FIELD = "samples per data record"
_FIELDS = {
    "label": (0, 16),
    "unit": (96, 8),
    "physical minimum": (104, 8),
    "physical maximum": (112, 8),
    "digital minimum": (120, 8),
    "digital maximum": (128, 8),
    SAMPLES_FIELD: (216, 8),
}
_ANNOTATION_LABELS = ("EDF Annotations", "BDF Annotations")
# Signals with codes, whatever unit and limits the header states.
_CODE_LABEL = re.compile(
    r"(?:(?:EDF|BDF|EEG|EXG)[ _.-]?)?(?:STATUS|STI|STIM|STIMULUS|TRIGS?|TRIGGERS?|MARKERS?"
    r"|EVENTS?|TTL|DIN)"
    r"(?:[ _.-]?(?:CH|CHANNEL|CODE|CODES|IN))?[ _.-]?[0-9]{0,3}",
    re.IGNORECASE,
)


def read_signals(raw: bytes, n_signals: int, sample_bytes: int) -> tuple[SignalHeader, ...]:
    """Read the fields of all signals; faults are recorded, not raised.

    Parameters
    ----------
    raw : bytes
        The whole header.

    Returns
    -------
    tuple of SignalHeader
        `samples_per_record` is 0 if not given.
    """
    largest = 1 << (8 * sample_bytes - 1)
    return tuple(_signal(raw, index, n_signals, largest) for index in range(n_signals))


def _signal(raw: bytes, index: int, n_signals: int, largest: int) -> SignalHeader:
    places = {
        field: FIXED_BYTES + n_signals * offset + index * size
        for field, (offset, size) in _FIELDS.items()
    }
    texts = {
        field: field_text(raw[start : start + _FIELDS[field][1]]) for field, start in places.items()
    }

    def fault(field: str, expected: str) -> FieldFault:
        return FieldFault(
            number=index + 1,
            field=field,
            offset=places[field],
            text=texts[field],
            expected=expected,
        )

    samples = parse_integer(texts[SAMPLES_FIELD])
    faults = []
    if samples is None or samples < 1:
        faults.append(fault(SAMPLES_FIELD, "a whole number, 1 or more"))
    kind = _kind_by_label(texts["label"])
    limits = limits_of_integers(largest)
    commas: tuple[tuple[str, str], ...] = ()
    if kind == "values":
        found = limits_of(texts["unit"], tuple(texts[field] for field in LIMIT_FIELDS), largest)
        if isinstance(found, SignalLimits):
            limits = found
            commas = tuple((field, texts[field]) for field in LIMIT_FIELDS if "," in texts[field])
        else:
            kind = "uncalibrated"
            faults += [fault(field, expected) for field, expected in found]
    return SignalHeader(
        number=index + 1,
        label=texts["label"],
        unit=texts["unit"],
        kind=kind,
        limits=limits,
        samples_per_record=max(samples or 0, 0),
        faults=tuple(faults),
        comma_fields=commas,
    )


def _kind_by_label(label: str) -> SignalKind:
    if label in _ANNOTATION_LABELS:
        return "annotations"
    return "codes" if _CODE_LABEL.fullmatch(label) else "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSize:
    """Size of the data records, as far as known.

    Attributes
    ----------
    n_bytes : int
        Bytes after the header.
    n_records : int or None
        As stated.
    record_duration_s : Fraction
        As stated.
    sample_bytes : int
        2 or 3.
    """

    n_bytes: int
    n_records: int | None
    record_duration_s: Fraction
    sample_bytes: int

    @property
    def samples_per_record(self) -> int | None:
        """Return the samples of all signals in a record from the file size; None if unknown."""
        if not self.n_records:
            return None
        n_samples, rest = divmod(self.n_bytes, self.n_records * self.sample_bytes)
        return None if rest else n_samples

    def is_impossible(self, signal: SignalHeader) -> bool:
        """Return whether a rate is too high, or a record of annotations exceeds the file."""
        if signal.is_annotation:
            return signal.samples_per_record * self.sample_bytes > self.n_bytes
        return self.is_too_fast(signal)

    def is_too_fast(self, signal: SignalHeader) -> bool:
        """Return whether a signal has a higher sampling rate than any recorder."""
        return signal.samples_per_record > self.record_duration_s * MAX_RATE_HZ


def settle_samples(
    signals: Sequence[SignalHeader], size: DataSize, file_name: str
) -> tuple[tuple[SignalHeader, ...], int | None]:
    """Determine the layout of all signals.

    Returns
    -------
    tuple of SignalHeader
        Signals without samples, or with an impossible rate, are "left out".
    int or None
        Number of the signal whose samples per record were computed.

    Raises
    ------
    RecordingError
        The samples per record of a signal are unknown and do not follow from the file size.
    """
    hidden = [s for s in signals if not s.samples_per_record and not _says_zero(s)]
    stated = sum(signal.samples_per_record for signal in signals)
    by_size = size.samples_per_record
    suspects = hidden
    if not hidden and by_size is not None and by_size != stated:
        suspects = _odd_ones(signals, size, by_size - stated)
    computed = None
    if len(suspects) == 1 and by_size is not None:
        n_samples = by_size - stated + suspects[0].samples_per_record
        if n_samples > 0:
            computed = replace(suspects[0], samples_per_record=n_samples)
    if computed is None and by_size != stated:
        _refuse_hidden(hidden or _too_fast(signals, size), size, file_name)
    settled = [computed if computed and s.number == computed.number else s for s in signals]
    left_out = {s.number for s in settled if not s.samples_per_record}
    left_out |= {s.number for s in _too_fast(settled, size)}
    placed, byte_offset = [], 0
    for signal in settled:
        kind = "left out" if signal.number in left_out else signal.kind
        placed.append(replace(signal, kind=kind, byte_offset=byte_offset))
        byte_offset += signal.samples_per_record * size.sample_bytes
    return tuple(placed), None if computed is None else computed.number


def _too_fast(signals: Sequence[SignalHeader], size: DataSize) -> list[SignalHeader]:
    """Return signals with too high rates; none if all are, since then the duration is wrong."""
    data = [s for s in signals if s.samples_per_record and not s.is_annotation]
    found = [s for s in data if size.is_too_fast(s)]
    return found if len(found) < len(data) else []


def _says_zero(signal: SignalHeader) -> bool:
    return any(f.field == SAMPLES_FIELD and parse_integer(f.text) == 0 for f in signal.faults)


def _odd_ones(
    signals: Sequence[SignalHeader], size: DataSize, difference: int
) -> list[SignalHeader]:
    """Return signals whose samples per record may explain the difference in file size.

    These are signals without samples, with an impossible number, or with one that would equal all
    others', unless whole records of the stated size fill the file.
    """
    n_bytes = size.sample_bytes * sum(signal.samples_per_record for signal in signals)
    fits_not_once = n_bytes > size.n_bytes
    is_cut_off = not fits_not_once and (n_bytes == 0 or size.n_bytes % n_bytes == 0)
    counts = Counter(s.samples_per_record for s in signals if not s.is_annotation)
    found = []
    for signal in signals:
        others = counts.copy()
        if not signal.is_annotation:
            others[signal.samples_per_record] -= 1
        others = +others
        n_samples = signal.samples_per_record + difference
        is_odd = not signal.samples_per_record or size.is_impossible(signal)
        would_be_alike = {*others} == {n_samples} and (others.total() > 1 or fits_not_once)
        if n_samples > 0 and (is_odd or (would_be_alike and not is_cut_off)):
            found.append(signal)
    return found


def _refuse_hidden(hidden: Sequence[SignalHeader], size: DataSize, file_name: str) -> None:
    if not hidden:
        return
    first, *others = hidden
    texts = [fault.text for fault in first.faults if fault.field == SAMPLES_FIELD]
    found = (
        Message("{text}, not 1 or more", text=harmless(texts[0]))
        if texts
        else Message(
            "{n}, more than {maximum} a second", n=first.samples_per_record, maximum=MAX_RATE_HZ
        )
    )
    if others:
        why = Message(
            "so it is with signal {numbers}, and the size of the file gives it for one only",
            numbers=list_names(str(other.number) for other in others),
        )
    elif not size.n_records:
        why = Message(
            "it cannot be computed, because the number of data records is not given either"
        )
    else:
        why = Message(
            "{n_bytes} bytes in {n_records} data records do not give it either",
            n_bytes=size.n_bytes,
            n_records=size.n_records,
        )
    raise RecordingError(
        file_name,
        "signal {number} ({label!r}): its {samples_field} is {found}, and {why}. "
        "Where the samples of each signal lie cannot be told: export the file again.",
        number=first.number,
        label=first.label,
        samples_field=SAMPLES_FIELD,
        found=found,
        why=why,
    )


def signal_findings(signals: Sequence[SignalHeader], computed: int | None) -> Iterator[Finding]:
    """Yield findings on the signals."""
    for signal in signals:
        if signal.number == computed:
            yield Finding.warning(
                "The header gives no possible {samples_field} of signal {number} "
                "({label!r}); by the size of the file it is {samples_per_record}.",
                samples_field=SAMPLES_FIELD,
                number=signal.number,
                label=signal.label,
                samples_per_record=signal.samples_per_record,
            )
    for reason, group in _grouped(signals).items():
        yield Finding.warning(
            "These channels are uncalibrated and left out: {group}; {reason}.",
            group=group,
            reason=reason,
        )
    left_out = [s for s in signals if s.kind == "left out"]
    empty = [s.label for s in left_out if not s.samples_per_record]
    fast = [s.label for s in left_out if s.samples_per_record]
    if empty:
        yield Finding.warning(
            "These signals have no samples and are left out: {counted}.",
            counted=counted_names(empty),
        )
    if fast:
        yield Finding.warning(
            "These signals have more than {max_rate_hz} samples a second and are left out: "
            "{names}.",
            max_rate_hz=MAX_RATE_HZ,
            names=counted_names(fast),
        )
    yield from _limit_findings([s for s in signals if s.kind == "values"])


def _grouped(signals: Sequence[SignalHeader]) -> dict[str, str]:
    """Return the labels of uncalibrated signals by the reason."""
    groups: dict[str, list[str]] = {}
    for signal in signals:
        if signal.kind == "uncalibrated":
            fault = next(f for f in signal.faults if f.field != SAMPLES_FIELD)
            groups.setdefault(fault.words, []).append(signal.label)
    return {reason: counted_names(labels) for reason, labels in groups.items()}


def _limit_findings(data: Sequence[SignalHeader]) -> Iterator[Finding]:
    swapped = [s.label for s in data if s.limits.digital_minimum > s.limits.digital_maximum]
    inverted = [s.label for s in data if s.limits.physical_minimum > s.limits.physical_maximum]
    if swapped:
        yield Finding.warning(
            "Digital minimum and maximum are swapped in: {swapped}.", swapped=list_names(swapped)
        )
    if inverted:
        yield Finding.info(
            "The physical minimum is above the maximum (an inverted signal, turned back "
            "on reading) in: {inverted}.",
            inverted=list_names(inverted),
        )
    with_comma = [(s, field, text) for s in data for field, text in s.comma_fields]
    if with_comma:
        signal, field, text = with_comma[0]
        names = list_names(dict.fromkeys(s.label for s, _, _ in with_comma))
        is_ambiguous = any(may_be_thousands(text) for _, _, text in with_comma)
        tell = Finding.warning if is_ambiguous else Finding.info
        yield tell(
            "Commas in the limits are taken as decimal commas (the {field} of {label!r}, {text!r}, "
            "as {value:g}) in: {names}. If they separate thousands, the values are a thousand "
            "times too small.",
            field=field,
            label=signal.label,
            text=text,
            value=float(parse_decimal(text) or 0),
            names=names,
        )
