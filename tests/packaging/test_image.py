"""The image's files agree with each other and the code; `make image-check` builds and runs it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.make_space import front_matter, make_space
from tests.hub_state import metadata_of
from tests.packaging.test_wheel import OURS

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = DOCKERFILE.replace("\\\n", " ").splitlines()


def service() -> dict[str, Any]:
    document = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    return dict(document["services"]["seizure-zoo"])


def instructions(name: str) -> list[str]:
    return [line.removeprefix(name).strip() for line in LINES if line.startswith(f"{name} ")]


def test_only_the_program_is_let_into_the_image() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    program = {f"{name}.py" if name == "app" else name for name in (*OURS, "seizure_zoo")}
    beside = {"registry.json", "LICENSE", "requirements.txt", "requirements-torch.txt"}
    assert let_in == program | beside
    assert all((ROOT / name).exists() for name in let_in)


def test_both_stages_stand_on_the_base_that_is_given() -> None:
    assert instructions("ARG")[0].startswith("BASE=python:3.11")
    assert instructions("FROM") == ["${BASE} AS build", "${BASE}"]


def test_the_app_runs_as_a_user_who_can_write_to_the_volumes_alone() -> None:
    (volumes,) = instructions("VOLUME")
    mounted = [volume.split(":") for volume in service()["volumes"] if volume[0] != "$"]
    assert json.loads(volumes) == [place for _, place in mounted]
    assert instructions("USER") == ["1000"]
    assert service()["read_only"] is True
    assert service()["cap_drop"] == ["ALL"]
    (environment,) = (one for one in instructions("ENV") if "SEIZURE_ZOO_HOME" in one)
    written = re.findall(r"(?:SEIZURE_ZOO_HOME|HF_HOME|MPLCONFIGDIR)=(\S+)", environment)
    assert len(written) == 3
    assert all(one.startswith(tuple(json.loads(volumes))) for one in written)


def test_nothing_starts_without_a_login() -> None:
    login = service()["environment"]["SEIZURE_ZOO_LOGIN"]
    assert login.startswith("${SEIZURE_ZOO_LOGIN:?"), "compose refuses to start where it lacks"
    (port,) = service()["ports"]
    assert port == f"127.0.0.1:{instructions('EXPOSE')[0]}:{instructions('EXPOSE')[0]}"


def test_the_health_check_asks_for_health_where_the_app_listens() -> None:
    check = DOCKERFILE[DOCKERFILE.index("HEALTHCHECK") :]
    assert "/healthz" in check
    assert "GRADIO_SERVER_PORT" in check, "also where another port is set"


def test_the_space_has_the_head_that_the_hub_reads(tmp_path: Path) -> None:
    make_space(tmp_path / "space")
    text = (tmp_path / "space" / "README.md").read_text(encoding="utf-8")
    assert text == front_matter() + (ROOT / "README.md").read_text(encoding="utf-8")
    head = metadata_of(text)
    assert (head["sdk"], head["license"], head["hf_oauth"]) == ("docker", "apache-2.0", True)
    assert head["app_port"] == int(instructions("EXPOSE")[0])
    # The Hub refuses other colours and longer sentences.
    colours = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}
    assert {head["colorFrom"], head["colorTo"]} <= colours
    assert len(head["short_description"]) <= 60


def test_the_space_is_all_that_git_tracks(tmp_path: Path) -> None:
    make_space(tmp_path / "space")
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    made = [path for path in (tmp_path / "space").rglob("*") if path.is_file()]
    assert sorted(str(path.relative_to(tmp_path / "space")) for path in made) == sorted(tracked)
    with pytest.raises(FileExistsError):
        make_space(tmp_path / "space")
