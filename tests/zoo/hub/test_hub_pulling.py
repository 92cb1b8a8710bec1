"""Pulling with the unmodified client: pinned, checked, offline afterwards, never half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hub_state import Fault, HubState
from tests.zoo.hub_fixtures import REPO, TOKEN
from tests.zoo.models import build_from, card_document, write_small_model
from zoo.errors import (
    CardAlteredError,
    CardError,
    HubAccessError,
    HubContentError,
    HubError,
    HubUnreachableError,
    RegistryError,
    SeizureZooError,
    WeightsError,
)
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.pulling import pull_model
from zoo.hub.search import search_models
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.registry import Registry, list_models
from zoo.store.sealing import write_model
from zoo.store.user_models import add_model

ME = HubAccess.signed_in(HubToken(TOKEN))
NOBODY = HubAccess.anonymous()


def model_files(tmp_path: Path, model_id: str = "mine", *, seed: int = 0) -> dict[str, bytes]:
    """Return a model's files as they lie on the Hub."""
    folder = tmp_path / "made" / f"{model_id}-{seed}"
    write_small_model(folder, model_id, seed=seed)
    return {
        "README.md": b"---\nlibrary_name: seizure-zoo\nlicense: mit\n---\n<script>x</script>",
        "config.json": (folder / "card.json").read_bytes(),
        "model.safetensors": (folder / "model.safetensors").read_bytes(),
    }


def cut_off(hub: HubState) -> None:
    """From now on every request breaks off."""
    hub.faults += [Fault(method, "/", times=10_000) for method in ("GET", "HEAD", "POST")]


def ids() -> list[str]:
    return [one.model_id for one in list_models() if one.source != "shipped"]


def kept_models() -> list[Path]:
    return list((home_folder() / "hub").rglob("model.safetensors"))


def test_a_pulled_model_is_registered_with_its_full_commit(hub: HubState, tmp_path: Path) -> None:
    commit = hub.repository(REPO, model_files(tmp_path)).commits[-1]
    hub.repositories[REPO].tags["v1"] = commit.oid
    pulled = pull_model(REPO, "v1", access=NOBODY)
    assert (pulled["model_id"], pulled["revision"]) == ("mine", commit.oid)
    model = Registry.load().get("mine")
    assert (model.source, model.repo_id, model.revision) == ("hub", REPO, commit.oid)
    cut_off(hub)
    assert load_detector("mine").card.model_id == "mine"


def test_a_readme_of_the_hub_is_not_taken_over(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path))
    pull_model(REPO, access=NOBODY)
    readme = (home_folder() / "models" / "mine" / "README.md").read_text()
    assert "script" not in readme
    assert not any("README" in one.path for one in hub.seen)


def test_pulling_again_brings_the_newer_version(hub: HubState, tmp_path: Path) -> None:
    first = hub.repository(REPO, model_files(tmp_path)).commits[-1]
    pull_model(REPO, access=NOBODY)
    old = load_detector("mine").card.weights.sha256
    second = hub.repository(REPO, model_files(tmp_path, seed=4)).commits[-1]
    assert pull_model(REPO, access=NOBODY)["revision"] == second.oid
    assert load_detector("mine").card.weights.sha256 != old
    assert pull_model(REPO, first.oid, access=NOBODY)["revision"] == first.oid
    assert load_detector("mine").card.weights.sha256 == old
    assert ids() == ["mine"]


def test_a_model_of_ones_own_is_not_replaced(hub: HubState, tmp_path: Path) -> None:
    write_small_model(tmp_path / "own", "mine", seed=9)
    add_model(tmp_path / "own")
    hub.repository(REPO, model_files(tmp_path))
    with pytest.raises(RegistryError, match="a model called mine already"):
        pull_model(REPO, access=NOBODY)
    assert Registry.load().get("mine").source == "user"


def test_a_model_one_has_already_is_not_taken_in_twice(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path))
    add_model(tmp_path / "made" / "mine-0")
    assert pull_model(REPO, access=NOBODY)["model_id"] == "mine"
    assert Registry.load().get("mine").source == "user"


def test_a_private_model_is_pulled_by_those_who_may(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path), private=True)
    with pytest.raises(HubAccessError, match="or it is private"):
        pull_model(REPO, access=NOBODY)
    assert pull_model(REPO, access=ME)["model_id"] == "mine"
    assert not any("authorization" in one.headers for one in hub.seen if "/cdn/" in one.path)


def test_a_gated_model_says_what_to_do(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path), gated=True)
    with pytest.raises(HubAccessError, match=r"gated\. Ask for access"):
        pull_model(REPO, access=ME)
    assert ids() == []
    hub.granted.add(TOKEN)
    assert pull_model(REPO, access=ME)["model_id"] == "mine"


@pytest.mark.parametrize(
    ("repo", "revision", "message"),
    [
        ("team/nothing", None, "no such repository"),
        (REPO, "no-such-branch", "no such revision"),
        (f"hf://{REPO}@no-such-tag", None, "no such revision"),
        (f"{REPO}@main", "main", "named twice"),
    ],
)
def test_what_is_not_there_is_named(
    hub: HubState, tmp_path: Path, repo: str, revision: str | None, message: str
) -> None:
    hub.repository(REPO, model_files(tmp_path))
    with pytest.raises(HubAccessError, match=message):
        pull_model(repo, revision, access=ME)


# --- what is refused ---


def test_pickled_weights_are_never_opened(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    files["pytorch_model.bin"] = files.pop("model.safetensors")
    hub.repository(REPO, files)
    with pytest.raises(HubContentError, match=r"pytorch_model\.bin was not opened"):
        pull_model(REPO, access=NOBODY)
    assert not any("pytorch_model" in one.path for one in hub.seen)


def test_a_model_of_another_library_is_refused(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    hub.repository("other/nocard", {"model.safetensors": files["model.safetensors"]})
    with pytest.raises(HubContentError, match=r"no config\.json"):
        pull_model("other/nocard", access=NOBODY)
    hub.repository("other/bert", {**files, "config.json": b'{"architectures": ["Bert"]}'})
    with pytest.raises(CardError, match=r"config\.json: "):
        pull_model("other/bert", access=NOBODY)


def test_changed_scores_are_noticed(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    card = json.loads(files["config.json"])
    card["limitations"] = "None at all."
    hub.repository(REPO, {**files, "config.json": json.dumps(card).encode()})
    with pytest.raises(CardAlteredError):
        pull_model(REPO, access=NOBODY)
    assert ids() == []
    assert kept_models() == []


def test_weights_of_another_size_are_not_even_fetched(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    hub.repository(REPO, {**files, "model.safetensors": files["model.safetensors"] + bytes(9999)})
    with pytest.raises(HubContentError, match="It was not fetched"):
        pull_model(REPO, access=NOBODY)
    assert not any("/cdn/" in one.path for one in hub.seen)


def test_other_weights_of_the_same_size_are_refused(hub: HubState, tmp_path: Path) -> None:
    other = model_files(tmp_path, seed=7)["model.safetensors"]
    hub.repository(REPO, {**model_files(tmp_path), "model.safetensors": other})
    with pytest.raises(WeightsError):
        pull_model(REPO, access=NOBODY)
    assert ids() == []


# --- cuts ---


@pytest.mark.parametrize(
    "fault",
    [
        Fault("GET", "/api/models/", times=100),
        Fault("HEAD", "config.json", times=100),
        Fault("GET", "config.json", times=100),
        Fault("GET", "/cdn/", times=100),
        Fault("GET", "/cdn/", times=100, after_bytes=0),
        Fault("GET", "/cdn/", status=500, times=100),
    ],
    ids=lambda fault: f"{fault.method} {fault.path_part} {fault.status} {fault.after_bytes}",
)
def test_a_cut_leaves_nothing_half_and_a_second_try_completes(
    hub: HubState, tmp_path: Path, fault: Fault
) -> None:
    hub.repository(REPO, model_files(tmp_path))
    hub.faults.append(fault)
    with pytest.raises(HubUnreachableError):
        pull_model(REPO, access=NOBODY)
    assert ids() == []
    assert kept_models() == []
    assert list((home_folder() / "hub").glob(".new-*")) == []
    hub.faults.clear()
    assert pull_model(REPO, access=NOBODY)["model_id"] == "mine"


def test_a_download_that_breaks_off_once_goes_on(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path))
    hub.faults.append(Fault("GET", "/cdn/", times=1, after_bytes=100))
    assert pull_model(REPO, access=NOBODY)["model_id"] == "mine"
    assert sum("/cdn/" in one.path for one in hub.seen) == 2


def test_a_full_disk_is_named(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repository(REPO, model_files(tmp_path))

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huggingface_hub.file_download.http_get", full)
    with pytest.raises(HubError, match="No space left on device"):
        pull_model(REPO, access=NOBODY)
    assert ids() == []


def test_a_home_that_cannot_be_written_is_named(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repository(REPO, model_files(tmp_path))
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SeizureZooError, match="Not a directory"):
        pull_model(REPO, access=NOBODY)


# --- models by their address ---


def test_a_model_is_loaded_by_its_address_and_offline_afterwards(
    hub: HubState, tmp_path: Path
) -> None:
    first = hub.repository(REPO, model_files(tmp_path)).commits[-1]
    detector = load_detector(f"hf://{REPO}")
    second = hub.repository(REPO, model_files(tmp_path, seed=4)).commits[-1]
    assert load_detector(f"hf://{REPO}@{first.oid}").weights_sha256 == detector.weights_sha256
    newest = load_detector(f"hf://{REPO}@main")
    assert newest.weights_sha256 != detector.weights_sha256
    assert ids() == []
    cut_off(hub)
    hub.seen.clear()
    assert load_detector(f"hf://{REPO}@{second.oid}").weights_sha256 == newest.weights_sha256
    assert hub.seen == []
    assert load_detector(f"hf://{REPO}@main").weights_sha256 == newest.weights_sha256
    assert load_detector(f"hf://{REPO}").weights_sha256 == detector.weights_sha256


def test_offline_mode_asks_nobody(
    hub: HubState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.repository(REPO, model_files(tmp_path))
    load_detector(f"hf://{REPO}")
    hub.seen.clear()
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    load_detector(f"hf://{REPO}")
    with pytest.raises(HubUnreachableError, match="HF_HUB_OFFLINE is set"):
        load_detector(f"hf://{REPO}@v7")
    assert hub.seen == []


def test_a_model_that_was_damaged_here_is_fetched_again(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path))
    sound = load_detector(f"hf://{REPO}").weights_sha256
    (kept,) = kept_models()
    kept.write_bytes(kept.read_bytes()[:-1] + b"\x00")
    assert load_detector(f"hf://{REPO}").weights_sha256 == sound


# --- search ---


def test_search_finds_models_of_this_zoo_over_several_pages(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    for number in range(5):
        hub.repository(f"team/model-{number}", files, downloads=number)
    hub.repository("team/hidden", files, private=True, downloads=99)
    hub.repository("team/bert", {"README.md": b"---\nlicense: mit\n---\n"})
    found = search_models(access=NOBODY)
    assert [one["repo_id"] for one in found] == [f"team/model-{n}" for n in (4, 3, 2, 1, 0)]
    assert found[0]["license"] == "mit"
    assert found[0]["revision"] == hub.head("team/model-4").oid
    assert [one["repo_id"] for one in search_models("model-3", access=NOBODY)] == ["team/model-3"]
    assert len(search_models(limit=3, access=NOBODY)) == 3
    assert search_models(access=ME)[0]["private"]


def test_the_parent_and_the_versions_travel_with_a_model(hub: HubState, tmp_path: Path) -> None:
    document = card_document("child", training={"versions": []})
    document["parent"] = {"model_id": "mine", "version": "1.0.0", "weights_sha256": "a" * 64}
    document["training"]["versions"] = [
        {"version": "1.0.0", "created": "2025-01-31", "note": "First."}
    ]
    write_model(tmp_path / "child", document=document, network=build_from(document))
    files = {
        "config.json": (tmp_path / "child" / "card.json").read_bytes(),
        "model.safetensors": (tmp_path / "child" / "model.safetensors").read_bytes(),
    }
    hub.repository("team/child", files)
    pull_model("team/child", access=NOBODY)
    card = load_detector("child").card
    assert card.parent is not None
    assert card.parent.model_id == "mine"
    assert card.training.versions[0].note == "First."


@pytest.mark.parametrize(
    ("method", "path_part"),
    [("GET", "/api/models/"), ("HEAD", "config.json"), ("GET", "config.json"), ("GET", "/cdn/")],
)
def test_a_busy_hub_is_asked_again_while_pulling(
    hub: HubState, tmp_path: Path, method: str, path_part: str
) -> None:
    hub.repository(REPO, model_files(tmp_path))
    hub.faults.append(Fault(method, path_part, status=429, headers={"Retry_After": "1"}, times=2))
    assert pull_model(REPO, access=NOBODY)["model_id"] == "mine"
    assert hub.faults[0].times == 0


def test_a_busy_hub_is_asked_again_while_searching(hub: HubState, tmp_path: Path) -> None:
    hub.repository(REPO, model_files(tmp_path))
    hub.faults.append(Fault("GET", "/api/models?", status=429, headers={"Retry_After": "1"}))
    assert [one["repo_id"] for one in search_models(access=NOBODY)] == [REPO]
    assert hub.faults[0].times == 0


def test_the_stages_of_a_pull_are_told_in_order(hub: HubState, tmp_path: Path) -> None:
    files = model_files(tmp_path)
    hub.repository(REPO, files)
    told: list[tuple[str, int | None]] = []
    pull_model(REPO, access=NOBODY, progress=lambda stage, size: told.append((stage, size)))
    size = len(files["model.safetensors"])
    assert told == [
        ("look up", None),
        ("card", None),
        ("weights", size),
        ("checks", None),
        ("register", None),
    ]


def test_a_token_is_nowhere_after_pulling(
    hub: HubState, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.repository(REPO, model_files(tmp_path), private=True)
    pull_model(REPO, access=ME)
    assert not any(TOKEN.encode() in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert not any(TOKEN in one.path or TOKEN.encode() in one.body for one in hub.seen)
    captured = capfd.readouterr()
    assert TOKEN not in captured.out + captured.err
