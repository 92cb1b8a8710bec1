"""Random changes of training windows, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.data.settings import DatasetSettings
from training.errors import TrainingError
from training.fit.mirror import mirror_plan
from training.fit.settings import AugmentationSettings

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, kw_only=True, eq=False)
class Augmenter:
    """The changes a run makes.

    Attributes
    ----------
    settings : AugmentationSettings
        Which, and how strong.
    shift_unit : int
        Time shifts are multiples of so many samples: of a step, so that labels move whole.
    max_shift : int
        Largest shift in such units.
    mirror_sources, mirror_signs : torch.Tensor or None
        From `mirror_plan`, where mirroring is on.
    """

    settings: AugmentationSettings
    shift_unit: int
    max_shift: int
    mirror_sources: torch.Tensor | None
    mirror_signs: torch.Tensor | None

    @classmethod
    def of(
        cls, settings: AugmentationSettings, dataset: DatasetSettings, n_steps: int | None
    ) -> Augmenter:
        """Make the changes fit a dataset's windows.

        Raises
        ------
        TrainingError
            Mirroring is asked for but the montage has no two sides.
        """
        import torch

        sources = signs = None
        if settings.mirror:
            if dataset.channels is None:
                raise TrainingError(
                    "Left and right cannot be mirrored without named channels: the dataset takes "
                    "any montage. Set augmentation.mirror to 0."
                )
            plan = mirror_plan(dataset.channels)
            sources, signs = torch.from_numpy(plan[0]), torch.from_numpy(plan[1])
        unit = dataset.window_samples // n_steps if n_steps else 1
        return cls(
            settings=settings,
            shift_unit=unit,
            max_shift=round(settings.time_shift_s * dataset.sampling_rate_hz) // unit,
            mirror_sources=sources,
            mirror_signs=signs,
        )

    def __call__(
        self, signals: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return changed windows and their labels; what is given is left alone.

        Parameters
        ----------
        signals : torch.Tensor, shape (n_windows, n_channels, n_samples)
            On the CPU.
        labels : torch.Tensor, shape (n_windows,) or (n_windows, n_steps)
            Classes.
        generator : torch.Generator
            Where chance comes from.
        """
        import torch

        chosen = self.settings
        n_windows, n_channels, _ = signals.shape
        if self.max_shift:
            signals, labels = self._shifted(signals, labels, generator)
        if self.mirror_sources is not None and self.mirror_signs is not None:
            turned = torch.rand(n_windows, generator=generator) < chosen.mirror
            mirrored = signals[:, self.mirror_sources] * self.mirror_signs[:, None]
            signals = torch.where(turned[:, None, None], mirrored, signals)
        if chosen.amplitude:
            factors = 1 + chosen.amplitude * (2 * torch.rand(n_windows, generator=generator) - 1)
            signals = signals * factors[:, None, None]
        if chosen.noise:
            signals = signals + chosen.noise * torch.randn(signals.shape, generator=generator)
        if chosen.channel_dropout:
            kept = torch.rand(n_windows, n_channels, generator=generator) >= chosen.channel_dropout
            signals = signals * kept[:, :, None]
        return signals, labels

    def _shifted(
        self, signals: torch.Tensor, labels: torch.Tensor, generator: torch.Generator
    ) -> tuple[torch.Tensor, torch.Tensor]:
        import torch

        shifts = torch.randint(
            -self.max_shift, self.max_shift + 1, (len(signals),), generator=generator
        ).tolist()
        moved = [
            window.roll(shift * self.shift_unit, dims=-1)
            for window, shift in zip(signals, shifts, strict=True)
        ]
        if labels.ndim == 2:
            rows = [row.roll(shift) for row, shift in zip(labels, shifts, strict=True)]
            labels = torch.stack(rows)
        return torch.stack(moved), labels
