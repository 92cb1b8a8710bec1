"""Findings on signal quality: which channels, what, when, for how long."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from seizure_core.intervals import Stretches, joined
from seizure_core.messages import Message, some
from seizure_core.recording import Channel, Finding, Recording

Kind = Literal["flat", "clipped", "missing", "quiet", "loud"]

# Shorter faults are not reported.
_MIN_REPORTED_S: dict[Kind, float] = {
    "flat": 1.0,
    "clipped": 0.05,
    "missing": 0.0,
    "quiet": 10.0,
    "loud": 10.0,
}
# Texts for one channel and for several, with the consequence.
_WORDS: dict[Kind, tuple[str, str, str]] = {
    "flat": (
        "{names} is flat, one unchanging value, {when}{consequence}.",
        "{names} are flat, one unchanging value, {when}{consequence}.",
        "",
    ),
    "clipped": (
        "{names} is clipped at an end of the recorder's range {when}{consequence}.",
        "{names} are clipped at an end of the recorder's range {when}{consequence}.",
        "",
    ),
    "missing": (
        "{names} has no value {when}{consequence}.",
        "{names} have no value {when}{consequence}.",
        "",
    ),
    "quiet": (
        "{names} varies by less than 1 uV a second {when}{consequence}.",
        "{names} vary by less than 1 uV a second {when}{consequence}.",
        "probably disconnected",
    ),
    "loud": (
        "{names} spans more than 5 mV a second {when}{consequence}.",
        "{names} span more than 5 mV a second {when}{consequence}.",
        "a loose electrode or a wrong unit",
    ),
}
# From this fraction of a channel on, a finding is a warning.
_WARNING_FRACTION = 0.05
_WHOLE_FRACTION = 0.999
# Range of scalp EEG within a second, in microvolts.
_EEG_SPAN_UV = (3.0, 5000.0)
# Factors that are reported if more than half of the channels are off by them nearly all the time.
_OFF_BY: dict[Kind, tuple[tuple[float, str], ...]] = {
    "quiet": (
        (1e6, "a million times too small for EEG in uV, as volts would be. Check the unit"),
        (
            1e3,
            "probably disconnected, or a thousand times too small for uV, as millivolts would be. "
            "Check the unit",
        ),
    ),
    "loud": (
        (
            1e-6,
            "a million times too large for EEG in uV, as microvolts called volts would be. "
            "Check the unit",
        ),
        (
            1e-3,
            "a thousand times too large for EEG in uV: loose electrodes, or a wrong unit. "
            "Check the unit",
        ),
    ),
}
_MOSTLY = 0.9
_NAMED_CHANNELS = 8
_NAMED_SPANS = 3
_PADDING_S = 10.0
_SLACK_S = 0.01

Spans = list[tuple[float, float]]


@dataclass(slots=True, kw_only=True, eq=False)
class ChannelQuality:
    """Quality measures of one channel, defined in `seizure_core.signals.quality`.

    Attributes
    ----------
    n_samples : int
        Number of samples processed.
    missing, flat, clipped, quiet, loud : Stretches
        Number and position of such samples.
    typical_span : float or None
        Geometric mean of the range of values within a quiet or loud second, in its unit.
    """

    channel: Channel
    n_samples: int
    missing: Stretches
    flat: Stretches
    clipped: Stretches
    quiet: Stretches
    loud: Stretches
    typical_span: float | None = None

    @classmethod
    def empty(cls, channel: Channel) -> ChannelQuality:
        """Return the measures of a channel before processing."""
        return cls(
            channel=channel,
            n_samples=0,
            missing=Stretches(1),
            # Two runs of different values are separate, even if they touch.
            flat=Stretches(0),
            clipped=Stretches(max(round(channel.sampling_rate_hz), 1)),
            quiet=Stretches(1),
            loud=Stretches(1),
        )

    def ignore_amplitude(self) -> None:
        """Exclude the channel from judgements on amplitude."""
        self.quiet, self.loud = Stretches(1), Stretches(1)
        self.typical_span = None

    @property
    def n_present(self) -> int:
        """Samples with a value."""
        return self.n_samples - self.missing.n_samples

    @property
    def flat_fraction(self) -> float:
        """Flat fraction of the samples with a value."""
        return self.flat.n_samples / self.n_present if self.n_present else 0.0

    @property
    def clipped_fraction(self) -> float:
        """Clipped fraction of the samples with a value."""
        return self.clipped.n_samples / self.n_present if self.n_present else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fault:
    """One kind of fault of one channel."""

    kind: Kind
    label: str
    seconds: float
    fraction: float
    throughout: bool
    spans_s: Spans
    typical_span: float | None


def quality_messages(
    recording: Recording, qualities: Sequence[ChannelQuality]
) -> tuple[Finding, ...]:
    """Return findings as text, with the channels of one fault together.

    Gaps that the file declares are not repeated here. Flat and clipped signals are reported for EEG
    only, because trigger channels are mostly flat.
    """
    together: dict[tuple[Kind, bool], list[_Fault]] = {}
    for quality in qualities:
        for fault in _faults(recording, quality):
            together.setdefault((fault.kind, fault.throughout), []).append(fault)
    return tuple(
        _padding(recording, faults, len(qualities)) or _finding(faults, len(qualities))
        for faults in together.values()
    )


def _faults(recording: Recording, quality: ChannelQuality) -> Iterator[_Fault]:
    rate_hz = quality.channel.sampling_rate_hz
    may_be_eeg = quality.channel.may_be_voltage
    for kind in _WORDS:
        stretches: Stretches = getattr(quality, kind)
        if not (stretches.n_samples and (may_be_eeg or kind == "missing")):
            continue
        spans_s = [(start / rate_hz, stop / rate_hz) for start, stop in stretches.spans]
        seconds = stretches.n_samples / rate_hz
        of_samples = quality.n_present
        if kind == "missing":
            of_samples = quality.n_samples
            spans_s = [span for span in spans_s if not _is_declared(recording, span)]
            seconds = sum(stop_s - start_s for start_s, stop_s in spans_s)
        if seconds <= 0 or seconds < _MIN_REPORTED_S[kind]:
            continue
        fraction = seconds * rate_hz / of_samples
        yield _Fault(
            kind=kind,
            label=quality.channel.label or "(no label)",
            seconds=seconds,
            fraction=fraction,
            throughout=fraction > _WHOLE_FRACTION and len(spans_s) == 1,
            spans_s=spans_s,
            typical_span=quality.typical_span,
        )


def _is_declared(recording: Recording, span_s: tuple[float, float]) -> bool:
    """Return whether an interval is a gap declared by the file."""
    return all(
        span_s[1] <= segment.start_s + _SLACK_S or span_s[0] >= segment.stop_s - _SLACK_S
        for segment in recording.segments
    )


def _padding(recording: Recording, faults: Sequence[_Fault], n_asked: int) -> Finding | None:
    """Return a finding if the only missing samples pad the file to a whole record."""
    if len(faults) < max(n_asked, 2) or any(
        fault.kind != "flat" or fault.throughout or len(fault.spans_s) > 1 for fault in faults
    ):
        return None
    starts_s = [fault.spans_s[0][0] for fault in faults]
    stop_s = min(fault.spans_s[0][1] for fault in faults)
    rest_s = recording.duration_s - min(starts_s)
    if stop_s < recording.duration_s - _SLACK_S or rest_s > _PADDING_S:
        return None
    message = Message(
        "The last {rest_s:.3g} s hold one unchanging value in all channels: "
        "the file was filled up to its end.",
        rest_s=rest_s,
    )
    return Finding.info(message)


def _finding(faults: Sequence[_Fault], n_asked: int) -> Finding:
    kind = faults[0].kind
    of_one, of_several, consequence = _WORDS[kind]
    consequence = _scale_error(faults, n_asked) or consequence
    severe = max(fault.fraction for fault in faults) >= _WARNING_FRACTION
    return Finding(
        severity="warning" if severe else "info",
        message=Message(
            of_one if len(faults) == 1 else of_several,
            names=_names(faults, n_asked),
            when=_when(faults),
            consequence=Message(": {why}", why=consequence) if consequence else "",
        ),
        is_caveat=bool(_shared_spans(faults, n_asked)),
    )


def _shared_spans(faults: Sequence[_Fault], n_asked: int) -> list[float]:
    """Return the ranges of channels that are nearly always too small or large, if most are."""
    if faults[0].kind not in _OFF_BY:
        return []
    spans = [f.typical_span for f in faults if f.typical_span and f.fraction >= _MOSTLY]
    return spans if 2 * len(spans) > n_asked else []


def _scale_error(faults: Sequence[_Fault], n_asked: int) -> str:
    """Return a finding on the factor by which most channels' values are off."""
    spans = _shared_spans(faults, n_asked)
    if not spans:
        return ""
    low_uv, high_uv = _EEG_SPAN_UV
    middle_uv = sorted(spans)[len(spans) // 2]
    for factor, words in _OFF_BY[faults[0].kind]:
        if low_uv <= middle_uv * factor <= high_uv:
            return words
    return ""


def _names(faults: Sequence[_Fault], n_asked: int) -> str:
    durations = {f"{fault.seconds:.3g} s" for fault in faults}
    alike = len(durations) == 1 or faults[0].throughout
    if len(faults) == n_asked and n_asked > 1:
        longest_s = max(fault.seconds for fault in faults)
        if alike:
            return Message("All {n} channels", n=n_asked)
        return Message("All {n} channels (up to {longest_s:.3g} s)", n=n_asked, longest_s=longest_s)
    worst = sorted(faults, key=lambda fault: -fault.seconds)[:_NAMED_CHANNELS]
    kept = faults if len(faults) <= _NAMED_CHANNELS else worst
    names = [f.label if alike else f"{f.label} ({f.seconds:.3g} s)" for f in kept]
    return some([*names, *[""] * (len(faults) - len(kept))], at_most=len(names))


def _when(faults: Sequence[_Fault]) -> str:
    if faults[0].throughout:
        return "throughout"
    spans_s = joined((span for fault in faults for span in fault.spans_s), _SLACK_S)
    longest = sorted(spans_s, key=lambda span: span[0] - span[1])[:_NAMED_SPANS]
    times = [
        Message("{start} to {stop}", start=clock(start_s), stop=clock(stop_s))
        for start_s, stop_s in sorted(longest)
    ]
    rest = len(spans_s) - len(longest)
    several = "{times} and {n} shorter stretches" if rest > 1 else "{times}"
    listed = Message("{times} and 1 shorter stretch" if rest == 1 else several, times=times, n=rest)
    seconds = {f"{fault.seconds:.3g} s" for fault in faults}
    if len(seconds) > 1:
        return Message("at {times}", times=listed)
    return Message("for {total} in all ({times})", total=seconds.pop(), times=listed)


def clock(time_s: float) -> str:
    """Format a time as h:mm:ss, with tenths if necessary."""
    tenths = math.floor(time_s * 10 + 0.5)
    seconds, tenth = divmod(tenths, 10)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{tenth}" if tenth else text
