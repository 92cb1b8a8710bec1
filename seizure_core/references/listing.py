"""Recordings and references in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from seizure_core.references.names import pairing_key, stem_of
from seizure_core.references.reading import role_of

BIDS_DESCRIPTION = "dataset_description.json"
"""At the root of a BIDS tree."""


def is_bids(place: Path) -> bool:
    """Return whether a folder is the root of a BIDS tree."""
    return (place / BIDS_DESCRIPTION).is_file()


def files_in(folder: Path, *, skipped: Path | None = None) -> tuple[list[Path], list[Path]]:
    """Return the recordings and the references in a folder and below it, sorted.

    Hidden files and folders, and the derivatives of a BIDS tree, are left out.

    Parameters
    ----------
    skipped : Path, optional
        A folder to leave out, such as that of the results.
    """
    left_out = {skipped.resolve()} if skipped else set()
    if is_bids(folder):
        left_out.add((folder / "derivatives").resolve())
    recordings, references = [], []
    for path in sorted(_files_below(folder, left_out)):
        role = role_of(path)
        if role == "recording":
            recordings.append(path)
        elif role == "reference":
            references.append(path)
    return recordings, references


def annotation_files(recordings: Iterable[Path]) -> list[Path]:
    """Return the EDF+ annotation files among recordings: named like another one of them."""
    found = [(path, stem_of(path.name), pairing_key(path.name)) for path in recordings]
    stems = {stem for _, stem, _ in found}
    return [path for path, stem, key in found if key != stem and key in stems]


def _files_below(folder: Path, left_out: set[Path]) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        place = Path(root)
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and not (left_out and (place / name).resolve() in left_out)
        ]
        yield from (place / name for name in names if not name.startswith("."))
