"""Random augmentation of training windows, batch by batch."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from seizure_core.channels.labels import normalise_label
from training.errors import TrainingError
from training.fit.settings import AugmentationSettings

if TYPE_CHECKING:
    import torch

_NUMBERED = re.compile(r"(?P<name>[A-Z]+)(?P<number>[0-9]+)(?P<half>H?)")


class WindowShape(Protocol):
    """Shape of windows: settings of a dataset, or the input section of a card."""

    @property
    def channels(self) -> tuple[str, ...] | None: ...  # noqa: D102
    @property
    def sampling_rate_hz(self) -> float: ...  # noqa: D102
    @property
    def window_samples(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, eq=False)
class Augmenter:
    """Augmentation of one training.

    Attributes
    ----------
    shift_unit : int
        Time shifts are multiples of this many samples, so that step labels move exactly.
    max_shift : int
        In such units.
    mirror : tuple of torch.Tensor or None
        From `mirror_plan`, if mirroring is on.
    low_temporal : list of int
        Indices of channels with FT9 or FT10.
    """

    settings: AugmentationSettings
    shift_unit: int
    max_shift: int
    mirror: tuple[torch.Tensor, torch.Tensor] | None
    low_temporal: list[int]

    @classmethod
    def of(
        cls, settings: AugmentationSettings, windows: WindowShape, n_steps: int | None
    ) -> Augmenter:
        """Return the augmentation for given windows.

        Raises
        ------
        TrainingError
            Mirroring is on, but the montage is not symmetric.
        """
        import torch

        mirror = None
        if settings.mirror:
            if windows.channels is None:
                raise TrainingError(
                    "Left and right cannot be mirrored without named channels: the dataset takes "
                    "any montage. Set augmentation.mirror to 0."
                )
            sources, signs = mirror_plan(windows.channels)
            mirror = torch.from_numpy(sources), torch.from_numpy(signs)
        unit = windows.window_samples // n_steps if n_steps else 1
        return cls(
            settings=settings,
            shift_unit=unit,
            max_shift=round(settings.time_shift_s * windows.sampling_rate_hz) // unit,
            mirror=mirror,
            low_temporal=[
                row for row, name in enumerate(windows.channels or ()) if "FT" in name.upper()
            ],
        )

    def __call__(
        self, signals: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return augmented copies of windows and labels.

        Parameters
        ----------
        signals : torch.Tensor, shape (n_windows, n_channels, n_samples)
            On the CPU.
        labels : torch.Tensor, shape (n_windows,) or (n_windows, n_steps)
            Classes.
        """
        import torch

        chosen = self.settings
        if not chosen.any:
            return signals, labels
        n_windows = len(signals)

        def chance() -> torch.Tensor:
            return torch.rand(n_windows, generator=generator)

        if self.max_shift:
            signals, labels = self._shifted(signals, labels, generator)
        if self.mirror is not None:
            sources, signs = self.mirror
            turned = (chance() < chosen.mirror)[:, None, None]
            signals = torch.where(turned, signals[:, sources] * signs[:, None], signals)
        if chosen.amplitude:
            factors = 1 + chosen.amplitude * (2 * chance() - 1)
            signals = signals * factors[:, None, None]
        if chosen.gain_spread:
            factors = torch.exp(chosen.gain_spread * torch.randn(n_windows, generator=generator))
            signals = signals * factors[:, None, None]
        if chosen.flip:
            signals = torch.where((chance() < chosen.flip)[:, None, None], -signals, signals)
        if chosen.noise:
            signals = signals + chosen.noise * torch.randn(signals.shape, generator=generator)
        if chosen.channel_dropout or chosen.lost_fraction or chosen.low_temporal_fraction:
            signals = signals * self._kept(signals.shape[:2], generator)[:, :, None]
        return signals, labels

    def _kept(self, shape: Sequence[int], generator: torch.Generator) -> torch.Tensor:
        """Return 1 for each channel of each window to keep, 0 for those to silence."""
        import torch

        chosen = self.settings
        kept = torch.ones(*shape)
        if chosen.channel_dropout:
            kept *= torch.rand(*shape, generator=generator) >= chosen.channel_dropout
        if chosen.low_temporal_fraction and self.low_temporal:
            without = torch.rand(shape[0], generator=generator) < chosen.low_temporal_fraction
            kept[:, self.low_temporal] *= ~without[:, None]
        if chosen.lost_fraction:
            losing = torch.rand(shape[0], generator=generator) < chosen.lost_fraction
            n_lost = torch.randint(1, chosen.max_lost + 1, (shape[0],), generator=generator)
            order = torch.rand(*shape, generator=generator).argsort(dim=1)
            kept *= ~(losing[:, None] & (order < n_lost[:, None]))
        return kept

    def _shifted(
        self, signals: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        shifts = torch.randint(
            -self.max_shift, self.max_shift + 1, (len(signals),), generator=generator
        ).tolist()

        def moved(rows: torch.Tensor, unit: int) -> torch.Tensor:
            return torch.stack(
                [row.roll(unit * by, dims=-1) for row, by in zip(rows, shifts, strict=True)]
            )

        return moved(signals, self.shift_unit), moved(labels, 1) if labels.ndim == 2 else labels


def mirror_plan(channels: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return the source channel of each channel of the mirrored montage.

    Returns
    -------
    sources : ndarray of int64, shape (n_channels,)
        Index of the mirrored channel.
    signs : ndarray of float32, shape (n_channels,)
        -1 if that channel has the opposite polarity.

    Raises
    ------
    TrainingError
        The mirror image of a channel is missing.
    """
    names = [normalise_label(channel) for channel in channels]
    sources, signs, lacking = [], [], []
    for name in names:
        ends = [mirrored_electrode(end) for end in name.split("-")]
        forward, backward = "-".join(ends), "-".join(reversed(ends))
        if forward in names:
            sources.append(names.index(forward))
            signs.append(1.0)
        elif backward in names:
            sources.append(names.index(backward))
            signs.append(-1.0)
        else:
            lacking.append(f"{name} (its mirror is {forward})")
    if lacking:
        raise TrainingError(
            "Left and right cannot be mirrored, because the montage is not symmetric: "
            "{lacking}. Set augmentation.mirror to 0.",
            lacking=", ".join(lacking[:6]),
        )
    return np.array(sources, dtype=np.int64), np.array(signs, dtype=np.float32)


def mirrored_electrode(name: str) -> str:
    """Return the electrode on the other side: odd numbers are left, even ones right."""
    match = _NUMBERED.fullmatch(name)
    if match is None:
        return name
    number = int(match["number"])
    return f"{match['name']}{number + 1 if number % 2 else number - 1}{match['half']}"
