"""A model's folder: whole models load, and every kind of fault has its own message."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from seizure_core.json_document import sha256_of
from tests.zoo.models import (
    ANY_MONTAGE_LAYERS,
    STEP_LAYERS,
    build_from,
    card_document,
    write_small_model,
)
from zoo.card.schema import read_card
from zoo.errors import (
    CardAlteredError,
    CardError,
    GoldenError,
    WeightsAlteredError,
    WeightsError,
    WeightsFileError,
    WeightsMismatchError,
)
from zoo.loading import load_folder
from zoo.store.sealing import write_model
from zoo.store.weights import CARD_HASH_KEY, check_origin, read_weights


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_small_model(tmp_path / "model")
    return tmp_path / "model"


def rewrite_weights(folder: Path, change: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Change the tensors and make file hash and card agree again, as a careless editor would."""
    path = folder / "model.safetensors"
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path, metadata={CARD_HASH_KEY: read_card(folder / "card.json").sha256})
    accept_weights(folder)


def accept_weights(folder: Path) -> None:
    """Write hash and size of the weights as they are into the card."""
    data = (folder / "model.safetensors").read_bytes()
    document = json.loads((folder / "card.json").read_text())
    document["weights"].update(sha256=sha256_of(data), size_bytes=len(data))
    (folder / "card.json").write_text(json.dumps(document))


def edit_card(folder: Path, section: str, value: Any) -> None:
    document = json.loads((folder / "card.json").read_text())
    document[section] = value
    (folder / "card.json").write_text(json.dumps(document))


def test_a_folder_holds_card_weights_and_readme(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == [
        "README.md",
        "card.json",
        "model.safetensors",
    ]


@pytest.mark.parametrize(
    "document",
    [
        card_document(),
        card_document(layers=STEP_LAYERS, output={"step_s": 1}),
        card_document(layers=ANY_MONTAGE_LAYERS, input={"channels": None, "min_channels": 2}),
    ],
    ids=["windows", "steps", "any-montage"],
)
def test_what_loads_is_what_was_saved(tmp_path: Path, document: dict[str, Any]) -> None:
    network = build_from(document, seed=3)
    card = write_model(tmp_path, document=document, network=network)
    loaded = load_folder(tmp_path)
    x = torch.randn(3, 2, 128)
    with torch.no_grad():
        assert torch.equal(loaded.network(x), network.eval()(x))
    assert loaded.card == card
    assert not loaded.network.training


def test_saving_is_reproducible_byte_for_byte(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_small_model(tmp_path / name)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_saving_leaves_the_networks_mode_alone(tmp_path: Path) -> None:
    network = build_from(card_document()).train()
    write_model(tmp_path, document=card_document(), network=network)
    assert network.training


def test_running_statistics_of_batch_norm_travel_with_the_model(tmp_path: Path) -> None:
    network = build_from(card_document())
    for _ in range(5):
        network(10 + 3 * torch.randn(8, 2, 128))
    write_model(tmp_path, document=card_document(), network=network)
    loaded = load_folder(tmp_path).network
    assert torch.equal(loaded[1].running_mean, network[1].running_mean)
    assert not torch.equal(loaded[1].running_mean, torch.zeros(3))


def test_an_altered_weights_file_is_named_as_such(folder: Path) -> None:
    path = folder / "model.safetensors"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsAlteredError, match="altered or exchanged: its sha256"):
        load_folder(folder)


@pytest.mark.parametrize("place", [0, 31, 63])
def test_every_digit_of_a_hash_counts(folder: Path, place: int) -> None:
    weights = read_weights(folder / "model.safetensors", n_values=100_000)
    hashes = {"sha256": weights.sha256, "card_sha256": weights.metadata[CARD_HASH_KEY]}
    check_origin(weights, **hashes)
    for name, error in (("sha256", WeightsAlteredError), ("card_sha256", CardAlteredError)):
        digits = list(hashes[name])
        digits[place] = "0" if digits[place] != "0" else "1"
        with pytest.raises(error):
            check_origin(weights, **{**hashes, name: "".join(digits)})


def test_weights_of_another_model_are_named_tensor_by_tensor(folder: Path) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        del tensors["0.bias"]
        tensors["9.weight"] = torch.zeros(1)
        tensors["5.weight"] = torch.zeros(2, 11)

    rewrite_weights(folder, change)
    with pytest.raises(WeightsMismatchError, match="do not fit the network") as caught:
        load_folder(folder)
    assert caught.value.missing == ("0.bias",)
    assert caught.value.unexpected == ("9.weight",)
    assert caught.value.wrong_shape == ("5.weight is 2x11, the network needs 2x12",)


def test_a_model_that_computes_something_else_is_named_as_such(folder: Path) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        tensors["5.bias"] += 0.05

    rewrite_weights(folder, change)
    with pytest.raises(GoldenError, match="does not compute what it computed when"):
        load_folder(folder)


def test_the_three_faults_have_three_messages(folder: Path, tmp_path: Path) -> None:
    messages = []
    for name, change in (
        ("fit", lambda tensors: tensors.pop("0.bias")),
        ("golden", lambda tensors: tensors["0.bias"].add_(1.0)),
        ("altered", None),
    ):
        place = tmp_path / name
        write_small_model(place)
        if change is None:
            (place / "model.safetensors").write_bytes(
                (folder / "model.safetensors").read_bytes() + b"x"
            )
        else:
            rewrite_weights(place, change)
        with pytest.raises(WeightsError) as caught:
            load_folder(place)
        messages.append(caught.value.reason)
    assert len({message[:30] for message in messages}) == 3


def test_edited_scores_of_a_card_are_noticed(folder: Path) -> None:
    edit_card(folder, "limitations", "None whatsoever.")
    with pytest.raises(CardAlteredError, match="the card was changed after the weights"):
        load_folder(folder)


def test_weights_without_the_cards_hash_are_refused(folder: Path) -> None:
    path = folder / "model.safetensors"
    save_file(load_file(path), path)
    accept_weights(folder)
    with pytest.raises(CardAlteredError, match="the one kept with the weights is missing"):
        load_folder(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(folder: Path, value: float) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        tensors["0.weight"][0, 0, 0] = value

    rewrite_weights(folder, change)
    with pytest.raises(WeightsFileError, match=r"0\.weight contains NaN or infinity"):
        load_folder(folder)


@pytest.mark.parametrize("kind", [torch.float64, torch.float16, torch.int64])
def test_other_kinds_of_numbers_are_refused(folder: Path, kind: torch.dtype) -> None:
    def change(tensors: dict[str, torch.Tensor]) -> None:
        tensors["0.weight"] = tensors["0.weight"].to(kind)

    rewrite_weights(folder, change)
    with pytest.raises(WeightsFileError, match="float32 weights"):
        load_folder(folder)


def test_a_diverged_model_is_not_saved(tmp_path: Path) -> None:
    network = build_from(card_document())
    with torch.no_grad():
        network[0].weight[0, 0, 0] = float("nan")
    with pytest.raises(WeightsError, match="NaN or infinity"):
        write_model(tmp_path / "model", document=card_document(), network=network)
    assert not (tmp_path / "model").exists()


def test_a_network_that_is_not_the_cards_is_not_saved(tmp_path: Path) -> None:
    other = build_from(card_document(layers=STEP_LAYERS, output={"step_s": 1}))
    with pytest.raises(CardError, match="is not the card's"):
        write_model(tmp_path / "model", document=card_document(), network=other)


def header_of(claimed: int, text: str, rest: bytes = b"") -> bytes:
    return struct.pack("<Q", claimed) + text.encode() + rest


def one_tensor(**changes: Any) -> str:
    return json.dumps({"0.bias": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8], **changes}})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a safetensors"),
        (b"\x80\x04\x95pickle of something", "such as pickle, are never opened"),
        (header_of(2**40, "{}"), "claims 1099511627776 bytes"),
        (header_of(2**63, "{}"), "not a safetensors"),
        (header_of(2, "{]"), "header is damaged"),
        (header_of(2, "[]"), "not a JSON object"),
        (header_of(4, '{"a"'), "header is damaged"),
        (header_of(20, '{"__metadata__": []}'), "metadata"),
        (header_of(22, '{"__metadata__": "no"}'), "metadata"),
        (header_of(len(one_tensor()), one_tensor(), b"1234"), "names 8"),
        (header_of(len(one_tensor(shape=[3])), one_tensor(shape=[3]), b"12345678"), "contradict"),
        (header_of(len(one_tensor(shape=[-2])), one_tensor(shape=[-2])), "damaged"),
        (header_of(len(one_tensor(shape=[True])), one_tensor(shape=[True])), "damaged"),
        (header_of(len(one_tensor(shape="2")), one_tensor(shape="2")), "damaged"),
        (header_of(len(one_tensor(data_offsets=[0])), one_tensor(data_offsets=[0])), "damaged"),
        (
            header_of(len(one_tensor(data_offsets=[4, 12])), one_tensor(data_offsets=[4, 12])),
            "gaps",
        ),
        (header_of(len(one_tensor(dtype="I8")), one_tensor(dtype="I8")), "float32"),
        (header_of(10, '{"a": null}'[:10]), "damaged"),
    ],
)
def test_a_file_that_is_no_weights_file_is_refused_with_the_reason(
    folder: Path, data: bytes, reason: str
) -> None:
    (folder / "model.safetensors").write_bytes(data)
    with pytest.raises(WeightsFileError, match=reason):
        load_folder(folder)


def test_a_file_far_too_large_for_the_network_is_not_read(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.truncate(3 * 10**9)
    with pytest.raises(WeightsFileError, match="was not read further"):
        load_folder(folder)


def test_missing_weights_are_named(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsFileError, match=r"model\.safetensors: the file is missing"):
        load_folder(folder)


def test_a_pickle_beside_the_card_is_not_even_looked_at(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(WeightsFileError, match="missing"):
        load_folder(folder)


def test_the_readme_shows_every_text_as_text(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> [click](javascript:x) `code` \x1b[31m\n---\n| a | b |"
    document = card_document()
    document.update(title=evil[:190], intended_use=evil, authors=[evil], license="MIT\n---\nx: 1")
    write_model(tmp_path, document=document, network=build_from(document))
    readme = (tmp_path / "README.md").read_text()
    assert "<script" not in readme
    assert "\x1b" not in readme
    assert "[click](" not in readme
    front, _, _ = readme.removeprefix("---\n").partition("\n---\n")
    assert 'license: "mit --- x: 1"' in front


def test_the_readme_has_the_hubs_metadata_and_all_headings(folder: Path) -> None:
    readme = (folder / "README.md").read_text()
    assert readme.startswith(
        "---\nlibrary_name: seizure-zoo\ntags:\n- seizure-zoo\n- eeg\n- seizure-detection\n"
    )
    for heading in ("Intended use", "Limitations", "Input", "Network", "Output", "Training"):
        assert f"\n## {heading}\n" in readme
    assert "Not for clinical use" in readme
    assert "FP1-F7, F7-T7" in readme
    assert "| 0 | conv1d | 3 x 31 | 33 |" in readme
