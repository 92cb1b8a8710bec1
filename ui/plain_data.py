"""Plain data for the API: finite numbers or None, and never a machine path."""

from __future__ import annotations

import math
from typing import Any, TypeVar, cast

from seizure_core.recording import Recording
from seizure_core.stats.distribution import Distribution

T = TypeVar("T")


def recording_data(recording: Recording) -> dict[str, Any]:
    """Return the header facts of a recording."""
    return {
        "file_name": recording.file_name,
        "format": recording.format,
        "duration_s": recording.duration_s,
        "start_time": None if recording.start_time is None else recording.start_time.isoformat(),
        "sampling_rates_hz": sorted({c.sampling_rate_hz for c in recording.channels}),
        "n_channels": len(recording.channels),
        "channels": [
            {
                "label": channel.label,
                "unit": channel.unit,
                "stored_unit": channel.stored_unit,
                "sampling_rate_hz": channel.sampling_rate_hz,
                "n_samples": channel.n_samples,
            }
            for channel in recording.channels
        ],
        "annotations": [
            {"onset_s": a.onset_s, "duration_s": a.duration_s, "text": a.text}
            for a in recording.annotations
        ],
        "segments": [
            {"start_s": segment.start_s, "duration_s": segment.duration_s}
            for segment in recording.segments
        ],
        "findings": [{"severity": f.severity, "message": f.message} for f in recording.findings],
    }


def without_undefined(value: T) -> T:
    """Return plain data with None in place of every number that is not finite.

    JSON knows no NaN, and browsers refuse it. Keys are plain texts: Gradio's writer of JSON takes
    no others, `Message` included.
    """
    return cast("T", _without_undefined(value))


def _without_undefined(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _without_undefined(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_undefined(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def distribution_data(distribution: Distribution) -> dict[str, Any]:
    """Return a distribution of values."""
    return {
        "channel": distribution.channel,
        "unit": distribution.unit,
        "bin_edges": [float(edge) for edge in distribution.bin_edges],
        "counts": [int(count) for count in distribution.counts],
        "n_missing": distribution.n_missing,
    }
