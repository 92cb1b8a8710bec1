"""Settings of the shipped models: a JSON file each, in the folder `models`."""

from __future__ import annotations

from typing import Any

from seizure_core.json_document import canonical_json, read_json
from training.errors import TrainingError
from training.fit.settings import TrainSettings
from training.fit.settings_reading import read_settings
from training.recipes import MODELS_FOLDER, recipe_names
from zoo.card.sections import InputSection, PositiveSeconds
from zoo.layers.base import Size, StrictModel


class RecipeSettings(StrictModel):
    """Everything that determines a model.

    Attributes
    ----------
    model_id, title, version : str
    versions : tuple of dict
        Changelog as on cards; the last entry is `version`.
    intended_use, limitations, note : str
        Texts of the card.
    input : InputSection
        Input section of the card.
    step_s : float or None
        Seconds between outputs; None for one output per window.
    n_validation_simulated, n_validation_windows : int
        Simulated recordings of each kind, and windows drawn from them, to choose the best epoch.
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
    settings: TrainSettings
    n_validation_simulated: Size
    n_validation_windows: Size

    @property
    def n_steps(self) -> int | None:
        """Outputs per window, None for a single one."""
        return None if self.step_s is None else round(self.input.window_s / self.step_s)

    def with_amounts(
        self, *, epochs: int, batches_per_epoch: int, batch_size: int, n_simulated: int,
        n_validation_simulated: int, n_validation_windows: int,
    ) -> RecipeSettings:  # fmt: skip
        """Return the same model with smaller amounts of data."""
        amounts = {"n_simulated": n_simulated, "batches_per_epoch": batches_per_epoch}
        mixture = self.settings.mixture.model_copy(update=amounts)
        fewer = {"epochs": epochs, "batch_size": batch_size, "mixture": mixture}
        return self.model_copy(
            update={
                "settings": self.settings.model_copy(update=fewer),
                "n_validation_simulated": n_validation_simulated,
                "n_validation_windows": n_validation_windows,
            }
        )

    def in_miniature(self) -> RecipeSettings:
        """Return the same model with one of everything, for tests; it learns nothing."""
        return self.with_amounts(
            epochs=2,
            batches_per_epoch=2,
            batch_size=8,
            n_simulated=1,
            n_validation_simulated=1,
            n_validation_windows=24,
        )

    def identity(self) -> bytes:
        """Return the settings that determine the weights, as canonical text."""
        texts = {"title", "version", "versions", "intended_use", "limitations", "note"}
        return canonical_json(self.model_dump(mode="json", exclude=texts, exclude_unset=True))


def recipe_settings(name: str) -> RecipeSettings:
    """Read the settings of a model.

    Raises
    ------
    TrainingError
        There is no such recipe, or its file is not valid.
    """
    path = MODELS_FOLDER / f"{name}.json"
    if not path.is_file():
        raise TrainingError(
            "There is no recipe {name!r}. There are: {names}.",
            name=name,
            names=", ".join(recipe_names()),
        )
    try:
        given = read_json(path)
    except ValueError as error:
        raise TrainingError(
            "{file_name} is no valid JSON: {error}.", file_name=path.name, error=error
        ) from error
    recipe = read_settings(RecipeSettings, given, what=path.name, error_type=TrainingError)
    if recipe.model_id != name:
        raise TrainingError(
            "{file_name} holds the settings of {model_id!r}.",
            file_name=path.name,
            model_id=recipe.model_id,
        )
    return recipe
