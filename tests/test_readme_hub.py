"""The lines of the README that load a model from the Hub run as they stand there."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.readme import README
from seizure_core.demo import demo_recording
from tests.app_server import ROOT
from tests.hub_server import running_hub
from tests.zoo.models import build_from, card_document
from zoo.store.sealing import write_model

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def hub_lines() -> str:
    (block,) = [one for one in BLOCK.findall(README.read_text(encoding="utf-8")) if "hf://" in one]
    return block


def test_five_lines_load_a_model_from_the_hub_and_again_offline(tmp_path: Path) -> None:
    assert len([line for line in hub_lines().splitlines() if line.strip()]) == 5
    found = re.search(r'hf://([\w/-]+)@([\w.]+)"', hub_lines())
    assert found is not None
    repo, revision = found.groups()
    # A model that calls everything a seizure, so that something is printed.
    document = card_document("some-model", output={"threshold": 0.01, "threshold_off": 0.001})
    write_model(tmp_path / "model", document=document, network=build_from(document))
    shutil.copy(demo_recording(tmp_path / "demo"), tmp_path / "night.edf")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HF_")},
        "HF_HUB_DISABLE_XET": "1",
        "HF_HOME": str(tmp_path / "hugging-face"),
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
    }

    with running_hub() as hub:
        repository = hub.state.repository(
            repo,
            {
                "config.json": (tmp_path / "model" / "card.json").read_bytes(),
                "model.safetensors": (tmp_path / "model" / "model.safetensors").read_bytes(),
            },
        )
        repository.tags[revision] = repository.commits[-1].oid
        # Twice in one process, which loads torch once; the Hub is gone the second time.
        twice = f"{hub_lines()}\nprint('---', flush=True)\ninput()\n{hub_lines()}"
        program = subprocess.Popen(
            [sys.executable, "-c", twice],
            cwd=tmp_path,
            env={**environment, "HF_ENDPOINT": hub.url},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert program.stdout is not None
        first = "".join(itertools.takewhile(lambda line: line != "---\n", program.stdout))
        assert any("/cdn/" in one.path for one in hub.state.seen)
    again, errors = program.communicate("\n")
    assert program.returncode == 0, errors
    onset_s, duration_s = map(float, first.split()[:2])
    assert (onset_s, duration_s > 100.0) == (0.0, True)
    assert again == first
