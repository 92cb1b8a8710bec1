"""Preprocessing steps of cards, with their parameters and bounds.

Filters are Butterworth or notch designs of `scipy.signal`. All steps are causal.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, shown
from seizure_core.messages import Message

Rows = slice | NDArray[np.intp]
Samples = NDArray[np.floating[Any]]
StepRun = Callable[[Rows, Samples, NDArray[np.bool_], NDArray[np.float32] | None], Samples]
"""A running step, which keeps its state between blocks.

Takes the channels of the samples; finite samples, shape (n_rows, n_samples), that follow those of
the last call; the rows whose first sample has no predecessor (the start, or the end of a gap); and
an array for the result. Returns the processed samples.
"""

MAX_ORDER = 8
MAX_NUMBER = 1e9
# With a lower cut-off relative to the sampling rate, float64 sections become inaccurate.
_MAX_RATE_TO_CUTOFF = 200_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreprocessingStep(ABC):
    """One preprocessing step of a card, with its parameters."""

    name: ClassVar[str]
    has_memory: ClassVar[bool] = True
    """Whether results depend on earlier samples."""

    def __post_init__(self) -> None:
        for field in fields(self):
            check = _check_order if field.type == "int" else _check_number
            check(self.name, field.name, getattr(self, field.name))
        for fault in self.contradictions:
            raise ParameterError("Step {name}: {fault}.", name=self.name, fault=fault)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Contradictions between parameters that are each within bounds."""
        return ()

    @property
    def frequencies_hz(self) -> tuple[float, ...]:
        """Frequencies that must be below half the sampling rate."""
        return tuple(getattr(self, f.name) for f in fields(self) if f.name.endswith("_hz"))

    def check_rate(self, sampling_rate_hz: float) -> None:
        """Raise `ParameterError` if the step is impossible at a sampling rate."""
        for frequency_hz in self.frequencies_hz:
            if not frequency_hz < sampling_rate_hz / 2:
                raise ParameterError(
                    "Step {name}: {frequency_hz:g} Hz must lie below half the sampling rate "
                    "of {sampling_rate_hz:g} Hz, that is below {sampling_rate_hz_2:g} Hz.",
                    name=self.name,
                    frequency_hz=frequency_hz,
                    sampling_rate_hz=sampling_rate_hz,
                    sampling_rate_hz_2=sampling_rate_hz / 2,
                )
            if frequency_hz * _MAX_RATE_TO_CUTOFF < sampling_rate_hz:
                raise ParameterError(
                    "Step {name}: {frequency_hz:g} Hz is too low for a sampling rate of "
                    "{sampling_rate_hz:g} Hz; the least is {sampling_rate_hz_2:g} Hz.",
                    name=self.name,
                    frequency_hz=frequency_hz,
                    sampling_rate_hz=sampling_rate_hz,
                    sampling_rate_hz_2=sampling_rate_hz / _MAX_RATE_TO_CUTOFF,
                )

    @abstractmethod
    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the step ready to process a number of channels."""


def _check_number(step: str, name: str, value: object) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and 0 < value <= MAX_NUMBER:  # type: ignore[operator]
        return
    raise ParameterError(
        "Step {step}: {name} must be a number above 0, at most {max_number:g}; it is {value}.",
        step=step,
        name=name,
        max_number=MAX_NUMBER,
        value=shown(value),
    )


def _check_order(step: str, name: str, value: object) -> None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ORDER:
        return
    raise ParameterError(
        "Step {step}: {name} must be a whole number from 1 to {max_order}; it is {value}.",
        step=step,
        name=name,
        max_order=MAX_ORDER,
        value=shown(value),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterStep(PreprocessingStep):
    """A step that is a linear filter."""

    @abstractmethod
    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the filter as second-order sections, shape (n_sections, 6)."""

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the filter in its initial state."""
        self.check_rate(sampling_rate_hz)
        return filter_run(self.sections(sampling_rate_hz), n_channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class HighPass(FilterStep):
    """Butterworth high-pass."""

    name: ClassVar[str] = "high_pass"
    cutoff_hz: float
    order: int

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the filter as second-order sections."""
        return _butterworth(self.order, self.cutoff_hz, "highpass", sampling_rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class LowPass(FilterStep):
    """Butterworth low-pass."""

    name: ClassVar[str] = "low_pass"
    cutoff_hz: float
    order: int

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the filter as second-order sections."""
        return _butterworth(self.order, self.cutoff_hz, "lowpass", sampling_rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPass(FilterStep):
    """Butterworth band-pass; `order` is that of each slope."""

    name: ClassVar[str] = "band_pass"
    low_hz: float
    high_hz: float
    order: int

    @property
    def contradictions(self) -> tuple[str, ...]:
        """Contradictions between the two edges."""
        if self.low_hz < self.high_hz:
            return ()
        return (
            Message(
                "low_hz ({low_hz:g}) must be less than high_hz ({high_hz:g})",
                low_hz=self.low_hz,
                high_hz=self.high_hz,
            ),
        )

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the filter as second-order sections."""
        band = (self.low_hz, self.high_hz)
        return _butterworth(self.order, band, "bandpass", sampling_rate_hz)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notch(FilterStep):
    """Second-order notch for mains interference; its width at -3 dB is `frequency_hz / quality`."""

    name: ClassVar[str] = "notch"
    frequency_hz: float
    quality: float

    def sections(self, sampling_rate_hz: float) -> NDArray[np.float64]:
        """Return the filter as second-order sections."""
        numerator, denominator = scipy.signal.iirnotch(
            self.frequency_hz, self.quality, fs=sampling_rate_hz
        )
        return np.concatenate((numerator, denominator))[np.newaxis, :].astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(PreprocessingStep):
    """Multiply by a fixed factor."""

    name: ClassVar[str] = "scale"
    has_memory: ClassVar[bool] = False
    factor: float

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the stateless step."""
        return lambda _rows, signals, _restart, out: np.asarray(
            np.multiply(signals, self.factor, out=out, casting="same_kind")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip(PreprocessingStep):
    """Clip at plus and minus a limit, in the unit at this step."""

    name: ClassVar[str] = "clip"
    has_memory: ClassVar[bool] = False
    limit_uv: float

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the stateless step."""
        return lambda _rows, signals, _restart, out: np.asarray(
            np.clip(signals, -self.limit_uv, self.limit_uv, out=out, casting="same_kind")
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningScale(PreprocessingStep):
    """Divide each channel by its own recent root mean square.

    The mean square is an exponential average with `time_constant_s`, bias-corrected from the first
    sample on. `floor_uv` is the smallest divisor, so that silence stays silent.
    """

    name: ClassVar[str] = "running_scale"
    time_constant_s: float
    floor_uv: float

    def start(self, n_channels: int, sampling_rate_hz: float) -> StepRun:
        """Return the step without history."""
        keep = math.exp(-1.0 / (self.time_constant_s * sampling_rate_hz))
        section = np.array([[1.0 - keep, 0.0, 0.0, 1.0, -keep, 0.0]])
        states = np.zeros((1, n_channels, 2))
        n_seen = np.zeros(n_channels, dtype=np.int64)

        def run(rows: Rows, signals: Samples, restart: NDArray[np.bool_], _out: object) -> Samples:
            state, seen = states[:, rows].copy(), n_seen[rows].copy()
            state[:, restart] = 0.0
            seen[restart] = 0
            squares, states[:, rows] = scipy.signal.sosfilt(
                section, np.square(signals), axis=-1, zi=state
            )
            n_seen[rows] = seen + signals.shape[1]
            # An average started at zero has 1 - keep**n of its weight after n samples.
            counts = seen[:, np.newaxis] + np.arange(1, signals.shape[1] + 1)
            weight = -np.expm1(counts * np.log(keep))
            divisors = np.maximum(np.sqrt(squares / weight), self.floor_uv)
            return np.asarray(signals / divisors, dtype=np.float64)

        return run


def filter_run(sections: NDArray[np.float64], n_channels: int) -> StepRun:
    """Return a linear filter in its initial state, from `scipy.signal.butter(output="sos")`.

    It starts as if the first sample had always been there, so that a constant makes no transient.
    """
    at_one = scipy.signal.sosfilt_zi(sections)[:, np.newaxis, :]
    states = np.zeros((len(sections), n_channels, 2))

    def run(rows: Rows, signals: Samples, restart: NDArray[np.bool_], _out: object) -> Samples:
        state = states[:, rows]
        if restart.any():
            state = state.copy()
            state[:, restart] = at_one * signals[restart, :1]
        filtered, states[:, rows] = scipy.signal.sosfilt(sections, signals, axis=-1, zi=state)
        return np.asarray(filtered, dtype=np.float64)

    return run


def _butterworth(
    order: int, frequency_hz: float | tuple[float, float], kind: str, sampling_rate_hz: float
) -> NDArray[np.float64]:
    sections = scipy.signal.butter(order, frequency_hz, kind, fs=sampling_rate_hz, output="sos")
    return np.asarray(sections, dtype=np.float64)


STEPS: Mapping[str, type[PreprocessingStep]] = {
    step.name: step for step in (HighPass, LowPass, BandPass, Notch, Scale, Clip, RunningScale)
}
