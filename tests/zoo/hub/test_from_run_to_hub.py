"""From a finished run to the Hub and to a second detection: what is built, checked and asked."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.hub_state import HubState
from tests.training.material import NETWORK, make_dataset
from tests.zoo.hub_fixtures import REPO, TOKEN
from tests.zoo.models import write_small_model
from training.runs import worker
from training.runs.requests import new_run
from training.saving import save_model
from zoo.errors import RegistryError, WeightsAlteredError
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.publishing import plan_publication, publish
from zoo.hub.pulling import pull_model
from zoo.loading import load_detector
from zoo.store.home import home_folder
from zoo.store.revision import revise_model
from zoo.store.user_models import add_model

ME = HubAccess.signed_in(HubToken(TOKEN))

SETTINGS_OF_RUN = {"epochs": 1, "batch_size": 8, "threads": 1, "device": "cpu"}
WORK = {
    "networks built": "zoo.layers.network.build_layers",
    "cards validated": "zoo.card.schema._validated",
    "golden outputs": "zoo.store.model_folder.run_network",
    "weights hashed": "zoo.store.weights.sha256_of",
}

pytestmark = pytest.mark.filterwarnings("ignore:Use 'content=<...>':DeprecationWarning")


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count the work that is done from now on."""
    counts: Counter[str] = Counter()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            counts[name] += 1
            return function(*args, **kwargs)

        return run

    for name, place in WORK.items():
        module, _, attribute = place.rpartition(".")
        owner = __import__(module, fromlist=[attribute])
        monkeypatch.setattr(owner, attribute, counted(name, getattr(owner, attribute)))
    monkeypatch.setattr(HfApi, "model_info", counted("model_info", HfApi.model_info))
    return counts


def add_small_model(folder: Path) -> None:
    write_small_model(folder / "made", "mine")
    add_model(folder / "made")


def finished_run(folder: Path) -> str:
    dataset = make_dataset(folder)
    run = new_run(dataset.dataset_id, NETWORK, SETTINGS_OF_RUN)
    assert worker.work(run.run_id) == 0
    return run.run_id


def test_a_network_is_built_and_a_card_validated_once_until_it_is_on_the_hub(
    hub: HubState, tmp_path: Path, count: Counter[str]
) -> None:
    run_id = finished_run(tmp_path / "data")
    count.clear()
    save_model(run_id, "kept")
    assert count["networks built"] == 1
    assert count["cards validated"] == 1
    assert count["golden outputs"] == 1
    count.clear()
    plan = plan_publication("kept", REPO, ME)
    publish(plan, ME)
    assert count["networks built"] == count["golden outputs"] == 0
    assert count["cards validated"] == count["weights hashed"] == 1
    assert set(hub.head(REPO).files) >= {"README.md", "config.json", "model.safetensors"}


def test_the_hub_is_asked_once_for_one_state(
    hub: HubState, tmp_path: Path, count: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_small_model(tmp_path)
    publish(plan_publication("mine", REPO, ME), ME)
    count.clear()
    assert not plan_publication("mine", REPO, ME).changes_anything
    assert count["model_info"] == 1
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(tmp_path / "another"))
    count.clear()
    assert pull_model(REPO, access=ME)["model_id"] == "mine"
    assert count["model_info"] == 1


def test_a_second_detection_with_a_model_checks_nothing_again(
    tmp_path: Path, count: Counter[str]
) -> None:
    add_small_model(tmp_path)
    first = load_detector("mine")
    count.clear()
    assert load_detector("mine") is first
    assert not count


def test_a_file_that_is_swapped_in_between_is_noticed(tmp_path: Path) -> None:
    add_small_model(tmp_path)
    write_small_model(tmp_path / "other", "mine", seed=2)
    load_detector("mine")
    weights = home_folder() / "models" / "mine" / "model.safetensors"
    before = weights.stat()
    shutil.copyfile(tmp_path / "other" / "model.safetensors", weights)
    # Whoever exchanges files may also turn their clock back.
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(WeightsAlteredError):
        load_detector("mine")
    shutil.copyfile(tmp_path / "other" / "card.json", weights.with_name("card.json"))
    with pytest.raises(RegistryError, match="not the registered one"):
        load_detector("mine")


def test_a_new_version_is_sealed_without_building_the_network(
    tmp_path: Path, count: Counter[str]
) -> None:
    add_small_model(tmp_path)
    load_detector("mine")
    count.clear()
    revised = revise_model("mine", note="Says more.")
    assert count["networks built"] == count["golden outputs"] == 0
    assert load_detector("mine").card == revised
