"""How a model is trained."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from seizure_core.errors import shown
from seizure_core.events.postprocessing import PostProcessing
from training.data.splits import SplitMethod
from training.errors import TrainSettingsError
from training.fit.settings_reading import read_settings
from training.recipes import MODELS_FOLDER, recipe_names
from zoo.card.sections import PositiveSeconds, Seconds
from zoo.layers.base import MAX_CHANNELS, Count, Flag, Fraction01, Size, StrictModel, fault

Fraction = Annotated[float, Field(strict=True, ge=0.0, lt=1.0)]
Positive = Annotated[float, Field(strict=True, gt=0.0, le=1e6)]
ChannelCount = Annotated[int, Field(strict=True, ge=1, le=MAX_CHANNELS)]

SEIZURE_KINDS = ("simulated_seizure", "seizure_over_real", "real_seizure")
SIMULATED_KINDS = ("simulated_seizure", "seizure_over_real", "simulated_background", "artefacts")
WINDOW_KINDS = (*SEIZURE_KINDS, "simulated_background", "artefacts", "resting", "real_background")


class AugmentationSettings(StrictModel):
    """Random changes of training windows; all off by default.

    Attributes
    ----------
    channel_dropout : float
        Probability of each channel to be zero in a window.
    lost_fraction, max_lost : float, int
        Share of windows that lose 1 to `max_lost` channels.
    low_temporal_fraction : float
        Share of windows without FT9 and FT10, which most recordings lack.
    amplitude : float
        Windows are multiplied by a factor between 1 - amplitude and 1 + amplitude.
    gain_spread : float
        Windows are multiplied by a factor whose logarithm has this standard deviation.
    flip : float
        Probability of the opposite polarity.
    noise : float
        Standard deviation of white noise, in the unit of the model's input.
    time_shift_s : float
        Windows are turned round in time by up to this, what leaves at one end comes in at
        the other, so that no sample from outside the window is seen.
    mirror : float
        Probability of left and right to be exchanged.
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
        """Whether anything is changed at all."""
        return any(self.model_dump(exclude={"max_lost"}).values())


class MixtureSettings(StrictModel):
    """Training windows drawn by chance from recorded and simulated EEG, as for shipped models.

    With all shares 0 the windows of the dataset are used as they are, each once in an epoch.

    Attributes
    ----------
    real_seizure, real_background : float
        Shares of windows from the recordings, by their label; background comes from
        recordings with seizures.
    resting : float
        Share of background from recordings without any seizure, multiplied by 1 to
        `largest_gain`, evenly on a log scale, so that amplitude does not tell the recorder.
    simulated_seizure, simulated_background : float
        Shares of windows from simulated recordings.
    artefacts : float
        Share of hard background: simulated recordings full of movement, chewing and muscle.
    seizure_over_real : float
        Share of simulated seizures laid over recorded background at its amplitude.
    largest_gain : float
        See `resting`.
    n_simulated : int
        Simulated recordings of 180 s of each kind to draw from.
    batches_per_epoch : int or None
        Length of an epoch; None takes as many batches as hold all training windows once.
    n_channels : pair of int or None
        For any montage: fewest and most channels of a window. None: as the recordings have.
    """

    real_seizure: Fraction01 = 0.0
    real_background: Fraction01 = 0.0
    resting: Fraction01 = 0.0
    simulated_seizure: Fraction01 = 0.0
    simulated_background: Fraction01 = 0.0
    artefacts: Fraction01 = 0.0
    seizure_over_real: Fraction01 = 0.0
    largest_gain: Annotated[float, Field(strict=True, ge=1.0, le=1000.0)] = 8.0
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
        """Whether any simulated EEG is drawn."""
        return any(kind in SIMULATED_KINDS for kind in self.shares)


class MiningSettings(StrictModel):
    """Exchange of easy background windows for hard ones while training goes on.

    Attributes
    ----------
    fraction : float
        Share of the background windows that are the hardest known ones; 0 is off.
    every_epochs : int
        How often they are looked for.
    pool : float
        How many windows are looked at each time, as a multiple of the background windows.
    """

    fraction: Fraction01 = 0.0
    every_epochs: Annotated[int, Field(strict=True, ge=1, le=10_000)] = 2
    pool: Annotated[float, Field(strict=True, gt=0.0, le=1000.0)] = 4.0


class TrainSettings(StrictModel):
    """Settings of a training, with the project's defaults.

    Attributes
    ----------
    epochs : int
        Passes over the training windows, at most.
    learning_rate : float
        More than 0.
    batch_size : int
        Windows a step.
    optimizer : str
        "adam" or "adamw".
    weight_decay : float
        0 or more.
    schedule : str
        The learning rate stays "constant", or falls to zero along a "cosine" or "linear".
    warmup_epochs : float
        Epochs in which the learning rate rises from zero.
    gradient_clip : float or None
        Largest norm of the gradient.
    class_weights : str or pair of float
        Weights of background and seizure in the loss: "none", "balanced" (inverse to their
        numbers), or two numbers.
    label_smoothing : float
        0 to less than 1.
    split, validation_fraction : str, float
        How validation data are kept apart; see `training.data.splits`.
    patience : int or None
        Stop after so many epochs without improvement; None never stops early.
    stride_s : float
        Step between windows in detection, for the card.
    validation_stride_s : float or None
        Step between windows on validation recordings; None is a sixth of the window, at
        least `stride_s`.
    smoothing_s, min_duration_s, merge_gap_s : float
        Post-processing on validation recordings and in the card.
    augmentation : AugmentationSettings
        Random changes of windows.
    mining : MiningSettings
        Hard background.
    mixture : MixtureSettings
        Windows drawn by chance, from simulated EEG too.
    seed : int
        Of everything random.
    device : str
        "auto" takes a GPU if there is one.
    mixed_precision : bool
        Calculate in bfloat16 where that is safe; on a GPU only.
    threads : int or None
        CPU threads; None takes torch's choice. A run that goes on uses as many as before.
    start_weights : bool
        When a model of the zoo is started from: with its weights, or its architecture only.
    checkpoint_every_s : float
        Longest time between checkpoints; every epoch ends with one.
    title : str
        A name for people.
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
        """Return the post-processing with a threshold; events end at four fifths of it."""
        return PostProcessing(
            threshold=threshold,
            threshold_off=round(0.8 * threshold, 6),
            smoothing_s=self.smoothing_s,
            min_duration_s=self.min_duration_s,
            merge_gap_s=self.merge_gap_s,
        )


def train_settings(given: Mapping[str, Any] | None = None) -> TrainSettings:
    """Check settings of a training.

    "recipe" among them names a shipped model: its training's settings then stand for what is
    not given.

    Raises
    ------
    TrainSettingsError
        Naming each setting that is unknown or out of its bounds.
    """
    if isinstance(given, Mapping) and "recipe" in given:
        own = {name: value for name, value in given.items() if name != "recipe"}
        base = recipe_training(given["recipe"])
        # Sections are settings of their own.
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
    """Return how a shipped model was trained, without what suits its makers' machine alone.

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
