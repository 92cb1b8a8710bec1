"""Quality of all channels of a recording, as the statistics look at it."""

from __future__ import annotations

from seizure_core.recording import Finding, Recording
from seizure_core.signals.blocks import rate_groups
from seizure_core.signals.quality import QualityMonitor
from seizure_core.signals.quality_report import ChannelQuality, quality_messages


def channel_quality(recording: Recording) -> list[ChannelQuality]:
    """Return what is seen of each channel, in the file's order."""
    found: dict[int, ChannelQuality] = {}
    for group in rate_groups(recording, range(len(recording.channels))):
        channels = [recording.channels[index] for index in group.channel_indices]
        monitor = QualityMonitor(channels, group.sampling_rate_hz)
        monitor.add(recording.read_samples(group.channel_indices, 0, group.n_samples))
        found |= dict(zip(group.channel_indices, monitor.results(), strict=True))
    return [found[index] for index in sorted(found)]


def quality_findings(recording: Recording) -> tuple[Finding, ...]:
    """Return what is said of the channels."""
    return quality_messages(recording, channel_quality(recording))
