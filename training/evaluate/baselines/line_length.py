"""A threshold on line length, the simplest detector that looks at the EEG.

After Esteller, Echauz, Tcheng, Litt and Pless, "Line length: an efficient feature for seizure
onset detection", EMBC 2001: the sum of absolute differences of samples grows with amplitude and
frequency alike. Here each second's is held against the recording's own median, so that no
recorder is favoured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.events.postprocessing import PostProcessing, events_from_trace
from seizure_core.events.trace import ProbabilityTrace, n_seconds
from seizure_core.recording import Recording
from training.evaluate.baselines.event_pairs import RATE_HZ, bipolar_pairs
from training.recipes.measure.event_figures import Found

# Silence has no line: nothing is divided by less, in microvolts a sample.
_FLOOR_UV = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLength:
    """Line length at a threshold.

    Attributes
    ----------
    settings : PostProcessing
        Applied to `r / (1 + r)` of the ratio r to the recording's median, which lies between
        0 and 1 and is 0.5 for an ordinary second.
    """

    settings: PostProcessing

    def find(self, recording: Recording) -> Found:
        """Return events; the level is no probability and is kept back."""
        return Found(events=events_from_trace(line_length_trace(recording), self.settings))


def line_length_trace(recording: Recording) -> ProbabilityTrace:
    """Return each second's level of line length, 0 to 1.

    Raises
    ------
    CoverageError, RecordingError
        As `bipolar_pairs`.
    """
    lengths = _lengths_by_second(bipolar_pairs(recording), n_seconds(recording.duration_s))
    ratios = lengths / max(float(np.median(lengths)), _FLOOR_UV)
    levels = (ratios / (1.0 + ratios)).astype(np.float32)
    return ProbabilityTrace(probabilities=levels, duration_s=recording.duration_s)


def _lengths_by_second(signals: NDArray[np.float32], n_values: int) -> NDArray[np.float64]:
    """Return the mean absolute difference of samples in each second, median over channels."""
    steps = np.median(np.abs(np.diff(signals, axis=1, prepend=signals[:, :1])), axis=0)
    rate = round(RATE_HZ)
    means = [steps[i * rate : (i + 1) * rate] for i in range(n_values)]
    return np.array([one.mean() if len(one) else 0.0 for one in means], dtype=np.float64)
