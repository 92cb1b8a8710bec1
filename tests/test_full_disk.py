"""Full disks, real ones: everything that writes names the disk, and keeps nothing of it."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from seizure_core.errors import SeizureZooError
from tests.app_server import app_served_here
from tests.edf_files import build_edf, random_signals
from tests.training.conftest import runs_in_this_process
from tests.training.material import (
    NETWORK,
    SETTINGS,
    make_dataset,
    references_in,
    write_patients,
    write_recording,
)
from tests.zoo.models import write_small_model
from training.data.builder import create_dataset
from training.data.pairing import pair_files
from training.errors import DatasetError, RunError
from training.runs.control import start_run
from training.runs.folder import RunFolder
from ui.api.detection import DetectionEndpoints
from ui.api.recordings import RecordingEndpoints
from ui.errors import message_for
from ui.resources import Services
from ui.server.settings import Settings
from zoo.store.bundle import export_bundle
from zoo.store.registry import list_models
from zoo.store.user_models import add_model

__all__ = ["runs_in_this_process"]

SIZE_MB = 40
FILLER = "filler"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.fixture
def full_home(disk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the home folder be on the small disk."""
    monkeypatch.setenv("SEIZURE_ZOO_HOME", str(disk / "home"))
    return disk / "home"


def fill(disk: Path, *, but_kb: int) -> None:
    """Fill a disk but for some room."""
    with (disk / FILLER).open("wb") as file:
        file.write(bytes(shutil.disk_usage(disk).free - but_kb * 1024))


def held(disk: Path) -> dict[str, int]:
    """Return what is on the disk, with sizes; locks hold nothing."""
    return {
        str(path.relative_to(disk)): path.stat().st_size
        for path in sorted(disk.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }


def refused(work: Callable[[], object]) -> str:
    """Return the message of work that must fail."""
    try:
        work()
    except Exception as error:
        return message_for(error)
    raise AssertionError("it did not fail")


def test_a_dataset_that_does_not_fit_leaves_nothing(
    full_home: Path, disk: Path, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    pairing = pair_files(write_patients(tmp_path / "data"), references_in(tmp_path / "data"))
    fill(disk, but_kb=60)
    before = held(disk)
    with pytest.raises(DatasetError, match="disk is full"):
        create_dataset(pairing, SETTINGS)
    assert held(disk) == before


@pytest.mark.usefixtures("runs_in_this_process")
def test_training_keeps_its_last_checkpoint_and_goes_on_when_there_is_room(
    full_home: Path, disk: Path, tmp_path: Path
) -> None:
    dataset = make_dataset(tmp_path / "data")
    fill(disk, but_kb=0)
    before = held(disk)
    with pytest.raises(RunError, match="disk is full"):
        start_run(dataset.dataset_id, NETWORK, {"epochs": 1})
    assert held(disk) == before
    (disk / FILLER).unlink()
    again = start_run(dataset.dataset_id, NETWORK, {"epochs": 1})
    assert RunFolder(folder=again.folder).state()["state"] == "done"
    assert not [name for name in held(disk) if "/." in name]


def test_a_model_that_cannot_be_kept_is_not_in_the_zoo(
    full_home: Path, disk: Path, tmp_path: Path
) -> None:
    write_small_model(tmp_path / "made", "mine")
    fill(disk, but_kb=8)
    before = held(disk)
    with pytest.raises(SeizureZooError, match=r"No space left.*Free some space"):
        add_model(tmp_path / "made")
    assert held(disk) == before
    assert "mine" not in [model.model_id for model in list_models()]
    (disk / FILLER).unlink()
    add_model(tmp_path / "made")
    fill(disk, but_kb=4)
    before = held(disk)
    with pytest.raises(SeizureZooError, match="No space left"):
        export_bundle("mine", disk)
    assert held(disk) == before


@pytest.mark.parametrize("name", ["view_recording", "predict", "predict_batch"])
def test_results_for_download_name_the_disk_and_leave_no_half(
    disk: Path, tmp_path: Path, name: str
) -> None:
    build_edf(tmp_path / "night.edf", random_signals(23, 256 * 40), labels=None)
    write_recording(tmp_path, "short", [], duration_s=40.0, reference=False)
    services = Services.create(Settings(data_folder=tmp_path), disk)
    fill(disk, but_kb=0)
    before = held(disk)
    calls: dict[str, Callable[[], object]] = {
        "view_recording": lambda: RecordingEndpoints(services).view_recording("data:night.edf"),
        "predict": lambda: DetectionEndpoints(services).predict("data:night.edf", "any-montage"),
        "predict_batch": lambda: DetectionEndpoints(services).predict_batch(
            ["data:night.edf"], "any-montage"
        ),
    }
    assert "disk is full" in refused(calls[name])
    assert held(disk) == before


def test_an_upload_without_room_is_refused_and_the_next_one_that_fits_is_taken(
    disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk))
    with app_served_here(SEIZURE_ZOO_MAX_VISITOR_MB="3") as url:
        fill(disk, but_kb=21 * 1024)

        def upload(n_mb: int) -> httpx.Response:
            files = {"files": ("a.edf", bytes(n_mb * 10**6))}
            return httpx.post(f"{url}/gradio_api/upload", files=files, timeout=60)

        (disk / FILLER).write_bytes(bytes((disk / FILLER).stat().st_size + 10**6))
        before = held(disk)
        no_room = upload(2)
        assert no_room.status_code == 413
        assert "disk has no room" in no_room.json()["error"]
        assert held(disk) == before
        (disk / FILLER).unlink()
        assert upload(2).is_success
        too_much = upload(2)
        assert too_much.status_code == 413
        assert "may hold 3 MB" in too_much.json()["error"]
        for path in disk.rglob("a.edf"):
            path.unlink()
        assert upload(2).is_success
