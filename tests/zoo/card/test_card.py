"""Cards: what is accepted, what is refused and how that is said, and the card's hash."""

from __future__ import annotations

import contextlib
import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.properties import examples
from tests.zoo.models import ANY_MONTAGE_LAYERS, STEP_LAYERS, build_from, card_document
from zoo.card.history import is_model_id
from zoo.card.schema import (
    ArchitectureCard,
    card_from_document,
    open_card_from_document,
    parse_card,
    read_card,
)
from zoo.errors import CardError
from zoo.store.sealing import write_model

TOP_LEVEL_KEYS = (
    "schema_version model_id title version created authors license intended_use limitations "
    "parent input network output training results golden weights"
).split()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return the document of a card that was saved with its model."""
    document = card_document()
    card = write_model(
        tmp_path_factory.mktemp("net"), document=document, network=build_from(document)
    )
    return card.to_document()


def changed(document: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Return a copy with one value at `a.b.0.c` changed."""
    result = copy.deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in place.split(".")]
    target: Any = result
    for step in way:
        target = target[step]
    target[last] = value
    return result


def error_of(document: Any) -> CardError:
    with pytest.raises(CardError) as caught:
        card_from_document(document)
    return caught.value


def test_a_saved_card_has_the_contracts_keys_in_order(whole: dict[str, Any]) -> None:
    assert list(whole) == TOP_LEVEL_KEYS
    assert set(whole["weights"]) == {"file", "sha256", "size_bytes", "n_parameters"}


def test_a_card_comes_back_from_its_file_unchanged(whole: dict[str, Any]) -> None:
    card = card_from_document(whole)
    again = parse_card(card.to_json())
    assert again == card
    assert again.sha256 == card.sha256
    assert again.to_document() == card.to_document()


@pytest.mark.parametrize("key", TOP_LEVEL_KEYS)
def test_every_key_is_needed(whole: dict[str, Any], key: str) -> None:
    document = {name: value for name, value in whole.items() if name != key}
    error = error_of(document)
    assert error.location == key
    assert "missing" in error.reason


@pytest.mark.parametrize("place", ["", "input", "output", "training", "golden", "weights"])
def test_an_unknown_key_is_refused_and_the_known_ones_are_named(
    whole: dict[str, Any], place: str
) -> None:
    document = changed(whole, f"{place}.surprise" if place else "surprise", 1)
    error = error_of(document)
    assert error.location == place
    assert "'surprise' is not known here" in error.reason
    assert "Known keys" in error.reason


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        ("schema_version", 0, "1"),
        ("schema_version", 3, "Update Seizure Zoo"),
        ("model_id", "../evil", "lower-case letters"),
        ("model_id", "Größe", "lower-case letters"),
        ("version", "1.0", "pattern"),
        ("created", "yesterday", "2025-01-31"),
        ("intended_use", "  \n", "must say something"),
        ("limitations", "", "at least 1 character"),
        ("input.unit", "mV", "uV"),
        ("input.channels", [], "at least 1 item"),
        ("input.channels", None, "min_channels"),
        ("input.min_channels", 4, "channels null only"),
        ("input.min_coverage", 1.5, "less than or equal to 1"),
        ("input.sampling_rate_hz", 0, "greater than 0"),
        ("input.sampling_rate_hz", "64", "valid number"),
        ("input.window_s", 1.3333, "not a whole number"),
        ("input.stride_s", 3, "left unseen"),
        ("input.preprocessing", [{"step": "magic"}], "no preprocessing step 'magic'"),
        ("input.preprocessing", [{}], "no preprocessing step"),
        ("output.threshold", 1.0, "less than 1"),
        ("output.threshold_off", 0.9, "above threshold 0.5"),
        ("output.classes", ["seizure", "background"], "background"),
        ("output.step_s", 1.0, "asks for an output of shape [2, 2]"),
        ("network", [], "no layers"),
        ("network", "conv", "a list of layers"),
        ("network.0.kernel_size", 900, "layer 1 (conv1d): kernel 900 is longer"),
        ("network.0.kernel_size", 0, "greater than or equal to 1"),
        ("network.0.type", "softmax", "softmax is not a layer"),
        ("network.5.out_features", 3, "two logits"),
        ("weights.n_parameters", 3, "but the network has"),
        ("weights.sha256", "abc", "pattern"),
        ("weights.file", "../model.safetensors", "model.safetensors"),
        ("weights.file", "weights.pt", "model.safetensors"),
        ("golden.logits", [[0.0, 1.0]], "numbers of shape [2, 2]"),
        ("golden.logits", [[0.0, 1.0], [0.0]], "numbers of shape [2, 2]"),
        ("golden.n_channels", 3, "golden.n_channels is 3"),
        ("golden.tolerance", 1.0, "0.01"),
        ("training.settings", {"epochs": {"a": 1}}, "valid"),
        ("authors", "Someone", "valid"),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_is_allowed(
    whole: dict[str, Any], place: str, value: Any, reason: str
) -> None:
    error = error_of(changed(whole, place, value))
    assert str(error).startswith("card.json: ")
    assert reason in str(error)
    sections = place.split(".")
    assert error.location == "" or error.location.startswith(sections[0])


def test_the_place_of_a_fault_inside_the_network_is_readable(whole: dict[str, Any]) -> None:
    error = error_of(changed(whole, "network.0.stride", 0))
    assert error.location == "network[0] (conv1d).stride"


def test_preprocessing_must_be_possible_at_the_cards_rate(whole: dict[str, Any]) -> None:
    step = {"step": "low_pass", "cutoff_hz": 40.0, "order": 4}
    error = error_of(changed(whole, "input.preprocessing", [step]))
    assert error.location == "input"
    assert "preprocessing" in error.reason


def test_a_model_for_any_montage_starts_with_per_channel() -> None:
    any_montage = {"channels": None, "min_channels": 2}
    good = card_document(layers=ANY_MONTAGE_LAYERS, input=any_montage)
    card = open_card_from_document(good)
    assert card.input.n_channels is None
    assert card.input.build_channels == 2
    with pytest.raises(CardError, match="per_channel as the network's first"):
        open_card_from_document(card_document(input=any_montage))


def test_a_model_with_an_output_a_second_says_so() -> None:
    good = card_document(layers=STEP_LAYERS, output={"step_s": 1})
    assert open_card_from_document(good).n_steps == 2
    with pytest.raises(CardError, match="one value for each window"):
        open_card_from_document(card_document(layers=STEP_LAYERS))


def test_texts_may_hold_anything_and_come_back_as_they_were(whole: dict[str, Any]) -> None:
    text = '<script>alert("x")</script> \x1b[31m {braces} %s ${x} \u202e \N{GRINNING FACE}'
    card = card_from_document(changed(whole, "intended_use", text))
    assert parse_card(card.to_json()).intended_use == text


def test_the_hash_covers_everything_but_the_weights(whole: dict[str, Any]) -> None:
    original = card_from_document(whole).sha256
    edited = changed(whole, "training.data.0.hours", 7.5)
    assert card_from_document(edited).sha256 != original
    other_weights = changed(whole, "weights.sha256", "0" * 64)
    assert card_from_document(other_weights).sha256 == original


def test_the_hash_does_not_depend_on_how_the_file_is_written(whole: dict[str, Any]) -> None:
    rewritten = dict(reversed(list(whole.items())))
    rewritten = changed(rewritten, "input.window_s", 2.0)
    data = json.dumps(rewritten, indent=7).encode()
    assert parse_card(data).sha256 == card_from_document(whole).sha256


@examples(0.5)
@given(data=st.data())
def test_whatever_stands_in_a_card_only_a_card_error_comes_out(
    whole: dict[str, Any], data: st.DataObject
) -> None:
    values = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([[]])
    )
    section = data.draw(st.sampled_from(sorted(whole)))
    document = copy.deepcopy(whole)
    inner = document[section]
    if isinstance(inner, dict) and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(values)
    else:
        document[section] = data.draw(values)
    with contextlib.suppress(CardError):
        card = card_from_document(document)
        assert isinstance(card, ArchitectureCard)
        assert parse_card(card.to_json()) == card


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b'{"a": NaN}', b"\xff\xfe", b"[" * 10_000])
def test_a_file_that_is_no_card_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(data)
    with pytest.raises(CardError, match=r"^card\.json: "):
        read_card(path)


def test_a_missing_file_is_a_card_error(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"card\.json: it cannot be read"):
        read_card(tmp_path / "card.json")


@pytest.mark.parametrize("good", ["n1spool-cnn", "a", "7", "a.b_c-1", "x" * 64])
def test_ids_of_models(good: str) -> None:
    assert is_model_id(good)


@pytest.mark.parametrize(
    "bad", ["", ".", "..", "a..b", "-a", ".a", "a.", "A", "a/b", "a\\b", "a b", "a\n", "x" * 65]
)
def test_what_could_be_mistaken_for_a_path_is_no_id(bad: str) -> None:
    assert not is_model_id(bad)


@pytest.mark.parametrize("step_s", [1e-320, 5e-324, 1e-9])
def test_a_step_shorter_than_a_sample_is_refused_in_words(step_s: float) -> None:
    document = card_document()
    document["output"]["step_s"] = step_s
    with pytest.raises(CardError, match="shorter than a sample"):
        open_card_from_document(document)
