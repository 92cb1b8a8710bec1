"""Whatever stands in a registry, a card or a weights file, only errors of ours come out."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from seizure_core.errors import SeizureZooError
from tests.odd_values import ODD
from tests.properties import examples
from zoo.card.schema import parse_card
from zoo.errors import RegistryError
from zoo.store.registry_file import parse_registry
from zoo.store.weights import read_weights

ENTRY: dict[str, st.SearchStrategy[Any]] = {
    "model_id": st.just("mine"),
    "title": st.just("Mine"),
    "version": st.just("1.0.0"),
    "folder": st.sampled_from(["models/mine", "../x", "/etc"]),
    "repo_id": st.just("a/b"),
    "revision": st.just("a" * 40),
    "card_sha256": st.just("0" * 64),
    "weights_sha256": st.just("0" * 64),
}


def some_of(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return documents with likely or odd values under some of the keys."""
    return st.fixed_dictionaries({}, optional={k: v | v | ODD for k, v in fields.items()})


def as_json(document: object) -> bytes:
    return json.dumps(document).encode("utf-8", "surrogatepass")


@given(version=st.just(1) | ODD, models=st.lists(some_of(ENTRY) | ODD, max_size=4) | ODD)
@example(version=3845, models=[3845])
@examples(2)
def test_any_registry_is_read_as_far_as_it_is_sound(version: object, models: object) -> None:
    try:
        content = parse_registry(as_json({"schema_version": version, "models": models}))
    except RegistryError:
        assert type(version) is int
        assert version > 1
        return
    assert all(len(fault) < 4000 for fault in content.faults)


@given(content=st.binary(max_size=60) | ODD.map(as_json))
@examples(2)
def test_any_bytes_for_a_card_or_registry_are_refused(content: bytes) -> None:
    parse_registry(content)
    with contextlib.suppress(SeizureZooError):
        parse_card(content)


TENSOR: dict[str, st.SearchStrategy[Any]] = {
    "dtype": st.sampled_from(["F32", "F16"]),
    "shape": st.lists(st.integers(-1, 5), max_size=3),
    "data_offsets": st.lists(st.integers(-1, 40), min_size=1, max_size=3),
}


@given(
    tensors=st.dictionaries(
        st.sampled_from(["0.weight", "0.bias", "__metadata__"]), some_of(TENSOR)
    )
    | ODD,
    length=st.none() | st.integers(0, 2**64 - 1),
    data=st.binary(max_size=40),
    n_values=st.integers(0, 50),
)
@examples(2)
def test_any_weights_are_read_or_refused(
    tmp_path: Path, tensors: object, length: int | None, data: bytes, n_values: int
) -> None:
    header = as_json(tensors)
    stated = len(header) if length is None else length
    path = tmp_path / "model.safetensors"
    path.write_bytes(stated.to_bytes(8, "little") + header + data)
    with contextlib.suppress(SeizureZooError):
        read_weights(path, n_values=n_values)
