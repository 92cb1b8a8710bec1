"""How recordings and references become a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from seizure_core.channels.montages import CHBMIT_23
from seizure_core.errors import ParameterError
from seizure_core.signals.preprocessing import parse_steps
from training.errors import DatasetSettingsError
from training.fit.settings_reading import read_settings
from zoo.card.sections import ChannelName, PositiveSeconds, check_whole_samples
from zoo.layers.base import MAX_CHANNELS, Count, Flag, Fraction01, StrictModel, fault

Labelling = Literal["half", "inside", "any"]
Unreferenced = Literal["leave-out", "seizure-free"]


class DatasetSettings(StrictModel):
    """Settings of a dataset, with the project's defaults.

    Attributes
    ----------
    window_s : float
        Length of a window.
    seizure_stride_s : float
        Step between windows where there is a seizure.
    background_stride_s : float or None
        Step between background windows. None: windows that do not overlap, and closer ones
        only where those are too few for the balance.
    guard_s : float
        Time before and after each seizure from which no background is taken, across files
        that follow each other.
    labelling : str
        A window is seizure when at least "half" of it is ictal, when it lies fully "inside"
        a seizure, or when "any" of it is ictal.
    balance : float or None
        Background windows for each seizure window; None takes all.
    channels : tuple of str or None
        Ordered derivations; None keeps every EEG channel, for models of any montage.
    min_channels : int
        Fewest channels where `channels` is None.
    min_coverage : float
        Fraction of `channels` a recording must have, 0 to 1.
    sampling_rate_hz : float
        Of the stored signals.
    preprocessing : tuple of mapping
        Steps of `seizure_core.signals.preprocessing`.
    only_with_seizures : bool
        Leave out recordings whose reference has no seizure, as n1Spool did.
    unreferenced : str
        What becomes of recordings without reference: "leave-out", or "seizure-free" if the
        user knows that they are. It is never assumed.
    seed : int
        Of the drawing of background windows.
    title : str
        A name for people.
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
        try:
            parse_steps(self.preprocessing, self.sampling_rate_hz)
        except ParameterError as error:
            raise fault("preprocessing: {error}", error=error) from None
        return self

    @property
    def window_samples(self) -> int:
        """Length of a window in samples."""
        return round(self.window_s * self.sampling_rate_hz)

    @property
    def seizure_stride_samples(self) -> int:
        """Step between seizure windows in samples."""
        return round(self.seizure_stride_s * self.sampling_rate_hz)

    @property
    def background_strides(self) -> tuple[int, ...]:
        """Steps between background windows to try in turn, in samples, widest first."""
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
        """Return the card's `input` section of a model trained on such a dataset."""
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
    """Check settings of a dataset.

    Raises
    ------
    DatasetSettingsError
        Naming each setting that is unknown or out of its bounds.
    """
    return read_settings(
        DatasetSettings, given, what="Settings of the dataset", error_type=DatasetSettingsError
    )
