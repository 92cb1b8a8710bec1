"""Check networks, compute shapes, parameters and receptive fields, and build them in torch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from seizure_core.bounds import MAX_CHANNELS
from seizure_core.errors import shown
from seizure_core.messages import Message, sentences
from zoo.card.validation import Fault, faults_of
from zoo.errors import NetworkError
from zoo.layers.base import (
    MAX_SAMPLES,
    Layer,
    LayerError,
    LayerReport,
    ReceptiveField,
    Shape,
    check_budget,
    times,
)
from zoo.layers.flow import build_layers, flow
from zoo.layers.vocabulary import LAYER, LAYER_TYPES

if TYPE_CHECKING:
    from torch import nn

MAX_LAYERS = 500
MAX_DEPTH = 6

N_LOGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkReport:
    """Facts about a list of layers, or its errors.

    Attributes
    ----------
    layers : tuple of LayerReport
        Up to the first layer that does not fit.
    n_parameters, multiply_adds : int
        Sums over `layers`.
    receptive_field_samples : int
        Input samples that an output step depends on.
    output_shape : tuple of int or None
        (2,), or (2, n_steps); None if a layer does not fit.
    errors : tuple of NetworkError
        Empty when valid.
    """

    valid: bool
    layers: tuple[LayerReport, ...] = ()
    n_parameters: int = 0
    multiply_adds: int = 0
    receptive_field_samples: int = 0
    output_shape: Shape | None = None
    errors: tuple[NetworkError, ...] = field(default=())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data, as returned by `/check_network`."""
        return {
            "valid": self.valid,
            "layers": [asdict(layer) for layer in self.layers],
            "n_parameters": self.n_parameters,
            "multiply_adds": self.multiply_adds,
            "receptive_field_samples": self.receptive_field_samples,
            "output_shape": self.output_shape,
            "errors": [{"index": error.index, "message": error.message} for error in self.errors],
        }


def check_network(
    layers: Sequence[Mapping[str, Any] | Layer], n_channels: int, n_samples: int
) -> NetworkReport:
    """Check a list of layers for an input and compute its facts.

    Parameters
    ----------
    layers : sequence of mapping or Layer
        The network as data.
    n_channels, n_samples : int
        Shape of one window.

    Returns
    -------
    NetworkReport
        Does not raise for invalid networks: `errors` lists what is wrong.
    """
    faults = _input_faults(layers, n_channels, n_samples)
    if faults:
        return NetworkReport(valid=False, errors=tuple(faults))
    parsed, errors = _parse(layers)
    facts, flow_error = _flow_until_error(parsed, (n_channels, n_samples))
    if flow_error is not None:
        errors.insert(0, flow_error)
    if not errors:
        errors.extend(_whole_network_errors(facts))
    return NetworkReport(
        valid=not errors,
        layers=tuple(facts),
        n_parameters=sum(fact.n_parameters for fact in facts),
        multiply_adds=sum(fact.multiply_adds for fact in facts),
        receptive_field_samples=facts[-1].receptive_field_samples if facts else 1,
        output_shape=facts[-1].output_shape if facts and len(facts) == len(layers) else None,
        errors=tuple(sorted(errors, key=lambda error: -1 if error.index is None else error.index)),
    )


def parse_layers(layers: Sequence[Mapping[str, Any] | Layer]) -> tuple[Layer, ...]:
    """Parse a network from plain data, without checking shapes.

    Raises
    ------
    NetworkError
        For the first invalid layer.
    """
    too_big = size_error(layers)
    if too_big is not None:
        raise too_big
    parsed, errors = _parse(layers)
    if errors:
        raise errors[0]
    return tuple(parsed)


def build_network(
    layers: Sequence[Mapping[str, Any] | Layer], n_channels: int, n_samples: int
) -> nn.Sequential:
    """Build a network with new weights from torch's current random state.

    Parameters
    ----------
    layers : sequence of mapping or Layer
        The network as data.
    n_channels, n_samples : int
        Shape of one window.

    Returns
    -------
    torch.nn.Sequential
        In training mode; maps float32 (batch, n_channels, n_samples) to logits (batch, 2) or
        (batch, 2, n_steps). Tensor names start with the index of their layer.

    Raises
    ------
    NetworkError
        The network is not valid for this input; the message names the layer.
    """
    report = check_network(layers, n_channels, n_samples)
    if report.errors:
        raise report.errors[0]
    return build_layers(parse_layers(layers), (n_channels, n_samples))


def _input_faults(layers: Any, n_channels: Any, n_samples: Any) -> list[NetworkError]:
    faults = []
    for value, bound, name in (
        (n_channels, MAX_CHANNELS, "n_channels"),
        (n_samples, MAX_SAMPLES, "n_samples"),
    ):
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= bound:
            faults.append(
                NetworkError(
                    Message(
                        "{name} must be a whole number from 1 to {bound}, but is {value}.",
                        name=name,
                        bound=bound,
                        value=shown(value),
                    )
                )
            )
    too_big = size_error(layers)
    return faults if too_big is None else [*faults, too_big]


def size_error(layers: Any) -> NetworkError | None:
    """Check number and nesting of layers, before recursive parsing.

    Returns
    -------
    NetworkError or None
        None if the layers may be parsed.
    """
    if isinstance(layers, str | bytes) or not isinstance(layers, Sequence):
        return NetworkError("a network is a list of layers.")
    if not layers:
        return NetworkError("it has no layers.", fix="Add at least a flatten and a linear layer.")
    n_layers, level, depth = 0, list(layers), 0
    while level:
        depth += 1
        n_layers += len(level)
        if n_layers > MAX_LAYERS:
            return NetworkError(
                Message("it has more than {max_layers} layers.", max_layers=MAX_LAYERS)
            )
        if depth > MAX_DEPTH:
            return NetworkError(
                Message("layers stand in layers more than {max_depth} deep.", max_depth=MAX_DEPTH)
            )
        level = [inner for layer in level for inner in _inner(layer)]
    return None


def _inner(layer: Any) -> list[Any]:
    """Return the contents of all lists inside a layer, raw or parsed."""
    values = layer.values() if isinstance(layer, Mapping) else ()
    if isinstance(layer, Layer):
        values = tuple(getattr(layer, name) for name in type(layer).model_fields)
    inner: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            for item in value:
                inner.extend(item if isinstance(item, list | tuple) else [item])
    return inner


def _parse(layers: Sequence[Any]) -> tuple[list[Layer], list[NetworkError]]:
    """Return the layers before the first invalid one, and all errors."""
    parsed: list[Layer] = []
    errors: list[NetworkError] = []
    for index, raw in enumerate(layers):
        try:
            layer = raw if isinstance(raw, Layer) else LAYER.validate_python(raw)
        except ValidationError as error:
            errors.extend(
                _parse_error(index, raw, fault) for fault in faults_of(error, LAYER_TYPES)
            )
        else:
            if not errors:
                parsed.append(layer)
    return parsed, errors


def _parse_error(index: int, raw: Any, fault: Fault) -> NetworkError:
    layer_type = raw.get("type") if isinstance(raw, Mapping) else None
    known = isinstance(layer_type, str) and fault.steps[:1] == (layer_type,)
    # pydantic's location starts with the layer type, which `where` names already.
    inside = fault.location.removeprefix(str(layer_type)).lstrip(".") if known else fault.location
    where = Message(
        "layer {number} ({type})" if known else "layer {number}", number=index + 1, type=layer_type
    )
    return NetworkError(
        Message("{inside}: {reason}", inside=inside, reason=fault.reason)
        if inside
        else fault.reason,
        index=index,
        layer_type=layer_type if known else None,
        where=where,
    )


def _flow_until_error(
    layers: Sequence[Layer], shape: Shape
) -> tuple[list[LayerReport], NetworkError | None]:
    passed: list[LayerReport] = []
    try:
        flow(layers, shape, ReceptiveField.of_window(shape[1]), passed)
    except LayerError as error:
        index = len(passed)
        return passed, NetworkError(
            error.reason,
            index=index,
            layer_type=layers[index].type,
            where=sentences(*error.steps, between=", "),
            fix=error.fix,
        )
    return passed, None


def _whole_network_errors(facts: Sequence[LayerReport]) -> list[NetworkError]:
    last, index = facts[-1], len(facts) - 1
    where = Message("layer {number} ({type})", number=index + 1, type=last.type)
    errors = []
    try:
        check_budget(
            sum(fact.n_parameters for fact in facts),
            multiply_adds=sum(fact.multiply_adds for fact in facts),
        )
    except LayerError as error:
        errors.append(NetworkError(error.reason, fix=error.fix))
    shape = last.output_shape
    if shape[0] != N_LOGITS:
        errors.append(
            NetworkError(
                Message(
                    "the network must end in two logits, (2) or (2 x steps), but ends in {shape}.",
                    shape=times(shape),
                ),
                index=index,
                layer_type=last.type,
                where=where,
                fix="End with a linear layer of out_features 2 after a flatten, or with a conv1d "
                "of out_channels 2."
                if len(shape) == 2
                else "End with a linear layer of out_features 2.",
            )
        )
    return errors
