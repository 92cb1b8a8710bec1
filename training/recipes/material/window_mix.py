"""Windows for training, drawn at random from a pool by a mixture of kinds.

Labelling: a window is seizure when at least half of it is ictal. Background windows hold at
most a fifth of seizure; what lies between is not drawn. Nets with one output a step get a
label for every step: seizure where at least half of the step is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.recipes.augmentation import Augmentation, Windows
from training.recipes.material.pool import Pool
from training.recipes.material.prepared import Prepared

LEAST_ICTAL = 0.5
MOST_ICTAL_IN_BACKGROUND = 0.2
_CROSSFADE_S = 0.25
_PIECE_S = 10.0

Mask = NDArray[np.float32]
Drawn = tuple[Windows, Mask]
"""A window, shape (n_channels, n_samples), and for every sample whether it is ictal."""

SEIZURE_KINDS = ("simulated seizure", "seizure over real EEG", "real seizure")

DEFAULT_MIXTURE: Mapping[str, float] = {
    "simulated seizure": 0.30,
    "seizure over real EEG": 0.10,
    "real seizure": 0.10,
    "simulated background": 0.12,
    "artefacts": 0.20,
    "resting": 0.10,
    "real preictal": 0.08,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureSettings:
    """What is drawn how often.

    Attributes
    ----------
    shares : mapping of str to float
        Probability of each kind, before kinds the pool lacks are left out.
    largest_resting_gain : float
        Resting EEG of a low recorder is multiplied by 1 to this, evenly on a log scale, so
        that its size does not tell the recorder.
    """

    shares: Mapping[str, float]
    largest_resting_gain: float = 8.0


class WindowMixer:
    """Draws labelled windows; the same seed draws the same ones.

    Parameters
    ----------
    pool : Pool
    channels : sequence of str or None
        The rows of the pool's signals; None for nets that take any montage.
    window_samples : int
    mixture : MixtureSettings
    augmentation : Augmentation or None
        None leaves windows as they are.
    seed : int
    n_steps : int or None
        Outputs of the net for each window; None for one label a window.
    n_rows : tuple of int or None
        With `channels` None: fewest and most rows; every batch draws how many its windows have.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        channels: Sequence[str] | None,
        window_samples: int,
        mixture: MixtureSettings,
        augmentation: Augmentation | None,
        seed: int,
        n_steps: int | None = None,
        n_rows: tuple[int, int] | None = None,
    ) -> None:
        self._pool = pool
        self._channels = channels
        self._n = window_samples
        self._mixture = mixture
        self._augmentation = augmentation
        self._n_steps = n_steps
        self._n_rows = n_rows
        self._rows_now: int | None = None
        self._rng = np.random.default_rng(seed)
        sources = self._sources()
        self._kinds = [kind for kind in mixture.shares if kind in sources]
        shares = np.array([mixture.shares[kind] for kind in self._kinds])
        self._shares = shares / shares.sum()
        self._draw = sources

    @property
    def state(self) -> dict[str, Any]:
        """Where the random numbers stand, as plain data; may be set again."""
        return dict(self._rng.bit_generator.state)

    @state.setter
    def state(self, state: Mapping[str, Any]) -> None:
        self._rng.bit_generator.state = dict(state)

    def batch(self, n_windows: int) -> tuple[Windows, NDArray[np.int64]]:
        """Return windows, shape (n, n_channels, n_samples), and labels (1 = seizure).

        Labels have shape (n,), or (n, n_steps) for nets with one output a step.
        """
        if self._n_rows is not None:
            self._rows_now = int(self._rng.integers(self._n_rows[0], self._n_rows[1] + 1))
        kinds = self._rng.choice(self._kinds, n_windows, p=self._shares)
        drawn = [self._draw[str(kind)]() for kind in kinds]
        windows = np.stack([window for window, _ in drawn])
        if self._n_steps is None:
            labels = np.isin(kinds, SEIZURE_KINDS).astype(np.int64)
        else:
            masks = np.stack([mask for _, mask in drawn])
            shares = masks.reshape(n_windows, self._n_steps, -1).mean(axis=2)
            labels = (shares >= LEAST_ICTAL).astype(np.int64)
        if self._augmentation is not None:
            windows = self._augmentation.apply(windows, self._channels, self._rng)
        return windows, labels

    def _sources(self) -> dict[str, Callable[[], Drawn]]:
        """Return the kinds this pool can give."""
        pool = self._pool
        sources: dict[str, Callable[[], Drawn]] = {}
        if pool.with_seizures:
            sources["simulated seizure"] = self._simulated_seizure
            sources["simulated background"] = self._simulated_background
        if pool.restless:
            sources["artefacts"] = lambda: self._anywhere(pool.restless)
        if pool.resting:
            sources["resting"] = self._resting
        if pool.ictal:
            sources["real seizure"] = self._real_seizure
        if pool.preictal:
            sources["real preictal"] = lambda: self._real(n_ictal=0)
        if pool.lone_seizures and (pool.preictal or pool.resting):
            sources["seizure over real EEG"] = self._laid_over
        return sources

    def _pick(self, items: Sequence[Prepared]) -> Prepared:
        return items[int(self._rng.integers(len(items)))]

    def _some_rows(self, signals: Windows) -> Windows:
        """Return the rows a batch of any montage uses; the same ones again if there are few."""
        if self._rows_now is None:
            return signals
        return signals[np.resize(self._rng.permutation(len(signals)), self._rows_now)]

    def _start(self, one: Prepared, centre_s: float) -> int:
        start = round(centre_s * one.sampling_rate_hz) - self._n // 2
        return int(np.clip(start, 0, one.n_samples - self._n))

    def _cut(self, one: Prepared, start: int) -> Drawn:
        return self._some_rows(one.cut(start, self._n)), one.ictal_mask(start, self._n)

    def _anywhere(self, items: Sequence[Prepared]) -> Drawn:
        one = self._pick(items)
        return self._cut(one, int(self._rng.integers(one.n_samples - self._n + 1)))

    def _simulated_seizure(self) -> Drawn:
        while True:
            one = self._pick(self._pool.with_seizures)
            event = one.seizures[self._rng.integers(len(one.seizures))]
            margin_s = self._n / one.sampling_rate_hz / 2
            centre_s = self._rng.uniform(event.onset_s - margin_s, event.offset_s + margin_s)
            start = self._start(one, centre_s)
            if one.ictal_fraction(start, self._n) >= LEAST_ICTAL:
                return self._cut(one, start)

    def _simulated_background(self) -> Drawn:
        while True:
            one = self._pick(self._pool.with_seizures)
            start = int(self._rng.integers(one.n_samples - self._n + 1))
            if one.ictal_fraction(start, self._n) <= MOST_ICTAL_IN_BACKGROUND:
                return self._cut(one, start)

    def _resting(self) -> Drawn:
        gain = np.exp(self._rng.uniform(0.0, np.log(self._mixture.largest_resting_gain)))
        window, mask = self._anywhere(self._pool.resting)
        return window * np.float32(gain), mask

    def _real_seizure(self) -> Drawn:
        n_pieces = self._n_pieces
        return self._real(n_ictal=int(self._rng.integers((n_pieces + 1) // 2, n_pieces + 1)))

    @property
    def _n_pieces(self) -> int:
        """How many ten-second pieces fill a window."""
        any_piece = next(iter((self._pool.preictal or self._pool.ictal).values()))[0]
        return math.ceil(self._n / (_PIECE_S * any_piece.sampling_rate_hz))

    def _real(self, *, n_ictal: int) -> Drawn:
        """Join 10 s pieces of one patient: ictal and pre-ictal ones, some run backwards.

        Seizure and background windows are joined in the same way, so that the joints tell
        nothing.
        """
        pool = self._pool
        patients = sorted(set(pool.preictal) & (set(pool.ictal) if n_ictal else set(pool.preictal)))
        patient = patients[self._rng.integers(len(patients))]
        ictal = [False] * (self._n_pieces - n_ictal) + [True] * n_ictal
        if self._rng.random() < 0.5:
            self._rng.shuffle(ictal)
        parts, masks = [], []
        for is_ictal in ictal:
            one = self._pick((pool.ictal if is_ictal else pool.preictal)[patient])
            part = one.cut(0, one.n_samples)
            parts.append(part if self._rng.random() < 0.5 else part[:, ::-1])
            masks.append(np.full((1, one.n_samples), is_ictal, dtype=np.float32))
        fade = round(_CROSSFADE_S * one.sampling_rate_hz)
        n_spare = sum(part.shape[1] for part in parts) - fade * (len(parts) - 1) - self._n
        start = int(self._rng.integers(n_spare + 1)) if n_spare > 0 else 0
        window, mask = (joined(some, start + self._n, fade)[:, start:] for some in (parts, masks))
        return self._some_rows(np.ascontiguousarray(window)), mask[0]

    def _laid_over(self) -> Drawn:
        """Lay a simulated seizure over real EEG, scaled to it; lost channels stay lost."""
        pool = self._pool
        use_resting = pool.resting and (not pool.preictal or self._rng.random() < 0.6)
        background, _ = self._resting() if use_resting else self._real(n_ictal=0)
        lone = pool.lone_seizures[self._rng.integers(len(pool.lone_seizures))]
        event = lone.signals.seizures[0]
        # With its centre inside the seizure, half of a window or more is ictal.
        centre_s = self._rng.uniform(event.onset_s + 1.0, event.offset_s - 1.0)
        start = self._start(lone.signals, centre_s)
        present = np.abs(background).sum(axis=1) > 0
        level = float(np.median(background[present].std(axis=1)))
        gain = np.clip(level / max(lone.background_level, 1e-3), 0.2, 2.5)
        cut, mask = self._cut(lone.signals, start)
        seizure = cut * np.float32(gain)
        return np.asarray(background + seizure * present[:, None], dtype=np.float32), mask


def joined(parts: Sequence[Windows], n_samples: int, fade_samples: int) -> Windows:
    """Join pieces with short cross-fades; a rest at the end is filled by running backwards.

    Parameters
    ----------
    parts : sequence of ndarray of float32, shape (n_channels, n)
    n_samples : int
        Length of the result, at most twice that of the joined pieces.
    fade_samples : int
        Length of a cross-fade.

    Returns
    -------
    ndarray of float32, shape (n_channels, n_samples)
    """
    fade = np.linspace(0.0, 1.0, fade_samples, dtype=np.float32)
    whole = parts[0]
    for part in parts[1:]:
        middle = whole[:, -fade_samples:] * (1 - fade) + part[:, :fade_samples] * fade
        whole = np.concatenate([whole[:, :-fade_samples], middle, part[:, fade_samples:]], axis=1)
    if whole.shape[1] < n_samples:
        whole = np.concatenate([whole, whole[:, ::-1][:, : n_samples - whole.shape[1]]], axis=1)
    return np.ascontiguousarray(whole[:, :n_samples], dtype=np.float32)
