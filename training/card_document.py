"""The architecture card of a net that was trained here, as plain data."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import Score
from seizure_core.references.names import stem_of
from training.data.dataset import Dataset, read_hashes
from training.data.signal_hashes import card_section
from training.data.splits import Split
from training.evaluate.calibration import Calibrated
from training.evaluate.evaluation_report import operating_point_json
from training.evaluate.operating_points import ChosenPoints
from training.fit.settings import TrainSettings
from training.patients import public_name

PROTOCOL = (
    "SzCORE event scoring (timescoring): any overlap, tolerance 30 s before and 60 s after, "
    "events under 90 s apart merged, over 5 min split"
)

_INTENDED_USE = (
    "Research and teaching: detection of epileptic seizures in scalp EEG like that it was trained "
    "on. Not for clinical use, diagnosis or alarms."
)
_MOST_FINDINGS = 20
_QUOTED = re.compile(r"(?<!\w)'(?:[^'\\]|\\.)*'(?!\w)|\"[^\"]*\"")
_FILE = re.compile(r"\S+\.(?:edf|bdf|tsv|csv|txt|seizures|csv_bi|gz)\b", re.IGNORECASE)
_FIGURES = ("event_f1", "event_sensitivity", "false_alarms_per_24h", "sample_f1")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFacts:
    """What a card says besides the run's request and the dataset.

    Attributes
    ----------
    title, license, notes, version : str
        Said by a person.
    authors : tuple of str
        Likewise.
    settings : TrainSettings
        Of the run.
    splits : sequence of Split
        Its folds.
    best : dict
        Figures of the epoch that is kept.
    folds : sequence of dict
        Figures of the best epoch of each fold of leave-one-patient-out.
    history : sequence of dict
        Figures of all epochs.
    operating_point : PostProcessing
        That of the card.
    by_hand : bool
        Whether somebody set its numbers, and not the validation data.
    score : Score or None
        On whole validation recordings, at the operating point.
    test : dict or None
        Result of a test on recordings outside training.
    points : ChosenPoints or None
        Others that the card offers.
    calibrated : Calibrated or None
        How logits were rescaled.
    threads : int or None
        CPU threads of the run.
    device : str or None
        "cpu" or "cuda".
    """

    title: str
    authors: tuple[str, ...]
    license: str
    notes: str
    version: str
    settings: TrainSettings
    splits: Sequence[Split]
    best: dict[str, Any]
    folds: Sequence[dict[str, Any]]
    history: Sequence[dict[str, Any]]
    operating_point: PostProcessing
    by_hand: bool
    score: Score | None
    test: dict[str, Any] | None
    points: ChosenPoints | None
    calibrated: Calibrated | None
    threads: int | None
    device: str | None


def card_document(
    model_id: str, request: Mapping[str, Any], dataset: Dataset, facts: KeptFacts
) -> dict[str, Any]:
    """Return a card without `golden` and `weights`.

    File names do not appear in it: cards are published, and names of files are often names of
    people.
    """
    n_steps = request["n_steps"]
    window_s = dataset.settings.window_s
    stride_s = min(facts.settings.stride_s, window_s)
    return {
        "schema_version": 1,
        "model_id": model_id,
        "title": facts.title,
        "version": facts.version,
        "created": datetime.now(UTC).date().isoformat(),
        "authors": list(facts.authors),
        "license": facts.license,
        "intended_use": _INTENDED_USE,
        "limitations": _limitations(dataset, facts),
        "parent": request["parent"],
        "input": dataset.settings.input_section(stride_s=stride_s),
        "network": request["network"],
        "output": {
            "classes": ["background", "seizure"],
            "step_s": None if n_steps is None else window_s / n_steps,
            **operating_point_json(facts.operating_point),
            **({} if facts.points is None else {"operating_points": facts.points.section()}),
        },
        "training": _training(request, dataset, facts),
        "results": [*([] if facts.test is None else [facts.test]), *_results(dataset, facts)],
    }


def _limitations(dataset: Dataset, facts: KeptFacts) -> str:
    card = dataset.card
    n_patients = len(card["patients"])
    said = [
        f"Trained on {card['hours']:.2f} h of EEG of {n_patients} "
        f"{'person' if n_patients == 1 else 'people'} with {card['n_seizures']} seizures."
    ]
    if any(split.leaks for split in facts.splits):
        said.append(
            "Training and validation windows share samples: its validation figures say little "
            "about new recordings."
        )
    if facts.score is None and not facts.folds:
        said.append("It was not validated on whole recordings: its false alarms are unknown.")
    if facts.by_hand:
        said.append(
            "Its operating point was set by hand: if that was done on recordings it was tested on, "
            "their scores are no test any more."
        )
    n_odd = sum(bool(one.findings) for one in dataset.recordings)
    if n_odd:
        said.append(
            f"Something is odd about {n_odd} of its {len(dataset.recordings)} training recordings: "
            "see the note on its data."
        )
    if facts.test is None:
        said.append("It has not been tested on other recordings unless results below say so.")
    else:
        n_recordings, n_seizures = facts.test["n_recordings"], facts.test["n_seizures"]
        said.append(
            f"It was tested on {n_recordings} other recording{'' if n_recordings == 1 else 's'} "
            f"with {n_seizures} seizure{'' if n_seizures == 1 else 's'} in "
            f"{facts.test['hours']:.2f} h, which says little about others."
        )
    return " ".join(said)


def _training(request: Mapping[str, Any], dataset: Dataset, facts: KeptFacts) -> dict[str, Any]:
    card = dataset.card
    return {
        "data": [
            {
                "name": card["title"] or "Own recordings",
                "subjects": [
                    public_name(one["patient"], number)
                    for number, one in enumerate(card["patients"], start=1)
                ],
                "n_recordings": len(card["recordings"]),
                "n_seizures": card["n_seizures"],
                "hours": round(card["hours"], 4),
                "n_seizure_windows": card["n_seizure_windows"],
                "n_background_windows": card["n_background_windows"],
                "note": " ".join(
                    (
                        f"Dataset {card['sha256'][:16]}, with validation recordings.",
                        *public_findings(dataset),
                    )
                ),
            }
        ],
        "split": {
            "method": request["split"]["method"],
            "leaks": bool(request["split"]["leaks"]),
            "description": _split_text(dataset, facts.splits),
        },
        "settings": _flat_settings(dataset, facts),
        "seed": facts.settings.seed,
        "software": dict(request["software"]),
        "history": [_numbers(row) for row in facts.history],
        "signals": card_section(read_hashes(dataset.folder), salt=card["salt"]),
        **_calibration(dataset, facts),
        "note": " ".join(
            part
            for part in (
                f"Weights of epoch {facts.best['of_all_epochs']}.",
                "" if facts.calibrated else "The logits were not rescaled.",
                facts.notes.strip(),
            )
            if part
        ),
    }


def public_findings(dataset: Dataset) -> Iterator[str]:
    """Yield what is odd about a dataset's recordings, without names and without quoted remarks.

    Cards are published, and file names and remarks are often names of people.
    """
    counts: Counter[str] = Counter()
    for one in dataset.recordings:
        stems = "|".join(re.escape(stem_of(name)) for name in (one.file_name, *one.references))
        names = re.compile(rf"[\w.+-]*(?:{stems})[\w.+-]*", re.IGNORECASE)
        found = (_QUOTED.sub("'...'", message) for message in one.findings)
        found = (_FILE.sub("its file", names.sub("its file", message)) for message in found)
        counts.update(set(found))
    for message, n_recordings in counts.most_common(_MOST_FINDINGS):
        noun = "recording" if n_recordings == 1 else "recordings"
        yield f"{n_recordings} {noun}: {message}"
    if len(counts) > _MOST_FINDINGS:
        yield f"And {len(counts) - _MOST_FINDINGS} findings more."


def _calibration(dataset: Dataset, facts: KeptFacts) -> dict[str, Any]:
    if facts.calibrated is None:
        return {}
    n_background, n_seizure = dataset.counts(facts.splits[0].validation)
    fitted_on = (
        f"{n_seizure} seizure and {n_background} background windows of the validation data; "
        "recordings have far more background than that"
    )
    return {"calibration": facts.calibrated.section(fitted_on)}


def _split_text(dataset: Dataset, splits: Sequence[Split]) -> str:
    if len(splits) > 1:
        return (
            f"{len(splits)} folds, each validated on the patient left out; the kept net was then "
            "trained on all of them."
        )
    split = splits[0]
    n_background, n_seizure = dataset.counts(split.validation)
    text = f"Validation: {n_seizure} seizure and {n_background} background windows"
    if split.validation_recordings:
        text += f", {len(split.validation_recordings)} whole recordings"
    if split.leaks:
        text += f"; {split.leak_s:g} s of them were trained on too"
    return f"{text}."


def _flat_settings(dataset: Dataset, facts: KeptFacts) -> dict[str, Any]:
    """Return all settings as a card takes them: one level, with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in facts.settings.model_dump(mode="json").items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": one for inner, one in value.items()}
        elif name != "title":
            flat[name] = value
    for name, value in dataset.settings.model_dump(mode="json").items():
        if name not in ("channels", "preprocessing", "title"):
            flat[f"dataset.{name}"] = value
    return flat | {"threads": facts.threads, "device": facts.device}


def _numbers(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the figures of an epoch that are numbers."""
    return {
        name: value
        for name, value in row.items()
        if value is None
        or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))
    }


def _results(dataset: Dataset, facts: KeptFacts) -> list[dict[str, Any]]:
    if facts.folds:
        return [_fold_result(dataset, facts.folds)]
    if facts.score is None:
        return []
    event, sample = facts.score.event, facts.score.sample
    recordings = [dataset.recordings[i] for i in facts.splits[0].validation_recordings]
    values = {
        "event_sensitivity": event.sensitivity,
        "event_precision": event.precision,
        "event_f1": event.f1,
        "false_alarms_per_24h": event.false_alarms_per_24h,
        "sample_sensitivity": sample.sensitivity,
        "sample_precision": sample.precision,
        "sample_f1": sample.f1,
    }
    return [
        {
            "dataset": "validation recordings of the training dataset",
            "protocol": PROTOCOL,
            "split": _split_text(dataset, facts.splits),
            "n_recordings": len(recordings),
            "n_seizures": sum(len(one.events) for one in recordings),
            "hours": round(sum(one.duration_s for one in recordings) / 3600, 4),
            "metrics": {name: {"value": value} for name, value in values.items()},
            "note": "Weights and operating point were chosen on these recordings: on others it "
            "will do worse.",
        }
    ]


def _fold_result(dataset: Dataset, folds: Sequence[dict[str, Any]]) -> dict[str, Any]:
    metrics: dict[str, dict[str, float | None]] = {}
    for name in _FIGURES:
        values = [float(one[name]) for one in folds if one.get(name) is not None]
        metrics[name] = {"value": statistics.fmean(values) if values else None}
    return {
        "dataset": "training dataset, leave one patient out",
        "protocol": PROTOCOL,
        "split": f"{len(folds)} folds, each on the patient left out",
        "n_recordings": len(dataset.recordings),
        "n_seizures": int(dataset.card["n_seizures"]),
        "hours": round(float(dataset.card["hours"]), 4),
        "metrics": metrics,
        "note": "Mean over folds of each fold's best epoch; the kept net was trained on all "
        "patients afterwards and is not one of those.",
    }
