"""A model as SzCORE's benchmark runs it: what the folder holds, and what its command writes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement

from seizure_core.events.score_files import score_files
from seizure_core.io.edf.writer import write_edf
from seizure_core.references.writing import write_szcore_tsv
from seizure_core.simulator import SimulatedSeizure, SimulationSpec, simulate
from seizure_core.simulator.electrodes import ELECTRODES_10_20
from seizure_zoo.cli import main

MODEL = "aligned-cnn"
MIXED_CASE = {"FP1": "Fp1", "FP2": "Fp2", "FZ": "Fz", "CZ": "Cz", "PZ": "Pz"}
SEIZURE = SimulatedSeizure(onset_s=90.0, duration_s=60.0, kind="tonic", peak_uv=300.0)

# What SzCORE's own schema demands of the file, as of November 2026.
WORD = {"type": "string", "minLength": 1}
PERSON = {
    "type": "object",
    "properties": dict.fromkeys(("given_names", "family_names", "affiliation", "email"), WORD),
    "additionalProperties": False,
}
SZCORE_SCHEMA = {
    "type": "object",
    "required": ["title", "short_title", "image", "authors", "license"],
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("title", "short_title", "license", "abstract", "version"), WORD),
        "image": {"type": "string", "pattern": "^.+/.+:.+$"},
        "repository": {"type": "string", "pattern": "^https?://.+"},
        "date_released": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "authors": {"type": "array", "items": PERSON, "minItems": 1, "uniqueItems": True},
        "datasets": {"type": "array", "items": WORD, "minItems": 1, "uniqueItems": True},
    },
}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("szcore") / MODEL
    assert main(["export", MODEL, "--szcore", str(folder)]) == 0
    return folder


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """A seizure in 19 electrodes against their average, as SzCORE's files are."""
    folder = tmp_path / "data"
    folder.mkdir()
    spec = SimulationSpec(
        duration_s=180.0, seed=3, electrodes=ELECTRODES_10_20, seizures=(SEIZURE,)
    )
    made = simulate(spec)
    signals = made.signals_uv[[made.labels.index(name) for name in ELECTRODES_10_20]]
    write_edf(
        folder / "night.edf",
        signals - signals.mean(axis=0),
        labels=[f"{MIXED_CASE.get(name, name)}-Avg" for name in ELECTRODES_10_20],
        sampling_rate_hz=made.sampling_rate_hz,
    )
    write_szcore_tsv(folder / "night.tsv", made.events, duration_s=spec.duration_s)
    return folder


def site_of(requirements: Path, folder: Path) -> Path:
    """Return a folder with nothing but the required packages and what those require."""
    waiting = [Requirement(line) for line in requirements.read_text().splitlines()]
    known: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        package = distribution(requirement.name)
        assert requirement.specifier.contains(package.version.partition("+")[0], prereleases=True)
        if requirement.name.lower() in known:
            continue
        known.add(requirement.name.lower())
        for one in (Requirement(text) for text in package.requires or ()):
            if one.marker is None or one.marker.evaluate({"extra": ""}):
                waiting.append(one)
        root = Path(str(package.locate_file("")))
        for top in {path.parts[0] for path in package.files or () if path.parts[0] != ".."}:
            if not (folder / top).exists():
                (folder / top).symlink_to(root / top)
    return folder


def run_image(
    exported: Path, data: Path, output: Path, name: str, site: Path
) -> subprocess.CompletedProcess[str]:
    """Run the command of the image in the exported folder with the packages of the image."""
    command = (exported / "Dockerfile").read_text().partition("\nCMD ")[2]
    command = command.replace("/data/", f"{data}/").replace("/output/", f"{output}/")
    # No site packages: there is only what the image's own requirements bring.
    command = command.replace("exec python", f"exec {sys.executable} -S")
    environment = {"PYTHONPATH": str(site), "PATH": os.defpath, "HOME": "/nonexistent"}
    environment |= {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=exported,
        env=environment | {"INPUT": f"{name}.edf", "OUTPUT": f"{name}.tsv"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_image_detects_and_scores_as_the_program_does(
    exported: Path, night: Path, tmp_path: Path
) -> None:
    (site := tmp_path / "site").mkdir()
    site_of(exported / "requirements.txt", site)
    ours, output = tmp_path / "ours", tmp_path / "output"
    output.mkdir()
    assert main(["predict", str(night), "--model", MODEL, "--out", str(ours)]) == 0
    # SzCORE makes an empty file, in a folder where the image may write nothing else.
    theirs, mine = output / "night.tsv", ours / "night_events.tsv"
    theirs.touch()
    place = theirs.stat().st_ino
    done = run_image(exported, night, output, "night", site)
    assert done.returncode == 0, done.stderr
    assert theirs.stat().st_ino == place
    assert theirs.read_bytes() == mine.read_bytes()
    scores = [score_files(events, night / "night.tsv") for events in (theirs, mine)]
    assert scores[0]["event"] == scores[1]["event"]
    assert scores[0]["event"]["n_hypothesis"] == 1
    assert not [path for path in exported.rglob("*") if path.suffix == ".pyc"]


def test_the_description_fits_the_schema_of_szcore(exported: Path) -> None:
    text = (exported / f"{MODEL}.yaml").read_text()
    described = yaml.safe_load(text)
    jsonschema.validate(described, SZCORE_SCHEMA)
    card = json.loads((exported / "model" / "card.json").read_text())
    assert described["title"] == card["title"]
    assert described["version"] == card["version"]
    names = [
        " ".join(filter(None, (one.get("given_names"), one["family_names"])))
        for one in described["authors"]
    ]
    assert names == card["authors"]
    # Its workflow finds the image by this line alone.
    assert re.findall("^image: (.+)$", text, re.MULTILINE) == [
        f'"seizure-zoo/{MODEL}:{card["version"]}"'
    ]


def test_a_recording_that_the_model_cannot_use_is_named(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.edf").write_bytes(b"no recording")
    packages = Path(os.pathsep.join(sys.path))
    done = run_image(exported, tmp_path, tmp_path, "bad", packages)
    assert done.returncode == 1
    assert done.stderr.startswith("bad.edf: ")
    assert not (tmp_path / "bad.tsv").exists()


def test_an_edited_folder_is_not_replaced_and_the_name_of_an_image_has_three_parts(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "mine"
    command = ["export", MODEL, "--szcore", str(ours)]
    assert main(command) == 0
    assert main(command) == 0
    assert "skipped" in capsys.readouterr().out
    (ours / f"{MODEL}.yaml").write_text("title: mine")
    assert main(command) == 1
    assert f"{MODEL}.yaml" in capsys.readouterr().err
    assert (ours / f"{MODEL}.yaml").read_text() == "title: mine"
    assert main([*command, "--image", "aligned-cnn"]) == 2
    assert "ghcr.io/me/aligned-cnn:1.0.0" in capsys.readouterr().err
