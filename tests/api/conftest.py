"""One real app for all API tests of a worker, and a client of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from seizure_core.demo import demo_recording
from tests.app_server import ROOT, AppServer, running_app
from tests.eeg_files import SEIZURE, eeg_file
from tests.hub_server import HubServer, running_hub
from tests.zoo.hub_fixtures import TOKEN, hub_variables


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    demo_recording(folder)
    return folder


@pytest.fixture(scope="session")
def hub() -> Iterator[HubServer]:
    """A Hub on this machine, where the app's user may write to `team`."""
    with running_hub() as server:
        server.state.tokens[TOKEN] = {"team"}
        yield server


@pytest.fixture(scope="session")
def app(
    tmp_path_factory: pytest.TempPathFactory, data_folder: Path, hub: HubServer
) -> Iterator[AppServer]:
    folder = tmp_path_factory.mktemp("app")
    with running_app(
        folder,
        data_folder=data_folder,
        SEIZURE_ZOO_MCP="1",
        **hub_variables(hub, folder),
    ) as server:
        yield server


@pytest.fixture(scope="session")
def client(app: AppServer):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
        patch.setenv("HF_HUB_OFFLINE", "1")
        from gradio_client import Client

        connected = Client(app.url, verbose=False, analytics_enabled=False)
        connected.predict = checking_answers(connected.predict, app.url)
        yield connected
        connected.close()


def checking_answers(predict: Callable[..., Any], url: str) -> Callable[..., Any]:
    """Compare every answer with the schema that the app publishes for it."""
    document = httpx.get(f"{url}/openapi.json").json()

    def checked(*args: Any, api_name: str, **given: Any) -> Any:
        answer = predict(*args, api_name=api_name, **given)
        responses = document["paths"][f"/api{api_name}"]["post"]["responses"]
        schema = responses["200"]["content"]["application/json"]["schema"]
        several = isinstance(answer, tuple)
        data = answer[0] if several else answer
        if not isinstance(data, str):  # The client has fetched a file.
            part = schema["properties"]["result"] if several else schema
            Draft202012Validator({**part, "components": document["components"]}).validate(data)
        return answer

    return checked


@pytest.fixture
def recording_file() -> Path:
    """A recording of 50 s with a seizure, as CHB-MIT stores them."""
    return eeg_file(SEIZURE)


@pytest.fixture(params=["CHB-MIT", "demo"])
def either_file(request: pytest.FixtureRequest, data_folder: Path) -> Path:
    """A short plain EDF, or the demo: an EDF+ of ten minutes with annotations."""
    return demo_recording(data_folder) if request.param == "demo" else eeg_file(SEIZURE)


@pytest.fixture
def failing(client, app: AppServer, data_folder: Path) -> Callable[..., str]:
    """Call an endpoint that must fail, and return what the caller is told."""
    from gradio_client.exceptions import AppError

    def call(*args: object, api_name: str, **kwargs: object) -> str:
        with pytest.raises(AppError) as caught:
            client.predict(*args, api_name=api_name, **kwargs)
        message = str(caught.value)
        # What the caller wrote may come back; the server's own places may not.
        for place in (app.temporary, data_folder, ROOT):
            assert str(place) not in message
        assert "Traceback" not in message
        assert TOKEN not in message
        return message

    return call
