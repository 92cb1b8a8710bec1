"""The wheel: one package that works outside the repository."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from seizure_core import __version__
from tests.training.material import NETWORK, SETTINGS, write_patients, write_recording

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app", "seizure_core", "training", "ui", "zoo")


def build(folder: Path) -> Path:
    """Build the wheel with the tools of the tests, without the network."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel alone is installed; the packages it needs are the suite's."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*command, "--target", str(folder), str(wheel)], check=True)
    return folder


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed package in another folder than the repository."""
    folder.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "SEIZURE_ZOO_HOME": str(folder / "home"),
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_everything_lies_below_one_package(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "seizure_zoo",
        f"seizure_zoo-{__version__}.dist-info",
    }
    inside = {name.removeprefix("seizure_zoo/") for name in names}
    carried = {"registry.json", "py.typed", "app.py", "zoo/models/n1spool-cnn/model.safetensors"}
    carried |= {"ui/style.css", "ui/i18n/texts/it.json", "ui/viewer/js/viewer.js"}
    assert carried <= inside


def test_the_same_checkout_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = build(tmp_path)
    assert (
        hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()
    )


def test_the_public_names_detect_and_change_no_path(site: Path, tmp_path: Path) -> None:
    write_recording(tmp_path, "night", [(12.0, 14.0)])
    program = f"""
import sys
path = list(sys.path)
import seizure_zoo, seizure_zoo.app, seizure_zoo.cli
from seizure_zoo import list_models, load_detector, open_recording, read_reference
assert "any-montage" in [one.model_id for one in list_models()]
assert sys.path == path, sys.path
assert set(sys.modules).isdisjoint({OURS!r})
recording = open_recording({str(tmp_path / "night.edf")!r})
assert read_reference({str(tmp_path / "night_events.tsv")!r}).events
detection = load_detector("any-montage").detect(recording)
assert len(detection.probabilities) > 0
"""
    done = run(site, tmp_path / "elsewhere", "-c", program)
    assert done.returncode == 0, done.stderr


def test_the_program_lists_predicts_checks_and_trains(site: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    edf = write_patients(data)[0]
    (data / "experiment.json").write_text(
        json.dumps(
            {
                "dataset": {"recordings": ["."], "settings": SETTINGS},
                "network": NETWORK,
                "settings": {"epochs": 1, "threads": 1},
                "save": {"model_id": "mine", "title": "Mine"},
            }
        )
    )
    # In one process: torch is loaded once for all of them.
    commands = [
        ["train", str(data / "experiment.json"), "--json"],
        ["list", "--json"],
        ["predict", str(edf), "--model", "mine", "--out", "results", "--quiet"],
        ["check", str(data), "--json"],
    ]
    program = f"""
from seizure_zoo.cli import main
for command in {commands!r}:
    assert main(command) in (0, None), command
    print("---")
"""
    elsewhere = tmp_path / "elsewhere"
    done = run(site, elsewhere, "-c", program)
    assert done.returncode == 0, done.stderr
    trained, listed, _, checked, _ = done.stdout.split("---\n")
    assert json.loads(trained)["model_id"] == "mine"
    assert "mine" in [one["model_id"] for one in json.loads(listed)]
    assert (elsewhere / "results" / "chb02_01_events.tsv").exists()
    assert json.loads(checked)["n_recordings"] == 6


def test_the_installed_program_exports_itself_for_szcore(site: Path, tmp_path: Path) -> None:
    edf = write_recording(tmp_path, "night", [(12.0, 14.0)])
    elsewhere = tmp_path / "elsewhere"
    made = run(
        site, elsewhere, "-m", "seizure_zoo", "export", "any-montage", "--szcore", "algorithm"
    )
    assert made.returncode == 0, made.stderr
    algorithm = elsewhere / "algorithm"
    module = re.findall(r"python -m (\S+)", (algorithm / "Dockerfile").read_text())[-1]
    events = tmp_path / "events.tsv"
    # The site is searched after the folder, which has a package of the same name.
    done = run(site, algorithm, "-m", module, "model", str(edf), str(events))
    assert done.returncode == 0, done.stderr
    assert events.read_text().startswith("onset\t")
    assert not (algorithm / "seizure_zoo" / "ui").exists()


def test_the_program_is_on_the_path_under_its_name(site: Path, tmp_path: Path) -> None:
    told = run(site, tmp_path / "elsewhere", "-m", "seizure_zoo", "--version")
    assert told.stdout.strip() == __version__
    done = run(site, tmp_path / "elsewhere", str(site / "bin" / "seizure-zoo"), "version", "--json")
    assert json.loads(done.stdout)["seizure-zoo"] == __version__
