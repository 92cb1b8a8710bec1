"""The signals that classical detectors look at: bipolar pairs at 128 Hz."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input

RATE_HZ = 128.0
_LOW_HZ, _HIGH_HZ, _ORDER = 1.0, 30.0, 2
_MIN_COVERAGE = 0.5


def bipolar_pairs(recording: Recording) -> NDArray[np.float32]:
    """Return the pairs of the double banana that can be had, 1 to 30 Hz, in microvolts.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        At `RATE_HZ`; rows without signal are left out.

    Raises
    ------
    CoverageError
        Fewer than half of the pairs can be had.
    RecordingError
        The recording cannot be read.
    """
    model_input = prepare_input(
        recording,
        channels=DOUBLE_BANANA_18,
        sampling_rate_hz=RATE_HZ,
        preprocessing=(
            {"step": "band_pass", "low_hz": _LOW_HZ, "high_hz": _HIGH_HZ, "order": _ORDER},
        ),
        min_coverage=_MIN_COVERAGE,
    )
    signals = np.concatenate(list(model_input.blocks()), axis=1)
    return signals[signals.any(axis=1)]
