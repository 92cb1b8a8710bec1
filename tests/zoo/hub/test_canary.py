"""From recordings with names in every field to the Hub: the names arrive nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hub_state import HubState
from tests.training.material import NETWORK, SETTINGS, write_recording
from tests.zoo.hub_fixtures import REPO, TOKEN
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.runs import worker
from training.runs.requests import new_run
from training.saving import save_model
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.publishing import publish_model
from zoo.store.bundle import export_bundle
from zoo.store.home import home_folder
from zoo.store.registry import model_card

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")

CANARY = "Kanarienvogel"
TRAIN: dict[str, object] = {
    "epochs": 1,
    "batch_size": 8,
    "learning_rate": 0.01,
    "threads": 1,
    "device": "cpu",
}


def put_names_in_every_field(path: Path) -> None:
    """Write the canary into patient, recording, and each channel's transducer and filter."""
    data = bytearray(path.read_bytes())
    n_signals = int(data[252:256])
    name = f"X F 01-JAN-1970 {CANARY}".encode().ljust(80)
    fields = [8, 88]
    fields += [256 + 16 * n_signals + 80 * index for index in range(n_signals)]
    filters = 256 + (16 + 80 + 8 * 5) * n_signals
    fields += [filters + 80 * index for index in range(n_signals)]
    for start in fields:
        data[start : start + 80] = name
    path.write_bytes(data)


def test_no_name_of_a_patient_or_file_goes_out(hub: HubState, tmp_path: Path) -> None:
    folder = tmp_path / f"{CANARY}-clinic"
    folder.mkdir()
    recordings = [
        write_recording(folder, f"{CANARY}_{day}", [(12.0, 14.0)], seed=number)
        for number, day in enumerate(("monday", "tuesday", "friday"))
    ]
    for path in recordings:
        put_names_in_every_field(path)
        assert path.read_bytes().count(CANARY.encode()) >= 10
    dataset = create_dataset(pair_files(recordings, sorted(folder.glob("*.tsv"))), SETTINGS)
    run = new_run(dataset["dataset_id"], NETWORK, TRAIN)
    assert worker.work(run.run_id) == 0
    save_model(run.run_id, "trained")

    publish_model("trained", REPO, note="First.", access=HubAccess.signed_in(HubToken(TOKEN)))
    bundle = export_bundle("trained", tmp_path / "out")
    canary = CANARY.lower().encode()
    assert canary not in hub.all_bytes().lower()
    assert canary not in bundle.read_bytes().lower()
    assert canary not in bundle.name.lower().encode()
    for path in (home_folder() / "models").rglob("*"):
        assert path.is_dir() or canary not in path.read_bytes().lower()
    assert model_card("trained").training.signals is not None
