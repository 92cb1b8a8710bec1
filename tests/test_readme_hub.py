"""The lines of the README that load a model from the Hub run as they stand there."""

from __future__ import annotations

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

    def printed(endpoint: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", hub_lines()],
            cwd=tmp_path,
            env={**environment, "HF_ENDPOINT": endpoint},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    with running_hub() as hub:
        repository = hub.state.repository(
            repo,
            {
                "config.json": (tmp_path / "model" / "card.json").read_bytes(),
                "model.safetensors": (tmp_path / "model" / "model.safetensors").read_bytes(),
            },
        )
        repository.tags[revision] = repository.commits[-1].oid
        first = printed(hub.url)
        assert any("/cdn/" in one.path for one in hub.state.seen)
        address = hub.url
    onset_s, duration_s = map(float, first.split()[:2])
    assert (onset_s, duration_s > 100.0) == (0.0, True)
    # The Hub has gone; what was fetched serves.
    assert printed(address) == first
