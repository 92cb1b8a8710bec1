"""State of a simulation: random numbers, noise, slow curves, and the signals so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from seizure_core.simulator.electrodes import electrode_positions, spread_weights
from seizure_core.simulator.specification import SimulationSpec

Signals = NDArray[np.float32]
Positions = NDArray[np.float64]
Spectrum = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Relative power, shape (n,) or (n_signals, n), at n frequencies in Hz."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Signals of all electrodes during a simulation.

    Attributes
    ----------
    positions : ndarray of float64, shape (n_electrodes, 3)
        Of the electrodes; the last two are the reference.
    signals : ndarray of float32, shape (n_electrodes, n_samples)
        Microvolts against infinity; changed in place.
    sleep, eyes_closed : ndarray of float32, shape (n_samples,)
        Depth of sleep, and eye closure, 0 to 1. Sleep suppresses blinks, closed eyes show alpha.
    """

    spec: SimulationSpec
    positions: Positions
    signals: Signals
    sleep: Signals
    eyes_closed: Signals

    @property
    def rate_hz(self) -> float:
        """Sampling rate in Hz."""
        return self.spec.sampling_rate_hz

    def stream(self, name: str) -> np.random.Generator:
        """Return the random generator of one component, see `random_stream`."""
        return random_stream(self.spec.seed, name)

    def starts(self, rng: np.random.Generator, per_minute: float) -> Iterator[int]:
        """Yield random samples of a Poisson process, in order."""
        if per_minute <= 0:
            return
        moment = float(rng.exponential(60.0 / per_minute))
        while moment < self.spec.duration_s:
            yield int(moment * self.rate_hz)
            moment += float(rng.exponential(60.0 / per_minute))

    def noise(
        self, rng: np.random.Generator, n_signals: int, n_samples: int, spectrum: Spectrum
    ) -> Signals:
        """Return independent Gaussian noises of unit variance with a given spectrum."""
        if n_samples == 0:
            return np.zeros((n_signals, 0), dtype=np.float32)
        n_fft = scipy.fft.next_fast_len(max(n_samples, 16), real=True)
        frequencies = scipy.fft.rfftfreq(n_fft, 1.0 / self.rate_hz)
        shape = (n_signals, frequencies.size)
        power = np.zeros(shape)
        power[:, 1:] = spectrum(frequencies[1:])
        amplitude = np.sqrt(power / np.maximum(power.sum(axis=1, keepdims=True), 1e-30))
        coefficients = rng.standard_normal(shape, dtype=np.float32) + 1j * rng.standard_normal(
            shape, dtype=np.float32
        )
        coefficients *= (amplitude * (n_fft / 2.0)).astype(np.float32)
        noise = scipy.fft.irfft(coefficients.astype(np.complex64), n_fft, axis=1, overwrite_x=True)
        return np.ascontiguousarray(noise[:, :n_samples], dtype=np.float32)

    def low_noise(
        self, rng: np.random.Generator, n_signals: int, n_samples: int, corner_hz: float
    ) -> Signals:
        """Return noises like `noise`, with a steep low-pass."""
        return self.noise(rng, n_signals, n_samples, lambda f: 1.0 / (1.0 + (f / corner_hz) ** 4))

    def slow_curve(self, rng: np.random.Generator, n_samples: int, timescale_s: float) -> Signals:
        """Return a smooth Gaussian curve of unit variance; shape (n_samples,).

        Its correlation time is about `timescale_s`.
        """
        step = max(1, int(timescale_s * self.rate_hz / 2))
        n_knots = n_samples // step + 4
        knots = rng.standard_normal(n_knots + 2)
        # A three-point average of unit variance with values `timescale_s / 2` apart.
        knots = (knots[:-2] + 2.0 * knots[1:-1] + knots[2:]) / np.sqrt(6.0)
        curve = np.interp(np.arange(n_samples), np.arange(n_knots) * step, knots)
        return np.asarray(curve, dtype=np.float32)

    def weights_of(self, place: str | Positions, width_rad: float) -> Signals:
        """Return how strongly each electrode sees a position, shape (n_electrodes,)."""
        source = electrode_positions([place]) if isinstance(place, str) else place[None]
        return spread_weights(self.positions, source, width_rad)[:, 0]

    def add(self, weights: Signals, piece: NDArray[np.floating], start: int) -> None:
        """Add `weights[i] * piece` to each signal from a sample on, clipped at the end."""
        last = min(start + piece.size, self.signals.shape[1])
        if last > start:
            seen = np.flatnonzero(np.abs(weights) > 1e-3)
            added = weights[seen, None] * piece[: last - start].astype(np.float32)
            self.signals[seen, start:last] += added

    def add_columns(self, weights: Signals, pieces: NDArray[np.floating], start: int) -> None:
        """Add pieces of several sources, with `weights` of shape (n_electrodes, n_sources)."""
        for column, piece in enumerate(pieces):
            self.add(weights[:, column], piece, start)

    def add_all(self, piece: Signals, start: int) -> None:
        """Add a piece for all electrodes, shape (n_electrodes, n), clipped at the end."""
        stop = min(start + piece.shape[1], self.signals.shape[1])
        if stop > start:
            self.signals[:, start:stop] += piece[:, : stop - start]


def scene_of(spec: SimulationSpec, electrodes: Sequence[str]) -> Scene:
    """Return a scene without activity, with random vigilance."""
    sleep = _switching(spec, "sleep", spec.background.sleep_fraction, 180.0, 15.0)
    closed = _switching(spec, "eyes", spec.background.eyes_closed_fraction, 25.0, 0.5)
    return Scene(
        spec=spec,
        positions=electrode_positions(electrodes),
        signals=np.zeros((len(electrodes), spec.n_samples), dtype=np.float32),
        sleep=sleep,
        eyes_closed=np.maximum(closed - sleep, 0.0),  # Alpha disappears with deeper sleep.
    )


def _switching(
    spec: SimulationSpec, name: str, fraction: float, stay_s: float, ramp_s: float
) -> Signals:
    """Return a curve that switches between 0 and 1 smoothly and is 1 for `fraction` of the time."""
    rng = random_stream(spec.seed, name)
    if fraction <= 0 or fraction >= 1:
        return np.full(spec.n_samples, float(fraction >= 1), dtype=np.float32)
    is_on = bool(rng.random() < fraction)
    moments, values, now = [0.0], [float(is_on)], 0.0
    while now < spec.duration_s:
        mean_s = 2.0 * stay_s * (fraction if is_on else 1.0 - fraction)
        stay = float(rng.gamma(2.0, mean_s / 2.0)) + ramp_s
        moments += [now + stay, now + stay + ramp_s]
        values += [float(is_on), float(not is_on)]
        now += stay + ramp_s
        is_on = not is_on
    times_s = np.arange(spec.n_samples) / spec.sampling_rate_hz
    return np.interp(times_s, moments, values).astype(np.float32)


def random_stream(seed: int, name: str) -> np.random.Generator:
    """Return a separate random generator for one component of a simulation.

    So removing one component (the seizures, say) leaves all others exactly as they were.
    """
    return np.random.default_rng(np.random.SeedSequence([seed, *name.encode()]))


def plateau(n_samples: int, rise: int, fall: int) -> Signals:
    """Return a pulse that rises to 1 and falls with cosine flanks; shape (n_samples,)."""
    shape = np.ones(n_samples, dtype=np.float32)
    rise, fall = min(rise, n_samples // 2), min(fall, n_samples // 2)
    if rise > 0:
        shape[:rise] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(rise) + 0.5) / rise)
    if fall > 0:
        shape[n_samples - fall :] *= 0.5 + 0.5 * np.cos(np.pi * (np.arange(fall) + 0.5) / fall)
    return shape
