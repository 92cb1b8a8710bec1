"""How a net is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from seizure_core.events.postprocessing import PostProcessing
from training.data.splits import SplitMethod
from training.errors import TrainSettingsError
from training.fit.settings_reading import read_settings
from zoo.card.sections import PositiveSeconds, Seconds
from zoo.layers.base import Count, Flag, Fraction01, StrictModel, fault

Fraction = Annotated[float, Field(strict=True, ge=0.0, lt=1.0)]
Positive = Annotated[float, Field(strict=True, gt=0.0, le=1e6)]


class AugmentationSettings(StrictModel):
    """Random changes of training windows; all off by default.

    Attributes
    ----------
    channel_dropout : float
        Probability of each channel to be zero in a window.
    amplitude : float
        Windows are multiplied by a factor between 1 - amplitude and 1 + amplitude.
    noise : float
        Standard deviation of white noise, in the unit of the net's input.
    time_shift_s : float
        Windows are turned round in time by up to this, what leaves at one end comes in at
        the other, so that no sample from outside the window is seen.
    mirror : float
        Probability of left and right to be exchanged.
    """

    channel_dropout: Fraction = 0.0
    amplitude: Fraction = 0.0
    noise: Annotated[float, Field(strict=True, ge=0.0, le=1e6)] = 0.0
    time_shift_s: Seconds = 0.0
    mirror: Fraction01 = 0.0

    @property
    def any(self) -> bool:
        """Whether anything is changed at all."""
        return any(
            (self.channel_dropout, self.amplitude, self.noise, self.time_shift_s, self.mirror)
        )


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
    seed : int
        Of everything random.
    device : str
        "auto" takes a GPU if there is one.
    mixed_precision : bool
        Calculate in bfloat16 where that is safe; on a GPU only.
    threads : int or None
        CPU threads; None takes torch's choice. A run that goes on uses as many as before.
    start_weights : bool
        When a net of the zoo is started from: with its weights, or its architecture only.
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
                f"warmup_epochs {self.warmup_epochs:g} leave nothing of {self.epochs} epochs."
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

    Raises
    ------
    TrainSettingsError
        Naming each setting that is unknown or out of its bounds.
    """
    return read_settings(
        TrainSettings, given, what="Settings of the training", error_type=TrainSettingsError
    )
