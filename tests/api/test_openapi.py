"""The OpenAPI file: valid by the published schema, and complete."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from seizure_core import __version__
from tests.api.test_api_list import ENDPOINTS
from tests.app_server import ROOT
from ui.api.endpoint import Endpoint
from ui.api.publishing import all_endpoints
from ui.api.routes import openapi_document
from ui.resources import Services
from ui.server.settings import Settings

PUBLISHED = ROOT / "tests" / "fixtures" / "openapi_3_1.schema.json"


@pytest.fixture(scope="module", params=[False, True], ids=["own machine", "Space"])
def endpoints(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Endpoint, ...]:
    settings = Settings(on_space=request.param)
    return all_endpoints(Services.create(settings, tmp_path_factory.mktemp("services")))


@pytest.fixture(scope="module")
def document(endpoints: tuple[Endpoint, ...]) -> dict[str, Any]:
    # Through JSON, as it is served.
    return json.loads(json.dumps(openapi_document(endpoints)))


def parts_of(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for one in value.values() if isinstance(value, dict) else value:
        if isinstance(one, dict | list):
            yield from parts_of(one)


def bodies(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        path: item["post"]["requestBody"]["content"]["application/json"]["schema"]
        for path, item in document["paths"].items()
        if path.startswith("/api/")
    }


def test_it_is_valid_by_the_published_schema(document: dict[str, Any]) -> None:
    schema = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    assert [one.message for one in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["info"]["version"] == __version__


def test_every_schema_in_it_is_one_and_every_reference_leads_somewhere(
    document: dict[str, Any],
) -> None:
    for part in parts_of(document):
        if "schema" in part:
            Draft202012Validator.check_schema(part["schema"])
        reference = part.get("$ref")
        if isinstance(reference, str):
            assert (
                reference.removeprefix("#/components/schemas/")
                in (document["components"]["schemas"])
            )


def test_it_says_which_arguments_are_needed_and_what_every_one_means(
    document: dict[str, Any],
) -> None:
    found = bodies(document)
    assert {path.removeprefix("/api") for path in found} == set(ENDPOINTS)
    for path, body in found.items():
        wanted = ENDPOINTS[path.removeprefix("/api")]
        assert list(body["properties"]) == [name for name, _ in wanted]
        assert body["required"] == [name for name, needed in wanted if needed]
        for name, one in body["properties"].items():
            assert one["description"].endswith("."), (path, name)
            assert ("default" in one) != (name in body["required"])


def test_every_answer_has_a_schema_that_refuses_something(document: dict[str, Any]) -> None:
    components = {"components": document["components"]}
    for path, item in document["paths"].items():
        answer = item["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert not Draft202012Validator({**answer, **components}).is_valid(7), path


def test_a_method_without_sentences_says_those_of_what_it_overrides(tmp_path: Path) -> None:
    class Plain:
        def draw(self, n: int, title: str = "") -> None:
            """Draw.

            Parameters
            ----------
            n : int
                How many,
                at most nine.
            title : str, optional
                Its title.
            """

    class Louder(Plain):
        def draw(self, n: int, title: str = "", volume: int = 3) -> None:
            """Draw and say so.

            Parameters
            ----------
            volume : int
                How loud.
            """

    sentences = {one.name: one.description for one in Endpoint(Louder().draw, {}).parameters}
    assert sentences == {
        "n": "How many, at most nine.",
        "title": "Its title.",
        "volume": "How loud.",
    }
