"""Channel plans: the source of each input channel of a model, and findings on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import parse_derivation
from seizure_core.channels.sources import ChannelSource, LabelledChannel, SourceFinder
from seizure_core.errors import RecordingError
from seizure_core.messages import Message
from seizure_core.recording import UNCALIBRATED, Channel, Finding, Recording

_COMPARE_BLOCK = 1 << 18  # Samples of two channels compared at a time: 2 MiB.
_FIRST_COMPARE_BLOCK = 1 << 12  # Most channels that differ do so here.
_FIRST_BLOCK = 1 << 8  # Nearly every channel varies within this.
_BLOCK = 1 << 18

# A channel without signal is read to its end, so the result is cached.
_known: WeakKeyDictionary[Recording, dict[int, bool]] = WeakKeyDictionary()


class NoEegChannelError(RecordingError):
    """A recording has no channel that can be EEG.

    Parameters
    ----------
    without_value : sequence of str
        EEG channels without signal.
    """

    def __init__(self, recording: Recording, without_value: Sequence[str] = ()) -> None:
        unusable = no_voltages(recording)
        if without_value:
            reason = Message(
                "its EEG channels hold no value, they are flat or empty from start to end: "
                "{names}.",
                names=_listed(without_value),
            )
        elif not recording.channels:
            reason = Message(
                "it has no signal, only annotations. Choose the file with the EEG itself."
            )
        elif unusable:
            reason = Message(
                "its channels named like EEG are not voltages: {names}. Voltages have the unit "
                "uV, mV, V or nV and two different limits: correct the header, or export the file "
                "again.",
                names=unusable,
            )
        else:
            reason = Message(
                "none of its {n} channels is scalp EEG by its name and unit ({names}). EEG "
                "channels are named by the 10-20 system, such as FP1-F7, EEG Fp1-REF or T3, and "
                "are voltages.",
                n=len(recording.channels),
                names=_listed([_with_unit(channel) for channel in recording.channels]),
            )
        super().__init__(recording.file_name, reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """Sources of a model's input channels in a recording.

    Attributes
    ----------
    sources : tuple of ChannelSource
        One per row.
    sampling_rates_hz : tuple of float or None
        Stored sampling rate of each row, None if missing.
    findings : tuple of Finding
        On missing or left-out channels (caveats) and units.
    without_value : tuple of str
        Channels left out because they have no signal.
    """

    sources: tuple[ChannelSource, ...]
    sampling_rates_hz: tuple[float | None, ...]
    findings: tuple[Finding, ...] = ()
    without_value: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the rows."""
        return tuple(source.target for source in self.sources)

    def channel_indices(self, rows: Sequence[int]) -> list[int]:
        """Return the recording's channels that some rows are computed from, in file order."""
        return sorted({index for row in rows for index, _ in self.sources[row].terms})

    @property
    def missing(self) -> tuple[str, ...]:
        """Rows that are not available; they are read as zeros."""
        return tuple(source.target for source in self.sources if source.how == "missing")

    @property
    def coverage(self) -> float:
        """Fraction of the rows that are available."""
        return 1.0 - len(self.missing) / len(self.sources) if self.sources else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class UsableChannels:
    """Channels of a recording that may be used as model input.

    Attributes
    ----------
    finder : SourceFinder
        Over the voltages with a signal.
    findings : tuple of Finding
        On units.
    without_value : tuple of str
        Labels of scalp EEG channels without signal; they count as missing.
    """

    finder: SourceFinder
    findings: tuple[Finding, ...]
    without_value: tuple[str, ...]


def dead_channels(recording: Recording) -> tuple[int, ...]:
    """Return positions of EEG channels that are constant or empty; their samples are read."""
    voltages, _ = _voltages(recording)
    placed = [channel.index for channel in voltages if channel.derivation is not None]
    return channels_without_value(recording, placed or [channel.index for channel in voltages])


def usable_channels(recording: Recording, dead: Collection[int]) -> UsableChannels:
    """Return the channels that may be used as model input, without dead ones."""
    voltages, findings = _voltages(recording)
    return UsableChannels(
        finder=SourceFinder([channel for channel in voltages if channel.index not in dead]),
        findings=tuple(findings),
        without_value=tuple(recording.channels[index].label for index in sorted(dead)),
    )


def source_finder(recording: Recording) -> SourceFinder:
    """Return a finder over all voltages of a recording, for display."""
    return SourceFinder(_voltages(recording)[0])


def _voltages(recording: Recording) -> tuple[list[LabelledChannel], list[Finding]]:
    usable, findings = [], []
    for index, channel in enumerate(recording.channels):
        if channel.may_be_voltage:
            usable.append(
                LabelledChannel(
                    index=index, label=channel.label, sampling_rate_hz=channel.sampling_rate_hz
                )
            )
    bad = [channel.label for channel in recording.channels if channel.is_bad]
    if bad:
        findings.append(
            Finding.info("Left out, because marked as bad: {labels}.", labels=", ".join(bad))
        )
    for unit, labels in _named_as_eeg(recording).items():
        what = Message("in {unit}, not a voltage", unit=unit)
        if unit == UNCALIBRATED:
            what = Message("uncalibrated")
        findings.append(
            Finding.warning(
                Message(
                    "Channel {labels} is {what}: it is not used as EEG.",
                    labels=labels[0],
                    what=what,
                )
                if len(labels) == 1
                else Message(
                    "Channels {labels} are {what}: they are not used as EEG.",
                    labels=", ".join(labels),
                    what=what,
                )
            )
        )
    return usable, findings


def no_voltages(recording: Recording) -> str:
    """Return channels named like EEG that are not voltages, with their units; "" for none."""
    return "; ".join(
        f"{', '.join(labels)} ({unit if unit == UNCALIBRATED else f'in {unit!r}'})"
        for unit, labels in _named_as_eeg(recording).items()
    )


def _named_as_eeg(recording: Recording) -> dict[str, list[str]]:
    """Return the labels of channels named like EEG that are not voltages, by unit."""
    by_unit: dict[str, list[str]] = {}
    for channel in recording.channels:
        is_no_voltage = not channel.may_be_voltage and not channel.is_bad
        if is_no_voltage and parse_derivation(channel.label) is not None:
            by_unit.setdefault(channel.unit, []).append(channel.label)
    return by_unit


def _with_unit(channel: Channel) -> str:
    label = channel.label or "(no label)"
    return label if channel.may_be_voltage else f"{label} ({channel.unit})"


def plan_of_sources(
    recording: Recording,
    usable: UsableChannels,
    sources: tuple[ChannelSource, ...],
    findings: Sequence[Finding] = (),
    *,
    with_findings: bool = True,
) -> ChannelPlan:
    """Return the plan for given sources, by default with findings.

    Findings need samples, because channels with the same label are compared.
    """
    rates = tuple(
        recording.channels[source.terms[0][0]].sampling_rate_hz if source.terms else None
        for source in sources
    )
    plan = ChannelPlan(sources=sources, sampling_rates_hz=rates, without_value=usable.without_value)
    if not with_findings:
        return plan
    used = sorted({index for source in sources for index, _ in source.terms})
    said = (
        *_missing_findings(sources, usable.without_value),
        *usable.findings,
        *findings,
        *_unit_findings(recording, used),
        *_repeat_findings(recording, usable.finder, used),
        *_derivation_findings(sources),
    )
    return replace(plan, findings=said)


def _unit_findings(recording: Recording, used: Sequence[int]) -> Iterator[Finding]:
    bare = [recording.channels[i].label for i in used if not recording.channels[i].unit]
    if bare:
        names = ", ".join(bare)
        yield Finding.warning("No unit is given for {bare}: taken as microvolts.", bare=names)


def _repeat_findings(
    recording: Recording, finder: SourceFinder, used: Sequence[int]
) -> Iterator[Finding]:
    for index in used:
        different = [i for i in finder.repeats_of(index) if not _same_signal(recording, index, i)]
        if different:
            others = ", ".join(f"{recording.channels[i].label} (no. {i + 1})" for i in different)
            yield Finding.warning(
                "Several channels record the same derivation with different samples: {label} "
                "(no. {index}) is used, {others} is not.",
                label=recording.channels[index].label,
                index=index + 1,
                others=others,
            )


def _same_signal(recording: Recording, first: int, second: int) -> bool:
    """Compare two channels block by block, up to the first difference."""
    n_samples = recording.channels[first].n_samples
    if n_samples != recording.channels[second].n_samples:
        return False
    start, block = 0, _FIRST_COMPARE_BLOCK
    while start < n_samples:
        stop = min(start + block, n_samples)
        one, other = recording.read_samples([first, second], start, stop)
        if not np.array_equal(one, other, equal_nan=True):
            return False
        start, block = stop, _COMPARE_BLOCK
    return True


def _derivation_findings(sources: Sequence[ChannelSource]) -> Iterator[Finding]:
    derived = [f"{s.target} = {s.source}" for s in sources if len(s.terms) > 1]
    if derived:
        yield Finding.info(
            "{n_derived} of {n_sources} channels are derived: {derived}.",
            n_derived=len(derived),
            n_sources=len(sources),
            derived=", ".join(derived),
        )


def _missing_findings(
    sources: Sequence[ChannelSource], without_value: Sequence[str]
) -> Iterator[Finding]:
    missing = [source.target for source in sources if not source.terms]
    if missing:
        yield Finding.caveat(
            "{n} of {all} channels are missing and fed as zeros: {names}.",
            n=len(missing),
            all=len(sources),
            names=missing,
        )
    if without_value:
        yield Finding.caveat(
            "No value in {names}, flat or empty from start to end: not used as EEG.",
            names=_listed(without_value),
        )


def _listed(labels: Sequence[str]) -> str:
    return ", ".join(labels[:40]) + ("" if len(labels) <= 40 else ", ...")


def channels_without_value(recording: Recording, indices: Iterable[int]) -> tuple[int, ...]:
    """Return which channels are constant or empty over the whole recording.

    Parameters
    ----------
    recording : Recording
        A channel is read up to its first change only.
    """
    known = _known.setdefault(recording, {})
    asked = tuple(indices)
    shapes: dict[tuple[float, int], list[int]] = {}
    for index in asked:
        if index not in known:
            channel = recording.channels[index]
            shapes.setdefault((channel.sampling_rate_hz, channel.n_samples), []).append(index)
    for (_, n_samples), same in shapes.items():
        dead = _dead(recording, same, n_samples)
        known.update({index: index in dead for index in same})
    return tuple(index for index in asked if known[index])


def _dead(recording: Recording, indices: list[int], n_samples: int) -> set[int]:
    values: dict[int, float] = {}
    left, start, length = indices, 0, _FIRST_BLOCK
    while left and start < n_samples:
        stop = min(start + length, n_samples)
        block = recording.read_samples(left, start, stop)
        left = [i for i, row in zip(left, block, strict=True) if not _lives(i, row, values)]
        start, length = stop, min(16 * length, _BLOCK)
    return set(left) if n_samples else set()


def _lives(index: int, samples: NDArray[np.float32], values: dict[int, float]) -> bool:
    """Return whether a channel has two different values; remember its first."""
    there = samples[np.isfinite(samples)]
    if not len(there):
        return False
    first = values.setdefault(index, float(there[0]))
    return bool((there != np.float32(first)).any())
