"""The card of a newly trained model, as plain data."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from seizure_core.events.postprocessing import PostProcessing
from seizure_core.events.scoring import Score
from training.data.dataset import Dataset, read_hashes
from training.data.signal_hashes import card_section
from training.data.splits import Split
from training.evaluate.card_results import (
    LONG_NAMES,
    operating_point_json,
    result_row,
    score_metrics,
)
from training.evaluate.operating_points import ChosenPoints
from training.fit.settings import MixtureSettings
from training.patients import public_name
from training.search.study_folder import search_note
from training.trained_model import SaveOptions, TrainedModel

_INTENDED_USE = (
    "Research and teaching: detection of epileptic seizures in scalp EEG like that it was trained "
    "on. Not for clinical use, diagnosis or alarms."
)
_MAX_FINDINGS = 20
_FOLD_FIGURES = ("event_f1", "event_sensitivity", "false_alarms_per_24h", "sample_f1")


def card_document(
    members: Mapping[str, Any],
    *,
    step_s: float | None,
    point: PostProcessing,
    points: ChosenPoints | None = None,
) -> dict[str, Any]:
    """Return a card without `golden` and `weights`, adding date and output section.

    Parameters
    ----------
    members : mapping
        All other sections by name.
    step_s : float or None
        Seconds between outputs; None for one output per window.
    point : PostProcessing
        Default operating point.
    points : ChosenPoints, optional
        Further operating points.
    """
    offered = {} if points is None else {"operating_points": points.section()}
    return {
        "schema_version": 1,
        "created": datetime.now(UTC).date().isoformat(),
        **members,
        "output": {
            "classes": ["background", "seizure"],
            "step_s": step_s,
            **operating_point_json(point),
            **offered,
        },
    }


def run_card(
    model_id: str,
    model: TrainedModel,
    options: SaveOptions,
    point: PostProcessing,
    test: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the card of a run's model, without `golden` and `weights`.

    It contains no file names, because cards are published and file names may identify patients.

    Parameters
    ----------
    options : SaveOptions
        Settings of the user for the saved model.
    point : PostProcessing
        Default operating point.
    test : mapping or None
        Result of a test on other recordings.
    """
    request, dataset, settings = model.run.request(), model.plan.dataset, model.plan.settings
    window_s, n_steps = dataset.settings.window_s, model.plan.n_steps
    score = model.score(point)
    return card_document(
        {
            "model_id": model_id,
            "title": options.title or settings.title or f"Model of {model.run.run_id}",
            "version": options.version,
            "authors": list(options.authors),
            "license": options.license,
            "intended_use": _INTENDED_USE,
            "limitations": " ".join(_limitations(model, options, point, score, test)),
            "parent": request["parent"],
            "input": dataset.settings.input_section(stride_s=min(settings.stride_s, window_s)),
            "network": request["network"],
            "training": _training(model, request, options.notes),
            "results": [*([] if test is None else [test]), *_results(model, score)],
        },
        step_s=None if n_steps is None else window_s / n_steps,
        point=point,
        points=model.points,
    )


def _limitations(
    model: TrainedModel,
    options: SaveOptions,
    point: PostProcessing,
    score: Score | None,
    test: Mapping[str, Any] | None,
) -> Iterator[str]:
    dataset = model.plan.dataset
    card = dataset.card
    n_patients = len(card["patients"])
    yield (
        f"Trained on {card['hours']:.2f} h of EEG of {n_patients} "
        f"{'person' if n_patients == 1 else 'people'} with {card['n_seizures']} seizures."
    )
    if any(split.leaks for split in model.plan.splits):
        yield (
            "Training and validation windows share samples: its validation figures say little "
            "about new recordings."
        )
    if score is None and not model.folds:
        yield "It was not validated on whole recordings: its false alarms are unknown."
    if point != model.at(options.operating_point):
        yield (
            "Its operating point was set by hand: if that was done on recordings it was tested on, "
            "their scores are no test any more."
        )
    n_odd = sum(bool(recording.findings) for recording in dataset.recordings)
    if n_odd:
        yield (
            f"Something is odd about {n_odd} of its {len(dataset.recordings)} training recordings: "
            "see the note on its data."
        )
    if test is None:
        yield "It has not been tested on other recordings unless results below say so."
        return
    n_recordings, n_seizures = test["n_recordings"], test["n_seizures"]
    yield (
        f"It was tested on {n_recordings} other recording{'' if n_recordings == 1 else 's'} "
        f"with {n_seizures} seizure{'' if n_seizures == 1 else 's'} in "
        f"{test['hours']:.2f} h, which says little about others."
    )


def _training(model: TrainedModel, request: Mapping[str, Any], notes: str) -> dict[str, Any]:
    dataset, card = model.plan.dataset, model.plan.dataset.card
    mixture = model.plan.settings.mixture
    section = {
        "data": [
            {
                "name": card["title"] or "Own recordings",
                "subjects": [
                    public_name(patient["patient"], number)
                    for number, patient in enumerate(card["patients"], start=1)
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
            },
            *([simulated_data(mixture)] if mixture.simulates else []),
        ],
        "split": {
            "method": request["split"]["method"],
            "leaks": bool(request["split"]["leaks"]),
            "description": _split_text(dataset, model.plan.splits),
        },
        "settings": _run_settings(model),
        "seed": model.plan.settings.seed,
        "software": dict(request["software"]),
        "history": [figures(row) for row in model.run.history()],
        "signals": card_section(read_hashes(dataset.folder), salt=card["salt"]),
    }
    said = [f"Weights of epoch {model.best['of_all_epochs']}."]
    if model.calibration is None:
        said.append("The logits were not rescaled.")
    else:
        section["calibration"] = model.calibration.model_dump(mode="json")
    said.append(search_note(model.run))
    return section | {"note": " ".join(filter(None, [*said, notes.strip()]))}


def simulated_data(mixture: MixtureSettings) -> dict[str, Any]:
    """Return the card's entry on simulated training data."""
    n_simulated = mixture.n_simulated
    people = "People of every age, with all kinds of seizures, movement and patterns. "
    return {
        "name": "simulated EEG (seizure_core.simulator)",
        "n_recordings": 2 * n_simulated,
        "n_seizures": 2 * n_simulated + (n_simulated + 1) // 2,
        "hours": round(n_simulated * 0.1, 3),
        "note": f"{people if mixture.people else ''}180 s each, with two seizures, or with many "
        "artefacts and no seizure; also isolated seizures to add to real EEG.",
    }


def public_findings(dataset: Dataset) -> Iterator[str]:
    """Yield warnings about a dataset's recordings, without names and quoted annotations."""
    counts: Counter[str] = Counter()
    for recording in dataset.recordings:
        counts.update(set(recording.public_findings))
    for message, n_recordings in counts.most_common(_MAX_FINDINGS):
        noun = "recording" if n_recordings == 1 else "recordings"
        yield f"{n_recordings} {noun}: {message}"
    if len(counts) > _MAX_FINDINGS:
        yield f"And {len(counts) - _MAX_FINDINGS} findings more."


def _split_text(dataset: Dataset, splits: Sequence[Split]) -> str:
    if len(splits) > 1:
        return (
            f"{len(splits)} folds, each validated on the patient left out; the kept model was then "
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


def _run_settings(model: TrainedModel) -> dict[str, Any]:
    state = model.run.written_state()
    dataset = model.plan.dataset.settings.model_dump(
        mode="json", exclude={"channels", "preprocessing", "title"}
    )
    return {
        **flat_settings(model.plan.settings.model_dump(mode="json", exclude={"title"})),
        **flat_settings({"dataset": dataset}),
        "threads": state.get("threads"),
        "device": state.get("device"),
    }


def flat_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as in a card: one level, with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": item for inner, item in value.items()}
        else:
            flat[name] = value
    return flat


def figures(row: Mapping[str, Any]) -> dict[str, float | None]:
    """Return the numeric figures of an epoch."""
    return {
        name: value
        for name, value in row.items()
        if value is None
        or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))
    }


def _results(model: TrainedModel, score: Score | None) -> Iterator[dict[str, Any]]:
    dataset, splits = model.plan.dataset, model.plan.splits
    if model.folds:
        values = {
            name: [float(fold[name]) for fold in model.folds if fold.get(name) is not None]
            for name in _FOLD_FIGURES
        }
        yield result_row(
            dataset="training dataset, leave one patient out",
            split=f"{len(model.folds)} folds, each on the patient left out",
            n_recordings=len(dataset.recordings),
            n_seizures=int(dataset.card["n_seizures"]),
            duration_s=3600 * float(dataset.card["hours"]),
            metrics={
                name: {"value": statistics.fmean(some) if some else None}
                for name, some in values.items()
            },
            note="Mean over folds of each fold's best epoch; the kept model was trained on all "
            "patients afterwards and is not one of those.",
        )
    elif score is not None:
        recordings = [dataset.recordings[i] for i in splits[0].validation_recordings]
        yield result_row(
            dataset="validation recordings of the training dataset",
            split=_split_text(dataset, splits),
            n_recordings=len(recordings),
            n_seizures=sum(len(recording.events) for recording in recordings),
            duration_s=sum(recording.duration_s for recording in recordings),
            metrics=score_metrics(score, LONG_NAMES),
            note="Weights and operating point were chosen on these recordings: on others it "
            "will do worse.",
        )
