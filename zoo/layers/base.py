"""Base of all layer types, without torch: strict models, shapes, receptive fields.

A *shape* is that of one window without the batch axis: `(n_channels, n_samples)`, called a
sequence, or `(n_features,)` after flattening.

The *receptive field* is kept exactly, as the first and last input sample of every output step. A
formula of kernel and stride holds in the middle of a long window only, not near padding, between
uneven cells, or after upsampling.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from seizure_core.messages import Message, near_names

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Indices = NDArray[np.int32]

Size = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A positive number, such as of channels, samples or features."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A number that may be zero."""

Flag = Annotated[bool, Field(strict=True)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Fraction01 = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]

MAX_SAMPLES = 4_000_000
MAX_PARAMETERS = 25_000_000
MAX_VALUES = 2**26
MAX_MULTIPLY_ADDS = 50_000_000_000
MAX_ALL_STEPS = 2**25
"""Steps along time of all layers of a network together."""

# For steps that depend on no sample, only on zero padding or a bias.
_NO_FIRST = np.iinfo(np.int32).max
_NO_LAST = -1


class StrictModel(BaseModel):
    """A frozen pydantic model without extra keys, NaN or infinity; errors list the known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _name_known_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key in data:
                if key not in cls.model_fields:
                    raise fault(_unknown_key(str(key), list(cls.model_fields)))
        return data


def fault(template: str, /, **values: Any) -> PydanticCustomError:
    """Return an error for validators, with a message for the user in its context."""
    return PydanticCustomError("card_fault", "{reason}", {"reason": Message(template, **values)})


def _unknown_key(key: str, known: list[str]) -> str:
    near = near_names(key, known, most=1)
    hint = Message(" Did you mean {near!r}?", near=near[0]) if near else ""
    return Message(
        "the key {key!r} is not known here.{hint} Known keys: {known}.",
        key=key,
        hint=hint,
        known=", ".join(known),
    )


@dataclass(slots=True, eq=False)
class StepBudget:
    """Steps whose receptive fields may still be computed for one network."""

    left: int = MAX_ALL_STEPS

    def take(self, n_steps: int) -> None:
        """Raise `LayerError` if a network has too many steps in all its layers together."""
        self.left -= n_steps
        if self.left < 0:
            raise LayerError(
                Message(
                    "all layers up to here have more than {bound:.3g} steps along time together.",
                    bound=MAX_ALL_STEPS,
                ),
                "Use fewer layers, a shorter window, or more stride or pooling before it.",
            )


@dataclass(frozen=True, eq=False)
class ReceptiveField:
    """First and last input sample that each output step depends on, over all channels.

    Attributes
    ----------
    first, last : array of int, shape (n_steps,)
        A flat vector is a single step.
    budget : StepBudget
        Shared by all fields of a network.
    """

    first: Indices
    last: Indices
    budget: StepBudget = field(default_factory=StepBudget)

    def __post_init__(self) -> None:
        self.budget.take(len(self.first))

    @classmethod
    def of_window(cls, n_samples: int) -> ReceptiveField:
        """Return the receptive fields before the first layer: each sample sees itself."""
        own = np.arange(n_samples, dtype=np.int32)
        return cls(own, own)

    @cached_property
    def field(self) -> int:
        """Largest number of input samples that a step depends on."""
        spans = self.last.astype(np.int64) - self.first + 1
        return max(0, int(spans.max()))

    def windowed(
        self, n_taps: int, *, step: int, dilation: int, padding: tuple[int, int] = (0, 0)
    ) -> ReceptiveField:
        """Return the receptive fields after a window of `n_taps` values, `dilation` apart.

        Negative padding crops.
        """
        return ReceptiveField(
            _slide(_padded(self.first, padding, _NO_FIRST), np.minimum, n_taps, dilation)[::step],
            _slide(_padded(self.last, padding, _NO_LAST), np.maximum, n_taps, dilation)[::step],
            self.budget,
        )

    def spread(self, step: int) -> ReceptiveField:
        """Return the receptive fields after inserting `step - 1` zeros between the steps."""
        if step == 1:
            return self
        n_steps = (len(self.first) - 1) * step + 1
        first = np.full(n_steps, _NO_FIRST, dtype=np.int32)
        last = np.full(n_steps, _NO_LAST, dtype=np.int32)
        first[::step], last[::step] = self.first, self.last
        return ReceptiveField(first, last, self.budget)

    def gathered(self, starts: NDArray[Any], stops: NDArray[Any]) -> ReceptiveField:
        """Return the receptive fields of steps that read values from `starts` up to `stops`."""
        pairs = np.stack([starts, stops], axis=1).ravel()
        first = np.minimum.reduceat(np.append(self.first, np.int32(_NO_FIRST)), pairs)
        last = np.maximum.reduceat(np.append(self.last, np.int32(_NO_LAST)), pairs)
        return ReceptiveField(first[::2], last[::2], self.budget)

    def causal(self) -> ReceptiveField:
        """Return the receptive fields of causal steps, which read no later ones."""
        return ReceptiveField(
            np.minimum.accumulate(self.first), np.maximum.accumulate(self.last), self.budget
        )

    def mixed(self, n_steps: int = 1) -> ReceptiveField:
        """Return the receptive fields of `n_steps` steps that read everything."""
        return ReceptiveField(
            np.broadcast_to(self.first.min(), (n_steps,)),
            np.broadcast_to(self.last.max(), (n_steps,)),
            self.budget,
        )

    def joined(self, other: ReceptiveField) -> ReceptiveField:
        """Return the receptive fields after combining parallel branches step by step."""
        return ReceptiveField(
            np.minimum(self.first, other.first), np.maximum(self.last, other.last), self.budget
        )


def _padded(values: Indices, padding: tuple[int, int], nothing: int) -> Indices:
    left, right = padding
    if left > 0 or right > 0:
        values = np.pad(values, (max(left, 0), max(right, 0)), constant_values=nothing)
    return values[max(-left, 0) : len(values) - max(-right, 0)]


def _slide(values: Indices, pick: np.ufunc, n_taps: int, dilation: int) -> Indices:
    """Return the minimum (or maximum) of `n_taps` values from every start, in log passes."""
    width, best = 1, values
    while 2 * width <= n_taps:
        shift = width * dilation
        best = pick(best[:-shift], best[shift:])
        width *= 2
    shift = (n_taps - width) * dilation
    return pick(best[:-shift], best[shift:]) if shift else best


class LayerError(Exception):
    """A layer does not accept its input shape; `zoo.layers.network` adds the place.

    Parameters
    ----------
    reason, fix : str
        Cause and smallest change that would help, as sentences.
    """

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.steps: tuple[str, ...] = ()

    def within(self, step: str) -> LayerError:
        """Add a step to the path of the layer, outermost last."""
        self.steps = (step, *self.steps)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """Facts about a layer at a given input shape.

    Attributes
    ----------
    index : int
        Position in its list, from 0.
    type : str
        Name of the layer type.
    output_shape : tuple of int
        For one window.
    multiply_adds : int
        Multiply-add operations per window, without cheap element-wise work.
    peak_values : int
        Largest number of values in memory per window.
    receptive_field_samples : int
        Input samples that an output step depends on.
    parts : tuple of PartReport
        Layers inside a composite layer.
    """

    index: int = 0
    type: str
    output_shape: Shape
    n_parameters: int
    multiply_adds: int
    peak_values: int
    receptive_field_samples: int
    parts: tuple[PartReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """A named list of layers inside a composite layer."""

    name: str
    layers: tuple[LayerReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A valid use of a layer type, for contract test and menus."""

    settings: dict[str, Any] = field(default_factory=dict)
    input_shape: Shape = (8, 64)


class Layer(StrictModel):
    """Base of all layers: settings are fields, derived facts are methods.

    A subclass defines `type` as a Literal, `module` as a class of `torch.nn` or
    `zoo.layers.modules`, `channels_as` as the name of that class's argument for the input channels,
    an `example`, and overrides methods. The defaults describe a layer that keeps the shape and
    learns nothing.
    """

    example: ClassVar[Example] = Example()
    module: ClassVar[str] = ""
    channels_as: ClassVar[str] = ""

    type: str

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output shape; raise `LayerError` for an unsuitable input."""
        return shape

    def n_parameters(self, shape: Shape) -> int:
        """Return the number of learnable parameters."""
        return 0

    def multiply_adds(self, shape: Shape) -> int:
        """Return the multiply-add operations per window."""
        return 0

    def extra_values(self, shape: Shape) -> int:
        """Return the number of values held in memory besides input and output."""
        return 0

    def receptive_field(self, receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
        """Return the receptive fields after the layer."""
        return receptive_field

    def build(self, shape: Shape) -> nn.Module:
        """Return the torch module; the only method that imports torch."""
        from torch import nn

        modules = import_module(f"{__package__}.modules")
        make = getattr(modules, self.module, None) or getattr(nn, self.module)
        module: nn.Module = make(**self.module_settings(shape))
        return module

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        """Return the arguments for the torch module."""
        settings = self.model_dump(exclude={"type"})
        return settings | ({self.channels_as: shape[0]} if self.channels_as else {})

    def facts(
        self, shape: Shape, receptive_field: ReceptiveField
    ) -> tuple[LayerReport, ReceptiveField]:
        """Return the facts for this input, and the receptive fields after the layer.

        Raises
        ------
        LayerError
            The layer does not accept the shape, or exceeds the size bounds of this module.
        """
        output_shape = self.output_shape(shape)
        n_parameters, multiply_adds = self.n_parameters(shape), self.multiply_adds(shape)
        peak_values = max(prod(shape), prod(output_shape)) + self.extra_values(shape)
        check_budget(
            n_parameters,
            values=peak_values,
            multiply_adds=multiply_adds,
            steps=output_shape[-1] if len(output_shape) == 2 else 1,
        )
        receptive_field = self.receptive_field(receptive_field, shape)
        facts = LayerReport(
            type=self.type,
            output_shape=output_shape,
            n_parameters=n_parameters,
            multiply_adds=multiply_adds,
            peak_values=peak_values,
            receptive_field_samples=receptive_field.field,
        )
        return facts, receptive_field


def check_budget(
    n_parameters: int, *, values: int = 0, multiply_adds: int = 0, steps: int = 1
) -> None:
    """Raise `LayerError` if the layer is too large to build or run."""
    budget = (
        (n_parameters, MAX_PARAMETERS, "parameters"),
        (values, MAX_VALUES, "values in memory for one window"),
        (multiply_adds, MAX_MULTIPLY_ADDS, "multiplications for one window"),
        (steps, MAX_SAMPLES, "steps along time"),
    )
    for value, bound, what in budget:
        if value > bound:
            raise LayerError(
                Message(
                    "it needs {value:.3g} {what}; models here may need {bound:.3g} at most.",
                    value=value,
                    what=what,
                    bound=bound,
                ),
                "Use fewer channels or features, or more stride or pooling before it.",
            )


def sequence(shape: Shape) -> tuple[int, int]:
    """Return `(n_channels, n_samples)`; raise `LayerError` for a flat vector."""
    if len(shape) != 2:
        raise LayerError(
            Message(
                "it works along time, but a flat vector of {shape} values reaches it.",
                shape=shape[0],
            ),
            "Put it before the layer that removes time (flatten or a pooling over time).",
        )
    return shape[0], shape[1]


def full_receptive_field(receptive_field: ReceptiveField, shape: Shape) -> ReceptiveField:
    """Return the receptive fields of a layer whose every output depends on all samples."""
    return receptive_field.mixed(shape[1] if len(shape) == 2 else 1)


def times(shape: Shape) -> str:
    """Format a shape as `10 x 153`."""
    return " x ".join(str(size) for size in shape)
