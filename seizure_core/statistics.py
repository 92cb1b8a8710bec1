"""What a whole recording looks like in numbers, channel by channel.

Read twice in blocks of bounded memory; blocks are cut the same way every time, so that the
numbers of a file are always the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seizure_core.moments import Moments
from seizure_core.quality import QualityMonitor
from seizure_core.quality_report import ChannelQuality
from seizure_core.ranks import RankFinder
from seizure_core.recording import Channel, Recording
from seizure_core.signal_blocks import Progress, RateGroup, SignalBlock, rate_groups, signal_blocks

_QUANTILES = (0.05, 0.5, 0.95)
# The rank finders take about 4 MiB a channel: so many channels at a time.
_CHANNELS_AT_A_TIME = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatistics:
    """One channel over the whole recording; in its unit, NaN where undefined.

    Attributes
    ----------
    label, unit : str
        Which channel, and in what.
    n_samples : int
        Samples on the recording's time line.
    n_missing : int
        How many of them have no (finite) value; nothing else counts them.
    mean, std, min, max, median, rms : float
        `std` is the population's (divided by the number of samples); `median` is exact.
    percentile_5, percentile_95 : float
        Exact, between two neighbours as `numpy.percentile` does it.
    skewness, kurtosis : float
        `kurtosis` is 0 for a normal distribution.
    flat_fraction : float
        Part of the samples inside runs of one value that last at least 1 s, 0 to 1.
    clipped_fraction : float
        Part of the samples that sit, two or more in a row, at an end of the recorder's
        range, 0 to 1.
    line_length : float
        Sum of the absolute differences of neighbouring samples.
    line_length_per_s : float
        The same for each second of signal.
    """

    label: str
    unit: str
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


def channel_statistics(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    progress: Progress | None = None,
) -> list[ChannelStatistics]:
    """Compute the statistics of some or all channels over the whole recording.

    Parameters
    ----------
    recording : Recording
        The file; channels may differ in sampling rate.
    channels : sequence of str or int, optional
        Labels or positions; None or empty means all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.

    Returns
    -------
    list of ChannelStatistics
        In the order asked for.

    Raises
    ------
    ParameterError
        Unknown channel.
    RecordingError
        The file cannot be read.
    """
    indices = recording.channel_indices(channels)
    unique = list(dict.fromkeys(indices))
    found: dict[int, ChannelStatistics] = {}
    for first in range(0, len(unique), _CHANNELS_AT_A_TIME):
        part = unique[first : first + _CHANNELS_AT_A_TIME]
        shares = (first / len(unique), len(part) / len(unique))
        found |= _statistics_of(recording, part, _share(progress, *shares))
    return [found[index] for index in indices]


def _share(progress: Progress | None, done: float, share: float) -> Progress | None:
    """Return what tells `progress` of a part of the work."""
    if progress is None:
        return None
    return lambda fraction: progress(done + share * fraction)


def _statistics_of(
    recording: Recording, indices: Sequence[int], progress: Progress | None
) -> dict[int, ChannelStatistics]:
    groups = rate_groups(recording, indices)
    gatherers = {group: _Gatherer(recording, group) for group in groups}
    for group, block in signal_blocks(recording, groups, progress, passes=(0, 2)):
        gatherers[group].gather(block)
    for gatherer in gatherers.values():
        gatherer.between_passes()
    for group, block in signal_blocks(recording, groups, progress, passes=(1, 2)):
        gatherers[group].refine(block)
    return {
        index: statistics
        for gatherer in gatherers.values()
        for index, statistics in gatherer.results().items()
    }


class _Gatherer:
    """What is gathered of the channels of one sampling rate in two passes."""

    def __init__(self, recording: Recording, group: RateGroup) -> None:
        self._indices = group.channel_indices
        self._channels = [recording.channels[index] for index in group.channel_indices]
        self._monitor = QualityMonitor(self._channels, group.sampling_rate_hz)
        self._moments = [Moments() for _ in self._channels]
        self._ranks = [RankFinder() for _ in self._channels]

    def gather(self, block: SignalBlock) -> None:
        self._monitor.add(block.signals)
        for row, moments, ranks in zip(block.signals, self._moments, self._ranks, strict=True):
            moments.add(row)
            ranks.count(row[np.isfinite(row)])

    def between_passes(self) -> None:
        for ranks in self._ranks:
            ranks.choose(_QUANTILES)

    def refine(self, block: SignalBlock) -> None:
        for row, ranks in zip(block.signals, self._ranks, strict=True):
            ranks.refine(row[np.isfinite(row)])

    def results(self) -> dict[int, ChannelStatistics]:
        return {
            index: _statistics(channel, moments, ranks, quality)
            for index, channel, moments, ranks, quality in zip(
                self._indices,
                self._channels,
                self._moments,
                self._ranks,
                self._monitor.results(),
                strict=True,
            )
        }


def _statistics(
    channel: Channel, moments: Moments, ranks: RankFinder, quality: ChannelQuality
) -> ChannelStatistics:
    percentile_5, median, percentile_95 = ranks.quantiles()
    seconds = moments.n / channel.sampling_rate_hz
    return ChannelStatistics(
        label=channel.label,
        unit=channel.unit,
        n_samples=quality.n_samples,
        n_missing=quality.missing.n_samples,
        mean=moments.mean,
        std=math.sqrt(moments.variance),
        min=moments.minimum,
        max=moments.maximum,
        median=median,
        rms=moments.rms,
        percentile_5=percentile_5,
        percentile_95=percentile_95,
        skewness=moments.skewness,
        kurtosis=moments.kurtosis,
        flat_fraction=quality.flat_fraction,
        clipped_fraction=quality.clipped_fraction,
        line_length=moments.line_length if moments.n else math.nan,
        line_length_per_s=moments.line_length / seconds if moments.n else math.nan,
    )
