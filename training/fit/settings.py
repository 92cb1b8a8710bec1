"""Settings of trainings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.errors import shown
from seizure_core.events.postprocessing import PostProcessing
from training.data.splits import SplitMethod
from training.errors import TrainSettingsError
from training.fit.settings_reading import read_settings
from training.recipes import MODELS_FOLDER, recipe_names
from zoo.card.sections import PositiveSeconds, Seconds
from zoo.layers.base import Count, Flag, Fraction01, Size, StrictModel, fault

Fraction = Annotated[float, Field(strict=True, ge=0.0, lt=1.0)]
Positive = Annotated[float, Field(strict=True, gt=0.0, le=1e6)]
ChannelCount = Annotated[int, Field(strict=True, ge=1, le=MAX_CHANNELS)]

SEIZURE_KINDS = ("simulated_seizure", "seizure_over_real", "real_seizure")
SIMULATED_KINDS = ("simulated_seizure", "seizure_over_real", "simulated_background", "artefacts")
WINDOW_KINDS = (*SEIZURE_KINDS, "simulated_background", "artefacts", "resting", "real_background")


class AugmentationSettings(StrictModel):
    """Random augmentation of training windows; all off by default.

    Attributes
    ----------
    channel_dropout : float
        Probability of silencing a channel.
    lost_fraction, max_lost : float, int
        Fraction of windows that lose 1 to `max_lost` channels.
    low_temporal_fraction : float
        Fraction of windows without FT9 and FT10, which most recordings lack.
    amplitude : float
        Windows are multiplied by a random factor of 1 - amplitude to 1 + amplitude.
    gain_spread : float
        Windows are multiplied by a log-normal factor with this standard deviation.
    flip : float
        Probability of inverting the polarity.
    noise : float
        Standard deviation of added white noise, in the unit of the model's input.
    time_shift_s : float
        Maximum circular shift in time, so that no sample from outside the window is used.
    mirror : float
        Probability of exchanging left and right.
    """

    channel_dropout: Fraction = 0.0
    lost_fraction: Fraction01 = 0.0
    max_lost: Size = 6
    low_temporal_fraction: Fraction01 = 0.0
    amplitude: Fraction = 0.0
    gain_spread: Annotated[float, Field(strict=True, ge=0.0, le=10.0)] = 0.0
    flip: Fraction01 = 0.0
    noise: Annotated[float, Field(strict=True, ge=0.0, le=1e6)] = 0.0
    time_shift_s: Seconds = 0.0
    mirror: Fraction01 = 0.0

    @property
    def any(self) -> bool:
        """Whether any augmentation is on."""
        return any(self.model_dump(exclude={"max_lost"}).values())


class MixtureSettings(StrictModel):
    """Random training windows from recorded and simulated EEG, as for the shipped models.

    With all shares 0, each window of the dataset is used once per epoch.

    Attributes
    ----------
    real_seizure, real_background : float
        Shares of recorded windows by label; background is from recordings with seizures.
    resting : float
        Share of background from recordings without seizures, multiplied by 1 to `largest_gain`,
        uniformly on a log scale, so that amplitude does not reveal the recorder.
    simulated_seizure, simulated_background : float
        Shares of windows from simulated recordings.
    artefacts : float
        Share of hard background: simulated movement, chewing and muscle artefacts.
    seizure_over_real : float
        Share of simulated seizures added to recorded background, at its amplitude.
    largest_gain : float
        See `resting`.
    people : bool
        Simulate people of every age, with all kinds of seizures, rhythmic movement, rhythmic and
        periodic patterns, references and sampling rates; else adults at a hospital's or a
        laboratory's recorder.
    n_simulated : int
        Number of simulated recordings of 180 s of each kind.
    batches_per_epoch : int or None
        None gives as many batches as the training windows fill.
    n_channels : pair of int or None
        For any-montage models: range of the number of channels of a window. None uses the
        recordings' channels.
    """

    real_seizure: Fraction01 = 0.0
    real_background: Fraction01 = 0.0
    resting: Fraction01 = 0.0
    simulated_seizure: Fraction01 = 0.0
    simulated_background: Fraction01 = 0.0
    artefacts: Fraction01 = 0.0
    seizure_over_real: Fraction01 = 0.0
    largest_gain: Annotated[float, Field(strict=True, ge=1.0, le=1000.0)] = 8.0
    people: Flag = False
    n_simulated: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 60
    batches_per_epoch: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    n_channels: tuple[ChannelCount, ChannelCount] | None = None

    @model_validator(mode="after")
    def _possible(self) -> MixtureSettings:
        if self.n_channels is not None and self.n_channels[0] > self.n_channels[1]:
            raise fault("n_channels must name the fewest channels first, then the most.")
        return self

    @property
    def shares(self) -> dict[str, float]:
        """Share of each kind of window that is drawn at all."""
        return {kind: getattr(self, kind) for kind in WINDOW_KINDS if getattr(self, kind)}

    @property
    def simulates(self) -> bool:
        """Whether simulated EEG is used."""
        return any(kind in SIMULATED_KINDS for kind in self.shares)


class MiningSettings(StrictModel):
    """Hard-negative mining: replacement of easy background windows during training.

    Attributes
    ----------
    fraction : float
        Fraction of the background windows that are hard ones; 0 is off.
    every_epochs : int
        Epochs between two searches.
    pool : float
        Windows searched each time, as a multiple of the background windows.
    """

    fraction: Fraction01 = 0.0
    every_epochs: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 2
    pool: Annotated[float, Field(strict=True, gt=0.0, le=1000.0)] = 4.0


class TrainSettings(StrictModel):
    """Settings of a training, with the project's defaults.

    Attributes
    ----------
    epochs : int
        Maximum number of passes over the training windows.
    optimizer : str
        "adam" or "adamw".
    schedule : str
        "constant", or a decay to zero by "cosine" or "linear".
    warmup_epochs : float
        Epochs over which the learning rate rises from zero.
    gradient_clip : float or None
        Maximum norm of the gradient.
    class_weights : str or pair of float
        Weights of background and seizure in the loss: "none", "balanced" (inverse class
        frequencies), or two numbers.
    label_smoothing : float
        0 to less than 1.
    split, validation_fraction : str, float
        Method and size of the validation split, see `training.data.splits`.
    patience : int or None
        Epochs without improvement before stopping early; None never does.
    stride_s : float
        Stride in detection, for the card.
    validation_stride_s : float or None
        Stride on validation recordings; None is a sixth of the window, at least `stride_s`.
    smoothing_s, min_duration_s, merge_gap_s : float
        Post-processing on validation recordings and in the card.
    seed : int
        Random seed.
    device : str
        "auto" uses a GPU if available.
    mixed_precision : bool
        Use bfloat16 where safe; on a GPU only.
    threads : int or None
        CPU threads; None lets torch choose. A resumed run uses the same number.
    start_weights : bool
        If starting from a model: use its weights, not only its architecture.
    checkpoint_every_s : float
        Maximum time between checkpoints; every epoch ends with one.
    title : str
        Name to show.
    """

    epochs: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 30
    learning_rate: Annotated[float, Field(strict=True, gt=0.0, le=10.0)] = 1e-3
    batch_size: Annotated[int, Field(strict=True, ge=1, le=8192)] = 32
    optimizer: Literal["adam", "adamw"] = "adam"
    weight_decay: Annotated[float, Field(strict=True, ge=0.0, le=10.0)] = 0.0
    schedule: Literal["constant", "cosine", "linear"] = "constant"
    warmup_epochs: Annotated[float, Field(strict=True, ge=0.0, le=10_000.0)] = 0.0
    gradient_clip: Positive | None = None
    class_weights: Literal["none", "balanced"] | tuple[Positive, Positive] = "none"
    label_smoothing: Fraction = 0.0
    split: SplitMethod = "recording"
    validation_fraction: Annotated[float, Field(strict=True, gt=0.0, lt=1.0)] = 0.2
    patience: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = 10
    stride_s: PositiveSeconds = 1.0
    validation_stride_s: PositiveSeconds | None = None
    smoothing_s: Seconds = 3.0
    min_duration_s: Seconds = 3.0
    merge_gap_s: Seconds = 10.0
    augmentation: AugmentationSettings = AugmentationSettings()
    mining: MiningSettings = MiningSettings()
    mixture: MixtureSettings = MixtureSettings()
    seed: Count = 0
    device: Literal["auto", "cpu", "cuda"] = "auto"
    mixed_precision: Flag = False
    threads: Annotated[int, Field(strict=True, ge=1, le=1024)] | None = None
    start_weights: Flag = True
    checkpoint_every_s: Annotated[float, Field(strict=True, ge=0.0, le=86_400.0)] = 60.0
    title: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _possible(self) -> TrainSettings:
        if self.warmup_epochs >= self.epochs and self.warmup_epochs:
            raise fault(
                "warmup_epochs {warmup_epochs:g} leave nothing of {epochs} epochs.",
                warmup_epochs=self.warmup_epochs,
                epochs=self.epochs,
            )
        return self

    def post_processing(self, threshold: float) -> PostProcessing:
        """Return the post-processing for a threshold; events end at 80 % of it."""
        return PostProcessing(
            threshold=threshold,
            threshold_off=round(0.8 * threshold, 6),
            smoothing_s=self.smoothing_s,
            min_duration_s=self.min_duration_s,
            merge_gap_s=self.merge_gap_s,
        )


def train_settings(given: Mapping[str, Any] | None = None) -> TrainSettings:
    """Validate settings of a training.

    "recipe" names a shipped model whose settings are the defaults.

    Raises
    ------
    TrainSettingsError
        Names each setting that is unknown or out of bounds.
    """
    if isinstance(given, Mapping) and "recipe" in given:
        own = {name: value for name, value in given.items() if name != "recipe"}
        base = recipe_training(given["recipe"])
        # Nested settings.
        sections = {
            name: {**base[name], **value}
            for name, value in own.items()
            if isinstance(value, Mapping) and isinstance(base.get(name), dict)
        }
        given = {**base, **own, **sections}
    return read_settings(
        TrainSettings, given, what="Settings of the training", error_type=TrainSettingsError
    )


def recipe_training(name: Any) -> dict[str, Any]:
    """Return the settings of a shipped model's training, without hardware options.

    Raises
    ------
    TrainSettingsError
        There is no such recipe.
    """
    if name not in recipe_names():
        raise TrainSettingsError(
            "There is no recipe {name}. There are: {names}.",
            name=shown(name),
            names=", ".join(recipe_names()),
        )
    document = json.loads((MODELS_FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    of_the_machine = ("seed", "device", "threads")
    return {
        key: setting for key, setting in document["settings"].items() if key not in of_the_machine
    }
