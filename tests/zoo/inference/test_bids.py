from __future__ import annotations

import json
from pathlib import Path

import mne_bids
import numpy as np
import pytest
from epilepsy2bids.annotations import Annotations

from seizure_core.references.reading import read_reference
from seizure_zoo.cli import main
from tests.edf_files import build_edf
from tests.zoo.amplitude_model import amplitude_document, write_amplitude_model
from zoo.store.user_models import add_model

PAIRS = ["FP1-F7", "F7-T7"]
NAME = "sub-{:02}_ses-01_task-szMonitoring_run-00"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A BIDS-EEG tree of two subjects; the second has no seizure."""
    add_model(write_amplitude_model(tmp_path / "model", amplitude_document(PAIRS, rate_hz=64.0)))
    root = tmp_path / "bids"
    for subject in (1, 2):
        folder = root / f"sub-{subject:02}" / "ses-01" / "eeg"
        folder.mkdir(parents=True)
        samples = np.where(np.arange(64 * 20) % 2, 10.0, -10.0)
        if subject == 1:
            samples[8 * 64 : 14 * 64] *= 10
        name = NAME.format(subject)
        build_edf(folder / f"{name}_eeg.edf", [samples] * 2, labels=PAIRS, sampling_rate_hz=64)
        (folder / f"{name}_channels.tsv").write_text("name\ttype\tunits\nFP1-F7\tEEG\tuV\n")
    (root / "dataset_description.json").write_text(
        json.dumps({"Name": "Two nights", "BIDSVersion": "1.10.0", "DatasetType": "raw"})
    )
    (root / "derivatives" / "old").mkdir(parents=True)
    build_edf(root / "derivatives" / "old" / "x.edf", [[0.0]], labels=["x"], sampling_rate_hz=1)
    return root


def test_a_bids_tree_gives_derivatives_that_others_read(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "derivatives"
    assert main(["predict", str(tree), "--model", "amplitude", "--out", str(out)]) == 0
    description = json.loads((out / "dataset_description.json").read_text())
    assert description["DatasetType"] == "derivative"
    assert description["GeneratedBy"][0]["Name"] == "seizure-zoo"
    assert description["SourceDatasets"] == [{"URL": tree.resolve().as_uri()}]
    found = mne_bids.find_matching_paths(
        out, suffixes="events", extensions=".tsv", check=False, datatypes="eeg"
    )
    assert [(path.subject, path.session, path.description) for path in found] == [
        ("01", "01", "amplitude"),
        ("02", "01", "amplitude"),
    ]
    first, second = (Path(path.fpath) for path in found)
    assert first == out / "sub-01/ses-01/eeg" / f"{NAME.format(1)}_desc-amplitude_events.tsv"
    assert set(json.loads(first.with_suffix(".json").read_text())) >= {
        *first.read_text().split("\n")[0].split("\t"),
        "ModelId",
        "WeightsSHA256",
    }
    assert [event["onset"] for event in Annotations.loadTsv(first).events] == [8.0]
    assert Annotations.loadTsv(second).getMask(1).sum() == 0
    assert [event.onset_s for event in read_reference(first).events] == [8.0]
