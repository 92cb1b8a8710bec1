"""Filters for looking at EEG. They never touch files or what a model is fed with.

Causal, as in a clinical machine: Butterworth of second order for high- and low-pass
(12 dB an octave), a narrow second-order notch against the mains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.errors import ParameterError
from seizure_core.signals.preprocessing import Preprocessor, is_whole
from seizure_core.signals.steps import StepRun, filter_run

_NOTCH_QUALITY = 30.0
_SETTLED = 9.2  # time constants until 1e-4 of the beginning is left
MIN_HIGH_PASS_HZ = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayFilters:
    """What is taken out before EEG is drawn; None leaves a filter out.

    Attributes
    ----------
    high_pass_hz, low_pass_hz : float or None
        Where the signal is 3 dB down.
    notch_hz : float or None
        Centre of the notch (50 or 60).
    """

    has_memory: ClassVar[bool] = True
    high_pass_hz: float | None = None
    low_pass_hz: float | None = None
    notch_hz: float | None = None

    def __post_init__(self) -> None:
        for name in ("high_pass_hz", "low_pass_hz", "notch_hz"):
            value = getattr(self, name)
            if value is not None and not (MIN_HIGH_PASS_HZ <= value <= 1e5):
                raise ParameterError(
                    "A display filter works from {min_high_pass_hz:g} to 100000 Hz; "
                    "{removesuffix} was {value:g} Hz.",
                    min_high_pass_hz=MIN_HIGH_PASS_HZ,
                    removesuffix=name.removesuffix("_hz"),
                    value=value,
                )
        low, high = self.low_pass_hz, self.high_pass_hz
        if low is not None and high is not None and low <= high:
            raise ParameterError(
                "The low-pass ({low:g} Hz) must lie above the high-pass ({high:g} Hz).",
                low=low,
                high=high,
            )

    @property
    def is_active(self) -> bool:
        """Whether there is anything to filter."""
        return any(v is not None for v in (self.high_pass_hz, self.low_pass_hz, self.notch_hz))

    @property
    def lead_in_s(self) -> float:
        """How long before a page filtering must begin, so that its start cannot be seen."""
        lead_in = 0.0
        for corner_hz in (self.high_pass_hz, self.low_pass_hz):
            if corner_hz is not None:  # poles of a second-order Butterworth: 2 pi f cos(45 deg)
                lead_in = max(lead_in, _SETTLED / (2 * np.pi * corner_hz * np.sqrt(0.5)))
        if self.notch_hz is not None:
            lead_in = max(lead_in, _SETTLED * _NOTCH_QUALITY / (np.pi * self.notch_hz))
        return float(lead_in)

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the filters at rest; there is something to do at this rate."""
        sections = self.sections(sampling_rate_hz)
        assert sections is not None
        return filter_run(sections, n_channels)

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64] | None:
        """Return second-order sections; filters beyond half the rate do nothing and are left out.

        Returns
        -------
        ndarray of float64, shape (n_sections, 6), or None
            None where nothing is left to do.
        """
        half = sampling_rate_hz / 2
        parts = []
        if self.high_pass_hz is not None and self.high_pass_hz < half:
            parts.append(scipy.signal.butter(2, self.high_pass_hz / half, "highpass", output="sos"))
        if self.low_pass_hz is not None and self.low_pass_hz < half:
            parts.append(scipy.signal.butter(2, self.low_pass_hz / half, "lowpass", output="sos"))
        if self.notch_hz is not None and self.notch_hz < half:
            parts.append(
                scipy.signal.tf2sos(*scipy.signal.iirnotch(self.notch_hz / half, _NOTCH_QUALITY))
            )
        return np.concatenate(parts) if parts else None


class FilterRun:
    """One pass of display filters over consecutive blocks of rows of one sampling rate.

    Each row starts as if its first sample had stood there for ever, and anew after each gap.

    Parameters
    ----------
    filters : DisplayFilters
        What to take out.
    n_rows : int
        Rows of every block.
    sampling_rate_hz : float
        Their rate.
    """

    def __init__(self, filters: DisplayFilters, *, n_rows: int, sampling_rate_hz: float) -> None:
        self._run = None
        if filters.sections(sampling_rate_hz) is not None:
            self._run = Preprocessor([filters], n_rows, sampling_rate_hz)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the next block, shape (n_rows, n_samples), filtered; NaN stays where it was."""
        if self._run is None or block.shape[1] == 0:
            return block
        whole = is_whole(block)
        filtered = self._run.process(block, whole=whole)
        if not whole:
            filtered[~np.isfinite(block)] = np.nan
        return filtered
