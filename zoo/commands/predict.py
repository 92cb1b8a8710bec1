"""`python -m zoo predict FILE... --model ID`: seizure events of recordings."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from seizure_core.collector import collector_waits
from seizure_core.command_line import DONE, FAILED, ProgressBar, fail, write_findings
from seizure_core.plain_text import printable
from zoo.commands.writing import add_overwrite, settled_line
from zoo.store.default_model import DEFAULT_RULE, default_model

if TYPE_CHECKING:
    from zoo.inference.batch import BatchRow
    from zoo.inference.detection import Detection

NAME = "predict"
HELP = "Find seizures in recordings."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="recordings")
    parser.add_argument(
        "--model", metavar="ID", help=f"id of the model; without it, {DEFAULT_RULE}"
    )
    parser.add_argument(
        "--out", metavar="DIR", type=Path, help="write STEM_events.tsv and STEM_windows.csv there"
    )
    add_overwrite(parser)
    parser.add_argument(
        "--threshold", metavar="X", type=float, help="0 to 1, instead of the card's"
    )
    parser.add_argument(
        "--stride", metavar="S", type=float, help="seconds between windows, instead of the card's"
    )
    parser.add_argument(
        "--operating-point",
        metavar="NAME",
        help="one of the card's: sensitive, balanced or specific",
    )


def run(arguments: argparse.Namespace) -> int:
    """Detect in every file; return 1 if one of them could not be done."""
    # Here and not above: these import torch, and other commands need not wait for it.
    with collector_waits():
        from zoo.inference.batch import detect_files
        from zoo.loading import load_detector

    if arguments.out is not None:
        try:
            arguments.out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(f"{arguments.out}: {error.strerror}.")
            return FAILED
    with collector_waits():
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
            overwrite=arguments.overwrite,
            progress=bar.show,
        )
        for row in rows:
            n_failed += not row.ok
            bar.clear()
            _report(arguments, row)
    return FAILED if n_failed else DONE


def _report(arguments: argparse.Namespace, row: BatchRow) -> None:
    detection = row.detection
    if detection is None:
        fail(row.message)
        return
    if arguments.json:
        from zoo.inference.results import detection_json

        # One object a line: a reader need not wait for the last recording.
        print(json.dumps(detection_json(detection), ensure_ascii=False), flush=True)
        return
    write_findings(arguments, detection.caveats)
    print(_text(detection), flush=True)
    for path in row.files:
        print(f"  {settled_line(path, is_new=row.is_new)}")
    write_findings(arguments, detection.remarks)


def _text(detection: Detection) -> str:
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
    return "\n".join(lines)
