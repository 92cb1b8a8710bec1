"""Names of patients stay with who brought them: a word is looked for wherever it may not come.

The owner does with three recordings what the app can do; then others ask for everything.
"""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import huggingface_hub.constants
import pypdfium2
import pytest
from gradio.context import LocalContext
from gradio.helpers import special_args
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from seizure_core import open_recording
from tests.api.canary import WORD, canaries_in, files_with_canaries, write_canaries
from tests.api.test_api_training import wait_while
from tests.app_server import AppServer, app_served_here
from tests.hub_server import HubServer
from tests.training.material import NETWORK, SETTINGS
from ui.app import build_app
from ui.resources import Services
from ui.server.settings import Settings
from zoo.inference.detection_report import write_detection_report
from zoo.loading import load_detector
from zoo.store.registry import model_card

MODEL = "small-model"
STRANGER = {"x-forwarded-for": "203.0.113.5"}
PAGES = ("/", "/config", "/openapi.json", "/gradio_api/info", "/healthz", "/theme.css", "/nothing")
PRIVATE = {
    *("evaluate", "export_model", "list_datasets", "list_runs", "training_status"),
    *("list_reviews", "review_events", "export_review", "compare_readers"),
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """What the owner has left.

    Attributes
    ----------
    given : dict
        A value for each parameter an endpoint may have.
    files : list of Path
        What the owner was given, to be given away: pictures, bundles.
    repo : str
        Where the model was published.
    """

    server: AppServer
    recordings: list[Path]
    given: dict[str, Any]
    files: list[Path]
    repo: str

    @property
    def home(self) -> Path:
        return self.server.log.parent / "home"


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory, app: AppServer, client: Client) -> Work:
    """Open, look at, count, train on, test, keep, export and publish."""
    eeg = tmp_path_factory.mktemp("eeg")
    recordings = write_canaries(eeg)
    repo = "team/canaries"
    given, files = _worked(client, recordings, sorted(eeg.glob("*.tsv")), repo)
    return Work(server=app, recordings=recordings, given=given, files=files, repo=repo)


def _worked(
    client: Client, recordings: list[Path], references: list[Path], repo: str
) -> tuple[dict[str, Any], list[Path]]:
    def ask(name: str, *args: Any, **more: Any) -> Any:
        return client.predict(*args, api_name=f"/{name}", **more)

    given, marks = [handle_file(path) for path in recordings], [*map(handle_file, references)]
    first, label = given[0], f"{WORD}label"
    assert canaries_in(str(ask("describe_recording", first))) >= {f"{WORD}annotation"}
    pictures = [ask("view_recording", first, [label]), ask("value_distribution", first, label)[1]]
    ask("recording_statistics", first)
    dataset = ask(
        "create_dataset",
        recordings=given,
        references=marks,
        window_s=4.0,
        guard_s=5.0,
        settings={name: SETTINGS[name] for name in ("channels", "sampling_rate_hz")},
    )["dataset_id"]
    # Its folds are named after patients; what other splits keep is in `test_findings.py`.
    settings = {"epochs": 1, "threads": 1, "split": "leave-one-patient-out"}
    run = ask("train", dataset, NETWORK, settings)["run_id"]
    assert wait_while(client, run, "queued", "running")["state"] == "done"
    ask("save_model", run, MODEL, "A small model")
    for tested in (MODEL, run):
        ask("evaluate", tested, given, marks, allow_training_data=True)
    ask("add_to_review", "ward", given, MODEL)
    ask("predict", first, MODEL)
    ask("predict_batch", given, MODEL)
    with pytest.raises(AppError):
        ask("predict", first, "n1spool-cnn")  # it lacks the channels
    ask("publish_model", MODEL, repo)
    bundle = Path(ask("export_model", MODEL))
    return {
        "model_id": MODEL,
        "run_id": run,
        "dataset_id": dataset,
        "channel": label,
        "recording": "data:none",
        "recordings": ["data:none"],
        "references": [],
        "undo": "x",
        "hypothesis": "data:none",
        "reference": "data:none",
        "bundle": "data:none",
        "network": NETWORK,
        "n_channels": 4,
        "n_samples": 256,
        "title": "x",
        "repo_id": "team/other",
        "review_id": "ward",
        "items": ["x"],
        "decision": "accepted",
        "reader": "x",
        "event": {"onset_s": 1.0},
    }, [*map(Path, pictures), bundle]


def answers_of(url: str, given: dict[str, Any], headers: dict[str, str]) -> dict[str, str]:
    """Return what every endpoint and page says to somebody, by its address."""
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        said = {page: client.get(page).text for page in PAGES}
        document = client.get("/openapi.json").json()
        # Deleting comes last, so that there is something to tell of before.
        for path in sorted(document.get("paths", {}), key=lambda path: "delete" in path):
            if path.startswith("/api/"):
                body = document["paths"][path]["post"]["requestBody"]["content"]
                needed = body["application/json"]["schema"].get("required", [])
                asked = {name: given[name] for name in needed}
                said[path] = client.post(path, json=asked).text
    return said


def telling(said: dict[str, str]) -> set[str]:
    return {address for address, answer in said.items() if canaries_in(answer)}


def test_a_stranger_is_told_no_name_by_any_endpoint_or_page(work: Work) -> None:
    said = answers_of(work.server.url, work.given, STRANGER)
    assert len(said) > 30
    assert telling(said) == set()
    for name in PRIVATE:
        assert "has no login" in said[f"/api/{name}"], name


def test_without_a_login_a_public_address_tells_no_name(
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(work.home))
    with app_served_here(GRADIO_SERVER_NAME="0.0.0.0") as url:
        said = answers_of(url, work.given, {})
    assert telling(said) == set()
    assert all("has no login" in said[f"/api/{name}"] for name in PRIVATE)
    assert canaries_in("".join((caplog.text, *capfd.readouterr()))) == set()


def test_with_a_login_only_those_who_have_it_are_told_of_datasets(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(work.home))
    with app_served_here(SEIZURE_ZOO_LOGIN="eva:secret") as url:
        for path in ("list_datasets", "list_runs", "training_status"):
            asked = {"run_id": work.given["run_id"]} if path == "training_status" else {}
            answer = httpx.post(f"{url}/api/{path}", json=asked)
            assert (answer.status_code, canaries_in(answer.text)) == (401, set())
        for page in PAGES:
            assert canaries_in(httpx.get(f"{url}{page}").text) == set()
        given = {"username": "eva", "password": "secret"}
        cookie = httpx.post(f"{url}/login", data=given).headers["set-cookie"]
        headers = {"cookie": cookie.partition(";")[0]}
        assert telling(_reading(url, work.given, headers)) == {"/api/list_datasets"}


def _reading(url: str, given: dict[str, Any], headers: dict[str, str]) -> dict[str, str]:
    """Return what the endpoints say that change nothing."""
    with httpx.Client(base_url=url, headers=headers, timeout=120) as client:
        return {
            f"/api/{name}": client.post(f"/api/{name}", json=asked).text
            for name, asked in {
                "list_datasets": {},
                "list_runs": {},
                "training_status": {"run_id": given["run_id"]},
                "list_models": {},
                "model_card": {"model_id": MODEL},
                "export_model": {"model_id": MODEL},
            }.items()
        }


def test_another_session_of_the_owner_finds_names_in_the_datasets_alone(work: Work) -> None:
    assert telling(_reading(work.server.url, work.given, {})) == {"/api/list_datasets"}


def test_no_listener_of_the_page_tells_a_stranger_a_name(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(work.home))
    # Among the buttons that are pressed are those that ask the Hub.
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    demo = build_app(Services.create(Settings(), tmp_path))
    owner, stranger = (gr.Request(headers=headers) for headers in ({"host": "localhost"}, STRANGER))
    assert any(canaries_in(answer) for answer in _page_answers(demo, work, owner))
    for answer in _page_answers(demo, work, stranger):
        assert canaries_in(answer) == set()


def _page_answers(demo: gr.Blocks, work: Work, request: gr.Request) -> Iterator[str]:
    """Yield what each listener that can be called by name answers to plausible values."""
    ids = [work.given[name] for name in ("dataset_id", "run_id", "model_id")]
    for listener in demo.fns.values():
        if listener.fn is None or listener.name.startswith(("delete", "train", "create")):
            continue
        for value in (None, *ids, [ids[1]]):
            values: list[Any] = [value] * len(listener.inputs)
            if listener.inputs_as_dict:
                values = [dict(zip(listener.inputs, values, strict=True))]
            row = gr.EventData(None, {"row_value": ids, "index": [0, 0], "value": value})
            token = LocalContext.request.set(request)
            try:
                with contextlib.suppress(Exception):
                    values, *_ = special_args(listener.fn, values, request, row)
                yield repr(listener.fn(*values))
            except Exception as error:
                yield repr(error)
            finally:
                LocalContext.request.reset(token)


def test_names_are_kept_with_datasets_and_reviews_and_in_no_other_file(
    work: Work,
) -> None:
    kept = set(files_with_canaries(work.home))
    dataset = f"datasets/{work.given['dataset_id']}/dataset.json"
    assert kept == {dataset, "reviews/ward/recordings.json"}
    assert canaries_in(work.server.log.read_bytes()) == set()


def test_what_is_kept_is_this_users_alone(work: Work) -> None:
    private = next(work.server.temporary.glob("seizure-zoo-*"))
    for path in (work.home, *work.home.rglob("*"), private, *private.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode & 0o077 == 0, (path, oct(mode))


def test_uploads_and_results_lie_in_the_apps_own_folder(work: Work) -> None:
    folders = {Path(name).parts[0] for name in files_with_canaries(work.server.temporary)}
    assert {name for name in folders if not name.startswith("seizure-zoo-")} == set()


def test_what_is_given_away_names_no_one(work: Work, hub: HubServer) -> None:
    for path in work.files:
        assert canaries_in(path.read_bytes()) == set(), path.name
    assert hub.state.head(work.repo)
    assert canaries_in(hub.state.all_bytes()) == set()


def test_a_report_is_without_names_unless_they_are_asked_for(
    work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(work.home))
    recording = open_recording(work.recordings[0])
    found = load_detector(MODEL).detect(recording)
    path = tmp_path / "report.pdf"
    write_detection_report(
        path, found, recording, model_card(MODEL), with_file_name=False, made=datetime.now()
    )
    with pypdfium2.PdfDocument(path) as document:
        told = repr(document.get_metadata_dict())
        told += " ".join(page.get_textpage().get_text_range() for page in document)
    assert canaries_in(told) == set()
    assert canaries_in(path.read_bytes()) == set()
