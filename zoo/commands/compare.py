"""`python -m zoo compare FILE... --models ID ID`: several nets on the same recordings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from seizure_core.command_line import DONE, FAILED, fail, warn, write
from seizure_core.plain_text import printable

NAME = "compare"
HELP = "Compare models on the same recordings."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help="recordings")
    parser.add_argument("--models", metavar="ID", nargs="+", required=True, help="two or more nets")
    parser.add_argument(
        "--references", metavar="FILE", nargs="+", type=Path, help="one for each recording"
    )
    parser.add_argument("--thresholds", metavar="X", nargs="+", type=float, help="one for each net")


def run(arguments: argparse.Namespace) -> int:
    """Compare; return 1 if a recording or a net on it could not be done."""
    from zoo.inference.compare_files import compare_files, comparison_json
    from zoo.loading import load_nets

    nets = load_nets(arguments.models, arguments.thresholds)
    found = comparison_json(compare_files(nets, arguments.files, references=arguments.references))
    for recording in found["recordings"]:
        for name, net in zip(_names(found), recording["nets"], strict=True):
            if net["ok"] and net["message"]:
                warn(arguments, f"{recording['file_name']}, {name}: {net['message']}")
    write(arguments, found, _text(found))
    failures = [one["message"] for one in found["failed"]]
    failures += [
        net["message"] for one in found["recordings"] for net in one["nets"] if not net["ok"]
    ]
    for message in failures:
        fail(message)
    return FAILED if failures else DONE


def _names(found: dict[str, Any]) -> list[str]:
    return [f"{net['model_id']} ({net['threshold']:g})" for net in found["nets"]]


def _text(found: dict[str, Any]) -> str:
    names = _names(found)
    lines = []
    for recording in found["recordings"]:
        lines.append(f"{printable(recording['file_name'])}, {recording['duration_s']:g} s")
        for name, net in zip(names, recording["nets"], strict=True):
            lines.append(f"  {name}: {_net(net)}")
        for pair in recording["agreement"]:
            lines.append(f"  {names[pair['first']]} and {names[pair['second']]}: {_pair(pair)}")
        for stretch in recording["disagreements"]:
            who = ", ".join(names[index] for index in stretch["seizure"])
            stop_s = stretch["onset_s"] + stretch["duration_s"]
            lines.append(f"    {stretch['onset_s']:g} s to {stop_s:g} s: seizure only for {who}")
    return "\n".join(lines)


def _net(net: dict[str, Any]) -> str:
    if not net["ok"]:
        return "cannot be used here"
    words = f"{net['n_events']} events, {net['seizure_s']:g} s"
    if net["first_alarm_s"] is not None:
        words += f", first at {net['first_alarm_s']:g} s"
    if net["score"] is not None:
        event = net["score"]["event"]
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
