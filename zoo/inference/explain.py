"""Explanation of a window: contributions of channels and intervals, by occlusion.

After Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV 2014: a
channel, or an interval of it, is faded to zero; the drop in log odds is its contribution. This
needs no knowledge of the layers and so works for every model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from seizure_core.errors import ParameterError, RecordingTooShortError
from seizure_core.recording import Recording

if TYPE_CHECKING:
    import torch

    from zoo.detector import Detector

MAX_STRETCHES = 16
_FADE_S = 0.1
# Values that go through the model at once.
_BATCH_VALUES = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Contributions of channels and intervals to the log odds of a seizure.

    Attributes
    ----------
    channels : tuple of str
        Channels of the model, in order.
    signals : ndarray of float32, shape (n_channels, n_samples)
        Input of the model: resampled and preprocessed.
    sampling_rate_hz : float
        Of `signals`.
    probability, log_odds : float
        Output for the unchanged window.
    stretch_s : float
        Length of the intervals; the last one may be shorter.
    channel_effects : ndarray of float64, shape (n_channels,)
        Drop in log odds with a whole channel silenced; negative if it spoke against a seizure.
    stretch_effects : ndarray of float64, shape (n_stretches,)
        The same with all channels silenced for an interval.
    effects : ndarray of float64, shape (n_channels, n_stretches)
        The same for an interval of one channel.
    """

    file_name: str
    model_id: str
    start_s: float
    window_s: float
    channels: tuple[str, ...]
    signals: NDArray[np.float32]
    sampling_rate_hz: float
    probability: float
    log_odds: float
    stretch_s: float
    channel_effects: NDArray[np.float64]
    stretch_effects: NDArray[np.float64]
    effects: NDArray[np.float64]

    def top_channels(self, n: int = 3) -> tuple[str, ...]:
        """Return the channels with the largest contributions, largest first."""
        order = np.argsort(-self.channel_effects, kind="stable")[:n]
        return tuple(self.channels[int(index)] for index in order)

    def top_stretch(self) -> tuple[float, float]:
        """Return start and end of the interval with the largest contribution, in recording time."""
        index = int(np.argmax(self.stretch_effects))
        begin_s = self.start_s + index * self.stretch_s
        return begin_s, min(begin_s + self.stretch_s, self.start_s + self.window_s)


def explain_window(detector: Detector, recording: Recording, *, centre_s: float) -> Explanation:
    """Explain the model's output for the window around a time.

    Parameters
    ----------
    detector : Detector
        For models with several outputs per window, the output at `centre_s` is explained.
    centre_s : float
        Time in the recording; near its ends the window is moved inside.

    Raises
    ------
    ParameterError
        `centre_s` is outside the recording.
    RecordingTooShortError
        The recording is shorter than a window.
    CoverageError, RecordingError
        The recording lacks the model's channels, or cannot be read.
    """
    if not 0.0 <= centre_s <= recording.duration_s:
        raise ParameterError(
            "{file_name} lasts {duration_s:g} s; {centre_s:g} s is outside.",
            file_name=recording.file_name,
            duration_s=recording.duration_s,
            centre_s=centre_s,
        )
    contract = detector.card.input
    prepared = detector.prepare(recording)
    if prepared.n_samples < contract.window_samples:
        raise RecordingTooShortError(
            recording.file_name, duration_s=recording.duration_s, window_s=contract.window_s
        )
    rate_hz, length = prepared.sampling_rate_hz, contract.window_samples
    start = round(centre_s * rate_hz - length / 2)
    start = min(max(start, 0), prepared.n_samples - length)
    signals = prepared.read(start, start + length)
    explainer = _Explainer(detector.network, moment=(centre_s * rate_hz - start) / length)
    n_samples = math.ceil(length / MAX_STRETCHES)
    # Prefer whole seconds, unless there are too many.
    n_samples = max(n_samples, min(round(rate_hz), length))
    stretches = [(first, min(first + n_samples, length)) for first in range(0, length, n_samples)]
    log_odds, by_channel, by_stretch, by_both = _occlude(
        explainer, signals, stretches, fade=round(_FADE_S * rate_hz)
    )
    return Explanation(
        file_name=recording.file_name,
        model_id=detector.card.model_id,
        start_s=start / rate_hz,
        window_s=length / rate_hz,
        channels=prepared.plan.targets,
        signals=signals,
        sampling_rate_hz=rate_hz,
        probability=1.0 / (1.0 + math.exp(-min(max(log_odds, -700.0), 700.0))),
        log_odds=log_odds,
        stretch_s=n_samples / rate_hz,
        channel_effects=log_odds - by_channel,
        stretch_effects=log_odds - by_stretch,
        effects=log_odds - by_both,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mask:
    """Channels and samples to silence."""

    rows: slice
    first: int
    stop: int


class _Explainer:
    """Log odds of a seizure at one position of the window."""

    def __init__(self, network: torch.nn.Module, *, moment: float) -> None:
        self._network = network
        self._moment = moment

    def log_odds(self, windows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the log odds of windows, (n_windows, n_channels, n_samples) -> (n_windows,)."""
        import torch

        with torch.inference_mode():
            logits = self._network(torch.from_numpy(windows)).double()
        odds = logits[:, 1] - logits[:, 0]
        if odds.ndim == 2:
            step = min(int(self._moment * odds.shape[1]), odds.shape[1] - 1)
            odds = odds[:, step]
        values: NDArray[np.float64] = odds.numpy()
        return values


def _occlude(
    explainer: _Explainer,
    signals: NDArray[np.float32],
    stretches: Sequence[tuple[int, int]],
    *,
    fade: int,
) -> tuple[float, NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return log odds: unchanged, per silenced channel, per silenced interval, and per both."""
    n_channels, length = signals.shape
    everything = slice(0, n_channels)
    rows = [slice(index, index + 1) for index in range(n_channels)]
    masks = [_Mask(rows=everything, first=0, stop=0)]
    masks += [_Mask(rows=row, first=0, stop=length) for row in rows]
    masks += [_Mask(rows=everything, first=first, stop=stop) for first, stop in stretches]
    masks += [_Mask(rows=row, first=first, stop=stop) for row in rows for first, stop in stretches]
    odds = np.concatenate(
        [explainer.log_odds(batch) for batch in _silenced(signals, masks, fade=fade)]
    )
    per_channel = odds[1 : 1 + n_channels]
    per_stretch = odds[1 + n_channels : 1 + n_channels + len(stretches)]
    per_both = odds[1 + n_channels + len(stretches) :].reshape(n_channels, len(stretches))
    return float(odds[0]), per_channel, per_stretch, per_both


def _silenced(
    signals: NDArray[np.float32], masks: Sequence[_Mask], *, fade: int
) -> Iterator[NDArray[np.float32]]:
    """Yield batches of copies of a window, each with a part silenced."""
    size = max(1, _BATCH_VALUES // signals.size)
    for first in range(0, len(masks), size):
        chosen = masks[first : first + size]
        batch = np.repeat(signals[None], len(chosen), axis=0)
        for window, mask in zip(batch, chosen, strict=True):
            if mask.stop > mask.first:
                window[mask.rows] *= _gain(signals.shape[1], mask.first, mask.stop, fade)
        yield batch


def _gain(length: int, first: int, stop: int, fade: int) -> NDArray[np.float32]:
    """Return gains of one with a faded gap; a hard edge would look like a sharp wave."""
    gain = np.ones(length, dtype=np.float32)
    gain[first:stop] = 0.0
    slope = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, fade + 2)[1:-1])
    before = slope[::-1][-min(fade, first) :] if first else slope[:0]
    gain[first - len(before) : first] = before
    after = slope[: min(fade, length - stop)]
    gain[stop : stop + len(after)] = after
    return gain
