"""Statistics of all channels over a whole recording.

The recording is read once in blocks of bounded memory; a second time only for quantiles of channels
with too many different values to count (`seizure_core.stats.distribution`). All is computed in
pieces of fixed size, so the numbers are bit-identical whatever the blocks and whichever other
channels are requested.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seizure_core.bounds import check_channels
from seizure_core.recording import Channel, Finding, Recording
from seizure_core.signals.blocks import (
    Cancelled,
    Progress,
    RateGroup,
    part_of,
    rate_groups,
    signal_blocks,
)
from seizure_core.signals.quality import QualityMonitor
from seizure_core.signals.quality_report import ChannelQuality, quality_messages
from seizure_core.stats.distribution import RankFinder
from seizure_core.stats.equal_channels import PairFinder, likeness_findings
from seizure_core.stats.pieces import Moments, SignalPiece, Waveform, recut
from seizure_core.stats.spectra import MAINS_HZ, PowerSpectrum, WelchAverage, mains_findings

_QUANTILES = (0.05, 0.5, 0.95)
_FIRST_PASS = 0.8  # Its share of the progress if there are two passes.
# Rank finders take up to 4 MiB per channel, so this limits their number.
_RANKED_AT_A_TIME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatistics:
    """Statistics of one channel, in its unit, NaN if undefined.

    Attributes
    ----------
    number : int
        Position in the file, from 1.
    n_samples : int
        On the recording's time axis.
    n_missing : int
        Samples without a finite value; all other numbers exclude them.
    mean, std, min, max, median, rms : float
        `std` is the population's; `median` is exact.
    percentile_5, percentile_95 : float
        Exact, interpolated like `numpy.percentile`.
    skewness, kurtosis : float
        `kurtosis` is 0 for a normal distribution.
    flat_fraction : float
        Fraction of samples in constant runs of at least 1 s.
    clipped_fraction : float
        Fraction of samples at an end of the recorder's range, two or more in a row.
    line_length : float
        Sum of the absolute differences of neighbouring samples.
    line_length_per_s : float
        Per second of signal.
    hjorth_activity, hjorth_mobility_per_s, hjorth_complexity : float
        Variance (unit squared); spread of the slope over that of the signal; mobility of the slope
        over mobility of the signal.
    zero_crossings : int
        Neighbouring samples of which one is below zero and the other is not.
    zero_crossings_per_s : float
        Per second of signal.
    delta_power, theta_power, alpha_power, beta_power, gamma_power : float
        Unit squared, by Welch's method (`seizure_core.stats.spectra`); 0.5-4, 4-8, 8-13, 13-30 and
        30-45 Hz.
    delta_relative, theta_relative, alpha_relative, beta_relative, gamma_relative : float
        Fraction of the total power of these bands.
    mains_50hz_ratio, mains_60hz_ratio : float
        Power within 1 Hz of the mains frequency over that of these bands.
    equal_to, opposite_of : tuple of int
        Numbers of other requested channels with the same values, or with the inverted signal
        (`seizure_core.stats.equal_channels`).
    """

    label: str
    unit: str
    number: int
    n_samples: int
    n_missing: int
    mean: float
    std: float
    min: float
    max: float
    median: float
    rms: float
    percentile_5: float
    percentile_95: float
    skewness: float
    kurtosis: float
    flat_fraction: float
    clipped_fraction: float
    line_length: float
    line_length_per_s: float
    hjorth_activity: float
    hjorth_mobility_per_s: float
    hjorth_complexity: float
    zero_crossings: int
    zero_crossings_per_s: float
    delta_power: float
    theta_power: float
    alpha_power: float
    beta_power: float
    gamma_power: float
    delta_relative: float
    theta_relative: float
    alpha_relative: float
    beta_relative: float
    gamma_relative: float
    mains_50hz_ratio: float
    mains_60hz_ratio: float
    equal_to: tuple[int, ...]
    opposite_of: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RecordingStatistics:
    """Statistics, spectra and findings of a recording.

    Attributes
    ----------
    file_name : str
        Without folder.
    duration_s : float
        Gaps included.
    channels : tuple of ChannelStatistics
        In the requested order.
    spectra : tuple of PowerSpectrum
        Of the same channels.
    findings : tuple of Finding
        On flat, clipped, missing and duplicate signals and mains interference.
    """

    file_name: str
    duration_s: float
    channels: tuple[ChannelStatistics, ...]
    spectra: tuple[PowerSpectrum, ...]
    findings: tuple[Finding, ...]


def channel_statistics(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> list[ChannelStatistics]:
    """Compute the statistics of some or all channels of a recording.

    See `recording_statistics` for parameters and errors.
    """
    return list(recording_statistics(recording, channels, progress, cancelled).channels)


def recording_statistics(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> RecordingStatistics:
    """Compute statistics, spectra and findings of some or all channels.

    Parameters
    ----------
    recording : Recording
        Channels may differ in sampling rate.
    channels : sequence of str or int, optional
        Labels or positions; None or empty for all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Called several times per second; the work stops when it returns True.

    Returns
    -------
    RecordingStatistics
        Channels in the requested order.

    Raises
    ------
    ParameterError
        Unknown channel, or more than `MAX_CHANNELS`.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` returned True.
    """
    indices = recording.channel_indices(channels)
    check_channels(len(indices))
    unique = list(dict.fromkeys(indices))
    groups = rate_groups(recording, unique)
    ranked = frozenset(unique[:_RANKED_AT_A_TIME])
    parts = {group: _GroupSums(recording, group, ranked) for group in groups}
    all_blocks = signal_blocks(
        recording, groups, part_of(progress, 0, _FIRST_PASS), cancelled=cancelled
    )
    for group, blocks in itertools.groupby(all_blocks, key=itemgetter(0)):
        parts[group].add(block for _, block in blocks)
    seen = {index: result for part in parts.values() for index, result in part.results().items()}
    _rank_rest(recording, seen, ranked, part_of(progress, _FIRST_PASS, 1), cancelled)
    if progress is not None:
        progress(1.0)
    equal = [members for part in parts.values() for members in part.equal()]
    opposite = [pair for part in parts.values() for pair in part.opposite()]
    rows = {
        index: ChannelStatistics(
            **sums.fields(),
            equal_to=_numbers(index, equal),
            opposite_of=_numbers(index, opposite),
        )
        for index, sums in seen.items()
    }
    return RecordingStatistics(
        file_name=recording.file_name,
        duration_s=recording.duration_s,
        channels=tuple(rows[index] for index in indices),
        spectra=tuple(seen[index].spectrum for index in indices),
        findings=(
            *quality_messages(recording, [seen[index].quality for index in unique]),
            *likeness_findings(recording.channels, equal, opposite),
            *mains_findings([seen[index].spectrum for index in unique]),
        ),
    )


def _rank_rest(
    recording: Recording,
    seen: Mapping[int, _ChannelSums],
    ranked: frozenset[int],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> None:
    """Read channels again whose quantiles were not counted, or need a second pass, some at once."""
    again = [i for i, sums in seen.items() if i not in ranked or sums.ranks.needs_second_pass]
    for index in ranked.difference(again):
        seen[index].ranks.quantiles()  # Releases its memory.
    parts = [
        replace(group, channel_indices=group.channel_indices[first : first + _RANKED_AT_A_TIME])
        for group in rate_groups(recording, again)
        for first in range(0, len(group.channel_indices), _RANKED_AT_A_TIME)
    ]
    for number, part in enumerate(parts):
        own = part_of(progress, number / len(parts), (number + 1) / len(parts))
        finders = {index: seen[index].ranks for index in part.channel_indices}
        for take in (RankFinder.count, RankFinder.refine):
            wanted = tuple(
                index
                for index, finder in finders.items()
                if (index not in ranked if take is RankFinder.count else finder.needs_second_pass)
            )
            if wanted:
                group = replace(part, channel_indices=wanted)
                for _, block in signal_blocks(recording, [group], own, cancelled=cancelled):
                    for index, row in zip(wanted, block, strict=True):
                        take(finders[index], row[np.isfinite(row)])
        for finder in finders.values():
            finder.quantiles()


class _ChannelSums:
    """Sums of one channel, computed piece by piece."""

    quality: ChannelQuality

    def __init__(self, number: int, channel: Channel, n_samples: int) -> None:
        self._number, self._channel = number, channel
        self._moments, self._waveform = Moments(), Waveform()
        self._welch = WelchAverage(channel.sampling_rate_hz, n_samples)
        self.ranks = RankFinder(_QUANTILES)

    def add(self, samples: NDArray[np.float32]) -> None:
        piece = SignalPiece.of(samples)
        self._moments.add(piece.present)
        self._waveform.add(piece)
        self._welch.add(piece)

    @cached_property
    def spectrum(self) -> PowerSpectrum:
        return PowerSpectrum.of(self._number, self._channel, self._welch)

    def fields(self) -> dict[str, Any]:
        """Return the fields of `ChannelStatistics` that depend on this channel only."""
        moments, quality, waveform = self._moments, self.quality, self._waveform
        rate_hz = self._channel.sampling_rate_hz
        seconds = moments.n / rate_hz or math.nan
        percentile_5, median, percentile_95 = self.ranks.quantiles()
        powers, relative = self.spectrum.band_powers(), self.spectrum.relative_band_powers()
        return {
            "label": self._channel.label,
            "unit": self._channel.unit,
            "number": self._number,
            "n_samples": quality.n_samples,
            "n_missing": quality.missing.n_samples,
            "mean": moments.mean,
            "std": math.sqrt(moments.variance),
            "min": moments.minimum,
            "max": moments.maximum,
            "median": median,
            "rms": moments.rms,
            "percentile_5": percentile_5,
            "percentile_95": percentile_95,
            "skewness": moments.skewness,
            "kurtosis": moments.kurtosis,
            "flat_fraction": quality.flat_fraction,
            "clipped_fraction": quality.clipped_fraction,
            "line_length": waveform.line_length if moments.n else math.nan,
            "line_length_per_s": waveform.line_length / seconds,
            "hjorth_activity": moments.variance,
            "hjorth_mobility_per_s": waveform.mobility_per_s(rate_hz),
            "hjorth_complexity": waveform.complexity,
            "zero_crossings": waveform.zero_crossings,
            "zero_crossings_per_s": waveform.zero_crossings / seconds,
            **{f"{name}_power": power for name, power in powers.items()},
            **{f"{name}_relative": part for name, part in relative.items()},
            **{f"mains_{hz:.0f}hz_ratio": self.spectrum.mains_ratio(hz) for hz in MAINS_HZ},
        }


class _GroupSums:
    """Sums of the channels with one sampling rate in the first pass."""

    def __init__(self, recording: Recording, group: RateGroup, ranked: Set[int]) -> None:
        self._indices = group.channel_indices
        channels = [recording.channels[index] for index in self._indices]
        self._monitor = QualityMonitor(channels, group.sampling_rate_hz)
        self._pairs = PairFinder(len(channels))
        self._sums = [
            _ChannelSums(index + 1, channel, group.n_samples)
            for index, channel in zip(self._indices, channels, strict=True)
        ]
        self._ranked = [row for row, index in enumerate(self._indices) if index in ranked]

    def add(self, blocks: Iterable[NDArray[np.float32]]) -> None:
        """Process all blocks; their lengths do not affect the result."""
        for rows in recut(map(self._watched, blocks)):
            self._pairs.add(rows)
            for row, sums in zip(rows, self._sums, strict=True):
                sums.add(row)

    def _watched(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        self._monitor.add(block)
        for number in self._ranked:
            row = block[number]
            self._sums[number].ranks.count(row[np.isfinite(row)])
        return block

    def results(self) -> dict[int, _ChannelSums]:
        """Return the results by channel position."""
        for sums, quality in zip(self._sums, self._monitor.results(), strict=True):
            sums.quality = quality
        return dict(zip(self._indices, self._sums, strict=True))

    def equal(self) -> list[tuple[int, ...]]:
        """Return the positions of channels with the same values."""
        return [tuple(self._indices[i] for i in rows) for rows in self._pairs.equal_classes()]

    def opposite(self) -> list[tuple[int, ...]]:
        """Return the positions of pairs of inverted channels."""
        return [tuple(self._indices[i] for i in rows) for rows in self._pairs.opposite_pairs()]


def _numbers(index: int, classes: Iterable[Sequence[int]]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the other channels in the same class."""
    others = {other for members in classes if index in members for other in members}
    return tuple(sorted(other + 1 for other in others - {index}))
