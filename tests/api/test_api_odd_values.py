"""What no program should send is refused like any other mistake: by name, in a sentence."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import handle_file

from tests.api.answers import checked
from tests.app_server import AppServer
from tests.edf_files import build_edf
from ui.api.publishing import all_endpoints
from ui.errors import message_for
from ui.resources import Services
from ui.server.settings import Settings
from zoo.loading import load_detector

MODEL = "n1spool-cnn"
DEEP = "[" * 5000
HUGE = 10**400
TEXTS = ("title", "authors", "license", "notes", "note")


@pytest.mark.parametrize("odd", [DEEP, HUGE], ids=["deep", "huge"])
def test_every_parameter_of_every_endpoint_refuses_odd_values_in_a_sentence(
    tmp_path: Path, data_folder: Path, odd: object
) -> None:
    endpoints = all_endpoints(Services.create(Settings(data_folder=data_folder), tmp_path))
    recording = f"data:{next(data_folder.glob('*.edf')).name}"
    plain = {"recording": recording, "recordings": [recording], "model_id": MODEL}
    for endpoint in endpoints:
        values = {
            one.name: plain.get(one.name, "x") for one in endpoint.parameters if one.is_required
        }
        for name in [one.name for one in endpoint.parameters if one.name not in TEXTS]:
            place = (endpoint.name, name)
            if endpoint.name == "check_network":
                given = {**values, "n_channels": 1, name: odd}
                answer = endpoint.function(*endpoint.in_order(given))
                assert not answer["valid"]
                assert answer["errors"][0]["message"].endswith("."), place
                continue
            with pytest.raises(Exception) as refused:  # noqa: PT011
                endpoint.function(*endpoint.in_order({**values, name: odd}))
            message = message_for(refused.value)
            assert message.endswith("."), place
            assert len(message) < 1000, place
            assert "unexpected" not in message, place


@pytest.mark.parametrize("odd", [DEEP, HUGE], ids=["deep", "huge"])
def test_over_the_network_an_odd_value_is_refused_in_the_same_words(
    failing: Callable[..., str], odd: object
) -> None:
    message = failing("data:none.edf", MODEL, threshold=odd, api_name="/predict")
    assert message.startswith("threshold must be ")


def test_a_body_nested_too_deep_is_refused_and_the_app_goes_on(app: AppServer, client: Any) -> None:
    for body in (DEEP, f'{{"data": [{DEEP}', f'{{"data": [{DEEP}{"]" * 5000}, 1, 1]}}'):
        answer = httpx.post(
            f"{app.url}/gradio_api/call/check_network",
            content=body,
            headers={"content-type": "application/json"},
            timeout=60,
        )
        assert answer.status_code == 200 or 400 <= answer.status_code < 500
    assert client.predict(api_name="/list_models")


def test_results_of_an_upload_called_blob_are_named_after_a_recording(
    client: Any, tmp_path: Path
) -> None:
    channels = load_detector(MODEL).card.input.channels
    assert channels
    made = build_edf(tmp_path / "made.edf", [[0.0, 9.0] * 5120] * len(channels), labels=channels)
    blob = Path(shutil.copy(made, tmp_path / "blob"))
    answer, events, windows = client.predict(handle_file(blob), MODEL, api_name="/predict")
    assert answer["file_name"] == "recording"
    assert Path(events).name == "recording_events.tsv"
    assert Path(windows).name == "recording_windows.csv"
    batch, packed = client.predict([handle_file(blob)] * 2, MODEL, api_name="/predict_batch")
    assert [row["file_name"] for row in checked(batch)["recordings"]] == ["recording"] * 2
    with zipfile.ZipFile(packed) as archive:
        assert {name.split("_")[0] for name in archive.namelist()} == {"recording"}
        assert len(archive.namelist()) == 4
