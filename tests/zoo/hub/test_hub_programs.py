"""The real programs against the Hub of the tests: nothing patched, only the environment set."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub_server import HubServer, running_hub
from tests.zoo.hub_fixtures import REPO, TOKEN, add_made_model

# All commands in one process: importing torch once is slow enough.
PROGRAM = """
import contextlib, io, json, os, sys
from zoo.__main__ import main
for loaded in ("torch", "huggingface_hub", "gradio", "matplotlib"):
    assert loaded not in sys.modules, loaded
results = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(command)
    results.append([status, out.getvalue(), err.getvalue()])

# Somebody else, elsewhere, without a token.
os.environ["SEIZURE_ZOO_HOME"] = sys.argv[2]
del os.environ["HF_TOKEN"]
from tests.memory_recording import memory_recording
from zoo import load_detector, list_models
recording = memory_recording(["FP1-F7", "F7-T7"], sampling_rates_hz=64.0, duration_s=20.0)
detection = load_detector(sys.argv[3]).detect(recording)
ids = [one.model_id for one in list_models()]
print(json.dumps([results, detection.model_id, len(detection.times_s), ids]))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[HubServer]:
    with running_hub() as running:
        running.state.tokens[TOKEN] = {"team"}
        yield running


def environment(server: HubServer, home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    return {
        **kept,
        "SEIZURE_ZOO_HOME": str(home),
        "HF_ENDPOINT": server.url,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HOME": str(home / "hugging-face"),
        "OMP_NUM_THREADS": "1",
        **more,
    }


def run(code: str, *arguments: str, env: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done.stdout


def test_a_model_travels_from_one_home_to_another(server: HubServer, tmp_path: Path) -> None:
    add_made_model(tmp_path)
    out = tmp_path / "out"
    commands = [
        ["publish", "mine", REPO, "--preview"],
        ["publish", "mine", REPO, "--public", "--note", "First."],
        ["publish", "mine", "others/mine"],
        ["export", "mine", "--out", str(out)],
        ["delete", "mine"],
        ["pull", f"hf://{REPO}@main"],
        ["search", "--json"],
        ["list", "--json"],
        ["delete", "mine"],
        ["import", str(out / "mine-1.0.0.zip"), str(tmp_path / "nothing.zip")],
        ["delete", "mine", "nobody"],
        ["delete", "--undo", "no-such-code"],
        ["repair"],
    ]
    env = environment(server, Path(os.environ["SEIZURE_ZOO_HOME"]), HF_TOKEN=TOKEN)
    other_home = str(tmp_path / "other-home")
    answer = run(PROGRAM, json.dumps(commands), other_home, f"hf://{REPO}", env=env)
    results, model_id, n_windows, ids = json.loads(answer)
    statuses = [status for status, _, _ in results]
    assert statuses == [0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0]
    commit = server.state.head(REPO).oid
    assert "new       model.safetensors" in results[0][1]
    assert f"commit {commit}" in results[1][1]
    assert "others/mine" in results[2][2]
    assert commit in results[5][1]
    assert [one["repo_id"] for one in json.loads(results[6][1])] == [REPO]
    listed = {one["model_id"]: one["source"] for one in json.loads(results[7][1])}
    assert listed["mine"] == "hub"
    assert "nothing.zip" in results[9][2]
    assert "nobody" in results[10][2]

    assert (model_id, n_windows) == ("mine", 19)
    assert "mine" not in ids
    asked = [one for one in server.state.seen if "authorization" not in one.headers]
    assert any("/api/models/" in one.path for one in asked)


def test_the_client_gets_the_answers_it_expects_beyond_what_the_zoo_asks(
    server: HubServer, tmp_path: Path
) -> None:
    """Tree, commits, tags and a whole snapshot, by the client's own functions."""
    server.state.repository(
        "team/plain", {"README.md": b"---\n---\n", "a/model.safetensors": b"x" * 100}, private=False
    )
    code = """
import json, sys
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError
api = HfApi()
tree = sorted(one.path for one in api.list_repo_tree("team/plain", recursive=True))
commits = [one.title for one in api.list_repo_commits("team/plain")]
folder = snapshot_download("team/plain")
errors = []
for repo, revision in (("team/nothing", None), ("team/plain", "v9")):
    try:
        api.model_info(repo, revision=revision)
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        errors.append(type(error).__name__)
print(json.dumps([tree, commits, folder, errors]))
"""
    tree, commits, folder, errors = json.loads(run(code, env=environment(server, tmp_path / "h")))
    assert tree == ["README.md", "a/model.safetensors"]
    assert commits == ["pushed"]
    assert (Path(folder) / "a" / "model.safetensors").read_bytes() == b"x" * 100
    assert errors == ["RepositoryNotFoundError", "RevisionNotFoundError"]
