"""Card sections on input, weights and golden output."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.errors import ParameterError
from seizure_core.signals.preprocessing import parse_step, parse_steps
from zoo.layers.base import MAX_SAMPLES, Count, Fraction01, Sha256, Size, StrictModel, fault

Seconds = Annotated[float, Field(strict=True, ge=0.0, le=86_400.0)]
PositiveSeconds = Annotated[float, Field(strict=True, gt=0.0, le=86_400.0)]
ChannelName = Annotated[str, Field(min_length=1, max_length=40)]

Number = Annotated[float, Field(strict=True)]

WEIGHTS_FILE: Final = "model.safetensors"

# Tolerance for a duration to be a whole number of samples.
_SAMPLE_SLACK = 1e-6


def check_preprocessing(entries: Iterable[Mapping[str, Any]], sampling_rate_hz: float) -> None:
    """Check the entries of `preprocessing` for a sampling rate.

    Raises
    ------
    PydanticCustomError
        A step cannot be used; for use in validators.
    """
    try:
        parse_steps(entries, sampling_rate_hz)
    except ParameterError as error:
        raise fault("preprocessing: {error}", error=error) from None


def check_whole_samples(name: str, length_s: float, sampling_rate_hz: float) -> None:
    """Check that a duration is a whole number of samples, 1 to `MAX_SAMPLES`.

    Raises
    ------
    PydanticCustomError
        It is not; for use in validators.
    """
    n_samples = length_s * sampling_rate_hz
    if abs(n_samples - round(n_samples)) > _SAMPLE_SLACK * max(1.0, n_samples):
        raise fault(
            "{name} {length_s:g} at {sampling_rate_hz:g} Hz makes {n_samples:g} samples, which is "
            "not a whole number.",
            name=name,
            length_s=length_s,
            sampling_rate_hz=sampling_rate_hz,
            n_samples=n_samples,
        )
    if not 1 <= round(n_samples) <= MAX_SAMPLES:
        raise fault(
            "{name} makes {n_samples:g} samples; 1 to {max_samples} are allowed.",
            name=name,
            n_samples=n_samples,
            max_samples=MAX_SAMPLES,
        )


class InputSection(StrictModel):
    """Input of the model.

    Attributes
    ----------
    channels : tuple of str or None
        Derivations or electrodes in order; None accepts any channels, at least `min_channels`.
    min_channels : int or None
        Only with `channels` None.
    min_coverage : float
        Lowest accepted fraction of the channels, 0 to 1; missing ones are zeros.
    unit : str
        Before preprocessing.
    preprocessing : tuple of mapping
        Steps of `seizure_core.signals.preprocessing`, in order.
    """

    channels: (
        Annotated[tuple[ChannelName, ...], Field(min_length=1, max_length=MAX_CHANNELS)] | None
    )
    min_channels: Annotated[int, Field(strict=True, ge=1, le=MAX_CHANNELS)] | None = None
    min_coverage: Fraction01
    sampling_rate_hz: Annotated[float, Field(strict=True, gt=0.0, le=100_000.0)]
    window_s: PositiveSeconds
    stride_s: PositiveSeconds
    unit: Literal["uV"]
    preprocessing: tuple[dict[str, Any], ...]

    @field_validator("preprocessing")
    @classmethod
    def _known_steps(cls, steps: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
        for index, step in enumerate(steps):
            try:
                parse_step(step)
            except ParameterError as error:
                raise fault("step {index}: {error}", index=index, error=error) from None
        return steps

    @model_validator(mode="after")
    def _consistent(self) -> InputSection:
        if self.channels is None and self.min_channels is None:
            raise fault("with channels null (any montage), min_channels must say how few will do.")
        if self.channels is not None and self.min_channels is not None:
            raise fault("min_channels goes with channels null only; leave it out or make it null.")
        if self.stride_s > self.window_s:
            raise fault(
                "stride_s {stride_s:g} is more than window_s {window_s:g}: "
                "EEG between the windows would be left unseen.",
                stride_s=self.stride_s,
                window_s=self.window_s,
            )
        for name, length_s in (("window_s", self.window_s), ("stride_s", self.stride_s)):
            check_whole_samples(name, length_s, self.sampling_rate_hz)
        check_preprocessing(self.preprocessing, self.sampling_rate_hz)
        return self

    @property
    def window_samples(self) -> int:
        """Length of a window in samples."""
        return round(self.window_s * self.sampling_rate_hz)

    @property
    def stride_samples(self) -> int:
        """Default step between windows in samples."""
        return round(self.stride_s * self.sampling_rate_hz)

    @property
    def n_channels(self) -> int | None:
        """Number of channels, None for any-montage models."""
        return None if self.channels is None else len(self.channels)

    @property
    def build_channels(self) -> int:
        """Number of channels for building and testing the network."""
        return len(self.channels) if self.channels is not None else (self.min_channels or 1)


class WeightsSection(StrictModel):
    """Identification of the weights file."""

    file: Literal["model.safetensors"] = WEIGHTS_FILE
    sha256: Sha256
    size_bytes: Annotated[int, Field(strict=True, ge=8)]
    n_parameters: Annotated[int, Field(strict=True, ge=0)]


class GoldenSection(StrictModel):
    """A seeded input and the logits of the model for it.

    Attributes
    ----------
    seed : int
        Random seed of the input, see `zoo.store.model_folder.golden_input`.
    n_windows, n_channels : int
        Shape of the input; the card gives the window length.
    amplitude : float
        Largest absolute value of the input, in units of the model's input after preprocessing.
    logits : tuple
        Nested lists of shape (n_windows, 2) or (n_windows, 2, n_steps).
    tolerance : float
        Largest accepted difference, relative to the largest absolute logit plus 1.
    """

    seed: Count
    n_windows: Annotated[int, Field(strict=True, ge=1, le=16)]
    n_channels: Size
    amplitude: Annotated[float, Field(strict=True, gt=0.0, le=1e6)]
    logits: tuple[tuple[Number | tuple[Number, ...], ...], ...]
    tolerance: Annotated[float, Field(strict=True, gt=0.0, le=0.01)]

    @property
    def shape(self) -> list[int] | None:
        """Shape of `logits`, None if their nested lists are ragged."""
        shape: list[int] = []
        level: list[Any] = [self.logits]
        while level and all(isinstance(node, tuple) for node in level):
            sizes = {len(node) for node in level}
            if len(sizes) != 1:
                return None
            shape.append(sizes.pop())
            level = [inner for node in level for inner in node]
        return None if any(isinstance(node, tuple) for node in level) else shape
