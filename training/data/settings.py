"""Settings of datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.channels.montages import CHBMIT_23
from training.errors import DatasetSettingsError
from training.fit.settings_reading import read_settings
from zoo.card.sections import (
    ChannelName,
    PositiveSeconds,
    check_preprocessing,
    check_whole_samples,
)
from zoo.layers.base import Count, Flag, Fraction01, StrictModel, fault

Labelling = Literal["half", "inside", "any"]
Unreferenced = Literal["leave-out", "seizure-free"]


class DatasetSettings(StrictModel):
    """Settings of a dataset, with the project's defaults.

    Attributes
    ----------
    seizure_stride_s : float
        Step between windows where there is a seizure.
    background_stride_s : float or None
        None takes windows without overlap, and closer ones only if those are too few for the
        balance.
    guard_s : float
        Time before and after each seizure that is not used as background, also across consecutive
        files.
    labelling : str
        Seizure windows are those at least "half" ictal, completely "inside" a seizure, or with
        "any" ictal sample.
    balance : float or None
        Background windows per seizure window; None takes all.
    channels : tuple of str or None
        Derivations in order; None keeps every EEG channel, for any-montage models.
    min_channels : int
        Only with `channels` None.
    min_coverage : float
        Minimum fraction of `channels` in a recording, 0 to 1.
    preprocessing : tuple of mapping
        Steps of `seizure_core.signals.preprocessing`.
    only_with_seizures : bool
        Leave out recordings without seizures, like n1Spool.
    unreferenced : str
        Treatment of recordings without reference: "leave-out", or "seizure-free" if the user knows
        that they are.
    seed : int
        Random seed for drawing background windows.
    title : str
        Name to show.
    """

    window_s: PositiveSeconds = 30.0
    seizure_stride_s: PositiveSeconds = 1.0
    background_stride_s: PositiveSeconds | None = None
    guard_s: Annotated[float, Field(strict=True, ge=0.0, le=86_400.0)] = 300.0
    labelling: Labelling = "half"
    balance: Annotated[float, Field(strict=True, gt=0.0, le=10_000.0)] | None = 1.0
    channels: (
        Annotated[tuple[ChannelName, ...], Field(min_length=1, max_length=MAX_CHANNELS)] | None
    ) = CHBMIT_23
    min_channels: Annotated[int, Field(strict=True, ge=1, le=MAX_CHANNELS)] = 1
    min_coverage: Fraction01 = 0.85
    sampling_rate_hz: Annotated[float, Field(strict=True, gt=0.0, le=100_000.0)] = 256.0
    preprocessing: tuple[dict[str, Any], ...] = ()
    only_with_seizures: Flag = False
    unreferenced: Unreferenced = "leave-out"
    seed: Count = 0
    title: Annotated[str, Field(max_length=200)] = ""

    @field_validator("channels")
    @classmethod
    def _named(cls, channels: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if channels is not None and any(not name.strip() for name in channels):
            raise fault("a channel has no name.")
        return channels

    @model_validator(mode="after")
    def _possible(self) -> DatasetSettings:
        for name in ("window_s", "seizure_stride_s", "background_stride_s"):
            length_s = getattr(self, name)
            if length_s is not None:
                check_whole_samples(name, length_s, self.sampling_rate_hz)
        check_preprocessing(self.preprocessing, self.sampling_rate_hz)
        return self

    @property
    def window_samples(self) -> int:
        """Length of a window in samples."""
        return round(self.window_s * self.sampling_rate_hz)

    @property
    def seizure_stride_samples(self) -> int:
        """Stride of seizure windows in samples."""
        return round(self.seizure_stride_s * self.sampling_rate_hz)

    @property
    def background_strides(self) -> tuple[int, ...]:
        """Strides of background windows to try, in samples, largest first."""
        if self.background_stride_s is not None:
            return (round(self.background_stride_s * self.sampling_rate_hz),)
        strides, finest = (
            [self.window_samples],
            min(self.seizure_stride_samples, self.window_samples),
        )
        while strides[-1] // 2 > finest:
            strides.append(strides[-1] // 2)
        if strides[-1] > finest:
            strides.append(finest)
        return tuple(strides)

    def input_section(self, *, stride_s: float) -> dict[str, Any]:
        """Return the `input` section for models trained on such a dataset."""
        section: dict[str, Any] = {
            "channels": None if self.channels is None else list(self.channels),
            "min_coverage": self.min_coverage,
            "sampling_rate_hz": self.sampling_rate_hz,
            "window_s": self.window_s,
            "stride_s": stride_s,
            "unit": "uV",
            "preprocessing": [dict(step) for step in self.preprocessing],
        }
        if self.channels is None:
            section["min_channels"] = self.min_channels
        return section


def dataset_settings(given: Mapping[str, Any] | None = None) -> DatasetSettings:
    """Validate settings of a dataset.

    Raises
    ------
    DatasetSettingsError
        Names each setting that is unknown or out of bounds.
    """
    return read_settings(
        DatasetSettings, given, what="Settings of the dataset", error_type=DatasetSettingsError
    )
