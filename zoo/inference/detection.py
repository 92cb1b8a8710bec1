"""What a model found in one recording: the value that app, API and command line share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.sources import ChannelSource
from seizure_core.events.event import Event
from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.trace import ProbabilityTrace
from seizure_core.recording import Finding
from zoo.card.output import CARD_POINT


@dataclass(frozen=True, kw_only=True, eq=False)
class Detection:
    """Probabilities and events of one model on one recording.

    Attributes
    ----------
    file_name : str
        The recording's file, without folder.
    start_time : datetime or None
        Its wall-clock start.
    duration_s : float
        Its length, gaps included.
    model_id, model_version, weights_sha256 : str
        Which model it was, exactly.
    post_processing : PostProcessing
        How events were cut: what was used, which need not be what the card says.
    stride_s, window_s : float
        Likewise. `window_s` is the length of a row of `probabilities`: a window, or a step
        for models with one output a step.
    starts_s : ndarray of float64, shape (n_windows,)
        Starts of the windows.
    times_s : ndarray of float64, shape (n_windows,)
        Their centres.
    probabilities : ndarray of float32, shape (n_windows,)
        Before post-processing; NaN for windows that lie mostly in a gap.
    trace : ProbabilityTrace
        One value a second over the whole recording.
    events : tuple of Event
        Seizures after post-processing.
    channels : tuple of ChannelSource
        Where every input channel came from.
    coverage : float
        Fraction of the model's channels that could be had.
    findings : tuple of Finding
        What the user should know about the file and the result, caveats first.
    operating_point : str
        Name of the card's operating point that was used, or "own" for other numbers.
    """

    file_name: str
    start_time: datetime | None
    duration_s: float
    model_id: str
    model_version: str
    weights_sha256: str
    post_processing: PostProcessing
    stride_s: float
    window_s: float
    starts_s: NDArray[np.float64]
    times_s: NDArray[np.float64]
    probabilities: NDArray[np.float32]
    trace: ProbabilityTrace
    events: tuple[Event, ...]
    channels: tuple[ChannelSource, ...]
    coverage: float
    findings: tuple[Finding, ...]
    operating_point: str = CARD_POINT

    @property
    def caveats(self) -> tuple[Finding, ...]:
        """The findings that make the whole result doubtful, to be said before it."""
        return tuple(finding for finding in self.findings if finding.is_caveat)

    @property
    def other_findings(self) -> tuple[Finding, ...]:
        """The other findings."""
        return tuple(finding for finding in self.findings if not finding.is_caveat)

    @property
    def threshold(self) -> float:
        """Level that starts an event, and that `is_seizure` compares with."""
        return self.post_processing.threshold

    @property
    def threshold_off(self) -> float:
        """Level below which an event ends; never above the threshold."""
        return self.post_processing.lower_threshold

    @property
    def is_seizure(self) -> NDArray[np.bool_]:
        """For each window, whether its probability reaches the threshold."""
        # A comparison with NaN is false, as it must be for windows without data. In double
        # precision, so that whoever repeats it on the exported numbers gets the same.
        reached: NDArray[np.bool_] = self.probabilities.astype(np.float64) >= self.threshold
        return reached

    @property
    def seizure_s(self) -> float:
        """Seconds covered by events."""
        return float(sum(event.duration_s for event in self.events))
