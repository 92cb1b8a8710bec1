"""Stored integers of a recording, which do not change with its header."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seizure_core.io.edf.samples import EdfReader
from seizure_core.io.opening import open_recording
from seizure_core.recording import CODE
from seizure_core.signals.blocks import rate_groups

_FEWEST_SAMPLES = 256
_MAX_BLOCK_VALUES = 1 << 26  # Held at once: 256 MiB.


def digital_samples(path: Path) -> Iterator[NDArray[np.int32]]:
    """Yield the stored integers of each complete channel.

    For formats other than EDF and BDF, yield the bits of the values.

    Raises
    ------
    RecordingError
        The file cannot be read.
    """
    recording = open_recording(path)
    reader = recording.reader
    channels = [
        index
        for index, channel in enumerate(recording.channels)
        if channel.n_samples >= _FEWEST_SAMPLES and channel.unit != CODE
    ]
    for group in rate_groups(recording, channels):
        n_together = max(_MAX_BLOCK_VALUES // group.n_samples, 1)
        for first in range(0, len(group.channel_indices), n_together):
            indices = group.channel_indices[first : first + n_together]
            if isinstance(reader, EdfReader):
                yield from reader.read_integers(indices)
            else:
                yield from reader.read_samples(indices, 0, group.n_samples).view(np.int32)
