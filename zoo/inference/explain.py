"""Which channels and seconds made a model say so: what it would say had they been silent.

Occlusion (Zeiler and Fergus, "Visualizing and understanding convolutional networks", ECCV
2014), for EEG: a channel, or a stretch of it, is faded to zero, and the fall of the model's log
odds is what it had contributed. Nothing is assumed about the layers, so it works for every
model of the zoo.
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
# Numbers that go through the model in one go.
_BATCH_VALUES = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """What a window's parts contributed to a model's log odds of a seizure.

    Attributes
    ----------
    file_name, model_id : str
        Which recording, which model.
    start_s, window_s : float
        The window.
    channels : tuple of str
        The model's channels, in its order.
    signals : ndarray of float32, shape (n_channels, n_samples)
        What the model saw: resampled, preprocessed.
    sampling_rate_hz : float
        Of `signals`.
    probability, log_odds : float
        What the model said of the window as it is.
    stretch_s : float
        Length of the stretches, the last of which may be shorter.
    channel_effects : ndarray of float64, shape (n_channels,)
        Fall of the log odds where a whole channel is silent; negative where it spoke against
        a seizure.
    stretch_effects : ndarray of float64, shape (n_stretches,)
        The same where all channels are silent for a stretch.
    effects : ndarray of float64, shape (n_channels, n_stretches)
        The same for a stretch of one channel.
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
        """Return the channels that contributed most, the first one most of all."""
        order = np.argsort(-self.channel_effects, kind="stable")[:n]
        return tuple(self.channels[int(index)] for index in order)

    def top_stretch(self) -> tuple[float, float]:
        """Return begin and end of the stretch that contributed most, in recording seconds."""
        index = int(np.argmax(self.stretch_effects))
        begin_s = self.start_s + index * self.stretch_s
        return begin_s, min(begin_s + self.stretch_s, self.start_s + self.window_s)


def explain_window(detector: Detector, recording: Recording, *, centre_s: float) -> Explanation:
    """Explain what a model says of the window around a moment.

    Parameters
    ----------
    detector : Detector
        Which model. Of models with several outputs a window, those around the moment count.
    recording : Recording
        Which EEG.
    centre_s : float
        The moment; the window is moved inside the recording where it would reach out.

    Raises
    ------
    ParameterError
        The moment lies outside the recording.
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
    # Whole seconds read better, where they are not too many.
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
    """Rows and samples that are silent."""

    rows: slice
    first: int
    stop: int


class _Explainer:
    """A model's log odds of a seizure at one moment of its window."""

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
    """Return the log odds as they are, per silent channel, per silent stretch, and per both."""
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
    """Yield batches of copies of a window, each with something silent in it."""
    size = max(1, _BATCH_VALUES // signals.size)
    for first in range(0, len(masks), size):
        chosen = masks[first : first + size]
        batch = np.repeat(signals[None], len(chosen), axis=0)
        for window, mask in zip(batch, chosen, strict=True):
            if mask.stop > mask.first:
                window[mask.rows] *= _gain(signals.shape[1], mask.first, mask.stop, fade)
        yield batch


def _gain(length: int, first: int, stop: int, fade: int) -> NDArray[np.float32]:
    """Return ones with a hole; its edges are faded, because a step is a sharp wave to a model."""
    gain = np.ones(length, dtype=np.float32)
    gain[first:stop] = 0.0
    slope = 0.5 - 0.5 * np.cos(np.linspace(0.0, np.pi, fade + 2)[1:-1])
    before = slope[::-1][-min(fade, first) :] if first else slope[:0]
    gain[first - len(before) : first] = before
    after = slope[: min(fade, length - stop)]
    gain[stop : stop + len(after)] = after
    return gain
