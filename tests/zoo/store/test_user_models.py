"""Adding and removing models: checked first, whole or not at all, also beside other processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.forks import forked
from tests.zoo.models import write_small_model
from zoo.errors import (
    CardError,
    RegistryError,
    UnknownModelError,
    WeightsAlteredError,
)
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.registry import Registry
from zoo.store.registry_file import read_registry_file, write_registry_file
from zoo.store.repair import repair_models
from zoo.store.user_models import add_model, delete_model


def made(tmp_path: Path, model_id: str = "mine", seed: int = 0) -> Path:
    folder = tmp_path / "made" / f"{model_id}-{seed}"
    write_small_model(folder, model_id, seed=seed)
    return folder


def registered() -> list[str]:
    return [one.model_id for one in read_registry_file(home_folder() / "registry.json").entries]


def leftovers() -> list[str]:
    return [p.name for p in (home_folder() / "models").iterdir() if p.name.startswith(".")]


def test_an_added_model_is_known_at_once_and_independent_of_its_source(tmp_path: Path) -> None:
    folder = made(tmp_path)
    add_model(folder)
    for file in folder.iterdir():
        file.unlink()
    assert load_detector("mine").card.model_id == "mine"
    assert leftovers() == []


def test_a_model_that_fails_a_check_changes_nothing(tmp_path: Path) -> None:
    folder = made(tmp_path)
    data = bytearray((folder / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (folder / "model.safetensors").write_bytes(data)
    with pytest.raises(WeightsAlteredError):
        add_model(folder)
    assert registered() == []
    assert list((home_folder() / "models").iterdir()) == []


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CardError, match=r"card\.json: it cannot be read"):
        add_model(tmp_path / "nowhere")


def test_only_the_files_of_a_model_are_copied(tmp_path: Path) -> None:
    folder = made(tmp_path)
    (folder / "patient-names.txt").write_text("secret")
    add_model(folder)
    assert sorted(p.name for p in (home_folder() / "models" / "mine").iterdir()) == [
        "README.md",
        "card.json",
        "model.safetensors",
    ]


def test_a_taken_id_is_refused_unless_it_shall_be_replaced(tmp_path: Path) -> None:
    add_model(made(tmp_path, seed=1))
    with pytest.raises(RegistryError, match="a model called mine already"):
        add_model(made(tmp_path, seed=2))
    first = load_detector("mine").card.weights.sha256
    add_model(made(tmp_path, seed=2), replace=True)
    assert load_detector("mine").card.weights.sha256 != first
    assert registered() == ["mine"]
    assert leftovers() == []


def test_a_shipped_id_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    root.mkdir()
    add_model(made(tmp_path))
    write_registry_file(
        root / "registry.json", read_registry_file(home_folder() / "registry.json").entries
    )
    monkeypatch.setattr("zoo.store.user_models.SHIPPED_FOLDER", root)
    with pytest.raises(RegistryError, match="belongs to a shipped model"):
        add_model(made(tmp_path, seed=2), replace=True)
    with pytest.raises(RegistryError, match="is shipped with Seizure Zoo and stays"):
        delete_model("mine")


def test_a_removed_model_is_gone(tmp_path: Path) -> None:
    add_model(made(tmp_path))
    add_model(made(tmp_path, "other"))
    delete_model("mine")
    assert registered() == ["other"]
    assert not (home_folder() / "models" / "mine").exists()
    with pytest.raises(UnknownModelError, match="There is no model called 'mine'"):
        delete_model("mine")


def test_an_id_that_is_a_path_removes_nothing(tmp_path: Path) -> None:
    keep = home_folder().parent / "keep"
    keep.mkdir()
    with pytest.raises(UnknownModelError):
        delete_model("../../keep")
    assert keep.exists()


def test_where_a_model_came_from_is_kept(tmp_path: Path) -> None:
    add_model(made(tmp_path), repo_id="org/name", revision="b" * 40)
    assert Registry.load().get("mine").source == "hub"
    assert Registry.load().get("mine").revision == "b" * 40


def test_a_failed_registration_brings_the_old_model_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(made(tmp_path, seed=1))
    before = load_detector("mine").card.weights.sha256

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zoo.store.user_models.write_registry_file", full_disk)
    with pytest.raises(RegistryError, match="No space left on device"):
        add_model(made(tmp_path, seed=2), replace=True)
    assert load_detector("mine").card.weights.sha256 == before
    assert leftovers() == []


def test_a_home_that_cannot_be_written_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(RegistryError, match="cannot be written to"):
        add_model(made(tmp_path))


def test_a_damaged_registry_is_rebuilt_from_the_folders_and_kept_aside(tmp_path: Path) -> None:
    add_model(made(tmp_path, "one"))
    add_model(made(tmp_path, "two"))
    (home_folder() / "registry.json").write_text('{"schema_version": 1, "mod')
    assert set(repair_models()["model_ids"]) == {"one", "two"}
    assert Registry.load().findings == ()
    (kept,) = home_folder().glob("registry.damaged-*.json")
    assert kept.read_text().endswith('"mod')


def test_adding_to_a_damaged_registry_loses_no_model(tmp_path: Path) -> None:
    add_model(made(tmp_path, "one"))
    document = json.loads((home_folder() / "registry.json").read_text())
    document["models"].append({"model_id": "broken"})
    (home_folder() / "registry.json").write_text(json.dumps(document))
    add_model(made(tmp_path, "two"))
    assert registered() == ["one", "two"]
    assert load_detector("one")


def test_a_registry_of_a_newer_version_is_not_overwritten(tmp_path: Path) -> None:
    home_folder().mkdir(parents=True)
    (home_folder() / "registry.json").write_text('{"schema_version": 2, "models": []}')
    with pytest.raises(RegistryError, match="Update Seizure Zoo"):
        add_model(made(tmp_path))
    assert '"schema_version": 2' in (home_folder() / "registry.json").read_text()


def add_all_and_remove_the_first(folders: list[Path]) -> None:
    for folder in folders:
        add_model(folder)
    delete_model(folders[0].name)


def test_processes_that_add_and_remove_at_once_lose_nothing(tmp_path: Path) -> None:
    processes = []
    for worker in range(2):
        folders = [tmp_path / "made" / f"model-{worker}-{number}" for number in range(3)]
        for folder in folders:
            write_small_model(folder, folder.name)
        processes.append(forked(add_all_and_remove_the_first, folders))
    for process in processes:
        process.join()
        assert process.exitcode == 0
    expected = {f"model-{worker}-{number}" for worker in range(2) for number in (1, 2)}
    assert set(registered()) == expected
    assert {one.model_id for one in Registry.load().summaries()[0]} >= expected
    assert leftovers() == []
