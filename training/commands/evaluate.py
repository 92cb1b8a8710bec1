"""`python -m training evaluate --model ID FILE...`: a model on recordings with references."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seizure_core.batch.commands import batch_of, run_batch
from seizure_core.batch.options import OVERWRITE, RUN_OPTIONS
from seizure_core.command_line import DONE, FAILED, argument, command, say, warn, write
from seizure_core.plain_text import printable
from training.commands.files import RECORDINGS, pair_tasks, paired

_BASELINES = {
    "always": "always alarm",
    "never": "never alarm",
    "line_length": "line length twice the usual",
}
_INTERVALS = {
    "event.sensitivity": "sensitivity",
    "event.precision": "precision",
    "event.f1": "F1",
    "event.false_alarms_per_24h": "false alarms in 24 h",
    "sample.f1": "sample F1",
}


@command(
    "evaluate",
    "Evaluate a model on recordings with references.",
    argument("--model", metavar="ID", required=True, help="Id of a model or of a run. Required."),
    *RECORDINGS,
    argument(
        "--threshold",
        type=float,
        metavar="X",
        help="Probability that starts an event, 0 to 1. Default: that of the card.",
    ),
    argument(
        "--stride",
        type=float,
        metavar="S",
        help="Stride between windows in seconds. Default: that of the card.",
    ),
    argument(
        "--allow-training-data",
        action="store_true",
        help="Score recordings that the model was trained on, too. Default: refuse them.",
    ),
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="Keep STEM_score.json and STEM_trace.npy in this folder, in the same tree. "
        "Default: print only.",
    ),
    OVERWRITE,
    *RUN_OPTIONS,
    argument(
        "--add-to-card",
        action="store_true",
        help="Add the result to the card of your own model, which gets a new version.",
    ),
    examples=(
        "evaluate --model n1spool-cnn recordings --references annotations",
        "evaluate --model my-model recordings --add-to-card",
        "evaluate --model n1spool-cnn recordings --out scores --jobs 8 --resume",
    ),
    description="Evaluate a model on recordings with references. With --shard, the recordings of "
    "one part are scored only; --resume without it adds up all of them.",
)
def evaluate(arguments: argparse.Namespace) -> int:
    """Score every recording; return 1 if one failed."""
    from training.evaluate.batch import EvaluateJob, stored_evaluation
    from training.evaluate.evaluation import Evaluator, require_any
    from training.evaluate.evaluation_report import evaluation_json
    from training.evaluate.tested_result import add_to_card
    from training.saving import any_detector

    pairing = paired(arguments.files, arguments.references, arguments.seizure_free)
    evaluator = Evaluator.of(
        any_detector(arguments.model),
        threshold=arguments.threshold,
        stride_s=arguments.stride,
        allow_training_data=arguments.allow_training_data,
    )
    tasks = pair_tasks(pairing, arguments.files)
    job = EvaluateJob.of(arguments.model, evaluator)
    with batch_of(arguments, job, overwrite=arguments.overwrite) as batch:
        status = run_batch(arguments, batch, tasks)
        if arguments.shard:
            return status
        evaluation = stored_evaluation(batch, tasks, evaluator)
    result = evaluation_json(evaluation)
    warn(arguments, *result["warnings"])
    write(arguments, result, _lines(result))
    if arguments.add_to_card:
        card = add_to_card(require_any(evaluation))
        say(arguments, f"On the card of {card.model_id} {card.version}.")
    return FAILED if result["failed"] else DONE


def _lines(result: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{printable(recording['file_name'])}: {_figures(recording)}"
        for recording in result["recordings"]
        if recording["ok"]
    ]
    if not result["n_scored"]:
        return lines
    overall = result["overall"]
    lines.append(f"overall ({result['n_scored']} recordings): {_figures(overall)}")
    lines.append(_intervals(overall))
    for name, words in _BASELINES.items():
        lines.append(f"baseline, {words}: {_figures(overall['baselines'][name])}")
    if result["n_failed"]:
        lines.append(f"not scored: {result['n_failed']}")
    return lines


def _figures(scores: Mapping[str, Any]) -> str:
    event, sample = scores["event"], scores["sample"]
    return (
        f"events: sensitivity {_number(event['sensitivity'])}, precision "
        f"{_number(event['precision'])}, F1 {_number(event['f1'])}, "
        f"{_number(event['false_alarms_per_24h'])} false alarms in 24 h; "
        f"samples: F1 {_number(sample['f1'])}"
    )


def _intervals(overall: Mapping[str, Any]) -> str:
    drawn = overall["bootstrap"]
    units = f"{drawn['n_units']} {drawn['unit']}{'' if drawn['n_units'] == 1 else 's'}"
    if drawn["n_units"] < 2:
        return f"no intervals: {units} only"
    shown = ", ".join(
        f"{name} {_number(interval['low'])} to {_number(interval['high'])}"
        for key, name in _INTERVALS.items()
        if (interval := overall["intervals"][key])["low"] is not None
    )
    few = "; so few say little" if drawn["few"] else ""
    return f"95 % intervals by bootstrap over {units}{few}: {shown}"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3g}"
