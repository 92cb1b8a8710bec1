"""Recordings, references and settings files on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from seizure_core.batch.planning import named_tasks
from seizure_core.batch.task import Task
from seizure_core.command_line import argument
from seizure_core.json_document import JsonError, read_json
from seizure_core.references.listing import annotation_files, files_in
from seizure_core.references.names import is_listing_name, pairing_key, reference_keys
from seizure_core.references.reading import role_of
from training.data.pairing import Pairing, SourceFile, pair_files
from training.errors import TrainingError

RECORDINGS = (
    argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="Recordings, or folders with recordings.",
    ),
    argument(
        "--references",
        nargs="*",
        type=Path,
        default=[],
        metavar="FILE",
        help="References, or folders with them. Default: those in the folders of the recordings.",
    ),
    argument(
        "--seizure-free",
        nargs="*",
        default=[],
        metavar="NAME",
        help="Recordings without reference that are known to have no seizure. Default: none.",
    ),
)
"""Arguments that name recordings and their references."""


def paired(
    files: Iterable[Path], references: Iterable[Path], seizure_free: Iterable[str] = ()
) -> Pairing:
    """Return the recordings in files and folders, paired with their references.

    Raises
    ------
    TrainingError, DatasetError
        A path does not exist, there are no recordings, or two have the same name.
    """
    recordings, beside = files_below(files)
    named: list[Path] = []
    for place in references:
        # Files named explicitly are references, whatever their contents.
        named += files_below([place])[1] if place.is_dir() else [place]
    missing = next((path for path in named if not path.exists()), None)
    if missing is not None:
        raise TrainingError("{missing} does not exist.", missing=missing)
    pairing = pair_files(recordings, list(dict.fromkeys([*named, *beside])))
    for name in seizure_free:
        pairing = pairing.with_seizure_free(name)
    return pairing


def pair_tasks(pairing: Pairing, places: Iterable[Path]) -> list[Task]:
    """Return a task for every recording of a batch, named by its path in the folder given."""
    folders = [place for place in places if place.is_dir()]
    tasks = named_tasks(
        (pair.recording.location, _name_below(folders, pair.recording)) for pair in pairing.pairs
    )
    return [
        replace(
            task,
            files=tuple(
                dict.fromkeys((*task.files, *(one.file.location for one in pair.references)))
            ),
            details={"patient": pair.patient, "contents": pair.state},
            material=pair,
        )
        for task, pair in zip(tasks, pairing.pairs, strict=True)
    ]


def _name_below(folders: Iterable[Path], file: SourceFile) -> str:
    for folder in folders:
        if file.location.is_relative_to(folder):
            return file.location.relative_to(folder).as_posix()
    return file.file_name


def files_below(places: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Return the recordings and references among files and in folders, sorted.

    This includes annotation files next to a recording.

    Raises
    ------
    TrainingError
        A path does not exist.
    """
    recordings: list[Path] = []
    references: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = files_in(place)
            recordings += inside[0]
            references += inside[1]
            continue
        if not place.exists():
            raise TrainingError("{place} does not exist.", place=place)
        role = role_of(place, is_named=True)
        if role == "other":
            raise TrainingError(
                "{place} is neither a recording (EDF, BDF, CSV or text of numbers, packed "
                "with gzip or not) nor a known file of annotations.",
                place=place,
            )
        (recordings if role == "recording" else references).append(place)
        references += _sibling_references(place)
    recordings, references = list(dict.fromkeys(recordings)), list(dict.fromkeys(references))
    apart = annotation_files(recordings)
    left_out = set(apart)
    return [path for path in recordings if path not in left_out], [*references, *apart]


def read_config(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file.

    Raises
    ------
    TrainingError
        The file cannot be read or is not a JSON object.
    """
    try:
        document = read_json(path)
    except OSError as error:
        raise TrainingError(
            "{path} cannot be read ({strerror}).", path=path, strerror=error.strerror
        ) from None
    except JsonError as error:
        raise TrainingError("{path}: {error}", path=path, error=error) from None
    if not isinstance(document, dict):
        raise TrainingError("{path} must hold a JSON object.", path=path)
    return document


def _sibling_references(place: Path) -> list[Path]:
    """Return the references in a recording's folder: those of its name, and lists."""
    key = pairing_key(place.name)
    return [
        entry
        for entry in sorted(place.parent.iterdir())
        if entry != place
        and entry.is_file()
        and (key in reference_keys(entry.name) or is_listing_name(entry.name))
        and role_of(entry) == "reference"
    ]
