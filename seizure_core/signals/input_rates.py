"""Sampling rates of a model's input channels, and their resampling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seizure_core.channels.plan import ChannelPlan
from seizure_core.errors import ParameterError, RecordingError
from seizure_core.recording import Finding, Recording
from seizure_core.signals.resampling import Resampler, resampling_ratio


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ResampledGroup:
    """Input channels with the same stored sampling rate.

    Attributes
    ----------
    rows : list of int
        Positions in the channel plan.
    sampling_rate_hz : float
        As stored.
    resampler : Resampler
        To the model's rate.
    """

    rows: list[int]
    sampling_rate_hz: float
    resampler: Resampler


def rate_groups(
    recording: Recording, plan: ChannelPlan, sampling_rate_hz: float
) -> list[ResampledGroup]:
    """Return the plan's rows by stored sampling rate, lowest first.

    Raises
    ------
    RecordingError
        A rate cannot be converted to the model's.
    """
    groups = []
    for source_hz in _stored_rates(plan):
        rows = [row for row, hz in enumerate(plan.sampling_rates_hz) if hz == source_hz]
        try:
            ratio = resampling_ratio(source_hz, sampling_rate_hz)
        except ParameterError as error:
            raise RecordingError(recording.file_name, error.message) from error
        n_input = min(recording.channels[index].n_samples for index in plan.channel_indices(rows))
        groups.append(
            ResampledGroup(
                rows=rows, sampling_rate_hz=source_hz, resampler=Resampler(ratio, n_input)
            )
        )
    return groups


def _stored_rates(plan: ChannelPlan) -> list[float]:
    return sorted({hz for hz in plan.sampling_rates_hz if hz is not None})


def rate_findings(plan: ChannelPlan, sampling_rate_hz: float) -> Iterator[Finding]:
    """Yield findings on rates that differ from the model's."""
    for source_hz in _stored_rates(plan):
        if resampling_ratio(source_hz, sampling_rate_hz).is_identity:
            continue
        if source_hz > sampling_rate_hz:
            yield Finding.info(
                "Sampled at {source_hz:g} Hz, resampled to the model's {sampling_rate_hz:g} Hz.",
                source_hz=source_hz,
                sampling_rate_hz=sampling_rate_hz,
            )
            continue
        yield Finding.warning(
            "Sampled at {source_hz:g} Hz, less than the model's {sampling_rate_hz:g} Hz: "
            "resampled, but nothing above {source_hz_2:g} Hz is in it.",
            source_hz=source_hz,
            sampling_rate_hz=sampling_rate_hz,
            source_hz_2=source_hz / 2,
        )
