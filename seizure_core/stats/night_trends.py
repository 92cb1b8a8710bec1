"""Trends of a night, side by side: amplitude, spectrum, rhythm, asymmetry, suppression, burden.

All come from one pass over the EEG channels that lie on one side of the head, in windows of two
seconds at 60 Hz or somewhat more. They are made to find the minutes worth looking at in hours of
EEG, in the manner of the trends of monitors; nothing should be judged by them alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from seizure_core.channels.labels import parse_derivation
from seizure_core.display.rows import side_of
from seizure_core.errors import RecordingError
from seizure_core.events.event import Event, clip_events
from seizure_core.intervals import joined
from seizure_core.recording import Recording
from seizure_core.signals.blocks import Cancelled, Progress, RateGroup, rate_groups, signal_blocks

HeadSide = Literal["left", "right"]

STEP_S: Final = 10.0
"""Seconds of one value of a trend."""
BURDEN_LINE_S: Final = 720.0
"""Seizure burden of an hour above which outcomes are worse (Payne and others, Brain 2014)."""
SIDES_OF_HEAD: Final[tuple[HeadSide, ...]] = ("left", "right")

_HOUR_S = 3600.0
_LOWEST_RATE_HZ, _WINDOW_S, _PIECE_S = 60.0, 2.0, 0.5
_HIGHEST_HZ = 25.0
_AMPLITUDE_HZ, _ASYMMETRY_HZ, _WHOLE_HZ = (2.0, 15.0), (1.0, 18.0), (1.0, 20.0)
_HIGHEST_RHYTHM_HZ = 12.0
# Peak to peak of a sine over its standard deviation.
_PEAK_TO_PEAK = 2 * np.sqrt(2.0)
_SUPPRESSED_UV = 10.0
_POWER_FLOOR = 1e-2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SideTrends:
    """Trends of one side of the head, one value a step; NaN without signal.

    Attributes
    ----------
    labels : tuple of str
        Channels they are made of.
    amplitude_uv : ndarray, shape (3, n_steps)
        Peak to peak from 2 to 15 Hz: 10 %, 50 % and 90 % of windows and channels, as in
        amplitude-integrated EEG.
    power_uv2 : ndarray, shape (n_frequencies, n_steps)
        Mean over the channels.
    rhythmicity : ndarray, shape (n_steps,)
        Share of the power up to 20 Hz in one rhythm of 1 to 12 Hz and its harmonics, 0 to 1, of
        the channel that shows it most.
    suppression : ndarray, shape (n_steps,)
        Share of the time with less than 10 uV peak to peak in half a second, 0 to 1.
    """

    labels: tuple[str, ...]
    amplitude_uv: NDArray[np.float32]
    power_uv2: NDArray[np.float32]
    rhythmicity: NDArray[np.float32]
    suppression: NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NightTrends:
    """Trends of a recording.

    Attributes
    ----------
    step_s : float
        Seconds a step; the first begins with the recording.
    frequencies_hz : ndarray, shape (n_frequencies,)
        Of the spectra.
    asymmetry : ndarray, shape (n_steps,)
        Amplitude from 1 to 18 Hz, right minus left over both: -1 (left only) to 1 (right only).
    """

    duration_s: float
    step_s: float
    frequencies_hz: NDArray[np.float64]
    sides: Mapping[HeadSide, SideTrends]
    asymmetry: NDArray[np.float32]


def night_trends(
    recording: Recording,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> NightTrends:
    """Return the trends of a recording, read once in blocks.

    Raises
    ------
    RecordingError
        It has no EEG channel of one sampling rate on both sides of the head.
    WorkCancelledError
        The user cancelled.
    """
    sides = [side_of(parse_derivation(channel.label)) for channel in recording.channels]
    lateral = [
        number
        for number, (side, channel) in enumerate(zip(sides, recording.channels, strict=True))
        if side in SIDES_OF_HEAD and channel.may_be_voltage
    ]
    groups = rate_groups(recording, lateral)
    group = max(groups, key=lambda one: len(one.channel_indices), default=None)
    found = {
        side: [n for n in (group.channel_indices if group else ()) if sides[n] == side]
        for side in SIDES_OF_HEAD
    }
    if group is None or not all(found.values()):
        raise RecordingError(
            recording.file_name,
            "trends need EEG channels on both sides of the head, with names such as F3 or T8-P8.",
        )
    chosen = RateGroup(
        channel_indices=tuple(n for side in SIDES_OF_HEAD for n in found[side]),
        sampling_rate_hz=group.sampling_rate_hz,
        n_samples=group.n_samples,
    )
    pass_over = _TrendPass(chosen, n_left=len(found["left"]))
    for _, block in signal_blocks(recording, [chosen], progress, cancelled=cancelled):
        pass_over.add(block)
    labels = {
        side: tuple(recording.channels[n].label for n in numbers) for side, numbers in found.items()
    }
    return pass_over.result(recording.duration_s, labels)


class _TrendPass:
    """Takes in blocks of the channels of the left side, then of the right side."""

    def __init__(self, group: RateGroup, *, n_left: int) -> None:
        self._factor = _thinning(group.sampling_rate_hz)
        rate_hz = group.sampling_rate_hz / self._factor
        self._length = max(round(_WINDOW_S * rate_hz), 8)
        self._piece = max(round(_PIECE_S * rate_hz), 2)
        self._per_step = round(STEP_S / _WINDOW_S)
        self._step = self._factor * self._length * self._per_step
        self.step_s = self._step / group.sampling_rate_hz
        frequencies = np.fft.rfftfreq(self._length, 1.0 / rate_hz).astype(np.float64)
        self._frequencies = frequencies[frequencies <= min(_HIGHEST_HZ, 0.45 * rate_hz)]
        hann = np.hanning(self._length + 1)[:-1]
        self._window = hann.astype(np.float32)
        # Of a window of that form, in microvolts squared per bin, with what thinning took away.
        scale = 2.0 / (self._length * float((hann**2).sum()))
        kept = _kept(self._frequencies, self._factor, group.sampling_rate_hz)
        self._scale = (scale / kept**2).astype(np.float32)
        bands = (_AMPLITUDE_HZ, _ASYMMETRY_HZ, _WHOLE_HZ)
        self._bands = np.stack(
            [(self._frequencies >= low) & (self._frequencies < high) for low, high in bands], axis=1
        ).astype(np.float32)
        self._rows = {"left": slice(0, n_left), "right": slice(n_left, None)}
        self._waiting = np.empty((len(group.channel_indices), 0), dtype=np.float32)
        self._found: dict[str, list[dict[str, NDArray[np.float32]]]] = {"left": [], "right": []}

    def add(self, block: NDArray[np.float32]) -> None:
        """Take in the samples that follow."""
        n_missing = self._step - self._waiting.shape[1] if self._waiting.size else 0
        self._waiting = np.concatenate([self._waiting, block[:, :n_missing]], axis=1)
        if self._waiting.shape[1] == self._step:
            self._take(self._waiting)
            self._waiting = self._waiting[:, :0]
        rest = block[:, n_missing:]
        n_whole = rest.shape[1] // self._step * self._step
        if n_whole:
            self._take(rest[:, :n_whole])
        if rest.shape[1] > n_whole:
            self._waiting = rest[:, n_whole:].copy()

    def _take(self, signals: NDArray[np.float32]) -> None:
        windows = _thinned(signals, self._factor).reshape(len(signals), -1, self._length)
        pieces = windows[..., : self._length // self._piece * self._piece]
        pieces = pieces.reshape(*windows.shape[:2], -1, self._piece)
        range_uv = _reduced(np.maximum, pieces) - _reduced(np.minimum, pieces)
        quiet = (range_uv < _SUPPRESSED_UV).mean(axis=2)
        windows = (windows - windows.mean(axis=2, keepdims=True)) * self._window
        spectra = scipy.fft.rfft(windows, axis=2)[..., : len(self._frequencies)]
        power = np.square(spectra.real)
        power += np.square(spectra.imag)
        power *= self._scale
        bands = power @ self._bands
        rhythm = self._rhythm(power, bands[..., 2])
        quiet = np.where(np.isfinite(bands[..., 2]), quiet, np.nan)
        for side, rows in self._rows.items():
            of_side = self._of_side(power[rows], bands[rows], rhythm[rows], quiet[rows])
            self._found[side].append(of_side)

    def _of_side(
        self,
        power: NDArray[np.float32],
        bands: NDArray[np.float32],
        rhythm: NDArray[np.floating],
        quiet: NDArray[np.floating],
    ) -> dict[str, NDArray[np.float32]]:
        """Return the trends of one side for some steps."""
        shape = (len(power), -1, self._per_step)
        amplitude = np.moveaxis(np.sqrt(bands[..., 0]).reshape(shape), 1, 0)
        with np.errstate(invalid="ignore"):
            found = {
                "amplitude": _PEAK_TO_PEAK * _quantiles(amplitude.reshape(len(amplitude), -1)),
                "power": _mean(power.reshape(*shape, power.shape[2]), (0, 2)).T,
                "rhythm": np.fmax.reduce(_mean(rhythm.reshape(shape), (2,)), axis=0),
                "quiet": _mean(quiet.reshape(shape), (0, 2)),
                "strength": _mean(np.sqrt(bands[..., 1]).reshape(shape), (0, 2)),
            }
        return {name: np.asarray(values, dtype=np.float32) for name, values in found.items()}

    def _rhythm(
        self, power: NDArray[np.float32], whole: NDArray[np.float32]
    ) -> NDArray[np.floating]:
        """Return the share of the strongest rhythm and its harmonics in each window."""
        low, high, top = np.searchsorted(
            self._frequencies, (_WHOLE_HZ[0], _HIGHEST_RHYTHM_HZ, _WHOLE_HZ[1])
        )
        # Weighted by frequency, as background falls with it.
        weights = self._frequencies[low:high].astype(np.float32)
        peak = low + (power[..., low:high] * weights).argmax(axis=-1)
        # Sums up to each frequency make the sum of three neighbours one difference.
        sums = np.cumsum(power[..., :top], axis=-1)
        total = np.zeros_like(whole)
        for harmonic in (1, 2, 3):
            first = np.clip(harmonic * peak - 1, low, top) - 1
            last = np.clip(harmonic * peak + 1, low - 1, top - 1)
            is_inside = last > first
            ends = [
                np.take_along_axis(sums, place[..., None], axis=-1)[..., 0]
                for place in (np.minimum(last, top - 1), np.minimum(first, top - 1))
            ]
            total += np.where(is_inside, ends[0] - ends[1], 0.0)
        return np.asarray(np.minimum(total / (whole + _POWER_FLOOR), 1.0))

    def result(self, duration_s: float, labels: Mapping[HeadSide, tuple[str, ...]]) -> NightTrends:
        """Return the trends of all that was taken in, the last step filled up with nothing."""
        if self._waiting.shape[1]:
            missing = self._step - self._waiting.shape[1]
            self._take(np.pad(self._waiting, ((0, 0), (0, missing)), constant_values=np.nan))
        joint = {
            side: {
                name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]
            }
            for side, parts in self._found.items()
            if parts
        }
        left, right = joint["left"]["strength"], joint["right"]["strength"]
        with np.errstate(all="ignore"):
            asymmetry = ((right - left) / (right + left)).astype(np.float32)
        return NightTrends(
            duration_s=duration_s,
            step_s=self.step_s,
            frequencies_hz=self._frequencies,
            sides={
                side: SideTrends(
                    labels=labels[side],
                    amplitude_uv=joint[side]["amplitude"],
                    power_uv2=joint[side]["power"],
                    rhythmicity=joint[side]["rhythm"],
                    suppression=joint[side]["quiet"],
                )
                for side in SIDES_OF_HEAD
            },
            asymmetry=asymmetry,
        )


def _thinning(rate_hz: float) -> int:
    """Return how many samples become one, so that a window has a whole number of them."""
    wanted = range(max(int(rate_hz / _LOWEST_RATE_HZ), 1), 0, -1)
    return next((n for n in wanted if (_WINDOW_S * rate_hz / n).is_integer()), 1)


def _thinned(signals: NDArray[np.float32], factor: int) -> NDArray[np.float32]:
    """Return means of consecutive samples, so that line noise hardly comes back as EEG.

    Of an even number, pairs of means are then weighted 1-2-1 with their neighbours.
    """
    mean_of = factor // 2 if factor % 2 == 0 else factor
    first, *others = (signals[:, offset::mean_of] for offset in range(mean_of))
    sums = first + others[0] if others else first
    for other in others[1:]:
        sums += other
    if mean_of == factor:
        return np.asarray(sums * np.float32(1.0 / mean_of))
    thinned = sums[:, ::2] * np.float32(0.5 / mean_of)
    beside = sums[:, 1::2] * np.float32(0.25 / mean_of)
    thinned[:, 0] *= 1.5
    thinned[:, 1:] += beside[:, :-1]
    thinned += beside
    return np.asarray(thinned)


def _reduced(ufunc: np.ufunc, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `ufunc.reduce` over the last axis, pair by pair: short axes are reduced slowly."""
    while values.shape[-1] % 2 == 0:
        values = ufunc(values[..., ::2], values[..., 1::2])
    return np.asarray(ufunc.reduce(values, axis=-1))


def _kept(frequencies: NDArray[np.float64], factor: int, rate_hz: float) -> NDArray[np.float64]:
    """Return what `_thinned` leaves of the amplitude at some frequencies."""
    mean_of = factor // 2 if factor % 2 == 0 else factor
    phase = np.pi * frequencies / rate_hz
    kept = np.sinc(mean_of * frequencies / rate_hz) / np.sinc(frequencies / rate_hz)
    return kept * (np.cos(mean_of * phase) ** 2 if mean_of != factor else 1.0)


def _mean(values: NDArray[np.floating], axes: tuple[int, ...]) -> NDArray[np.floating]:
    """Return means over what is known; NaN without any."""
    means = values.mean(axis=axes, dtype=np.float32)
    if np.isfinite(means).all():
        return np.asarray(means)
    known = np.isfinite(values)
    n = known.sum(axis=axes)
    total = np.where(known, values, 0).sum(axis=axes)
    return np.asarray(np.where(n > 0, total / np.maximum(n, 1), np.nan))


def _quantiles(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return 10, 50 and 90 % of the known values of each row, shape (3, n_rows)."""
    ordered = np.sort(values, axis=1)  # NaN last
    n = np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    places = [np.rint(share * np.maximum(n - 1, 0)).astype(np.int64) for share in (0.1, 0.5, 0.9)]
    return np.stack([ordered[rows, place] for place in places])


def burden_s(events: Iterable[Event], duration_s: float) -> NDArray[np.float64]:
    """Return the seconds of seizure in each hour of a recording, overlaps counted once."""
    hours = np.zeros(max(int(np.ceil(duration_s / _HOUR_S)), 1))
    for start_s, stop_s in _spans(events, duration_s):
        for hour in range(int(start_s // _HOUR_S), int(np.ceil(stop_s / _HOUR_S))):
            begin_s, end_s = hour * _HOUR_S, (hour + 1) * _HOUR_S
            hours[hour] += min(stop_s, end_s) - max(start_s, begin_s)
    return hours


def largest_burden_s(events: Iterable[Event], duration_s: float) -> tuple[float, float]:
    """Return the largest seconds of seizure in any 60 minutes, and where these begin."""
    spans = _spans(events, duration_s)
    # The largest sum begins with a seizure or ends with one.
    starts = [start_s for start_s, _ in spans] + [stop_s - _HOUR_S for _, stop_s in spans]
    sums = [(_within(spans, max(start_s, 0.0)), -max(start_s, 0.0)) for start_s in starts]
    most, earliest = max(sums, default=(0.0, 0.0))
    return most, -earliest


def _within(spans: Sequence[tuple[float, float]], start_s: float) -> float:
    return sum(
        max(min(stop_s, start_s + _HOUR_S) - max(begin_s, start_s), 0.0)
        for begin_s, stop_s in spans
    )


def _spans(events: Iterable[Event], duration_s: float) -> list[tuple[float, float]]:
    seizures = (event for event in events if event.is_seizure)
    return joined(event.span_s for event in clip_events(seizures, duration_s))
