"""What a whole recording looks like in numbers, channel by channel.

Read twice in blocks of bounded memory. Everything is gathered in pieces of one size, so that
the numbers of a channel are the same to the last bit, whatever blocks a file is read in and
whichever channels are asked for together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from seizure_core.recording import Finding, Recording
from seizure_core.signals.blocks import Cancelled, Progress, RateGroup, rate_groups, signal_blocks
from seizure_core.signals.quality_report import quality_messages
from seizure_core.stats.findings import likeness_findings, mains_findings
from seizure_core.stats.gathering import Gathered, Gatherer, merged
from seizure_core.stats.ranks import RankFinder
from seizure_core.stats.spectra import MAINS_HZ, PowerSpectrum
from seizure_core.stats.waveform import Waveform

_QUANTILES = (0.05, 0.5, 0.95)
# In the second pass the rank finders take up to 3 MiB a channel: so many channels at a time.
_CHANNELS_AT_A_TIME = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStatistics:
    """One channel over the whole recording; in its unit, NaN where undefined.

    Attributes
    ----------
    label, unit : str
        Which channel, and in what.
    number : int
        Its position in the file, counted from 1.
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
    hjorth_activity, hjorth_mobility_per_s, hjorth_complexity : float
        Variance (unit squared); spread of the slope over that of the signal; mobility of the
        slope over mobility of the signal.
    zero_crossings : int
        Neighbouring samples of which one is below zero and the other is not.
    zero_crossings_per_s : float
        The same for each second of signal.
    delta_power, theta_power, alpha_power, beta_power, gamma_power : float
        Unit squared, by Welch's method (`seizure_core.stats.welch`); 0.5-4, 4-8, 8-13,
        13-30 and 30-45 Hz.
    delta_relative, theta_relative, alpha_relative, beta_relative, gamma_relative : float
        Part of the power of these bands together, 0 to 1.
    mains_50hz_ratio, mains_60hz_ratio : float
        Power within 1 Hz of the mains over that of these bands together.
    equal_to, opposite_of : tuple of int
        Numbers of other channels, of those asked for, that hold the same values, or the same
        signal with its sign turned (`seizure_core.stats.equal_channels`).
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
    """What one reading of a recording shows.

    Attributes
    ----------
    file_name : str
        Name without folder.
    duration_s : float
        Gaps included.
    channels : tuple of ChannelStatistics
        In the order asked for.
    spectra : tuple of PowerSpectrum
        Of the same channels.
    findings : tuple of Finding
        In plain words: what is flat, clipped, missing, twice there, or full of mains.
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
    """Compute the statistics of some or all channels over the whole recording.

    The numbers of `recording_statistics`, see there for parameters and errors.
    """
    return list(recording_statistics(recording, channels, progress, cancelled).channels)


def recording_statistics(
    recording: Recording,
    channels: Sequence[str | int] | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> RecordingStatistics:
    """Compute statistics, spectra and findings of some or all channels in two readings.

    Parameters
    ----------
    recording : Recording
        The file; channels may differ in sampling rate.
    channels : sequence of str or int, optional
        Labels or positions; None or empty means all.
    progress : callable, optional
        Called with the fraction done, 0 to 1.
    cancelled : callable, optional
        Asked several times a second; True ends the work.

    Returns
    -------
    RecordingStatistics
        Channels in the order asked for.

    Raises
    ------
    ParameterError
        Unknown channel.
    RecordingError
        The file cannot be read.
    WorkCancelledError
        `cancelled` said yes.
    """
    indices = recording.channel_indices(channels)
    unique = list(dict.fromkeys(indices))
    groups = rate_groups(recording, unique)
    gatherers = {group: Gatherer(recording, group) for group in groups}
    first = signal_blocks(recording, groups, progress, passes=(0, 2), cancelled=cancelled)
    for group, block in first:
        gatherers[group].gather(block)
    gathered = merged([gatherer.results() for gatherer in gatherers.values()])
    quantiles = _quantiles(recording, groups, gathered.ranks, progress, cancelled)
    rows = {index: _row(recording, gathered, index, quantiles[index]) for index in unique}
    likeness = likeness_findings(recording.channels, gathered.equal, gathered.opposite)
    return RecordingStatistics(
        file_name=recording.file_name,
        duration_s=recording.duration_s,
        channels=tuple(rows[index] for index in indices),
        spectra=tuple(gathered.spectra[index] for index in indices),
        findings=(
            *quality_messages(recording, [gathered.qualities[index] for index in unique]),
            *likeness,
            *mains_findings([gathered.spectra[index] for index in unique]),
        ),
    )


def _quantiles(
    recording: Recording,
    groups: Sequence[RateGroup],
    ranks: dict[int, RankFinder],
    progress: Progress | None,
    cancelled: Cancelled | None,
) -> dict[int, list[float]]:
    """Read all again, some channels at a time, and return the quantiles of each."""
    parts = [
        replace(group, channel_indices=group.channel_indices[first : first + _CHANNELS_AT_A_TIME])
        for group in groups
        for first in range(0, len(group.channel_indices), _CHANNELS_AT_A_TIME)
    ]
    found = {index: [math.nan] * len(_QUANTILES) for index in ranks}
    for part, block in signal_blocks(
        recording, parts, progress, passes=(1, 2), cancelled=cancelled
    ):
        for index, row in zip(part.channel_indices, block.signals, strict=True):
            if block.start == 0:
                ranks[index].choose(_QUANTILES)
            ranks[index].refine(row[np.isfinite(row)])
            if block.start + len(row) == part.n_samples:
                found[index] = ranks.pop(index).quantiles()
    return found


def _row(
    recording: Recording, gathered: Gathered, index: int, quantiles: Sequence[float]
) -> ChannelStatistics:
    channel = recording.channels[index]
    moments, quality = gathered.moments[index], gathered.qualities[index]
    percentile_5, median, percentile_95 = quantiles
    return ChannelStatistics(
        label=channel.label,
        unit=channel.unit,
        number=index + 1,
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
        hjorth_activity=moments.variance,
        **_waveform_fields(gathered.waveforms[index], moments.n, channel.sampling_rate_hz),
        **_spectrum_fields(gathered.spectra[index]),
        equal_to=_numbers(index, gathered.equal),
        opposite_of=_numbers(index, [pair for pair in gathered.opposite if index in pair]),
    )


def _numbers(index: int, classes: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the numbers, from 1, of the channels that stand in a class with this one."""
    others = {other for members in classes if index in members for other in members}
    return tuple(sorted(other + 1 for other in others - {index}))


def _waveform_fields(waveform: Waveform, n_present: int, rate_hz: float) -> dict[str, Any]:
    seconds = n_present / rate_hz
    return {
        "line_length": waveform.line_length if n_present else math.nan,
        "line_length_per_s": waveform.line_length / seconds if n_present else math.nan,
        "hjorth_mobility_per_s": waveform.mobility_per_s(rate_hz),
        "hjorth_complexity": waveform.complexity,
        "zero_crossings": waveform.zero_crossings,
        "zero_crossings_per_s": waveform.zero_crossings / seconds if n_present else math.nan,
    }


def _spectrum_fields(spectrum: PowerSpectrum) -> dict[str, Any]:
    fields = {f"{name}_power": power for name, power in spectrum.band_powers().items()}
    relative = spectrum.relative_band_powers()
    fields |= {f"{name}_relative": part for name, part in relative.items()}
    return fields | {f"mains_{hz:.0f}hz_ratio": spectrum.mains_ratio(hz) for hz in MAINS_HZ}
