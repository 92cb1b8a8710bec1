"""Commands that run models over recordings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.command_line import (
    DONE,
    FAILED,
    ProgressBar,
    argument,
    command,
    fail,
    warn,
    write,
    write_findings,
)
from seizure_core.plain_text import printable
from zoo.commands.shared import OVERWRITE, written_line
from zoo.store.recommendation import DEFAULT_RULE, default_model

if TYPE_CHECKING:
    from zoo.inference.batch import BatchRow
    from zoo.inference.detection import Detection

_FILES = argument("files", metavar="FILE", nargs="+", type=Path, help="Recordings.")


@command(
    "predict",
    "Detect seizures in recordings.",
    _FILES,
    argument("--model", metavar="ID", help=f"Id of the model. Default: {DEFAULT_RULE}."),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Write STEM_events.tsv and STEM_windows.csv to this folder. Default: print only.",
    ),
    OVERWRITE,
    argument(
        "--threshold",
        metavar="X",
        type=float,
        help="Probability that starts an event, 0 to 1. Default: that of the card.",
    ),
    argument(
        "--stride",
        metavar="S",
        type=float,
        help="Stride between windows in seconds. Default: that of the card.",
    ),
    argument(
        "--operating-point",
        metavar="NAME",
        help="Operating point: sensitive, balanced or specific. Default: that of the card.",
    ),
    argument(
        "--no-second-stage",
        action="store_true",
        help="Keep the events that the model's second stage holds for no seizures.",
    ),
    examples=(
        "predict night.edf",
        "predict night.edf --model n1spool-cnn --out results",
        "predict *.edf --operating-point sensitive --json",
    ),
)
def predict(arguments: argparse.Namespace) -> int:
    """Run the model on every file; return 1 if one failed."""
    from zoo.inference.batch import detect_files
    from zoo.loading import load_detector

    if arguments.out is not None:
        try:
            arguments.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(f"{arguments.out}: {error.strerror}.")
            return FAILED
    detector = load_detector(arguments.model or default_model() or "")
    n_failed = 0
    with ProgressBar(arguments, total=len(arguments.files), unit="recordings") as bar:
        rows = detect_files(
            detector,
            arguments.files,
            out=arguments.out,
            threshold=arguments.threshold,
            stride_s=arguments.stride,
            operating_point=arguments.operating_point,
            second_stage=not arguments.no_second_stage,
            overwrite=arguments.overwrite,
            progress=bar.show,
        )
        for row in rows:
            n_failed += not row.ok
            bar.clear()
            _report(arguments, row)
    return FAILED if n_failed else DONE


@command(
    "compare",
    "Compare models on the same recordings.",
    _FILES,
    argument(
        "--models",
        metavar="ID",
        nargs="+",
        required=True,
        help="Ids of two or more models. Required.",
    ),
    argument(
        "--references",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="References to score against, one per recording. Default: no score.",
    ),
    argument(
        "--thresholds",
        metavar="X",
        nargs="+",
        type=float,
        help="Thresholds, one per model. Default: those of the cards.",
    ),
    examples=(
        "compare night.edf --models n1spool-cnn aligned-cnn",
        "compare night.edf --models n1spool-cnn aligned-cnn --references night_expert.tsv",
    ),
)
def compare(arguments: argparse.Namespace) -> int:
    """Compare; return 1 if a recording or a model failed."""
    from zoo.inference.compare_files import compare_files, comparison_json, load_models

    models = load_models(arguments.models, arguments.thresholds)
    found = comparison_json(compare_files(models, arguments.files, references=arguments.references))
    for recording in found["recordings"]:
        for name, model in zip(_names(found), recording["nets"], strict=True):
            if model["ok"] and model["message"]:
                warn(arguments, f"{recording['file_name']}, {name}: {model['message']}")
    write(arguments, found, _comparison_text(found))
    failures = [failure["message"] for failure in found["failed"]]
    failures += [
        model["message"]
        for recording in found["recordings"]
        for model in recording["nets"]
        if not model["ok"]
    ]
    for message in failures:
        fail(message)
    return FAILED if failures else DONE


def _report(arguments: argparse.Namespace, row: BatchRow) -> None:
    detection = row.detection
    if detection is None:
        fail(row.message)
        return
    if arguments.json:
        from zoo.inference.results import detection_json

        # One JSON object per line, so that readers can process results as they come.
        print(json.dumps(detection_json(detection), ensure_ascii=False), flush=True)
        return
    write_findings(arguments, detection.caveats)
    print(_detection_text(detection), flush=True)
    for path in row.files:
        print(f"  {written_line(path, is_new=row.is_new)}")
    write_findings(arguments, detection.other_findings)


def _detection_text(detection: Detection) -> str:
    n_events = len(detection.events)
    lines = [
        f"{printable(detection.file_name)}: {n_events} seizure event{'' if n_events == 1 else 's'}"
        f" in {detection.duration_s:g} s ({detection.model_id} {detection.model_version}, "
        f"threshold {detection.threshold:g}, {detection.coverage:.0%} of its channels)"
    ]
    lines += [
        f"  {event.onset_s:g} s to {event.offset_s:g} s, confidence {event.confidence or 0:.3f}"
        for event in detection.events
    ]
    lines += [
        f"  dropped: {one.event.onset_s:g} s to {one.event.offset_s:g} s, {one.reason}"
        for one in detection.dropped
    ]
    return "\n".join(lines)


def _names(found: dict[str, Any]) -> list[str]:
    return [f"{model['model_id']} ({model['threshold']:g})" for model in found["nets"]]


def _comparison_text(found: dict[str, Any]) -> str:
    names = _names(found)
    lines = []
    for recording in found["recordings"]:
        lines.append(f"{printable(recording['file_name'])}, {recording['duration_s']:g} s")
        for name, model in zip(names, recording["nets"], strict=True):
            lines.append(f"  {name}: {_model(model)}")
        for pair in recording["agreement"]:
            lines.append(f"  {names[pair['first']]} and {names[pair['second']]}: {_pair(pair)}")
        for stretch in recording["disagreements"]:
            who = ", ".join(names[index] for index in stretch["seizure"])
            stop_s = stretch["onset_s"] + stretch["duration_s"]
            lines.append(f"    {stretch['onset_s']:g} s to {stop_s:g} s: seizure only for {who}")
    return "\n".join(lines)


def _model(model: dict[str, Any]) -> str:
    if not model["ok"]:
        return "cannot be used here"
    words = f"{model['n_events']} events, {model['seizure_s']:g} s"
    if model["first_alarm_s"] is not None:
        words += f", first at {model['first_alarm_s']:g} s"
    if model["score"] is not None:
        event = model["score"]["event"]
        f1 = "undefined" if event["f1"] is None else f"{event['f1']:.3f}"
        words += f", event F1 {f1}"
    return words


def _pair(pair: dict[str, Any]) -> str:
    if pair["agreement"] is None:
        return "nothing to compare"
    words = f"agree in {pair['agreement']:.1%} of {pair['n_seconds']} s"
    difference_s = pair["first_alarm_difference_s"]
    if difference_s is not None:
        words += f", first alarm of the second {difference_s:+g} s"
    return words
