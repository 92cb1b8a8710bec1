"""The published JSON schema of cards says what the program accepts."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scripts.card_schema import PATH, schema_text

MODELS = Path(__file__).resolve().parents[3] / "zoo" / "models"
CARDS = {path.parent.name: json.loads(path.read_bytes()) for path in MODELS.glob("*/card.json")}


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(PATH.read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_it_is_what_the_program_has_now() -> None:
    assert PATH.read_text(encoding="utf-8") == schema_text(), "run python -m scripts.card_schema"


@pytest.mark.parametrize("model_id", sorted(CARDS))
def test_every_shipped_card_follows_it(
    validator: jsonschema.Draft202012Validator, model_id: str
) -> None:
    validator.validate(CARDS[model_id])


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("surprise",), 1),
        (("input", "window_s"), "long"),
        (("input", "unit"), "V"),
        (("network", 0, "type"), "softmax"),
        (("output", "threshold"), 2.0),
        (("weights", "sha256"), "not a hash"),
    ],
)
def test_a_faulty_card_does_not(
    validator: jsonschema.Draft202012Validator, keys: tuple[Any, ...], value: object
) -> None:
    card = deepcopy(CARDS["n1spool-cnn"])
    place: Any = card
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    assert not validator.is_valid(card)
