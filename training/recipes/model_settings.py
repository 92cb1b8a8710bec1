"""Settings of the family's nets: one JSON file for each, in the folder `nets`."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import Field

from training.errors import TrainingError
from training.fit.settings_reading import read_settings
from training.recipes.augmentation import Augmentation
from training.recipes.fitting import FitSettings
from training.recipes.material.window_mix import DEFAULT_MIXTURE, MixtureSettings
from training.recipes.model_names import NETS_FOLDER, net_names
from zoo.card.sections import InputSection, PositiveSeconds
from zoo.layers.base import Count, Size, StrictModel

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]


class FitNumbers(StrictModel):
    """Numbers of the training loop, see `FitSettings`."""

    epochs: Size
    batches_per_epoch: Size
    batch_size: Size
    learning_rate: Positive


class NetSettings(StrictModel):
    """Everything that makes one net of the family.

    Attributes
    ----------
    model_id, title, version : str
    versions : tuple of dict
        What became of the net so far, as cards have it; the last is `version`.
    intended_use, limitations, note : str
        Texts of its card; what all nets of the family share is added there.
    input : InputSection
        As it will stand in the card.
    step_s : float or None
        Seconds between outputs; None for one output a window.
    network : tuple of dict
        Layers.
    seed : int
        Of the weights' start, of drawing windows and of changing them.
    n_simulated, n_validation_simulated, n_validation_windows : int
        See `RecipeSettings`.
    fit : FitNumbers
    mixture : dict of float
        Share of each kind of window.
    gain_spread : float
        See `Augmentation`.
    n_rows : tuple of int or None
        For any montage: fewest and most channels of a training window.
    """

    model_id: str
    title: str
    version: str
    versions: tuple[dict[str, str], ...] = ()
    intended_use: str
    limitations: str
    note: str
    input: InputSection
    step_s: PositiveSeconds | None
    network: tuple[dict[str, Any], ...]
    seed: Count
    n_simulated: Size
    n_validation_simulated: Size
    n_validation_windows: Size
    fit: FitNumbers
    mixture: dict[str, Share] = Field(default_factory=lambda: dict(DEFAULT_MIXTURE))
    gain_spread: Positive = 0.35
    n_rows: tuple[Size, Size] | None = None

    @property
    def n_steps(self) -> int | None:
        """Outputs for each window, None for nets with a single one."""
        return None if self.step_s is None else round(self.input.window_s / self.step_s)

    @property
    def fit_settings(self) -> FitSettings:
        """Numbers of the loop."""
        return FitSettings(**self.fit.model_dump())

    @property
    def mixture_settings(self) -> MixtureSettings:
        """How windows are drawn."""
        return MixtureSettings(shares=self.mixture)

    @property
    def augmentation(self) -> Augmentation:
        """How windows are changed."""
        return Augmentation(gain_spread=self.gain_spread)

    def in_miniature(self) -> NetSettings:
        """Return the same net with everything once, in seconds; it learns nothing."""
        fit = FitNumbers(epochs=2, batches_per_epoch=2, batch_size=8, learning_rate=1e-3)
        return self.model_copy(
            update={
                "n_simulated": 3,
                "n_validation_simulated": 2,
                "n_validation_windows": 24,
                "fit": fit,
            }
        )

    def to_json(self) -> str:
        """Return what decides the weights, as canonical text."""
        texts = {"title", "version", "versions", "intended_use", "limitations", "note"}
        return json.dumps(self.model_dump(mode="json", exclude=texts), sort_keys=True)


def net_settings(name: str) -> NetSettings:
    """Read the settings of a net.

    Raises
    ------
    TrainingError
        There is no such net, or its file is wrong.
    """
    path = NETS_FOLDER / f"{name}.json"
    if not path.is_file():
        raise TrainingError(
            "There is no recipe {name!r}. There are: {net_names}.",
            name=name,
            net_names=", ".join(net_names()),
        )
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise TrainingError(
            "{file_name} is no valid JSON: {error}.", file_name=path.name, error=error
        ) from error
    settings = read_settings(NetSettings, given, what=path.name, error_type=TrainingError)
    if settings.model_id != name:
        raise TrainingError(
            "{file_name} holds the settings of {model_id!r}.",
            file_name=path.name,
            model_id=settings.model_id,
        )
    return settings
