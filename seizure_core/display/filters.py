"""Display filters; they change neither files nor the input of models.

Causal, as in clinical systems: second-order Butterworth high- and low-pass (12 dB per octave), and
a narrow second-order notch for mains interference.
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
_SETTLED = 9.2  # Time constants until 1e-4 of the transient is left.
MIN_HIGH_PASS_HZ = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayFilters:
    """Settings of the display filters; None turns a filter off.

    Attributes
    ----------
    high_pass_hz, low_pass_hz : float or None
        Frequency at -3 dB.
    notch_hz : float or None
        50 or 60.
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
        """Whether any filter is on."""
        return any(v is not None for v in (self.high_pass_hz, self.low_pass_hz, self.notch_hz))

    @property
    def lead_in_s(self) -> float:
        """Time before a page at which to start filtering, so that the transient is over."""
        lead_in = 0.0
        for corner_hz in (self.high_pass_hz, self.low_pass_hz):
            if corner_hz is not None:  # poles of a second-order Butterworth: 2 pi f cos(45 deg)
                lead_in = max(lead_in, _SETTLED / (2 * np.pi * corner_hz * np.sqrt(0.5)))
        if self.notch_hz is not None:
            lead_in = max(lead_in, _SETTLED * _NOTCH_QUALITY / (np.pi * self.notch_hz))
        return float(lead_in)

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the filters in their initial state; one must be active at this rate."""
        sections = self.sections(sampling_rate_hz)
        assert sections is not None
        return filter_run(sections, n_channels)

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64] | None:
        """Return second-order sections; filters above half the sampling rate are left out.

        Returns
        -------
        ndarray of float64, shape (n_sections, 6), or None
            None if no filter is left.
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
    """Display filters applied to consecutive blocks of rows with the same sampling rate.

    The state starts at each row's first sample, and again after each gap, so that an offset makes
    no transient.
    """

    def __init__(self, filters: DisplayFilters, *, n_rows: int, sampling_rate_hz: float) -> None:
        self._run = None
        if filters.sections(sampling_rate_hz) is not None:
            self._run = Preprocessor([filters], n_rows, sampling_rate_hz)

    def process(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the next block filtered, shape (n_rows, n_samples); NaN stays NaN."""
        if self._run is None or block.shape[1] == 0:
            return block
        whole = is_whole(block)
        filtered = self._run.process(block, whole=whole)
        if not whole:
            filtered[~np.isfinite(block)] = np.nan
        return filtered
