"""The registry: what is listed, found, refused and reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import zoo
from tests.zoo.models import write_small_model
from zoo.errors import CardError, RegistryError, UnknownModelError, WeightsAlteredError
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.registry import Registry, model_card
from zoo.store.sealing import ship_model
from zoo.store.user_models import add_model

HASH = "0" * 64


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a root folder with two shipped models, used instead of the project's."""
    root = tmp_path / "root"
    for model_id in ("alpha-cnn", "beta-cnn"):
        write_small_model(root / "zoo" / "models" / model_id, model_id)
        ship_model(model_id, root=root)
    monkeypatch.setattr("zoo.store.registry.SHIPPED_FOLDER", root)
    monkeypatch.setattr("zoo.store.user_models.SHIPPED_FOLDER", root)
    return root


@pytest.fixture
def user_model(shipped: Path, tmp_path: Path) -> Path:
    """Register a model of the user called mine and return its folder in the home."""
    write_small_model(tmp_path / "made", "mine", seed=2)
    add_model(tmp_path / "made")
    return home_folder() / "models" / "mine"


def write_users_registry(models: Any, **changes: Any) -> None:
    home_folder().mkdir(parents=True, exist_ok=True)
    document = {"schema_version": 1, "models": models, **changes}
    (home_folder() / "registry.json").write_text(json.dumps(document))


def entry(**changes: Any) -> dict[str, Any]:
    return {
        "model_id": "mine",
        "title": "Mine",
        "version": "1.0.0",
        "folder": "models/mine",
        "card_sha256": HASH,
        "weights_sha256": HASH,
        **changes,
    }


def test_shipped_and_user_models_are_one_list(user_model: Path) -> None:
    summaries = zoo.list_models()
    assert [(one.model_id, one.source) for one in summaries] == [
        ("alpha-cnn", "shipped"),
        ("beta-cnn", "shipped"),
        ("mine", "user"),
    ]
    one = summaries[-1]
    assert (one.n_channels, one.window_s, one.stride_s, one.sampling_rate_hz) == (2, 2, 1, 64)
    assert one.n_parameters == 65


def test_a_registry_file_has_the_contracts_keys(shipped: Path) -> None:
    document = json.loads((shipped / "registry.json").read_text())
    assert document["schema_version"] == 1
    assert set(document["models"][0]) == {
        *("model_id", "title", "version", "folder", "card_sha256", "weights_sha256")
    }
    assert document["models"][0]["folder"] == "zoo/models/alpha-cnn"


def test_a_loaded_model_has_card_network_and_entry(user_model: Path) -> None:
    model = zoo.load_detector("mine")
    assert model.card.model_id == "mine"
    assert Registry.load().get("mine").source == "user"
    assert not model.network.training


def test_an_unknown_id_names_near_ones(shipped: Path) -> None:
    with pytest.raises(UnknownModelError, match=r"'alfa-cnn'\. Did you mean alpha-cnn") as caught:
        load_detector("alfa-cnn")
    assert caught.value.suggestions[0] == "alpha-cnn"
    with pytest.raises(UnknownModelError, match="The models are: alpha-cnn, beta-cnn"):
        model_card("xyz")


@pytest.mark.parametrize("odd", ["", "..", "../alpha-cnn", "\x00", "x" * 10_000])
def test_an_odd_id_is_just_unknown(shipped: Path, odd: str) -> None:
    with pytest.raises(UnknownModelError):
        load_detector(odd)


def test_a_user_model_cannot_take_a_shipped_models_place(shipped: Path) -> None:
    write_users_registry([entry(model_id="alpha-cnn", folder="models/alpha-cnn")])
    registry = Registry.load()
    assert registry.get("alpha-cnn").source == "shipped"
    assert "id of a shipped model" in registry.findings[0].message


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"null", b'{"schema_version": 1}', b"\xff", b'{"models": []}']
)
def test_a_damaged_user_registry_is_reported_and_the_shipped_models_stay(
    shipped: Path, damage: bytes
) -> None:
    home_folder().mkdir(parents=True)
    (home_folder() / "registry.json").write_bytes(damage)
    registry = Registry.load()
    assert set(registry.models) == {"alpha-cnn", "beta-cnn"}
    (finding,) = registry.findings
    assert finding.message.startswith("The registry of your own models: ")


def test_a_registry_of_a_newer_version_is_reported(shipped: Path) -> None:
    write_users_registry([], schema_version=2)
    assert "Update Seizure Zoo" in Registry.load().findings[0].message


@pytest.mark.parametrize(
    "bad",
    [
        7,
        {},
        entry(folder="../outside"),
        entry(folder="/etc"),
        entry(folder="models/../../outside"),
        entry(folder="C:\\models"),
        entry(folder="models\\mine"),
        entry(folder=""),
        entry(folder=None),
        entry(model_id="../mine"),
        entry(card_sha256="short"),
        entry(surprise=1),
        entry(repo_id="org/name"),
        entry(repo_id="org/name", revision="main"),
    ],
)
def test_a_bad_entry_spoils_only_itself(user_model: Path, bad: Any) -> None:
    document = json.loads((home_folder() / "registry.json").read_text())
    write_users_registry([bad, *document["models"]])
    registry = Registry.load()
    assert "mine" in registry.models
    assert "models[0]" in registry.findings[0].message


def test_an_id_twice_is_reported(user_model: Path) -> None:
    document = json.loads((home_folder() / "registry.json").read_text())
    write_users_registry(document["models"] * 2)
    assert "occurs twice" in Registry.load().findings[0].message


def test_a_link_that_leads_out_of_the_home_is_not_followed(
    user_model: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    user_model.rename(outside)
    user_model.symlink_to(outside)
    with pytest.raises(RegistryError, match="leads out of the zoo"):
        load_detector("mine")


def test_a_model_of_the_hub_that_is_not_here_says_where_it_is(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    hub = entry(folder=None, repo_id="org/name", revision="a" * 40)
    write_users_registry([hub])
    assert Registry.load().get("mine").source == "hub"
    with pytest.raises(RegistryError, match="not on this machine; it is at org/name"):
        load_detector("mine")


def test_an_exchanged_model_is_noticed(user_model: Path, tmp_path: Path) -> None:
    write_small_model(user_model, "mine", seed=9)
    with pytest.raises(RegistryError, match="is not the registered one"):
        load_detector("mine")
    with pytest.raises(RegistryError):
        model_card("mine")


def test_exchanged_weights_are_noticed(user_model: Path, tmp_path: Path) -> None:
    write_small_model(tmp_path / "other", "mine", seed=9)
    (user_model / "model.safetensors").write_bytes(
        (tmp_path / "other" / "model.safetensors").read_bytes()
    )
    with pytest.raises(WeightsAlteredError):
        load_detector("mine")


def test_a_model_without_card_is_left_out_of_the_list_and_reported(user_model: Path) -> None:
    (user_model / "card.json").unlink()
    summaries, findings = Registry.load().summaries()
    assert [one.model_id for one in summaries] == ["alpha-cnn", "beta-cnn"]
    assert "The model mine cannot be used" in findings[0].message
    with pytest.raises(CardError):
        load_detector("mine")


def test_the_view_does_not_change_under_its_holder(user_model: Path) -> None:
    registry = Registry.load()
    with pytest.raises(TypeError):
        registry.models["other"] = registry.get("mine")  # type: ignore[index]


def test_a_damaged_shipped_registry_says_to_install_anew(shipped: Path) -> None:
    (shipped / "registry.json").write_text("{")
    with pytest.raises(RegistryError, match="Reinstall Seizure Zoo"):
        Registry.load()


def test_a_model_is_shipped_only_under_its_own_id(shipped: Path) -> None:
    (shipped / "zoo" / "models" / "beta-cnn").rename(shipped / "zoo" / "models" / "gamma")
    with pytest.raises(RegistryError, match="has the id beta-cnn"):
        ship_model("gamma", root=shipped)


def test_the_home_folder_follows_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "here"))
    assert home_folder() == tmp_path / "here"
    monkeypatch.setenv("SEIZURE_ZOO_HOME", "")
    assert home_folder().is_absolute()
    assert home_folder().name == "seizure-zoo"


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        zoo.nonsense  # noqa: B018
