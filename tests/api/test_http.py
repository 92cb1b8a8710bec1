"""The endpoints over plain HTTP, and what callers of any kind are told who call them wrongly."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from deno import find_deno_bin
from gradio_client import Client

from seizure_core.demo import demo_recording
from tests.api.answers import checked
from tests.app_server import ROOT, AppServer

DEMO = "data:demo_simulated_two_seizures.edf"
MODEL = "n1spool-cnn"
WRONG: dict[str, tuple[Any, str]] = {
    "missing": ({"recording": DEMO}, "needs the argument model_id"),
    "unknown": (
        {"recording": DEMO, "model_id": MODEL, "treshold": 0.5},
        "no argument 'treshold'. Did you mean threshold?",
    ),
    "wrong type": (
        {"recording": DEMO, "model_id": MODEL, "threshold": "high"},
        "threshold must be a number; 'high' was given.",
    ),
    "wrong value": ({"recording": DEMO, "model_id": "n1spool-cn"}, "Did you mean n1spool-cnn?"),
}
CODE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def call(app: AppServer, name: str, body: Any) -> httpx.Response:
    return httpx.post(f"{app.url}/api/{name}", json=body, timeout=120)


def last_event(app: AppServer, name: str, values: list[Any]) -> tuple[str, Any]:
    """Join Gradio's queue and return the event that ends it."""
    joined = httpx.post(f"{app.url}/gradio_api/call/{name}", json={"data": values}, timeout=60)
    number = joined.json()["event_id"]
    stream = httpx.get(f"{app.url}/gradio_api/call/{name}/{number}", timeout=120).text
    event, data = stream.strip().split("\n\n")[-1].split("\n")
    return event.removeprefix("event: "), json.loads(data.removeprefix("data: "))


def test_one_request_gets_one_answer_and_files_to_fetch(app: AppServer) -> None:
    answer = call(app, "predict", {"recording": DEMO, "model_id": MODEL, "stride_s": 30})
    assert answer.status_code == 200
    found = answer.json()
    checked(found["result"])
    assert set(found) == {"result", "events_file", "windows_file"}
    assert found["result"]["windows"]
    assert found["events_file"]["file_name"] == "demo_simulated_two_seizures_events.tsv"
    assert httpx.get(found["events_file"]["url"]).text.startswith("onset\t")
    listed = call(app, "list_models", {}).json()
    assert MODEL in [one["model_id"] for one in listed]
    assert httpx.get(f"{app.url}/openapi.json").json()["paths"]["/api/predict"]


@pytest.mark.parametrize(("given", "reason"), WRONG.values(), ids=WRONG)
def test_a_wrong_call_is_answered_in_words(
    app: AppServer, given: dict[str, Any], reason: str
) -> None:
    answer = call(app, "predict", given)
    assert answer.status_code == 400
    assert reason in answer.json()["error"]


@pytest.mark.parametrize("given", [WRONG["missing"], WRONG["unknown"]], ids=["missing", "unknown"])
def test_gradios_own_address_for_named_arguments_answers_in_words_too(
    app: AppServer, given: tuple[Any, str]
) -> None:
    answer = httpx.post(f"{app.url}/gradio_api/call/v2/predict", json=given[0])
    assert answer.status_code == 400
    assert given[1] in answer.json()["error"]
    joined = httpx.post(f"{app.url}/gradio_api/call/v2/list_models", json={})
    assert joined.json()["event_id"]


def test_values_without_names_are_completed_or_refused_in_words(app: AppServer) -> None:
    event, answer = last_event(app, "view_recording", [DEMO])
    assert (event, answer[0]["orig_name"]) == ("complete", "demo_simulated_two_seizures_page.png")
    event, answer = last_event(app, "predict", [DEMO])
    assert (event, "needs the argument model_id" in answer["error"]) == ("error", True)
    event, answer = last_event(app, "predict", [DEMO, *"12345678"])
    assert "/predict was given 9 arguments. It takes recording, model_id" in answer["error"]


def test_the_client_of_gradio_passes_the_words_on(
    client: Client, failing: Callable[..., str]
) -> None:
    assert "was given 2 arguments" in failing("a", "b", api_name="/model_card")
    with pytest.raises(TypeError, match="model_id"):
        client.predict(DEMO, api_name="/predict")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"a": NaN}'])
def test_a_body_that_is_no_object_is_refused_in_words(app: AppServer, body: bytes) -> None:
    answer = httpx.post(f"{app.url}/api/predict", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_an_unknown_endpoint_is_answered_with_near_ones(app: AppServer) -> None:
    answer = call(app, "predictt", {})
    assert answer.status_code == 404
    assert "/predictt. Did you mean predict?" in answer.json()["error"]


@pytest.mark.parametrize("language", ["python", "js", "bash"])
def test_the_example_in_the_readme_runs(
    language: str, app: AppServer, data_folder: Path, tmp_path: Path
) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## From other programs")[2].partition("\n## ")[0]
    (example,) = [code for name, code in CODE.findall(section) if name == language]
    shutil.copy(demo_recording(data_folder), tmp_path / "night.edf")
    program = tmp_path / f"example.{language}"
    program.write_text(example.replace("http://127.0.0.1:7860", app.url), encoding="utf-8")
    start = {
        "python": [sys.executable],
        "js": [find_deno_bin(), "run", "--quiet", "--allow-net", "--allow-read"],
        "bash": ["bash", "-e"],
    }[language]
    ended = subprocess.run(
        [*start, program.name], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "onset_s" in ended.stdout
    assert "confidence" in ended.stdout
