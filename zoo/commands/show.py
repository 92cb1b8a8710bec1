"""`python -m zoo show ID`: the card of a net."""

from __future__ import annotations

import argparse
import sys

from seizure_core.command_line import DONE, write
from seizure_core.plain_text import printable
from zoo.card.schema import ArchitectureCard
from zoo.store.registry import model_card

NAME = "show"
HELP = "Show the card of a model."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options."""
    parser.add_argument("model_id", metavar="ID", help="id of the net, as in 'list'")


def run(arguments: argparse.Namespace) -> int:
    """Write the card."""
    card = model_card(arguments.model_id)
    if arguments.json:
        sys.stdout.write(card.to_json().decode("utf-8"))
    else:
        write(arguments, None, _text(card))
    return DONE


def _text(card: ArchitectureCard) -> str:
    contract, output = card.input, card.output
    channels = contract.channels or (f"any montage of {contract.build_channels} or more",)
    facts = {
        "Net": f"{card.model_id} {card.version}",
        "Title": card.title,
        "Made": f"{card.created} by {', '.join(card.authors) or 'unknown'}",
        "Parent": _parent(card),
        "License": card.license,
        "Intended use": card.intended_use,
        "Limitations": card.limitations,
        "Channels": " ".join(channels),
        "Input": f"{contract.sampling_rate_hz:g} Hz, windows of {contract.window_s:g} s every "
        f"{contract.stride_s:g} s",
        "Output": "one value a window" if output.step_s is None else f"every {output.step_s:g} s",
        "Threshold": f"{output.threshold:g} (an event ends below {output.threshold_off:g})",
        "Weights": f"{card.weights.n_parameters:,} parameters, sha256 {card.weights.sha256}",
    }
    lines = [f"{name + ':':<14} {printable(text)}" for name, text in facts.items()]
    return "\n".join([*lines, *_versions(card), "", *_layers(card), "", *_results(card)])


def _parent(card: ArchitectureCard) -> str:
    parent = card.parent
    if parent is None:
        return "none, trained from random weights"
    return f"{parent.model_id} {parent.version}, weights sha256 {parent.weights_sha256}"


def _versions(card: ArchitectureCard) -> list[str]:
    notes = card.training.versions
    if not notes:
        return []
    return [
        "Versions:",
        *(
            f"  {printable(one.version)} ({one.created}): {printable(one.note)}"
            for one in reversed(notes)
        ),
    ]


def _layers(card: ArchitectureCard) -> list[str]:
    report = card.network_report()
    lines = [
        f"{row.index:>3}  {row.type:<20} {' x '.join(map(str, row.output_shape)):<14} "
        f"{row.n_parameters:>9,}"
        for row in report.layers
    ]
    return [f"     {'layer':<20} {'output':<14} {'parameters':>9}", *lines]


def _results(card: ArchitectureCard) -> list[str]:
    if not card.results:
        return ["Nothing was measured."]
    lines = []
    for result in card.results:
        lines.append(
            f"Measured on {printable(result.dataset)} ({result.n_seizures} seizures in "
            f"{result.hours:g} h; {printable(result.protocol)}):"
        )
        lines += [
            f"  {printable(name)}: {'undefined' if one.value is None else f'{one.value:.3g}'}"
            for name, one in result.metrics.items()
        ]
    return lines
