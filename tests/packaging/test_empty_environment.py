"""The package in an environment of its own, installed as the README says (long suite)."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app_server import free_port
from tests.packaging.test_wheel import build
from tests.training.material import NETWORK, SETTINGS, write_patients

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
TORCH_INDEX = os.environ.get("TORCH_INDEX", "")

TRAIN = """
import json, sys, time
from gradio_client import Client, handle_file
url, recordings, references, settings, network = json.loads(sys.argv[1])
client = Client(url, verbose=False)
dataset = client.predict(
    [handle_file(one) for one in recordings], [handle_file(one) for one in references],
    settings=settings, api_name="/create_dataset",
)
run = client.predict(
    dataset["dataset_id"], network, {"epochs": 1, "threads": 1}, api_name="/train"
)["run_id"]
status = {"state": "queued"}
while status["state"] in ("queued", "running"):
    time.sleep(0.5)
    status = client.predict(run, api_name="/training_status")
assert status["state"] == "done", status
client.predict(run, "mine", "Mine", api_name="/save_model")
found = client.predict(handle_file(recordings[0]), "mine", api_name="/predict")[0]
assert found["model_id"] == "mine"
"""

TYPED = """
from seizure_zoo import load_detector, open_recording
reveal_type(open_recording("a.edf").duration_s)
reveal_type(load_detector("n1spool-cnn").detect(open_recording("a.edf")).probabilities)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the `bin` folder of an environment that holds the package and what it needs."""
    folder = tmp_path_factory.mktemp("environment")
    wheel = build(folder / "wheel")
    subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
    scripts = folder / "venv" / "bin"
    install = [str(scripts / "python"), "-m", "pip", "install", "--quiet"]
    torch = ["--no-deps", *(("--index-url", TORCH_INDEX) if TORCH_INDEX else ())]
    subprocess.run([*install, *torch, "-r", str(ROOT / "requirements-torch.txt")], check=True)
    locked = ["--require-hashes", "-r", str(ROOT / "requirements.txt")]
    subprocess.run([*install, *locked], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    subprocess.run([str(scripts / "python"), "-m", "pip", "check"], check=True)
    return scripts


@contextlib.contextmanager
def serving(scripts: Path, folder: Path) -> Iterator[str]:
    port = free_port()
    with (folder / "log.txt").open("w") as log:
        program = subprocess.Popen(
            [str(scripts / "seizure-zoo"), "serve", "--port", str(port)],
            cwd=folder,
            env={**os.environ, "SEIZURE_ZOO_HOME": str(folder / "home")},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            while program.poll() is None:
                with contextlib.suppress(OSError), urllib.request.urlopen(url):
                    break
                time.sleep(0.5)
            assert program.poll() is None, (folder / "log.txt").read_text()
            yield url
        finally:
            program.terminate()
            program.wait()


def test_it_lists_predicts_and_is_served(installed: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    recordings = write_patients(data)
    program = str(installed / "seizure-zoo")
    listed = subprocess.run(
        [program, "list", "--json"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert "aligned-cnn" in [one["model_id"] for one in json.loads(listed.stdout)]
    subprocess.run(
        [program, "predict", str(recordings[0]), "--model", "any-montage"],
        cwd=tmp_path,
        check=True,
    )
    with serving(installed, tmp_path) as url:
        references = [str(one) for one in sorted(data.glob("*.tsv"))]
        given = [url, [str(one) for one in recordings], references, SETTINGS, NETWORK]
        subprocess.run(
            [str(installed / "python"), "-c", TRAIN, json.dumps(given)], cwd=tmp_path, check=True
        )


def test_its_public_names_have_types(installed: Path, tmp_path: Path) -> None:
    snippet = tmp_path / "snippet.py"
    snippet.write_text(TYPED)
    python = f"--python-executable={installed / 'python'}"
    told = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-incremental", python, str(snippet)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'Revealed type is "float"' in told.stdout or "builtins.float" in told.stdout, told.stdout
    assert "ndarray" in told.stdout, told.stdout
