"""Publishing with the unmodified client: what is sent, in what order, and what never is."""

from __future__ import annotations

import copy
import getpass
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.hub_state import Fault, HubState, metadata_errors, metadata_of
from tests.zoo.hub_fixtures import REPO, TOKEN, add_made_model
from tests.zoo.models import build_from, card_document
from zoo.errors import HubAccessError, HubUnreachableError, PublicationError
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.publishing import PublicationPlan, plan_json, plan_publication, publish, publish_model
from zoo.hub.readme import hub_readme
from zoo.store.home import home_folder
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

# The client itself calls its HTTP library in a way that one calls outdated.
pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

ME = HubAccess.signed_in(HubToken(TOKEN))
MODEL_FILES = {"README.md", "config.json", "model.safetensors"}


def published(state: HubState, name: str) -> bytes:
    return state.head(REPO).files[name].data


def plan(tmp_path: Path, **changes: Any) -> PublicationPlan:
    add_made_model(tmp_path, **changes)
    return plan_publication("mine", REPO, ME)


def test_a_model_is_published_whole_and_private(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    done = publish_model("mine", REPO, access=ME)
    assert set(done) == {"repo_id", "revision", "url"}
    assert done["revision"] == hub.head(REPO).oid
    assert hub.repositories[REPO].private
    assert set(hub.head(REPO).files) == {".gitattributes", *MODEL_FILES}
    folder = home_folder() / "models" / "mine"
    assert published(hub, "config.json") == (folder / "card.json").read_bytes()
    assert published(hub, "model.safetensors") == (folder / "model.safetensors").read_bytes()


def test_a_repository_is_public_only_if_asked_for(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    publish_model("mine", REPO, private=False, access=ME)
    assert not hub.repositories[REPO].private


def test_the_readme_is_complete(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    publish_model("mine", REPO, access=ME)
    readme = published(hub, "README.md").decode()
    metadata = metadata_of(readme)
    assert metadata_errors(readme) == []
    assert metadata["library_name"] == "seizure-zoo"
    assert metadata["tags"] == ["seizure-zoo", "eeg", "seizure-detection"]
    assert metadata["license"] == "apache-2.0"
    assert "datasets" not in metadata, "they would be links to repositories that are not there"
    assert metadata["metrics"] == ["sensitivity"]
    (result,) = metadata["model-index"][0]["results"]
    assert result["dataset"]["name"] == "Some data"
    (metric,) = result["metrics"]
    assert (metric["value"], metric["args"]["ci_low"]) == (1.0, 0.5)
    assert (metric["args"]["n_seizures"], metric["args"]["hours"]) == (1, 0.5)
    assert "More Information Needed" not in readme
    assert f'load_detector("hf://{REPO}")' in readme


@pytest.mark.parametrize(
    ("n_seizures", "hours", "metrics", "said"),
    [
        (1, 0.5, {"sensitivity": {"value": 1.0}, "false_alarms_per_24h": {"value": 0.0}}, []),
        (10, 30.0, {"event_f1": {"value": 0.5}, "false_alarms_per_24h": {"value": 2.0}},
         ["f1", "false_alarms_per_24h"]),
        (10, 30.0, {"latency_s": {"value": 4.0}, "sample_f1": {"value": 0.5}}, []),
    ],
)  # fmt: skip
def test_programs_are_told_known_figures_that_enough_data_bear(
    n_seizures: int, hours: float, metrics: dict[str, Any], said: list[str], tmp_path: Path
) -> None:
    document = card_document("mine")
    facts = {"dataset": "Some data", "protocol": "any overlap", "split": "by patient"}
    amount = {"n_recordings": 2, "n_seizures": n_seizures, "hours": hours}
    document["results"] = [{**facts, **amount, "metrics": metrics}]
    card = write_model(tmp_path / "made", document=document, network=build_from(document))
    assert metadata_of(hub_readme(card, REPO)).get("metrics", []) == said


def test_a_preview_sends_nothing(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    shown = plan_json(plan_publication("mine", REPO, ME))
    assert {one.method for one in hub.seen} == {"GET"}
    assert shown["is_new_repository"]
    assert shown["private"]
    assert [(one["name"], one["change"]) for one in shown["files"]] == [
        ("README.md", "new"),
        ("config.json", "new"),
        ("model.safetensors", "new"),
    ]
    assert json.loads(json.dumps(shown)) == shown


def test_a_new_version_is_a_new_commit_with_a_changelog(hub: HubState, tmp_path: Path) -> None:
    first = publish(plan(tmp_path), ME)
    add_made_model(tmp_path, version="1.1.0", seed=5)
    shown = plan_json(plan_publication("mine", REPO, ME, note="Finds more."))
    assert shown["published_version"] == "1.0.0"
    assert '-  "version": "1.0.0",' in shown["diff"]
    assert '+  "version": "1.1.0",' in shown["diff"]
    assert {one["change"] for one in shown["files"]} == {"changed"}
    second = publish_model("mine", REPO, note="Finds more.", access=ME)
    assert second["revision"] != first["revision"]
    titles = [one.title for one in hub.repositories[REPO].commits]
    assert titles == ["initial", "mine 1.0.0", "mine 1.1.0"]
    assert hub.head(REPO).message.startswith("Finds more.\n")


def test_publishing_the_same_again_makes_no_commit(hub: HubState, tmp_path: Path) -> None:
    first = publish(plan(tmp_path), ME)
    again = plan_publication("mine", REPO, ME)
    assert not again.changes_anything
    assert publish(again, ME) == first
    assert len(hub.repositories[REPO].commits) == 2


def test_what_a_published_version_names_does_not_change(hub: HubState, tmp_path: Path) -> None:
    publish(plan(tmp_path), ME)
    add_made_model(tmp_path, seed=5)
    with pytest.raises(PublicationError, match=r"Version 1\.0\.0 of mine is published"):
        plan_publication("mine", REPO, ME)


def test_another_model_is_not_replaced(hub: HubState, tmp_path: Path) -> None:
    publish(plan(tmp_path), ME)
    add_made_model(tmp_path, "other")
    with pytest.raises(PublicationError, match="holds the model mine"):
        plan_publication("other", REPO, ME)


def test_a_commit_that_came_between_stops_the_publication(hub: HubState, tmp_path: Path) -> None:
    publish(plan(tmp_path), ME)
    add_made_model(tmp_path, version="1.1.0", seed=5)
    planned = plan_publication("mine", REPO, ME)
    hub.repositories[REPO].commit(dict(hub.head(REPO).files), "another user")
    with pytest.raises(HubUnreachableError, match="changed by another user"):
        publish(planned, ME)
    with pytest.raises(PublicationError, match="has changed since the preview"):
        publish_model("mine", REPO, expected_revision=planned.parent_revision, access=ME)


@pytest.mark.parametrize("access", [HubAccess.anonymous(), HubAccess.own()])
def test_without_a_token_nothing_is_asked(hub: HubState, tmp_path: Path, access: HubAccess) -> None:
    add_made_model(tmp_path)
    with pytest.raises(HubAccessError, match="needs a token"):
        publish_model("mine", REPO, access=access)
    assert hub.seen == []


def test_a_servers_token_is_not_used_for_anonymous_visitors(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    add_made_model(tmp_path)
    with pytest.raises(HubAccessError):
        publish_model("mine", REPO, access=HubAccess.anonymous())
    publish_model("mine", REPO)
    assert REPO in hub.repositories


def test_a_foreign_namespace_is_refused_in_words(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    with pytest.raises(HubAccessError, match=r"does not allow that\. .*create models in others"):
        publish_model("mine", "others/mine", access=ME)


def test_a_wrong_token_is_refused_in_words(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    with pytest.raises(HubAccessError, match="does not accept the token") as caught:
        publish_model("mine", REPO, access=HubAccess.signed_in(HubToken("hf_wrongWrong")))
    assert "hf_wrongWrong" not in str(caught.value)


@pytest.mark.parametrize(
    ("method", "path_part"),
    [
        ("POST", "/repos/create"),
        ("POST", "/validate-yaml"),
        ("POST", "/preupload/"),
        ("POST", "/objects/batch"),
        ("PUT", "/lfs/upload/"),
        ("POST", "/lfs/verify/"),
        ("POST", "/commit/"),
    ],
)
def test_a_cut_anywhere_publishes_nothing_and_a_second_try_completes(
    hub: HubState, tmp_path: Path, method: str, path_part: str
) -> None:
    add_made_model(tmp_path)
    hub.faults.append(Fault(method, path_part, times=100))
    with pytest.raises(HubUnreachableError, match="no connection to the Hub"):
        publish_model("mine", REPO, access=ME)
    there = hub.head(REPO).files if REPO in hub.repositories else {}
    assert not MODEL_FILES & set(there)
    hub.faults.clear()
    publish_model("mine", REPO, access=ME)
    assert set(hub.head(REPO).files) >= MODEL_FILES


@pytest.mark.parametrize(
    ("method", "path_part"),
    [
        ("GET", "/api/models/team"),
        ("POST", "/repos/create"),
        ("POST", "/validate-yaml"),
        ("POST", "/preupload/"),
        ("POST", "/objects/batch"),
        ("PUT", "/lfs/upload/"),
        ("POST", "/lfs/verify/"),
        ("POST", "/commit/"),
    ],
)
def test_a_busy_hub_is_asked_again(
    hub: HubState, tmp_path: Path, method: str, path_part: str
) -> None:
    add_made_model(tmp_path)
    hub.faults.append(Fault(method, path_part, status=429, headers={"Retry_After": "1"}))
    publish_model("mine", REPO, access=ME)
    assert hub.faults[0].times == 0
    assert set(hub.head(REPO).files) >= MODEL_FILES


def test_a_hub_that_stays_busy_is_named(hub: HubState, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    hub.faults.append(Fault("GET", "/api/models/team", status=503, times=100))
    with pytest.raises(HubUnreachableError, match=r"busy \(status 503\)"):
        publish_model("mine", REPO, access=ME)


# --- what never goes out ---


def test_nothing_but_card_weights_and_readme_is_ever_sent(
    hub: HubState, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Canaries stand in every file beside the model, in folder names and in the token."""
    secret_folder = tmp_path / "patient-Canary-Smith"
    document = card_document("mine")
    write_model(secret_folder, document=document, network=build_from(document))
    add_model(secret_folder)
    folder = home_folder() / "models" / "mine"
    for name in ("patients-Canary.txt", "Canary_Smith_1970.edf", "run.json"):
        (folder / name).write_text("Canary Smith, born 1970-01-01")
    (folder / "README.md").write_text("# Canary Smith")
    publish_model("mine", REPO, access=ME)
    sent = hub.all_bytes()
    assert b"anary" not in re.sub(rb"hf_canaryToken\w*", b"", sent)
    assert str(tmp_path).encode() not in sent
    assert f"/{getpass.getuser()}/".encode() not in sent
    assert set(hub.head(REPO).files) == {".gitattributes", *MODEL_FILES}
    with_token = [one for one in hub.seen if TOKEN in json.dumps(one.headers)]
    assert all(one.headers["authorization"] == f"Bearer {TOKEN}" for one in with_token)
    bodies = b"".join(one.body + one.path.encode() for one in hub.seen)
    assert TOKEN.encode() not in bodies
    assert not any("authorization" in one.headers for one in hub.seen if one.method == "PUT")
    assert not any("agent-harness" in one.path or "telemetry" in one.path for one in hub.seen)
    captured = capfd.readouterr()
    assert TOKEN not in captured.out + captured.err
    assert not any(TOKEN.encode() in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


@pytest.mark.parametrize(
    "text",
    [
        "Trained on Smith_John_1970.edf",
        "from /home/someone/eeg/a",
        "from D:\\patients\\a",
        "see notes.docx",
    ],
)
def test_a_card_that_names_recordings_is_not_published(
    hub: HubState, tmp_path: Path, text: str
) -> None:
    document = card_document("mine", training={"note": text})
    write_model(tmp_path / "made", document=document, network=build_from(document))
    add_model(tmp_path / "made")
    with pytest.raises(PublicationError, match=r"training\.note: "):
        publish_model("mine", REPO, access=ME)
    assert hub.seen == []
    allowed = plan_publication("mine", REPO, ME, allow_names=True)
    assert "training.note" in allowed.warnings[0]


def test_markup_in_a_card_stays_text(hub: HubState, tmp_path: Path) -> None:
    foul = "<script>alert(1)</script> ---\nlicense: mit\n--- [x](javascript:1) ${{x}} *b* #"
    document = card_document("mine", training={"note": foul})
    document.update(
        title="<img src=x onerror=alert(1)> --- : {", license=f"{foul[:60]}", limitations=foul
    )
    document["training"]["data"] = [{"name": '"<b>: [', "subjects": ["<i>"], "note": foul}]
    document["results"] = [
        {
            "dataset": "<u>: {",
            "protocol": foul,
            "split": foul,
            "n_recordings": 1,
            "n_seizures": 10,
            "hours": 1,
            "metrics": {"<b>f1": {"value": 1.0}, "f1": {"value": 1.0}},
        }
    ]
    write_model(tmp_path / "made", document=document, network=build_from(document))
    add_model(tmp_path / "made")
    publish_model("mine", REPO, access=ME)
    readme = published(hub, "README.md").decode()
    metadata = metadata_of(readme)
    assert metadata_errors(readme) == []
    assert metadata["license"] == "other"
    assert metadata["model-index"][0]["name"] == document["title"]
    body = readme.split("---\n", 2)[2]
    assert re.search(r"<[a-z/]", body) is None
    assert "](javascript" not in body


def test_a_token_shows_itself_nowhere() -> None:
    token = HubToken(TOKEN)
    shown = f"{token} {token!r} {ME!r} {ME} {vars(ME) if hasattr(ME, '__dict__') else ''}"
    assert TOKEN not in shown
    # Copying goes the way that every serialisation of Python objects goes.
    for write in (copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="never written"):
            write(token)


@pytest.mark.parametrize(
    "repo",
    [
        "https://user:hf_secretSecret@huggingface.co/team/mine",
        "team/mine?token=hf_secretSecret",
        "hf_secretSecret",
        "team/mine@hf_secret Secret",
        "../mine",
        "team/..",
        "team/a--b",
        "team/mine/more",
        "",
    ],
)
def test_addresses_with_anything_else_in_them_are_refused(
    hub: HubState, tmp_path: Path, repo: str
) -> None:
    add_made_model(tmp_path)
    with pytest.raises(HubAccessError) as caught:
        publish_model("mine", repo, access=ME)
    assert "secret" not in str(caught.value)
    assert hub.seen == []
