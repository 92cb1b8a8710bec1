"""Models travel through the API: as files, and over a Hub."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradio_client import handle_file

from tests.api.answers import checked
from tests.hub_server import HubServer
from tests.zoo.hub_fixtures import TOKEN, add_made_model
from zoo.store.bundle import export_bundle

MODEL = "n1spool-cnn"
TRAVELLER = "traveller"
REPO = "team/traveller"


@pytest.fixture
def bundle(client, tmp_path: Path) -> Path:
    """A model as a file, made in another home; it is not in the app's zoo."""
    add_made_model(tmp_path, TRAVELLER)
    if TRAVELLER in sources(client):
        client.predict(TRAVELLER, api_name="/delete_model")
    return export_bundle(TRAVELLER, tmp_path)


def sources(client) -> dict[str, str]:
    models: list[dict[str, Any]] = client.predict(api_name="/list_models")
    return {model["model_id"]: model["source"] for model in models}


def test_a_model_comes_in_as_a_file_and_leaves_as_the_same_bytes(
    client, failing: Callable[..., str], bundle: Path
) -> None:
    assert client.predict(handle_file(bundle), api_name="/import_model") == {"model_id": TRAVELLER}
    assert sources(client)[TRAVELLER] == "user"
    exported = Path(client.predict(TRAVELLER, api_name="/export_model"))
    assert exported.name == bundle.name
    assert exported.read_bytes() == bundle.read_bytes()
    assert TRAVELLER in failing(handle_file(bundle), api_name="/import_model")

    deleted = checked(client.predict(TRAVELLER, api_name="/delete_model"))
    assert deleted["model_id"] == TRAVELLER
    assert TRAVELLER not in sources(client)
    assert client.predict(deleted["undo"], api_name="/restore_model") == {"model_id": TRAVELLER}
    assert sources(client)[TRAVELLER] == "user"


def test_results_can_be_fetched_although_somebody_uploaded_the_same_bytes(
    client, data_folder: Path
) -> None:
    name = next(data_folder.glob("*.edf")).name
    arguments = (f"data:{name}", MODEL, None, 30)
    _, events, _ = client.predict(*arguments, api_name="/predict")
    scored = client.predict(handle_file(events), handle_file(events), api_name="/score")
    assert scored["event"]["n_reference"] == scored["event"]["n_hypothesis"]
    _, again, _ = client.predict(*arguments, api_name="/predict")
    assert Path(again).read_bytes() == Path(events).read_bytes()


def test_a_model_is_published_and_pulled_at_a_commit(client, hub: HubServer, bundle: Path) -> None:
    client.predict(handle_file(bundle), api_name="/import_model")
    published = checked(client.predict(TRAVELLER, REPO, api_name="/publish_model"))
    commit = hub.state.head(REPO).oid
    assert published == {"repo_id": REPO, "revision": commit, "url": f"{hub.url}/{REPO}"}
    assert hub.state.repositories[REPO].private
    client.predict(TRAVELLER, api_name="/delete_model")
    pulled = checked(client.predict(REPO, api_name="/pull_model"))
    assert (pulled["model_id"], pulled["revision"]) == (TRAVELLER, commit)
    assert sources(client)[TRAVELLER] == "hub"
    again = client.predict(REPO, revision=commit, api_name="/pull_model")
    assert again["revision"] == commit


def test_what_the_hub_refuses_is_told_without_the_token(
    failing: Callable[..., str], app, bundle: Path
) -> None:
    assert "others/model" in failing(MODEL, "others/model", api_name="/publish_model")
    assert "team/none" in failing("team/none", api_name="/pull_model")
    assert "ORGANISATION/NAME" in failing("https://hub/team/x", api_name="/pull_model")
    assert "true or false" in failing(MODEL, REPO, private="no", api_name="/publish_model")
    assert TOKEN not in app.log.read_text(encoding="utf-8")


def test_models_that_are_not_ones_own_stay(failing: Callable[..., str]) -> None:
    assert "shipped" in failing(MODEL, api_name="/delete_model")
    for endpoint in ("/delete_model", "/export_model"):
        assert MODEL in failing("n1spool-cn", api_name=endpoint)
    assert MODEL in failing("n1spool-cn", REPO, api_name="/publish_model")
    assert "cannot be restored" in failing("no-such-code", api_name="/restore_model")


def test_files_that_are_no_models_are_refused(failing: Callable[..., str], tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"PK nothing")
    assert "other.zip" in failing(handle_file(other), api_name="/import_model")
    assert "no bundle 'none.zip'" in failing("data:none.zip", api_name="/import_model")
