"""Random training windows from recorded and simulated EEG, by shares of kinds.

A window is seizure if at least half of it is ictal, or if its centre lies in a seizure shorter than
that. Background windows are at most a fifth ictal; others are not drawn. For networks with one
output per step, a step is seizure if at least half of it is ictal.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.errors import TrainingError
from training.fit.pool import Pool, Prepared
from training.fit.randomness import Purpose, generator
from training.fit.settings import SEIZURE_KINDS, MixtureSettings

MIN_ICTAL_FRACTION = 0.5
MAX_ICTAL_IN_BACKGROUND = 0.2
_CROSSFADE_S = 0.25
_PIECE_S = 10.0
# Kinds of background whose hardest windows are looked for; others hold the edges of seizures.
_MINED_KINDS = ("artefacts", "resting")

Windows = NDArray[np.float32]
Labels = NDArray[np.int64]
Rng = np.random.Generator
Drawn = tuple[Windows, Labels]
"""A window, shape (n_channels, n_samples), and its class, or those of its steps."""
Draw = Callable[[Rng], Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowForm:
    """Length of every window, and outputs of the network per window (None: one)."""

    n_samples: int
    n_steps: int | None

    def labels(self, mask: NDArray[np.float32], *, is_seizure: bool) -> Labels:
        """Return the class of a window, or of its steps, from its ictal samples."""
        if self.n_steps is None:
            return np.array(int(is_seizure))
        shares = mask.reshape(self.n_steps, -1).mean(axis=1)
        return np.asarray(shares >= MIN_ICTAL_FRACTION, dtype=np.int64)


class WindowMixer:
    """Draws labelled windows; equal random numbers give equal windows.

    Parameters
    ----------
    settings : MixtureSettings
        Share of each kind; kinds without material are left out.
    pool : Pool
        Simulated EEG.
    recorded : mapping of str to Draw
        How windows of "real_seizure", "real_background" and "resting" are drawn.

    Raises
    ------
    TrainingError
        There is no material for any kind.
    """

    def __init__(
        self,
        settings: MixtureSettings,
        form: WindowForm,
        pool: Pool,
        recorded: Mapping[str, Draw],
    ) -> None:
        self._settings, self._form, self._pool = settings, form, pool
        self._recorded = recorded
        draws = self._draws()
        shares = {kind: share for kind, share in settings.shares.items() if kind in draws}
        if not shares:
            raise TrainingError(
                "Nothing of the mixture can be drawn: of {kinds} the training part has no window.",
                kinds=", ".join(settings.shares),
            )
        self._kinds, self._draw = list(shares), draws
        self._shares = np.array(list(shares.values())) / sum(shares.values())

    @property
    def seizure_share(self) -> float:
        """Fraction of windows that are seizure."""
        return float(self._shares[np.isin(self._kinds, SEIZURE_KINDS)].sum())

    def batch(
        self, n_windows: int, rng: Rng, *, hard: Sequence[int] = (), hard_share: float = 0.0
    ) -> tuple[Windows, Labels]:
        """Return windows, shape (n, n_channels, n_samples), and labels (1 = seizure).

        Labels have shape (n,), or (n, n_steps) for networks with one output per step.

        Parameters
        ----------
        hard : sequence of int
            Numbers of hard background windows, see `numbered`.
        hard_share : float
            Share of the background, of kinds that have hard windows, to replace by them.
        """
        kinds = [str(kind) for kind in rng.choice(self._kinds, n_windows, p=self._shares)]
        drawn = [
            self._numbered(hard[int(rng.integers(len(hard)))])
            if hard and kind in _MINED_KINDS and rng.random() < hard_share
            else self._draw[kind](rng)
            for kind in kinds
        ]
        n_rows = self._settings.n_channels
        return _stacked(
            drawn, None if n_rows is None else int(rng.integers(*n_rows, endpoint=True)), rng
        )

    def numbered(self, numbers: Sequence[int]) -> tuple[Windows, Labels]:
        """Return background windows by number: the same number always gives the same window."""
        n_rows = self._settings.n_channels
        drawn = [self._numbered(number) for number in numbers]
        return _stacked(drawn, None if n_rows is None else n_rows[1], generator(Purpose.MINING))

    def _numbered(self, number: int) -> Drawn:
        rng = generator(Purpose.MINING, number)
        kinds = [kind for kind in _MINED_KINDS if kind in self._kinds]
        shares = np.array([self._shares[self._kinds.index(kind)] for kind in kinds])
        return self._draw[str(rng.choice(kinds, p=shares / shares.sum()))](rng)

    def _draws(self) -> dict[str, Draw]:
        """Return the available kinds with their functions."""
        pool, draws = self._pool, dict(self._recorded)
        if "resting" in draws:
            draws["resting"] = self._resting
        if pool.get("with_seizures"):
            draws["simulated_seizure"] = self._simulated_seizure
            draws["simulated_background"] = self._simulated_background
        if pool.get("restless"):
            draws["artefacts"] = self._artefacts
        if pool.get("lone_seizures") and {"resting", "real_background"} & draws.keys():
            draws["seizure_over_real"] = self._laid_over
        return draws

    def _cut(self, prepared: Prepared, start: int, *, is_seizure: bool) -> Drawn:
        n_samples = self._form.n_samples
        mask = prepared.ictal_mask(start, n_samples)
        return prepared.cut(start, n_samples), self._form.labels(mask, is_seizure=is_seizure)

    def _start(self, prepared: Prepared, centre_s: float) -> int:
        start = round(centre_s * prepared.sampling_rate_hz) - self._form.n_samples // 2
        return int(np.clip(start, 0, prepared.n_samples - self._form.n_samples))

    def _simulated_seizure(self, rng: Rng) -> Drawn:
        while True:
            source = pick(self._pool["with_seizures"], rng)
            event = source.seizures[rng.integers(len(source.seizures))]
            half_s = self._form.n_samples / source.sampling_rate_hz / 2
            # The centre of a window that a shorter seizure cannot fill to half lies inside it.
            margin_s = 0.0 if event.duration_s < half_s else half_s
            centre_s = rng.uniform(event.onset_s - margin_s, event.offset_s + margin_s)
            start = self._start(source, centre_s)
            mask = source.ictal_mask(start, self._form.n_samples)
            if not margin_s or mask.mean() >= MIN_ICTAL_FRACTION:
                return self._cut(source, start, is_seizure=True)

    def _simulated_background(self, rng: Rng) -> Drawn:
        n_samples = self._form.n_samples
        while True:
            source = pick(self._pool["with_seizures"], rng)
            start = int(rng.integers(source.n_samples - n_samples + 1))
            if source.ictal_mask(start, n_samples).mean() <= MAX_ICTAL_IN_BACKGROUND:
                return self._cut(source, start, is_seizure=False)

    def _artefacts(self, rng: Rng) -> Drawn:
        """Cut from anywhere in restless EEG, or around a deceiving pattern if there are any."""
        restless = self._pool["restless"]
        deceiving = [source for source in restless if source.patterns]
        if not deceiving or rng.random() < 0.5:
            return cut_anywhere(restless, self._form, rng)
        source = pick(deceiving, rng)
        pattern = source.patterns[rng.integers(len(source.patterns))]
        start = self._start(source, rng.uniform(pattern.onset_s, pattern.offset_s))
        return self._cut(source, start, is_seizure=False)

    def _resting(self, rng: Rng) -> Drawn:
        gain = np.exp(rng.uniform(0.0, np.log(self._settings.largest_gain)))
        window, labels = self._recorded["resting"](rng)
        return window * np.float32(gain), labels

    def _laid_over(self, rng: Rng) -> Drawn:
        """Add a simulated seizure to real EEG, scaled to it; lost channels stay lost."""
        has_other = "real_background" in self._recorded
        use_resting = "resting" in self._recorded and (not has_other or rng.random() < 0.6)
        background, _ = (self._resting if use_resting else self._recorded["real_background"])(rng)
        lone = pick(self._pool["lone_seizures"], rng)
        event = lone.seizures[0]
        # With its centre inside the seizure, at least half of a window is ictal.
        start = self._start(lone, rng.uniform(event.onset_s + 1.0, event.offset_s - 1.0))
        present = np.abs(background).sum(axis=1) > 0
        level = float(np.median(background[present].std(axis=1))) if present.any() else 0.0
        gain = np.clip(level / max(lone.level, 1e-3), 0.2, 2.5)
        cut, labels = self._cut(lone, start, is_seizure=True)
        seizure = _as_many(cut, len(background), rng) * np.float32(gain) * present[:, None]
        return np.asarray(background + seizure, dtype=np.float32), labels


def pick(items: Sequence[Prepared], rng: Rng) -> Prepared:
    """Return a random element."""
    return items[int(rng.integers(len(items)))]


def cut_anywhere(items: Sequence[Prepared], form: WindowForm, rng: Rng) -> Drawn:
    """Return a background window from anywhere in recordings without seizures."""
    source = pick(items, rng)
    start = int(rng.integers(source.n_samples - form.n_samples + 1))
    mask = np.zeros(form.n_samples, dtype=np.float32)
    return source.cut(start, form.n_samples), form.labels(mask, is_seizure=False)


def draws_of_pieces(pool: Pool, form: WindowForm) -> dict[str, Draw]:
    """Return functions that draw from ten-second pieces and from resting recordings."""
    draws: dict[str, Draw] = {}
    if pool.get("resting"):
        draws["resting"] = lambda rng: cut_anywhere(pool["resting"], form, rng)
    if pool.get("ictal"):
        draws["real_seizure"] = lambda rng: _pieces_joined(pool, form, rng, is_seizure=True)
    if pool.get("preictal"):
        draws["real_background"] = lambda rng: _pieces_joined(pool, form, rng, is_seizure=False)
    return draws


def _pieces_joined(pool: Pool, form: WindowForm, rng: Rng, *, is_seizure: bool) -> Drawn:
    """Join ten-second pieces of a patient, ictal and pre-ictal, some reversed in time.

    Seizure and background windows are joined in the same way, so that the joints carry no
    information.
    """
    kinds = ("preictal", "ictal") if is_seizure else ("preictal",)
    patients = sorted(
        set.intersection(*({piece.patient for piece in pool[kind]} for kind in kinds))
    )
    patient = patients[rng.integers(len(patients))]
    rate_hz = pool["preictal"][0].sampling_rate_hz
    n_pieces = math.ceil(form.n_samples / (_PIECE_S * rate_hz))
    n_ictal = int(rng.integers((n_pieces + 1) // 2, n_pieces + 1)) if is_seizure else 0
    ictal = [False] * (n_pieces - n_ictal) + [True] * n_ictal
    if rng.random() < 0.5:
        rng.shuffle(ictal)
    parts, masks = [], []
    for is_ictal in ictal:
        pieces = pool["ictal" if is_ictal else "preictal"]
        piece = pick([p for p in pieces if p.patient == patient], rng)
        part = piece.cut(0, piece.n_samples)
        parts.append(part if rng.random() < 0.5 else part[:, ::-1])
        masks.append(np.full((1, piece.n_samples), is_ictal, dtype=np.float32))
    fade = round(_CROSSFADE_S * rate_hz)
    n_spare = sum(part.shape[1] for part in parts) - fade * (n_pieces - 1) - form.n_samples
    start = int(rng.integers(n_spare + 1)) if n_spare > 0 else 0
    window, mask = (
        joined(some, start + form.n_samples, fade)[:, start:] for some in (parts, masks)
    )
    return np.ascontiguousarray(window), form.labels(mask[0], is_seizure=is_seizure)


def joined(parts: Sequence[Windows], n_samples: int, fade_samples: int) -> Windows:
    """Join pieces with short cross-fades; fill a rest at the end by reversing in time.

    Parameters
    ----------
    n_samples : int
        Length of the result, at most twice that of the joined pieces.
    """
    fade = np.linspace(0.0, 1.0, fade_samples, dtype=np.float32)
    whole = parts[0]
    for part in parts[1:]:
        middle = whole[:, -fade_samples:] * (1 - fade) + part[:, :fade_samples] * fade
        whole = np.concatenate([whole[:, :-fade_samples], middle, part[:, fade_samples:]], axis=1)
    if whole.shape[1] < n_samples:
        whole = np.concatenate([whole, whole[:, ::-1][:, : n_samples - whole.shape[1]]], axis=1)
    return np.ascontiguousarray(whole[:, :n_samples], dtype=np.float32)


def _stacked(drawn: Sequence[Drawn], n_rows: int | None, rng: Rng) -> tuple[Windows, Labels]:
    """Return windows and labels as arrays; every window with n rows, if a number is given."""
    windows = [window for window, _ in drawn]
    if n_rows is not None:
        windows = [_as_many(window, n_rows, rng) for window in windows]
    return np.stack(windows), np.stack([labels for _, labels in drawn])


def _as_many(window: Windows, n_rows: int, rng: Rng) -> Windows:
    """Return n rows of a window, repeated if there are fewer."""
    if len(window) == n_rows:
        return window
    return window[np.resize(rng.permutation(len(window)), n_rows)]
