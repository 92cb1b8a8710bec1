"""Commands on local models; they import slow modules such as torch only when they run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from seizure_core.batch.options import OVERWRITE
from seizure_core.command_line import DONE, FAILED, argument, command, fail, write
from seizure_core.errors import ParameterError
from seizure_core.plain_text import printable
from zoo.card.schema import ArchitectureCard
from zoo.commands.shared import MODEL_ID, each, written_line
from zoo.store.registry import ModelSummary, Registry, model_card


@command(
    "list",
    "List the available models.",
    argument(
        "--for",
        dest="recording",
        metavar="FILE",
        type=Path,
        help="Recording to choose for: only the models that can read it, the best first. "
        "Default: all models.",
    ),
    examples=("list", "list --json"),
)
def list_models(arguments: argparse.Namespace) -> int:
    """Print the table; return 1 if a model or registry is damaged."""
    registry = Registry.load()
    summaries, findings = registry.summaries()
    lines = []
    if arguments.recording is not None:
        from seizure_core.io.opening import open_recording
        from zoo.store.recommendation import suited

        best = suited(open_recording(arguments.recording), registry.cards())
        summaries = [one for name in best for one in summaries if one.model_id == name]
        lines = [f"{name}: {reason}" for name, reason in best.items()]
    table = _table(summaries) if summaries else "The zoo has no models yet."
    write(arguments, [asdict(summary) for summary in summaries], [table, *lines])
    for finding in findings:
        fail(finding.message)
    return FAILED if findings else DONE


@command(
    "show",
    "Show the card of a model.",
    MODEL_ID,
    examples=("show n1spool-cnn", "show n1spool-cnn --json"),
)
def show(arguments: argparse.Namespace) -> int:
    """Print the card."""
    card = model_card(arguments.model_id)
    if arguments.json:
        sys.stdout.write(card.to_json().decode("utf-8"))
    else:
        write(arguments, None, _card_text(card))
    return DONE


@command(
    "export",
    "Export a model as a .zip file, or as an algorithm for SzCORE.",
    MODEL_ID,
    argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path(),
        help="Target folder. Default: the current one.",
    ),
    argument(
        "--szcore",
        metavar="DIR",
        type=Path,
        help="Write the model to this folder as an algorithm of SzCORE's benchmark: Dockerfile, "
        "description, program and weights. Default: a .zip file.",
    ),
    argument(
        "--image",
        metavar="NAME",
        default="",
        help="Name of the container image for --szcore, as in ghcr.io/me/model:1.0.0. "
        "Default: seizure-zoo/ID:VERSION.",
    ),
    OVERWRITE,
    examples=(
        "export n1spool-cnn",
        "export n1spool-cnn --out models",
        "export aligned-cnn --szcore szcore/aligned-cnn --image ghcr.io/me/aligned-cnn:1.0.0",
    ),
)
def export(arguments: argparse.Namespace) -> int:
    """Write the bundle or the folder."""
    from seizure_core.written_files import write_unless_equal
    from zoo.store.bundle import export_bundle
    from zoo.store.szcore import szcore_folder

    model_id, target = arguments.model_id, arguments.szcore or arguments.out

    def make(folder: Path) -> list[Path]:
        if arguments.szcore is None:
            return [export_bundle(model_id, folder)]
        return szcore_folder(model_id, folder, image=arguments.image)

    try:
        written = write_unless_equal(target, make, overwrite=arguments.overwrite)
    except OSError as error:
        fail(f"{target}: {error.strerror}.")
        return FAILED
    told = written.files if arguments.szcore is None else (arguments.szcore,)
    write(
        arguments,
        {"files": [str(path) for path in written.files], "is_new": written.is_new},
        [written_line(path, is_new=written.is_new) for path in told],
    )
    return DONE


@command(
    "import",
    "Import models from .zip files or folders.",
    argument(
        "files",
        metavar="FILE",
        nargs="+",
        type=Path,
        help="Bundle, model folder, or folder of the Hub's cache.",
    ),
    examples=("import my-model-1.0.0.zip",),
)
def import_models(arguments: argparse.Namespace) -> int:
    """Import one after the other; return 1 if one failed."""
    from zoo.store.bundle import import_model

    done, status = each(import_model, arguments.files)
    write(arguments, done, [f"{result['model_id']}: imported" for result in done])
    return status


@command(
    "delete",
    "Delete your own models, or restore a deleted one.",
    argument("model_ids", metavar="ID", nargs="*", help="Ids of the models, as shown by 'list'."),
    argument(
        "--undo",
        metavar="CODE",
        help="Restore the model with this code, as printed by its deletion.",
    ),
    examples=("delete my-model", "delete --undo CODE"),
)
def delete(arguments: argparse.Namespace) -> int:
    """Delete or restore; return 1 if one failed."""
    from zoo.store.user_models import delete_model, restore_model

    if bool(arguments.undo) == bool(arguments.model_ids):
        raise ParameterError("Name models to delete, or one deletion to undo.")
    if arguments.undo:
        restored = restore_model(arguments.undo)
        write(arguments, restored, f"{restored['model_id']}: restored")
        return DONE
    done, status = each(delete_model, arguments.model_ids)
    lines = [f"{result['model_id']}: deleted; undo with --undo {result['undo']}" for result in done]
    write(arguments, done, lines)
    return status


@command(
    "revise",
    "Give one of your own models a new version and a changelog entry.",
    MODEL_ID,
    argument(
        "--version",
        metavar="X.Y.Z",
        required=True,
        help="New version, higher than the current one. Required.",
    ),
    argument("--note", metavar="TEXT", required=True, help="Changelog entry. Required."),
    examples=("revise my-model --version 1.1.0 --note 'Corrected the limitations'",),
)
def revise(arguments: argparse.Namespace) -> int:
    """Write the new version."""
    from zoo.store.revision import revise_model

    card = revise_model(arguments.model_id, version=arguments.version, note=arguments.note)
    document = {"model_id": card.model_id, "version": card.version}
    write(arguments, document, f"{card.model_id}: version {card.version}")
    return DONE


@command("repair", "Check your own models and rebuild their registry.", examples=("repair",))
def repair(arguments: argparse.Namespace) -> int:
    """Repair and print what was wrong."""
    from zoo.store.repair import repair_models

    report = repair_models()
    n_models = len(report["model_ids"])
    lines = [printable(finding["message"]) for finding in report["findings"]]
    lines.append(f"{n_models} model{'' if n_models == 1 else 's'} of your own, all whole.")
    write(arguments, report, lines)
    return DONE


def _table(summaries: Sequence[ModelSummary]) -> str:
    head = (
        "id",
        "version",
        "source",
        "channels",
        "rate",
        "window",
        "stride",
        "parameters",
        "title",
    )
    rows = [head, *(_row(summary) for summary in summaries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _row(summary: ModelSummary) -> tuple[str, ...]:
    return (
        summary.model_id,
        summary.version,
        summary.source,
        "any" if summary.n_channels is None else str(summary.n_channels),
        f"{summary.sampling_rate_hz:g} Hz",
        f"{summary.window_s:g} s",
        f"{summary.stride_s:g} s",
        f"{summary.n_parameters:,}",
        printable(summary.title),
    )


def _card_text(card: ArchitectureCard) -> str:
    contract, output = card.input, card.output
    channels = contract.channels or (f"any montage of {contract.build_channels} or more",)
    facts = {
        "Model": f"{card.model_id} {card.version}",
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
            f"  {printable(note.version)} ({note.created}): {printable(note.note)}"
            for note in reversed(notes)
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
            f"  {printable(name)}: {'undefined' if metric.value is None else f'{metric.value:.3g}'}"
            for name, metric in result.metrics.items()
        ]
    return lines
