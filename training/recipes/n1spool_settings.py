"""All numbers of the recipe of `n1spool-cnn`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from training.recipes.augmentation import Augmentation
from training.recipes.fitting import FitSettings
from training.recipes.material.window_mix import DEFAULT_MIXTURE, MixtureSettings
from training.recipes.measure.model_measuring import FULL, Amounts
from training.recipes.measure.model_measuring import MINIATURE as FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeSettings:
    """What one may change.

    Attributes
    ----------
    seed : int
        Of the weights' start, of drawing windows and of changing them.
    n_simulated, n_validation_simulated : int
        Recordings of each simulated kind to draw windows from.
    n_validation_windows : int
        Windows that choose the epoch.
    amounts : Amounts
        How much is simulated to choose the operating points and to measure on.
    fit, mixture, augmentation
        Numbers of the loop, of drawing, of changing windows.
    """

    seed: int = 1
    n_simulated: int = 150
    n_validation_simulated: int = 40
    n_validation_windows: int = 800
    amounts: Amounts = FULL
    fit: FitSettings = field(
        default_factory=lambda: FitSettings(
            epochs=20, batches_per_epoch=250, batch_size=64, learning_rate=3e-3
        )
    )
    mixture: MixtureSettings = field(
        default_factory=lambda: MixtureSettings(shares=DEFAULT_MIXTURE)
    )
    augmentation: Augmentation = field(default_factory=Augmentation)


MINIATURE = RecipeSettings(
    n_simulated=4,
    n_validation_simulated=2,
    n_validation_windows=24,
    amounts=FEW,
    fit=FitSettings(epochs=1, batches_per_epoch=4, batch_size=16, learning_rate=3e-3),
)
"""Everything once, in seconds, to see that it runs; the net knows nothing."""


def plain_settings(settings: RecipeSettings) -> dict[str, Any]:
    """Return the settings as they stand in a card."""
    return {
        "epochs": settings.fit.epochs,
        "batches_per_epoch": settings.fit.batches_per_epoch,
        "batch_size": settings.fit.batch_size,
        "learning_rate": settings.fit.learning_rate,
        "optimizer": "Adam, cosine to zero",
        "loss": "cross-entropy",
        "mixture": [f"{kind}: {share:g}" for kind, share in settings.mixture.shares.items()],
        "gain_spread": settings.augmentation.gain_spread,
        "lost_channel_fraction": settings.augmentation.lost_fraction,
        "without_ft9_ft10_fraction": settings.augmentation.no_low_temporal_fraction,
        "mirrored_sides": True,
        "flipped_polarity": True,
    }
