"""Weights files: safetensors, float32, exactly the tensors of the network.

A file is read once, into memory, up to the size its network allows; what is hashed is what is
loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard

from seizure_core.json_document import JsonError, parse_json, sha256_of
from seizure_core.messages import Message
from zoo.errors import (
    CardAlteredError,
    WeightsAlteredError,
    WeightsError,
    WeightsFileError,
    WeightsMismatchError,
)

if TYPE_CHECKING:
    import torch
    from torch import nn

CARD_HASH_KEY = "seizure_zoo_card_sha256"
MAX_HEADER_BYTES = 1_000_000
# The largest accepted network has about half of this.
MAX_WEIGHTS_BYTES = 200_000_000

_BYTES_PER_VALUE = 4
_LENGTH_BYTES = 8
# BatchNorm counts batches in an int64 that is not used, because momentum is always set.
_NOT_KEPT = "num_batches_tracked"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsFile:
    """A weights file with a valid header.

    Attributes
    ----------
    shapes : mapping of str to tuple of int
        By tensor name, as in the header.
    """

    file_name: str
    data: bytes
    shapes: Mapping[str, tuple[int, ...]]
    metadata: Mapping[str, str]

    @property
    def sha256(self) -> str:
        """SHA-256 of the whole file."""
        return sha256_of(self.data)

    def tensors(self) -> dict[str, torch.Tensor]:
        """Return the tensors; they must be finite.

        Raises
        ------
        WeightsFileError
            A weight is NaN or infinite.
        """
        import torch
        from safetensors.torch import load

        loaded: dict[str, torch.Tensor] = load(self.data)
        for name, tensor in loaded.items():
            if not bool(torch.isfinite(tensor).all()):
                raise WeightsFileError(
                    self.file_name,
                    "{name} contains NaN or infinity; such a model is useless.",
                    name=name,
                )
        return loaded


def kept_tensors(network: nn.Module) -> dict[str, torch.Tensor]:
    """Return the tensors of a network that belong in its weights file, by name."""
    return {
        name: tensor
        for name, tensor in network.state_dict().items()
        if not name.endswith(_NOT_KEPT)
    }


def weights_bytes(tensors: Mapping[str, torch.Tensor], *, card_sha256: str) -> bytes:
    """Return the weights file of the tensors from `kept_tensors`.

    Raises
    ------
    WeightsError
        A tensor is not float32, or not finite.
    """
    import torch
    from safetensors.torch import save

    for name, tensor in tensors.items():
        if tensor.dtype != torch.float32:
            raise WeightsError(
                name, "it is {dtype}; only float32 weights are kept.", dtype=tensor.dtype
            )
        if not bool(torch.isfinite(tensor).all()):
            raise WeightsError(name, "it holds NaN or infinity: the training has diverged.")
    kept = {
        name: tensor.detach().to("cpu").contiguous().clone() for name, tensor in tensors.items()
    }
    return save(kept, metadata={CARD_HASH_KEY: card_sha256})


def read_weights(path: str | Path, *, n_values: int) -> WeightsFile:
    """Read a weights file; check its size and header first.

    Parameters
    ----------
    n_values : int
        Maximum number of values; a larger file is not read.

    Raises
    ------
    WeightsFileError
        Missing, too large, not safetensors, or not float32.
    """
    path = Path(path)
    limit = n_values * _BYTES_PER_VALUE + _LENGTH_BYTES + MAX_HEADER_BYTES
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise WeightsFileError(path.name, "the file is missing; fetch the model again.") from None
    except OSError as error:
        raise WeightsFileError(
            path.name, "it cannot be read ({strerror}).", strerror=error.strerror
        ) from None
    if len(data) > limit:
        raise WeightsFileError(
            path.name,
            "it has more than the {limit} bytes that the card's network can fill; "
            "it was not read further.",
            limit=limit,
        )
    return _checked(path.name, data)


def check_origin(weights: WeightsFile, *, sha256: str, card_sha256: str) -> None:
    """Check the hashes of weights file and card against each other.

    Raises
    ------
    WeightsAlteredError
        The file's hash is not `sha256`.
    CardAlteredError
        The card's hash is not the one in the file's metadata.
    """
    if weights.sha256 != sha256:
        raise WeightsAlteredError(
            weights.file_name,
            "the file was altered or exchanged: its sha256 begins with {sha256}, "
            "that of the published weights with {sha256_2}. Fetch the model again.",
            sha256=weights.sha256[:12],
            sha256_2=sha256[:12],
        )
    stored = weights.metadata.get(CARD_HASH_KEY)
    if stored != card_sha256:
        stated = Message("begins with {stored}", stored=stored[:12]) if stored else "is missing"
        raise CardAlteredError(
            weights.file_name,
            "the card was changed after the weights were saved: the card's hash begins with "
            "{card_sha256}, the one kept with the weights {stated}. Fetch the model again; "
            "to change a card, save the model again.",
            card_sha256=card_sha256[:12],
            stated=stated,
        )


def load_into(network: nn.Module, weights: WeightsFile) -> None:
    """Load the weights into a network, strictly.

    Raises
    ------
    WeightsMismatchError
        Tensors are missing, unexpected or of a wrong shape; nothing was changed.
    WeightsFileError
        A weight is NaN or infinite.
    """
    import torch

    wanted = kept_tensors(network)
    _check_fit({name: tuple(tensor.shape) for name, tensor in wanted.items()}, weights)
    loaded = weights.tensors()
    with torch.no_grad():
        for name, tensor in wanted.items():
            tensor.copy_(loaded[name])


def _check_fit(wanted: Mapping[str, tuple[int, ...]], weights: WeightsFile) -> None:
    found = weights.shapes
    missing = [name for name in wanted if name not in found]
    unexpected = [name for name in found if name not in wanted]
    wrong_shape = [
        Message(
            "{name} is {shape}, the network needs {shape_2}",
            name=name,
            shape=_shape(found[name]),
            shape_2=_shape(wanted[name]),
        )
        for name in wanted
        if name in found and found[name] != wanted[name]
    ]
    if missing or unexpected or wrong_shape:
        raise WeightsMismatchError(
            weights.file_name, missing=missing, unexpected=unexpected, wrong_shape=wrong_shape
        )


def _checked(file_name: str, data: bytes) -> WeightsFile:
    header_bytes = int.from_bytes(data[:_LENGTH_BYTES], "little")
    room = len(data) - _LENGTH_BYTES
    if room < 2 or header_bytes > min(room, MAX_HEADER_BYTES):
        raise WeightsFileError(
            file_name,
            "it is not a safetensors file: its header claims {header_bytes} bytes, the file has "
            "{n_data} and at most {max_header_bytes} are accepted. Other formats, such as pickle, "
            "are never opened.",
            header_bytes=header_bytes,
            n_data=len(data),
            max_header_bytes=MAX_HEADER_BYTES,
        )
    try:
        header = parse_json(data[_LENGTH_BYTES : _LENGTH_BYTES + header_bytes])
    except JsonError as error:
        raise WeightsFileError(file_name, "its header is damaged: {error}", error=error) from None
    if not isinstance(header, dict):
        raise WeightsFileError(file_name, "its header is not a JSON object.")
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise WeightsFileError(file_name, "its metadata are not texts by name.")
    shapes = _tensor_shapes(file_name, header, n_bytes=room - header_bytes)
    return WeightsFile(file_name=file_name, data=data, shapes=shapes, metadata=metadata)


def _tensor_shapes(
    file_name: str, header: Mapping[str, Any], *, n_bytes: int
) -> dict[str, tuple[int, ...]]:
    """Return shapes by name; the tensors must fill the file without gap or overlap."""
    spans, shapes = [], {}
    for name, entry in header.items():
        shape, (start, stop) = _entry(file_name, name, entry)
        n_values = 1
        for size in shape:
            n_values *= size
        if stop - start != n_values * _BYTES_PER_VALUE:
            raise WeightsFileError(
                file_name,
                "{name}: shape and number of bytes contradict each other.",
                name=name,
            )
        spans.append((start, stop))
        shapes[name] = shape
    position = 0
    for start, stop in sorted(spans):
        if start != position:
            raise WeightsFileError(file_name, "its tensors overlap or leave gaps.")
        position = stop
    if position != n_bytes:
        raise WeightsFileError(
            file_name,
            "it holds {n_bytes} bytes of tensors, its header names {position}.",
            n_bytes=n_bytes,
            position=position,
        )
    return shapes


def _entry(file_name: str, name: str, entry: Any) -> tuple[tuple[int, ...], tuple[int, int]]:
    fields = entry if isinstance(entry, dict) else {}
    shape, offsets = fields.get("shape"), fields.get("data_offsets")
    if not _are_counts(shape) or not _are_counts(offsets) or len(offsets) != 2:
        raise WeightsFileError(file_name, "{name}: its entry in the header is damaged.", name=name)
    if fields.get("dtype") != "F32":
        kind = json.dumps(fields.get("dtype"))[:20]
        raise WeightsFileError(
            file_name,
            "{name} is of kind {kind}; models here have float32 weights (F32) only.",
            name=name,
            kind=kind,
        )
    return tuple(shape), (offsets[0], offsets[1])


def _are_counts(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(type(value) is int and value >= 0 for value in values)


def _shape(shape: tuple[int, ...]) -> str:
    return "x".join(str(size) for size in shape) or "a single number"
