"""Baseline detectors without a model: always, never, line length, and rhythms after Gotman.

J. Gotman, "Automatic recognition of epileptic seizures in the EEG", Electroencephalography and
Clinical Neurophysiology 54 (1982) 530-540. The EEG of each channel is divided into half waves. An
epoch of two seconds is suspicious if its half waves are much larger than in the recent background,
last as long as in rhythms of 3 to 20 Hz, and have similar durations. A seizure is two channels
suspicious in two consecutive epochs. This is our simplified version with the published numbers;
nothing was tuned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.montages import DOUBLE_BANANA_18
from seizure_core.events.event import SEIZURE, Event
from seizure_core.events.line_length import line_length_events
from seizure_core.intervals import true_runs
from seizure_core.recording import Recording
from seizure_core.signals.model_input import prepare_input
from training.evaluate.finders import Finder, Found

RATE_HZ = 128.0
_LOW_HZ, _HIGH_HZ, _ORDER = 1.0, 30.0, 2
_MIN_COVERAGE = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class GotmanSettings:
    """Parameters of the rules.

    Attributes
    ----------
    epoch_s, background_s, lag_s : float
        Length of an epoch, and of its background, which ends `lag_s` before it.
    amplitude_ratio : float
        Minimum mean amplitude of half waves, relative to the background.
    shortest_s, longest_s : float
        Mean duration of half waves.
    max_variation : float
        Maximum coefficient of variation of durations.
    n_channels, n_epochs : int
        Suspicious channels per epoch, and consecutive such epochs, that make a seizure.
    floor_uv : float
        Smaller half waves are noise and belong to the previous one.
    """

    epoch_s: float = 2.0
    background_s: float = 16.0
    lag_s: float = 12.0
    amplitude_ratio: float = 3.0
    shortest_s: float = 0.025
    longest_s: float = 0.150
    max_variation: float = 0.6
    n_channels: int = 2
    n_epochs: int = 2
    floor_uv: float = 2.0


def gotman_like(recording: Recording, numbers: GotmanSettings = GotmanSettings()) -> Found:
    """Return runs of suspicious epochs as seizures.

    Raises
    ------
    CoverageError, RecordingError
        See `bipolar_pairs`.
    """
    signals = bipolar_pairs(recording).astype(np.float64)
    n_epochs = int(signals.shape[1] / (RATE_HZ * numbers.epoch_s))
    suspicious = [suspicious_epochs(row, n_epochs, numbers) for row in signals]
    n_channels = np.sum(suspicious, axis=0) if suspicious else np.zeros(n_epochs)
    return Found(
        events=tuple(
            Event(
                onset_s=start * numbers.epoch_s,
                duration_s=(stop - start) * numbers.epoch_s,
                event_type=SEIZURE,
            )
            for start, stop in true_runs(n_channels >= numbers.n_channels, numbers.n_epochs)
        )
    )


def bipolar_pairs(recording: Recording) -> NDArray[np.float32]:
    """Return the available derivations of the double banana, 1 to 30 Hz, in microvolts.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
        At `RATE_HZ`; channels without signal are left out.

    Raises
    ------
    CoverageError
        Fewer than half of the derivations are available.
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


def suspicious_epochs(signal: Floats, n_epochs: int, numbers: GotmanSettings) -> NDArray[np.bool_]:
    """Return for each epoch of a channel whether it is suspicious.

    Parameters
    ----------
    signal : ndarray of float64, shape (n_samples,)
        At `RATE_HZ`.
    n_epochs : int
        Complete epochs in it.
    """
    turns = half_wave_turns(signal, numbers.floor_uv)
    middles_s = (turns[1:] + turns[:-1]) / 2 / RATE_HZ
    amplitudes = np.abs(np.diff(signal[turns]))
    durations_s = np.diff(turns) / RATE_HZ
    found = np.zeros(n_epochs, dtype=np.bool_)
    for epoch in range(n_epochs):
        start_s = epoch * numbers.epoch_s
        inside = _between(middles_s, start_s, start_s + numbers.epoch_s)
        past_stop_s = start_s - numbers.lag_s
        past = _between(middles_s, past_stop_s - numbers.background_s, past_stop_s)
        if inside.stop - inside.start < 2 or past.stop == past.start:
            continue
        lasting = durations_s[inside]
        found[epoch] = (
            amplitudes[inside].mean() >= numbers.amplitude_ratio * amplitudes[past].mean()
            and numbers.shortest_s <= lasting.mean() <= numbers.longest_s
            and lasting.std() <= numbers.max_variation * lasting.mean()
        )
    return found


def half_wave_turns(signal: Floats, floor_uv: float) -> NDArray[np.int64]:
    """Return the samples between half waves: extremes that differ by more than the floor."""
    slopes = np.sign(np.diff(signal))
    extremes = np.flatnonzero(slopes[1:] * slopes[:-1] < 0) + 1
    turns: list[int] = []
    for here in extremes.tolist():
        if not turns:
            turns.append(here)
            continue
        if (
            len(turns) > 1
            and (signal[turns[-1]] - signal[turns[-2]]) * (signal[here] - signal[turns[-1]]) > 0
        ):
            turns[-1] = here  # The same half wave continues.
        elif abs(signal[here] - signal[turns[-1]]) >= floor_uv:
            turns.append(here)
    return np.array(turns, dtype=np.int64)


def _between(middles_s: Floats, start_s: float, stop_s: float) -> slice:
    """Return which half waves have their middle in `[start_s, stop_s)`; they are sorted."""
    first, last = np.searchsorted(middles_s, (start_s, stop_s))
    return slice(int(first), int(last))


def always_alarm(recording: Recording) -> Found:
    """Return the whole recording as one seizure."""
    whole = Event(onset_s=0.0, duration_s=recording.duration_s, event_type=SEIZURE)
    return Found(events=(whole,))


def never_alarm(recording: Recording) -> Found:
    """Return no events."""
    return Found(events=())


def line_length(recording: Recording) -> Found:
    """Return the events of the line-length detector."""
    return Found(events=line_length_events(recording))


BASELINES: Mapping[str, Finder] = {
    "always alarm": always_alarm,
    "never alarm": never_alarm,
    "line length": line_length,
    "Gotman-like": gotman_like,
}
