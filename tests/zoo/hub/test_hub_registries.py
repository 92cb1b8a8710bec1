"""A team's registry on the Hub: its models are known at once and fetched at first use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.hub_state import HubState
from tests.zoo.hub.test_hub_pulling import cut_off, kept_models, model_files
from tests.zoo.hub_fixtures import TOKEN
from tests.zoo.models import write_small_model
from zoo.__main__ import main
from zoo.card.schema import parse_card
from zoo.errors import HubContentError, RegistryError
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.pulling import pull_model
from zoo.hub.registries import add_hub_registry, list_hub_registries, remove_hub_registry
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.home_lock import entry_of
from zoo.store.registry import Registry, list_models, model_card
from zoo.store.user_models import add_model, delete_model

ME = HubAccess.signed_in(HubToken(TOKEN))
TEAM = "team/zoo"


def entry(files: dict[str, bytes], **place: str) -> dict[str, Any]:
    card = parse_card(files["config.json"])
    made = entry_of(card, repo_id=place.get("repo_id"), revision=place.get("revision"))
    # In a team's registry a place is a folder of the repository, or another repository.
    document = made.to_document() | {"folder": place.get("folder")}
    return {key: value for key, value in document.items() if value is not None}


def registry_bytes(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"schema_version": 1, "models": entries}).encode()


@pytest.fixture
def team(hub: HubState, tmp_path: Path) -> HubState:
    """A registry of two models: one in a repository of its own, one in the registry's."""
    far, near = model_files(tmp_path, "far"), model_files(tmp_path, "near", seed=2)
    commit = hub.repository("team/far", far).commits[-1]
    hub.repository(
        TEAM,
        {
            "registry.json": registry_bytes(
                entry(far, repo_id="team/far", revision=commit.oid),
                entry(near, folder="models/near"),
            ),
            **{f"models/near/{name}": data for name, data in near.items()},
        },
    )
    # What comes later does not matter to a pinned entry.
    hub.repository("team/far", model_files(tmp_path, "far", seed=8))
    return hub


def listed() -> dict[str, str]:
    return {one.model_id: one.source for one in list_models() if one.source != "shipped"}


def test_its_models_are_listed_without_being_fetched(team: HubState) -> None:
    added = add_hub_registry(TEAM, access=ME)
    assert (added["model_ids"], added["faults"]) == (["far", "near"], [])
    assert listed() == {"far": "hub", "near": "hub"}
    assert model_card("near").model_id == "near"
    assert not any("model.safetensors" in one.path for one in team.seen)
    assert kept_models() == []
    assert list_hub_registries() == [{"repo_id": TEAM, "revision": team.head(TEAM).oid}]


@pytest.mark.parametrize("model_id", ["far", "near"])
def test_a_model_is_fetched_at_first_use_and_there_offline(team: HubState, model_id: str) -> None:
    add_hub_registry(TEAM, access=ME)
    first = load_detector(model_id, access=ME)
    entry = Registry.load().get(model_id)
    assert (entry.source, entry.weights_sha256) == ("hub", first.card.weights.sha256)
    cut_off(team)
    team.seen.clear()
    assert load_detector(model_id).card == first.card
    assert listed() == {"far": "hub", "near": "hub"}
    assert team.seen == []


def test_a_model_that_is_not_here_says_so_offline(team: HubState) -> None:
    add_hub_registry(TEAM, access=ME)
    cut_off(team)
    with pytest.raises(RegistryError, match=r"The model far is not on this machine.*team/far"):
        load_detector("far")
    team.faults.clear()
    assert load_detector("far").card.model_id == "far"


def test_updating_follows_the_registry(team: HubState, tmp_path: Path) -> None:
    add_hub_registry(TEAM, access=ME)
    newer = model_files(tmp_path, "newer", seed=3)
    commit = team.repository("team/newer", newer).commits[-1]
    files = {
        "registry.json": registry_bytes(entry(newer, repo_id="team/newer", revision=commit.oid))
    }
    team.repository(TEAM, files)
    assert listed() == {"far": "hub", "near": "hub"}
    add_hub_registry(TEAM, access=ME)
    assert listed() == {"newer": "hub"}
    assert len(list_hub_registries()) == 1


def test_a_registry_is_forgotten(team: HubState, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["registry", "add", TEAM]) == 0
    assert main(["registry", "list"]) == 0
    assert TEAM in capsys.readouterr().out
    pull_model("team/far", team.repositories["team/far"].commits[0].oid, access=ME)
    remove_hub_registry(TEAM)
    assert listed() == {"far": "hub"}
    assert main(["registry", "remove", TEAM]) == 1
    assert "No registry of team/zoo was added" in capsys.readouterr().err


def test_its_models_are_not_the_users_to_delete(team: HubState) -> None:
    add_hub_registry(TEAM, access=ME)
    with pytest.raises(RegistryError, match="belongs to the registry team/zoo"):
        delete_model("far")


def test_a_users_model_keeps_its_id(team: HubState, tmp_path: Path) -> None:
    write_small_model(tmp_path / "own", "far", seed=9)
    add_model(tmp_path / "own")
    add_hub_registry(TEAM, access=ME)
    assert listed() == {"far": "user", "near": "hub"}
    (finding,) = Registry.load().findings
    assert "its model 'far' has the id of another model" in finding.message


def test_entries_that_lie_are_left_out_and_named(hub: HubState, tmp_path: Path) -> None:
    good, other = model_files(tmp_path, "good"), model_files(tmp_path, "other", seed=2)
    liar = {**entry(good, folder="good"), "card_sha256": "0" * 64}
    hub.repository(
        TEAM,
        {
            "registry.json": registry_bytes(
                entry(good, folder="good"),
                {**entry(other, folder="lost")},
                {**liar, "model_id": "liar"},
                {**entry(good, folder="good"), "model_id": "../evil"},
                {**entry(good, folder="good"), "model_id": "out", "folder": "../../etc"},
            ),
            **{f"good/{name}": data for name, data in good.items()},
        },
    )
    added = add_hub_registry(TEAM, access=ME)
    assert added["model_ids"] == ["good"]
    assert len(added["faults"]) == 4
    assert "The model other is not available." in " ".join(added["faults"])
    assert list(listed()) == ["good"]


@pytest.mark.parametrize("data", [b"", b"[]", b'{"models": 3}', b"\xff"])
def test_a_repository_without_a_sound_registry_is_refused(hub: HubState, data: bytes) -> None:
    hub.repository(TEAM, {"registry.json": data})
    with pytest.raises(HubContentError, match=r"registry\.json"):
        add_hub_registry(TEAM, access=ME)
    assert list_hub_registries() == []


def test_a_repository_with_a_single_model_says_to_pull_it(hub: HubState, tmp_path: Path) -> None:
    hub.repository(TEAM, model_files(tmp_path))
    with pytest.raises(HubContentError, match="Pull single models instead"):
        add_hub_registry(TEAM, access=ME)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"registries": [7]}'])
def test_damage_of_what_is_kept_is_reported(team: HubState, damage: bytes) -> None:
    add_hub_registry(TEAM, access=ME)
    (home_folder() / "hub" / "registries.json").write_bytes(damage)
    assert listed() == {}
    assert "registries on the Hub" in Registry.load().findings[0].message
    add_hub_registry(TEAM, access=ME)
    assert listed() == {"far": "hub", "near": "hub"}


def test_a_lost_registry_file_says_to_update(team: HubState) -> None:
    add_hub_registry(TEAM, access=ME)
    for path in (home_folder() / "hub" / "registries").iterdir():
        path.unlink()
    assert "update it" in Registry.load().findings[0].message
