"""Power cuts, crashes, damage and full disks: the zoo comes back, and says what happened."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.forks import forked
from tests.zoo.models import write_small_model
from zoo.__main__ import main
from zoo.errors import RegistryError
from zoo.loading import load_detector
from zoo.store.home import HOME_VARIABLE, home_folder
from zoo.store.registry import Registry, list_models
from zoo.store.repair import repair_models
from zoo.store.revision import revise_model
from zoo.store.user_models import add_model, delete_model


def die(*_: object, **__: object) -> NoReturn:
    os._exit(9)


def die_when_staged_is_renamed(path: Path, target: Path, rename: Any = Path.rename) -> Path:
    return die() if path.name.startswith(".new-") else rename(path, target)


def die_when_old_is_deleted(path: Path, rmtree: Any = shutil.rmtree, **options: Any) -> None:
    if Path(path).name.startswith(".old-"):
        # The power fails in the middle of the deletion.
        (Path(path) / "model.safetensors").unlink()
        die()
    rmtree(path, **options)


# Where the program dies: what is put in the place of what.
DEATHS = {
    "copied": ("zoo.store.user_models.open_folder", die),
    "old-aside": ("pathlib.Path.rename", die_when_staged_is_renamed),
    "new-in-place": ("zoo.store.user_models.write_registry_file", die),
    "registered": ("zoo.store.user_models.shutil.rmtree", die_when_old_is_deleted),
    "the-same-again": ("zoo.store.user_models.shutil.rmtree", die_when_old_is_deleted),
}


def replaced_until_death(home: Path, point: str, first: Path, second: Path) -> None:
    os.environ[HOME_VARIABLE] = str(home)
    add_model(first)
    pytest.MonkeyPatch().setattr(*DEATHS[point])
    add_model(second, replace=True)


@pytest.fixture(scope="module")
def crashed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Homes in which the program died while a model was replaced by another of its id."""
    base = tmp_path_factory.mktemp("crashed")
    for name, seed in (("first", 1), ("second", 2), ("other", 3)):
        write_small_model(base / name, "mine" if name != "other" else "other", seed=seed)
    for point in DEATHS:
        second = base / ("first" if point == "the-same-again" else "second")
        process = forked(replaced_until_death, base / point, point, base / "first", second)
        process.join()
        assert process.exitcode == 9, point
    return base


def weights_in(folder: Path) -> str:
    return str(json.loads((folder / "card.json").read_text())["weights"]["sha256"])


POINTS = [
    ("copied", "first"),
    ("old-aside", "first"),
    ("new-in-place", "first"),
    ("registered", "second"),
    ("the-same-again", "first"),
]


@pytest.mark.parametrize(("point", "kept"), POINTS)
@pytest.mark.parametrize("by", ["repair", "the next writer"])
def test_after_a_power_cut_the_registry_decides_which_model_it_is(
    crashed: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    kept: str,
    by: str,
) -> None:
    home = tmp_path / "home"
    shutil.copytree(crashed / point, home)
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(home))
    assert [one.name for one in (home / "models").iterdir() if one.name.startswith(".")]
    if by == "repair":
        report = repair_models(home)
        assert report["model_ids"] == ["mine"]
    else:
        add_model(crashed / "other")
    assert load_detector("mine").card.weights.sha256 == weights_in(crashed / kept)
    assert [one.name for one in (home / "models").iterdir() if one.name.startswith(".")] == []
    assert Registry.load().findings == ()


def made(tmp_path: Path, model_id: str, seed: int = 0) -> Path:
    folder = tmp_path / "made" / f"{model_id}-{seed}"
    write_small_model(folder, model_id, seed=seed)
    return folder


def messages() -> str:
    return " ".join(one["message"] for one in repair_models()["findings"])


def test_a_sound_home_is_left_alone(tmp_path: Path) -> None:
    add_model(made(tmp_path, "one"))
    before = (home_folder() / "registry.json").stat()
    assert repair_models() == {"model_ids": ["one"], "findings": []}
    after = (home_folder() / "registry.json").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_repair_tells_everything_it_finds(tmp_path: Path) -> None:
    for model_id in ("whole", "lost", "cut", "swapped"):
        add_model(made(tmp_path, model_id))
    models = home_folder() / "models"
    shutil.rmtree(models / "lost")
    (models / "cut" / "model.safetensors").write_bytes(b"cut")
    shutil.rmtree(models / "swapped")
    shutil.copytree(made(tmp_path, "swapped", seed=5), models / "swapped")
    shutil.copytree(made(tmp_path, "forgotten"), models / "forgotten")
    shutil.copytree(made(tmp_path, "whole", seed=6), models / "under-another-name")
    told = messages()
    assert "The model lost was removed" in told
    assert "models/cut does not contain a complete model" in told
    assert "The model swapped is intact, but was not the registered one" in told
    assert "The model forgotten was not registered" in told
    assert "models/under-another-name does not contain a complete model" in told
    assert {one.model_id for one in list_models()} >= {"whole", "swapped", "forgotten"}
    assert (models / "cut" / "model.safetensors").exists()
    assert "The model" not in messages()


def test_repair_keeps_where_models_came_from(tmp_path: Path) -> None:
    add_model(made(tmp_path, "one"), repo_id="org/name", revision="b" * 40)
    (home_folder() / "registry.json").write_text(
        (home_folder() / "registry.json").read_text().replace('"models": [', '"models": [7,')
    )
    assert "models[0]" in messages()
    assert Registry.load().get("one").repo_id == "org/name"


def test_the_repair_command_tells_what_was_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_model(made(tmp_path, "one"))
    (home_folder() / "registry.json").write_text('{"schema_version": 1, "mod')
    assert main(["repair"]) == 0
    out = capsys.readouterr().out
    assert "not valid JSON" in out
    assert "registry.damaged-" in out
    assert "1 model of your own" in out
    assert load_detector("one")


def test_a_home_that_only_can_be_read_is_read_and_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_model(made(tmp_path, "one"))

    def read_only(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", read_only)
    monkeypatch.setattr(Path, "touch", read_only)
    assert load_detector("one").card.model_id == "one"
    for write in (lambda: delete_model("one"), repair_models, lambda: add_model(tmp_path / "made")):
        with pytest.raises(RegistryError, match="Read-only file system"):
            write()


@pytest.mark.parametrize("where", ["shutil.copyfile", "pathlib.Path.write_text"])
def test_a_full_disk_while_copying_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    add_model(made(tmp_path, "one"))
    before = (home_folder() / "registry.json").read_bytes()
    folder = made(tmp_path, "two")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(where, full)
        with pytest.raises(RegistryError, match=r"No space left on device.*Free some space"):
            add_model(folder)
    assert (home_folder() / "registry.json").read_bytes() == before
    assert sorted(p.name for p in (home_folder() / "models").iterdir()) == ["one"]


def test_a_model_is_on_the_disk_before_the_registry_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def note(handle: int) -> None:
        seen.append(Path(f"/proc/self/fd/{handle}").readlink().name)

    folder = made(tmp_path, "one")
    monkeypatch.setattr(os, "fsync", note)
    add_model(folder)
    files, (models, registry, home) = seen[:3], seen[3:]
    assert sorted(files) == ["README.md", "card.json", "model.safetensors"]
    assert (models, home) == ("models", home_folder().name)
    assert registry.startswith(".registry-")


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_disk_that_is_full_only_when_flushed_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    add_model(made(tmp_path, "one"))
    before = (home_folder() / "registry.json").read_bytes()
    folder, calls = made(tmp_path, "two"), []

    def full(_: Path) -> None:
        calls.append(1)
        if len(calls) == nth:
            raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("zoo.store.user_models.flush_file", full)
        patched.setattr("seizure_core.atomic.flush_file", full)
        with pytest.raises(RegistryError, match="No space left on device"):
            add_model(folder)
    assert (home_folder() / "registry.json").read_bytes() == before
    assert sorted(p.name for p in (home_folder() / "models").iterdir()) == ["one"]


def test_old_deletions_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoo.store.user_models.KEEP_MODELS", 2)
    for number in range(4):
        add_model(made(tmp_path, f"model-{number}"))
        delete_model(f"model-{number}")
    assert len(list((home_folder() / "trash").iterdir())) == 2


# --- versions ---


def test_a_new_version_keeps_the_weights_and_says_what_is_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_model(made(tmp_path, "one"))
    old = load_detector("one")
    card = revise_model("one", version="1.0.1", note="Says more.").to_document()
    new = load_detector("one")
    assert card["version"] == "1.0.1"
    assert old.network.state_dict().keys() == new.network.state_dict().keys()
    assert all(
        (old.network.state_dict()[name] == tensor).all()
        for name, tensor in new.network.state_dict().items()
    )
    assert new.card.golden == old.card.golden
    assert main(["revise", "one", "--version", "1.2.0", "--note", "More\x1b[2J yet."]) == 0
    assert main(["show", "one"]) == 0
    out = capsys.readouterr().out
    assert out.index("1.2.0 (") < out.index("1.0.1 (") < out.index("1.0.0 (")
    assert "\x1b" not in out
    assert "trained from random weights" in out
    assert "| 1.0.1 |" in (home_folder() / "models" / "one" / "README.md").read_text()


@pytest.mark.parametrize(
    ("version", "note"), [("1.0.0", "x"), ("0.9.9", "x"), ("1.1.0", " "), ("new", "x"), ("2", "x")]
)
def test_versions_only_go_up(tmp_path: Path, version: str, note: str) -> None:
    add_model(made(tmp_path, "one"))
    assert main(["revise", "one", "--version", version, "--note", note]) == 2
    assert load_detector("one").card.version == "1.0.0"


def test_only_ones_own_models_get_new_versions(tmp_path: Path) -> None:
    add_model(made(tmp_path, "one"), repo_id="org/name", revision="b" * 40)
    with pytest.raises(RegistryError, match="not your own"):
        revise_model("one", version="2.0.0", note="x")
