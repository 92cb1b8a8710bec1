"""Detections as derivatives of a BIDS-EEG tree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seizure_core import __version__
from seizure_core.json_document import JsonError, read_json, write_json
from seizure_core.references.listing import BIDS_DESCRIPTION
from zoo.inference.detection import Detection

BIDS_VERSION = "1.10.0"

_COLUMNS = {
    "onset": ("Start of the seizure from the start of the recording.", "s"),
    "duration": ("Length of the seizure.", "s"),
    "eventType": ("Type of seizure in the words of ILAE 2017; bckg where there is none.", None),
    "confidence": ("Largest probability inside the event, 0 to 1.", None),
    "channels": ("Channels with the seizure; n/a for all.", None),
    "dateTime": ("Start of the recording.", None),
    "recordingDuration": ("Length of the recording.", "s"),
}


def desc_label(model_id: str) -> str:
    """Return a model's id as a label of BIDS, which has letters and digits only."""
    return "".join(char for char in model_id if char.isascii() and char.isalnum())


def write_description(source: Path, out: Path) -> None:
    """Describe a folder of results as a BIDS derivative, unless it is one already."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / BIDS_DESCRIPTION
    if path.exists():
        return
    document: dict[str, Any] = {
        "Name": f"Seizures detected in {_name_of(source)}",
        "BIDSVersion": BIDS_VERSION,
        "DatasetType": "derivative",
        "GeneratedBy": [
            {
                "Name": "seizure-zoo",
                "Version": __version__,
                "Description": "Automatic detection; for research use only.",
            }
        ],
        "SourceDatasets": [{"URL": source.resolve().as_uri()}],
    }
    write_json(path, document)
    # Tables that BIDS has no name for.
    (out / ".bidsignore").write_text(
        "*_windows.csv\n*_recordings.*\n*-*_events.parquet\n", encoding="utf-8"
    )


def write_sidecar(events: Path, detection: Detection) -> Path:
    """Write the description of an events file next to it and return its path."""
    path = events.with_suffix(".json")
    columns = {
        name: {"Description": text} | ({"Units": unit} if unit else {})
        for name, (text, unit) in _COLUMNS.items()
    }
    write_json(
        path,
        columns
        | {
            "ModelId": detection.model_id,
            "ModelVersion": detection.model_version,
            "WeightsSHA256": detection.weights_sha256,
            "SoftwareVersion": __version__,
            "Threshold": detection.threshold,
            "StrideSeconds": detection.stride_s,
        },
    )
    return path


def _name_of(source: Path) -> str:
    try:
        document = read_json(source / BIDS_DESCRIPTION)
    except (OSError, JsonError):
        return source.name
    return str(document.get("Name", source.name)) if isinstance(document, dict) else source.name
