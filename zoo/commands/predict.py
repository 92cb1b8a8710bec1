"""Commands that run models over recordings."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seizure_core.batch.options import OVERWRITE, RUN_OPTIONS
from seizure_core.command_line import (
    DONE,
    FAILED,
    argument,
    command,
    fail,
    warn,
    write,
    write_findings,
)
from seizure_core.plain_text import printable
from zoo.commands.shared import written_line
from zoo.store.recommendation import DEFAULT_RULE, default_model

if TYPE_CHECKING:
    from seizure_core.batch.task import TaskRow

_FILES = argument("files", metavar="FILE", nargs="+", type=Path, help="Recordings.")


@command(
    "predict",
    "Detect seizures in recordings.",
    argument(
        "files",
        metavar="PATH",
        nargs="+",
        type=Path,
        help="Recordings, folders with recordings, or a BIDS-EEG tree.",
    ),
    argument("--model", metavar="ID", help=f"Id of the model. Default: {DEFAULT_RULE}."),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Write STEM_events.tsv and STEM_windows.csv to this folder, in the same tree. "
        "Default: print only.",
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
    argument(
        "--bad-channels",
        metavar="LABEL",
        nargs="+",
        default=[],
        help="Labels of channels to leave out of every recording. Default: none.",
    ),
    *RUN_OPTIONS,
    examples=(
        "predict night.edf",
        "predict *.edf --operating-point sensitive --json",
        "predict nights --out results --jobs 8 --resume",
    ),
)
def predict(arguments: argparse.Namespace) -> int:
    """Run the model on every recording; return 1 if one failed."""
    from seizure_core.batch.commands import batch_of, run_batch
    from seizure_core.batch.planning import tasks_of
    from seizure_core.references.listing import is_bids as is_bids_tree
    from zoo.inference.batch import PredictJob
    from zoo.inference.bids import desc_label, write_description
    from zoo.loading import load_detector
    from zoo.store.result_folders import note_results

    model_id = arguments.model or default_model() or ""
    is_bids = len(arguments.files) == 1 and is_bids_tree(arguments.files[0])
    job = PredictJob.of(
        model_id,
        load_detector(model_id),
        threshold=arguments.threshold,
        stride_s=arguments.stride,
        operating_point=arguments.operating_point,
        second_stage=not arguments.no_second_stage,
        is_bids=is_bids,
        bad_channels=tuple(arguments.bad_channels),
    )
    tasks = tasks_of(
        arguments.files, out=arguments.out, mark=desc_label(job.model[0]) if is_bids else ""
    )
    if arguments.out is not None:
        note_results(arguments.out)
        if is_bids:
            write_description(arguments.files[0], arguments.out)
    with batch_of(
        arguments, job, overwrite=arguments.overwrite, with_documents=arguments.json
    ) as batch:
        return run_batch(arguments, batch, tasks, partial(_report, arguments))


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


def _report(arguments: argparse.Namespace, row: TaskRow) -> None:
    if arguments.json:
        # One JSON object per line, so that readers can process results as they come.
        print(json.dumps(row.document or row.summary, ensure_ascii=False), flush=True)
        return
    caveats = [finding for finding in row.summary["findings"] if finding["caveat"]]
    others = [finding for finding in row.summary["findings"] if not finding["caveat"]]
    write_findings(arguments, caveats)
    print(_detection_text(row.summary), flush=True)
    if arguments.out is not None:
        for path in row.files:
            print(f"  {written_line(path, is_new=row.is_new)}")
    write_findings(arguments, others)


def _detection_text(found: Mapping[str, Any]) -> str:
    n_events = len(found["events"])
    lines = [
        f"{printable(found['file_name'])}: {n_events} seizure event{'' if n_events == 1 else 's'}"
        f" in {found['duration_s']:g} s ({found['model_id']} {found['model_version']}, "
        f"threshold {found['threshold']:g}, {found['coverage']:.0%} of its channels)"
    ]
    lines += [
        f"  {event['onset_s']:g} s to {event['onset_s'] + event['duration_s']:g} s, confidence "
        f"{event['confidence'] or 0:.3f}"
        for event in found["events"]
    ]
    lines += [
        f"  dropped: {one['onset_s']:g} s to {one['onset_s'] + one['duration_s']:g} s, "
        f"{one['reason']}"
        for one in found.get("dropped_events", [])
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
