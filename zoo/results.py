"""A detection written down: JSON for the API, TSV and CSV for files.

Names and meanings of the numbers are public; see the README.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np

from seizure_core import __version__
from seizure_core.atomic import atomic_path
from seizure_core.references.writing import write_szcore_tsv
from zoo.detection import Detection


def detection_json(detection: Detection) -> dict[str, Any]:
    """Return a detection as plain data; undefined numbers are None."""
    return {
        "file_name": detection.file_name,
        "model_id": detection.model_id,
        "model_version": detection.model_version,
        "weights_sha256": detection.weights_sha256,
        "app_version": __version__,
        "threshold": detection.threshold,
        "threshold_off": detection.threshold_off,
        "smoothing_s": detection.post_processing.smoothing_s,
        "min_duration_s": detection.post_processing.min_duration_s,
        "merge_gap_s": detection.post_processing.merge_gap_s,
        "operating_point": detection.operating_point,
        "stride_s": detection.stride_s,
        "window_s": detection.window_s,
        "duration_s": detection.duration_s,
        "windows": window_rows(detection),
        "events": [
            {
                "onset_s": event.onset_s,
                "duration_s": event.duration_s,
                "confidence": event.confidence,
            }
            for event in detection.events
        ],
        "statistics": detection_statistics(detection),
        "channels": [
            {"target": source.target, "source": source.source, "how": source.how}
            for source in detection.channels
        ],
        "coverage": detection.coverage,
        "findings": [
            {"severity": finding.severity, "message": finding.message}
            for finding in detection.findings
        ],
    }


def window_rows(detection: Detection) -> list[dict[str, Any]]:
    """Return one row a window: start, stop, probability (None if undefined), seizure."""
    return [
        {
            "start_s": float(start_s),
            "stop_s": float(start_s + detection.window_s),
            "probability": None if math.isnan(probability) else float(probability),
            "seizure": bool(seizure),
        }
        for start_s, probability, seizure in zip(
            detection.starts_s, detection.probabilities, detection.is_seizure, strict=True
        )
    ]


def detection_statistics(detection: Detection) -> dict[str, Any]:
    """Return counts and summary numbers of a detection."""
    defined = detection.probabilities[~np.isnan(detection.probabilities)].astype(np.float64)
    n_seizure = int(detection.is_seizure.sum())
    return {
        "n_windows": len(detection.probabilities),
        "n_seizure_windows": n_seizure,
        "seizure_fraction": n_seizure / len(defined) if len(defined) else None,
        "mean_probability": float(defined.mean()) if len(defined) else None,
        "max_probability": float(defined.max()) if len(defined) else None,
        "n_events": len(detection.events),
        "seizure_s": detection.seizure_s,
    }


def write_events_tsv(path: str | Path, detection: Detection) -> None:
    """Write the events as a SzCORE TSV; a recording without event has one `bckg` row."""
    write_szcore_tsv(
        path,
        detection.events,
        duration_s=detection.duration_s,
        start_time=detection.start_time,
    )


def write_windows_csv(path: str | Path, detection: Detection) -> None:
    """Write the windows as CSV: start_s, stop_s, probability (empty if undefined), seizure."""
    with atomic_path(path) as temporary, temporary.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["start_s", "stop_s", "probability", "seizure"])
        for row in window_rows(detection):
            probability = row["probability"]
            writer.writerow(
                [
                    f"{row['start_s']:.10g}",
                    f"{row['stop_s']:.10g}",
                    "" if probability is None else f"{probability:.9g}",
                    int(row["seizure"]),
                ]
            )


def write_detection(folder: Path, stem: str, detection: Detection) -> tuple[Path, Path]:
    """Write `STEM_events.tsv` and `STEM_windows.csv` into a folder and return both paths."""
    events, windows = folder / f"{stem}_events.tsv", folder / f"{stem}_windows.csv"
    write_events_tsv(events, detection)
    write_windows_csv(windows, detection)
    return events, windows
