"""Plans by names alone."""

from __future__ import annotations

from collections.abc import Sequence

from seizure_core.channels.sources import ChannelSource, LabelledChannel, SourceFinder


def plan_labels(labels: Sequence[str], targets: Sequence[str]) -> tuple[ChannelSource, ...]:
    """Return where each target would come from in a file with these labels, of one rate."""
    channels = [
        LabelledChannel(index=i, label=label, sampling_rate_hz=1.0)
        for i, label in enumerate(labels)
    ]
    return SourceFinder(channels).sources(targets)
