"""What every layer of the vocabulary is made of, without torch: strict models, shapes, reach.

A *shape* is that of one window without the batch axis: `(n_channels, n_samples)`, called
a sequence here, or `(n_features,)` once time is gone.

The *reach* says which input samples every step of a layer sees, kept exactly. A formula of kernel
and stride is right in the middle of a long window only. At its edges, where padding ends, between
uneven cells and behind upsampling it says too little or too much, so the first and the last sample
are kept for every step.

The cards are made of the same strict models: no unknown keys, frozen, no NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from importlib import import_module
from math import prod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from seizure_core.messages import Message

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
Indices = NDArray[np.int32]

Size = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
"""A number of things that must be there: channels, samples, features."""

Count = Annotated[int, Field(strict=True, ge=0, le=1_000_000)]
"""A number of things that may be absent."""

Flag = Annotated[bool, Field(strict=True)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Fraction01 = Annotated[float, Field(strict=True, ge=0.0, le=1.0)]

MAX_CHANNELS = 1024
MAX_SAMPLES = 4_000_000
MAX_PARAMETERS = 25_000_000
MAX_VALUES = 2**26
MAX_MULTIPLY_ADDS = 50_000_000_000


# Of a step that sees no sample: only zeros of a padding, or only a bias.
_NO_FIRST = np.iinfo(np.int32).max
_NO_LAST = -1


class StrictModel(BaseModel):
    """A frozen pydantic model that names the keys it knows when it meets another one."""

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
    """Return an error for validators; its context holds the message."""
    return PydanticCustomError("card_fault", "{reason}", {"reason": Message(template, **values)})


def _unknown_key(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, n=1)
    hint = Message(" Did you mean {near!r}?", near=near[0]) if near else ""
    return Message(
        "the key {key!r} is not known here.{hint} Known keys: {known}.",
        key=key[:60],
        hint=hint,
        known=", ".join(known),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """The first and the last input sample that each step along time sees, over all channels.

    Attributes
    ----------
    first, last : array of int, shape (n_steps,)
        A flat vector, where time is gone, is one step.
    """

    first: Indices
    last: Indices

    @classmethod
    def of_window(cls, n_samples: int) -> Reach:
        """Return what is seen before the first layer: every sample sees itself."""
        own = np.arange(n_samples, dtype=np.int32)
        return cls(own, own)

    @property
    def field(self) -> int:
        """Most input samples from the first to the last one that a step sees."""
        spans = self.last.astype(np.int64) - self.first + 1
        return max(0, int(spans.max()))

    def windowed(
        self, n_taps: int, *, step: int, dilation: int, padding: tuple[int, int] = (0, 0)
    ) -> Reach:
        """Return the reach of steps that look at `n_taps` values, `dilation` apart.

        A negative padding cuts.
        """
        return Reach(
            _slide(_padded(self.first, padding, _NO_FIRST), np.minimum, n_taps, dilation)[::step],
            _slide(_padded(self.last, padding, _NO_LAST), np.maximum, n_taps, dilation)[::step],
        )

    def spread(self, step: int) -> Reach:
        """Return the reach with `step - 1` zeros put between the steps."""
        if step == 1:
            return self
        n_steps = (len(self.first) - 1) * step + 1
        first = np.full(n_steps, _NO_FIRST, dtype=np.int32)
        last = np.full(n_steps, _NO_LAST, dtype=np.int32)
        first[::step], last[::step] = self.first, self.last
        return Reach(first, last)

    def gathered(self, starts: NDArray[Any], stops: NDArray[Any]) -> Reach:
        """Return the reach of steps that look at the values from `starts` to before `stops`."""
        pairs = np.stack([starts, stops], axis=1).ravel()
        first = np.minimum.reduceat(np.append(self.first, np.int32(_NO_FIRST)), pairs)
        last = np.maximum.reduceat(np.append(self.last, np.int32(_NO_LAST)), pairs)
        return Reach(first[::2], last[::2])

    def so_far(self) -> Reach:
        """Return the reach of steps that look at themselves and all earlier ones."""
        return Reach(np.minimum.accumulate(self.first), np.maximum.accumulate(self.last))

    def mixed(self, n_steps: int = 1) -> Reach:
        """Return the reach of `n_steps` steps that look at everything."""
        return Reach(
            np.broadcast_to(self.first.min(), (n_steps,)),
            np.broadcast_to(self.last.max(), (n_steps,)),
        )

    def joined(self, other: Reach) -> Reach:
        """Return the reach of steps made of a step of each."""
        return Reach(np.minimum(self.first, other.first), np.maximum(self.last, other.last))


def _padded(values: Indices, padding: tuple[int, int], nothing: int) -> Indices:
    left, right = padding
    if left > 0 or right > 0:
        values = np.pad(values, (max(left, 0), max(right, 0)), constant_values=nothing)
    return values[max(-left, 0) : len(values) - max(-right, 0)]


def _slide(values: Indices, pick: np.ufunc, n_taps: int, dilation: int) -> Indices:
    """Return the least (or largest) of `n_taps` values for every start, in log(n_taps) passes."""
    width, best = 1, values
    while 2 * width <= n_taps:
        shift = width * dilation
        best = pick(best[:-shift], best[shift:])
        width *= 2
    shift = (n_taps - width) * dilation
    return pick(best[:-shift], best[shift:]) if shift else best


class LayerError(Exception):
    """A layer cannot take the shape that reaches it; caught and placed by `zoo.layers.network`.

    Parameters
    ----------
    reason, fix : str
        What is wrong and the smallest change that would help, as sentences.
    """

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.steps: tuple[str, ...] = ()

    def within(self, step: str) -> LayerError:
        """Note one step of the way from the network to the layer, outermost last."""
        self.steps = (step, *self.steps)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerReport:
    """What follows from a layer and the shape that reaches it.

    Attributes
    ----------
    index : int
        Position in its list, from 0.
    type : str
        Name of the layer type.
    output_shape : tuple of int
        Shape of one window behind the layer.
    n_parameters : int
        Learnable numbers.
    multiply_adds : int
        Multiplications with addition for one window; cheap element-wise work counts nothing.
    peak_values : int
        Largest number of values held at once for one window.
    receptive_field_samples : int
        Input samples from the first to the last one that a step behind the layer sees.
    parts : tuple of PartReport
        Lists of layers inside a composite layer.
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
    """A valid use of a layer type, for the contract test and for menus."""

    settings: dict[str, Any] = field(default_factory=dict)
    input_shape: Shape = (8, 64)


class Layer(StrictModel):
    """One layer: its settings are the fields, what follows from them the methods.

    A subclass gives `type` a Literal, `module` the class of `torch.nn` or `zoo.layers.modules` it
    stands for, `channels_as` that class's word for the channels that reach it, an `example`, and
    whatever of the methods differs from "changes nothing, learns nothing".
    """

    example: ClassVar[Example] = Example()
    module: ClassVar[str] = ""
    channels_as: ClassVar[str] = ""

    type: str

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape behind the layer; raise `LayerError` if it cannot take `shape`."""
        return shape

    def n_parameters(self, shape: Shape) -> int:
        """Return how many learnable numbers the layer has for this input shape."""
        return 0

    def multiply_adds(self, shape: Shape) -> int:
        """Return multiplications with addition for one window."""
        return 0

    def extra_values(self, shape: Shape) -> int:
        """Return how many values are held besides input and output."""
        return 0

    def reach(self, reach: Reach, shape: Shape) -> Reach:
        """Return the reach behind the layer, given the one before it."""
        return reach

    def build(self, shape: Shape) -> nn.Module:
        """Return the torch module; the only method that imports torch."""
        from torch import nn

        modules = import_module(f"{__package__}.modules")
        make = getattr(modules, self.module, None) or getattr(nn, self.module)
        module: nn.Module = make(**self.module_settings(shape))
        return module

    def module_settings(self, shape: Shape) -> dict[str, Any]:
        """Return the settings as the torch module takes them."""
        settings = self.model_dump(exclude={"type"})
        return settings | ({self.channels_as: shape[0]} if self.channels_as else {})

    def facts(self, shape: Shape, reach: Reach) -> tuple[LayerReport, Reach]:
        """Return all that follows for this input, and the reach behind the layer.

        Raises
        ------
        LayerError
            The layer cannot take the shape, or passes the size bounds of this module.
        """
        output_shape = self.output_shape(shape)
        n_parameters, multiply_adds = self.n_parameters(shape), self.multiply_adds(shape)
        peak_values = max(prod(shape), prod(output_shape)) + self.extra_values(shape)
        check_budget(n_parameters, values=peak_values, multiply_adds=multiply_adds)
        reach = self.reach(reach, shape)
        facts = LayerReport(
            type=self.type,
            output_shape=output_shape,
            n_parameters=n_parameters,
            multiply_adds=multiply_adds,
            peak_values=peak_values,
            receptive_field_samples=reach.field,
        )
        return facts, reach


def check_budget(n_parameters: int, *, values: int = 0, multiply_adds: int = 0) -> None:
    """Raise `LayerError` if something would be too big to build or to run."""
    budget = (
        (n_parameters, MAX_PARAMETERS, "parameters"),
        (values, MAX_VALUES, "values in memory for one window"),
        (multiply_adds, MAX_MULTIPLY_ADDS, "multiplications for one window"),
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
    """Return `(n_channels, n_samples)`, or explain that time is already gone."""
    if len(shape) != 2:
        raise LayerError(
            Message(
                "it works along time, but a flat vector of {shape} values reaches it.",
                shape=shape[0],
            ),
            "Put it before the layer that removes time (flatten or a pooling over time).",
        )
    return shape[0], shape[1]


def see_everything(reach: Reach, shape: Shape) -> Reach:
    """Return the reach of a layer of equal length whose every output depends on all samples."""
    return reach.mixed(shape[1] if len(shape) == 2 else 1)


def times(shape: Shape) -> str:
    """Write a shape as `10 x 153`."""
    return " x ".join(str(size) for size in shape)


def flow(
    layers: Sequence[Layer], shape: Shape, reach: Reach, passed: list[LayerReport]
) -> tuple[Shape, Reach]:
    """Send a shape through layers, note each in `passed`, and return what is behind them.

    Raises
    ------
    LayerError
        A layer cannot take what reaches it; `passed` holds those before.
    """
    for index, layer in enumerate(layers):
        try:
            facts, reach = layer.facts(shape, reach)
        except LayerError as error:
            raise error.within(f"layer {index} ({layer.type})") from None
        passed.append(replace(facts, index=index))
        shape = facts.output_shape
    return shape, reach


def build_layers(layers: Sequence[Layer], shape: Shape) -> nn.Sequential:
    """Return the torch modules of layers in order; a module's number is its layer's index."""
    from torch import nn

    modules = []
    for layer in layers:
        modules.append(layer.build(shape))
        shape = layer.output_shape(shape)
    return nn.Sequential(*modules)
