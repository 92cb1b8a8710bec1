"""Polyphase resampling of whole signals, piece by piece.

Any part of the result can be computed alone and is bit-identical to `scipy.signal.resample_poly`
over the whole signal, because each output sample is the same sum of products in the same order.
Only the required input samples are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.errors import ParameterError

# Largest factor of a ratio; the filter has twenty times as many coefficients.
MAX_FACTOR = 200_000
# Exact ratios are used up to this factor, else simpler ones.
_MAX_EXACT_FACTOR = 30_000
# Accepted relative errors of a simpler ratio, in this order: 3.6 or 18 ms per hour.
_TOLERANCES = (Fraction(1, 1_000_000), Fraction(5, 1_000_000))
# A larger ratio of rates indicates an error in a header.
_MAX_UP, _MAX_DOWN = 20, 1000
# scipy.signal.resample_poly: a Kaiser window of this beta, ten periods to either side.
_KAISER_BETA, _HALF_PERIODS = 5.0, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ResamplingRatio:
    """Ratio of output to input samples, in lowest terms."""

    up: int
    down: int

    @property
    def is_identity(self) -> bool:
        """Whether the rates are equal."""
        return self.up == self.down

    def n_output(self, n_input: int) -> int:
        """Return the number of output samples for `n_input`, rounded down.

        `scipy.signal.resample_poly` rounds up instead.
        """
        return n_input * self.up // self.down


def resampling_ratio(source_hz: float, target_hz: float) -> ResamplingRatio:
    """Return the ratio of two sampling rates as integers.

    It is exact if both rates are decimal numbers of moderate size (500 to 256 Hz is 64/125, 173.61
    to 256 Hz is 25600/17361). Else it is the simplest fraction within 1e-6 of the ratio, that is
    3.6 ms per hour, or within 5e-6 if that one is too large.

    Raises
    ------
    ParameterError
        A rate is not positive, or the two differ too much.
    """
    for rate_hz in (source_hz, target_hz):
        if not 0 < rate_hz < 1e9:
            raise ParameterError(
                "A sampling rate must be above 0 Hz; it is {rate_hz:g} Hz.", rate_hz=rate_hz
            )
    if target_hz > _MAX_UP * source_hz or source_hz > _MAX_DOWN * target_hz:
        raise ParameterError(
            "Signals of {source_hz:g} Hz cannot be resampled to {target_hz:g} Hz: at most "
            "{max_up} times up and {max_down} times down are supported.",
            source_hz=source_hz,
            target_hz=target_hz,
            max_up=_MAX_UP,
            max_down=_MAX_DOWN,
        )
    exact = _decimal(target_hz) / _decimal(source_hz)
    if _largest(exact) <= _MAX_EXACT_FACTOR:
        return ResamplingRatio(up=exact.numerator, down=exact.denominator)
    for tolerance in _TOLERANCES:
        simple = _simplest(exact * (1 - tolerance), exact * (1 + tolerance))
        if _largest(simple) <= MAX_FACTOR:
            return ResamplingRatio(up=simple.numerator, down=simple.denominator)
    raise ParameterError(
        "The sampling rates {source_hz!r} Hz and {target_hz!r} Hz have no usable ratio.",
        source_hz=source_hz,
        target_hz=target_hz,
    )


def _decimal(rate_hz: float) -> Fraction:
    """Return a rate as the intended fraction: 232.727... is 2560/11."""
    short = Fraction(rate_hz).limit_denominator(10_000)
    return short if short and abs(float(short) - rate_hz) <= 1e-9 * rate_hz else Fraction(rate_hz)


def _largest(ratio: Fraction) -> int:
    return max(ratio.numerator, ratio.denominator)


def _simplest(low: Fraction, high: Fraction) -> Fraction:
    """Return the fraction with the smallest denominator in `[low, high]`, `0 < low < high`.

    By continued fractions: the common integer part, then the same for the remainders.
    """
    whole_parts = []
    while low.numerator // low.denominator == high.numerator // high.denominator:
        whole = low.numerator // low.denominator
        whole_parts.append(whole)
        if low == whole:
            break
        low, high = 1 / (high - whole), 1 / (low - whole)
    else:
        whole_parts.append(-(-low.numerator // low.denominator))
    result = Fraction(whole_parts.pop())
    for whole in reversed(whole_parts):
        result = whole + 1 / result
    return result


class Resampler:
    """Resamples signals of one rate; stateless, so that any part can be computed.

    Near missing samples (NaN) the filter weights are normalised to those that exist, so that a gap
    causes no ringing; if less than half of the weight is left, the result is missing. Outside the
    recording the signal is zero, as in scipy.

    Parameters
    ----------
    n_input : int
        Length of the whole signal.
    """

    def __init__(self, ratio: ResamplingRatio, n_input: int) -> None:
        self.ratio = ratio
        self.n_input = n_input
        self.n_output = ratio.n_output(n_input)
        largest = max(ratio.up, ratio.down)
        self._half = 0 if ratio.is_identity else _HALF_PERIODS * largest
        self._taps = np.ones(1)
        if not ratio.is_identity:
            window = ("kaiser", _KAISER_BETA)
            taps = scipy.signal.firwin(2 * self._half + 1, 1.0 / largest, window=window)
            self._taps = np.asarray(taps * ratio.up, dtype=np.float64)

    def input_bounds(self, start: int, stop: int) -> tuple[int, int]:
        """Return the input samples `[first, last)` that output samples `[start, stop)` need."""
        up, down = self.ratio.up, self.ratio.down
        first = -((self._half - start * down) // up)
        last = ((stop - 1) * down + self._half) // up + 1
        first = min(max(first, 0), self.n_input)
        return first, min(max(last, first), self.n_input)

    def resample(
        self, signals: NDArray[np.floating[Any]], start: int, stop: int
    ) -> NDArray[np.float32]:
        """Return output samples `[start, stop)`.

        Parameters
        ----------
        signals : ndarray, shape (n_channels, n)
            Input samples `input_bounds(start, stop)`; NaN if missing.
        start, stop : int
            `0 <= start <= stop <= n_output`.

        Returns
        -------
        ndarray of float32, shape (n_channels, stop - start)
            NaN if missing.
        """
        if start == stop or not len(signals):
            return np.empty((len(signals), stop - start), dtype=np.float32)
        values = signals.astype(np.float64)
        missing = ~np.isfinite(values)
        rows = np.flatnonzero(missing.any(axis=1))
        values[missing] = 0.0
        resampled = self._filter(values, start, stop)
        if len(rows):
            lost = self._filter(missing[rows].astype(np.float64), start, stop)
            with np.errstate(divide="ignore", invalid="ignore"):
                restored = resampled[rows] / (1.0 - lost)
            resampled[rows] = np.where(lost > 0.5, np.nan, restored)
        return resampled.astype(np.float32)

    def _filter(self, values: NDArray[np.float64], start: int, stop: int) -> NDArray[np.float64]:
        """Return the convolution at output samples `[start, stop)`.

        `upfirdn` counts its output from its first input sample, so the filter is delayed by zeros
        to align the grids.
        """
        up, down = self.ratio.up, self.ratio.down
        first, _ = self.input_bounds(start, stop)
        offset = self._half + start * down - first * up
        skipped = -(-offset // down)
        taps = np.concatenate((np.zeros(skipped * down - offset), self._taps))
        filtered = np.asarray(
            scipy.signal.upfirdn(taps, values, up, down, axis=-1), dtype=np.float64
        )
        wanted = filtered[:, skipped : skipped + stop - start]
        short = stop - start - wanted.shape[1]
        return np.pad(wanted, ((0, 0), (0, short))) if short else wanted


def blocks_of(n_samples: int, block_samples: int) -> Iterator[tuple[int, int]]:
    """Yield the bounds of consecutive blocks that cover `n_samples`.

    Raises
    ------
    ParameterError
        `block_samples` is less than 1.
    """
    if block_samples < 1:
        raise ParameterError(
            "A block must hold at least 1 sample; {block_samples} was asked for.",
            block_samples=block_samples,
        )
    for start in range(0, n_samples, block_samples):
        yield start, min(start + block_samples, n_samples)
