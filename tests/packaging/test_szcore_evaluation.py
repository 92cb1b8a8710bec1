"""SzCORE's own evaluator reads our derivatives and scores as we do (long suite).

It needs Python 3.12, which the project does not, so that it has an environment of its own.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from scripts.test_matrix import interpreter
from seizure_core.events.event import Event
from seizure_core.events.score_summary import pool_scores
from seizure_core.events.scoring import score_events
from seizure_core.references.reading import read_reference
from seizure_core.references.writing import write_szcore_tsv
from seizure_zoo.cli import main
from tests.edf_files import build_edf
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from zoo.store.user_models import add_model

pytestmark = pytest.mark.slow

PAIRS = ["FP1-F7", "F7-T7"]
LENGTH_S = 1200
PLANTED = {"01": [(100, 160), (800, 830)], "02": [], "03": [(500, 530)]}
LOUD = {"01": [(102, 150)], "02": [(600, 620)], "03": [(500, 540), (900, 910)]}
PROGRAM = """
import sys
from szcore_evaluation.evaluate import evaluate_dataset
evaluate_dataset(sys.argv[1], sys.argv[2], sys.argv[3], avg_per_subject=False)
"""


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with SzCORE's evaluator."""
    python = interpreter("3.12")
    if python is None:
        pytest.skip("szcore-evaluation needs Python 3.12, which is not on this machine")
    folder = tmp_path_factory.mktemp("evaluator")
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "szcore-evaluation==0.0.7"]
    subprocess.run(install, check=True)
    return folder / "bin" / "python"


def write_tree(root: Path, truth: Path) -> None:
    """Write a BIDS tree that is loud where `LOUD` says, and what is true of it."""
    for subject, spans in LOUD.items():
        folder = root / f"sub-{subject}" / "eeg"
        folder.mkdir(parents=True)
        samples = np.where(np.arange(64 * LENGTH_S) % 2, 10.0, -10.0)
        for start, stop in spans:
            samples[64 * start : 64 * stop] *= 10
        name = f"sub-{subject}_task-szMonitoring"
        build_edf(folder / f"{name}_eeg.edf", [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
        # The evaluator looks for events under the names of the references.
        table = truth / f"sub-{subject}" / "eeg" / f"{name}_desc-amplitude_events.tsv"
        table.parent.mkdir(parents=True)
        write_szcore_tsv(table, seizures(PLANTED[subject]), duration_s=LENGTH_S)
    (root / "dataset_description.json").write_text('{"Name": "Nights", "BIDSVersion": "1.10.0"}')


def seizures(spans: list[tuple[int, int]]) -> list[Event]:
    return [Event(onset_s=start, duration_s=stop - start) for start, stop in spans]


def test_szcores_own_evaluator_scores_our_derivatives_as_we_do(
    evaluator: Path, tmp_path: Path
) -> None:
    add_model(write_amplitude_model(tmp_path / "model", amplitude_document(PAIRS, rate_hz=64.0)))
    tree, truth, out = tmp_path / "bids", tmp_path / "truth", tmp_path / "derivatives"
    write_tree(tree, truth)
    assert main(["predict", str(tree), "--model", "amplitude", "--out", str(out)]) == 0
    found = tmp_path / "found.json"
    arguments = [str(truth), str(out), str(found)]
    subprocess.run([str(evaluator), "-c", PROGRAM, *arguments], check=True)
    theirs = json.loads(found.read_text())
    ours = pool_scores(
        [
            score_events(
                seizures(PLANTED[subject]),
                read_reference(next((out / f"sub-{subject}").rglob("*_events.tsv"))).events,
                duration_s=LENGTH_S,
            )
            for subject in LOUD
        ]
    )
    for score, results in ((ours.event, "event_results"), (ours.sample, "sample_results")):
        for metric in ("sensitivity", "precision", "f1"):
            assert getattr(score, metric) == pytest.approx(theirs[results][metric], abs=1e-6)
    assert ours.event.false_alarms_per_24h == pytest.approx(theirs["event_results"]["fpRate"])
    assert 0 < (ours.event.f1 or 0) < 1, "there is something to agree about"
