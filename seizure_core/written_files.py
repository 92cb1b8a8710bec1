"""Writing of results that may exist already: equal ones are kept, different ones refused."""

from __future__ import annotations

import filecmp
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seizure_core.errors import OtherResultsError


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFiles:
    """Written or existing result files."""

    files: tuple[Path, ...]
    is_new: bool


def write_unless_equal(
    folder: Path, write: Callable[[Path], Sequence[Path]], *, overwrite: bool
) -> WrittenFiles:
    """Write result files into a folder, all or none, unless different ones exist.

    Existing files with equal bytes are kept.

    Parameters
    ----------
    folder : Path
        Created if missing.
    write : callable
        Writes the files into a given folder and returns their paths.
    overwrite : bool
        Whether different results are replaced.

    Raises
    ------
    OtherResultsError
        Files of these names have other contents.
    OSError
        The disk is full, or the folder is not writable.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Inside the folder itself, so that renaming suffices.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".seizure-zoo-") as made:
        return put_unless_equal(Path(made), write(Path(made)), folder, overwrite=overwrite)


def put_unless_equal(
    made: Path, fresh: Sequence[Path], folder: Path, *, overwrite: bool
) -> WrittenFiles:
    """Rename files of a folder into another on the same disk; else as `write_unless_equal`."""
    targets = tuple(folder / path.relative_to(made) for path in fresh)
    there = [(new, old) for new, old in zip(fresh, targets, strict=True) if _is_there(old)]
    others = [old.name for new, old in there if not _is_same(new, old)]
    if others and not overwrite:
        raise OtherResultsError(others)
    if len(there) == len(fresh) and not others:
        return WrittenFiles(files=targets, is_new=False)
    for new, old in zip(fresh, targets, strict=True):
        old.parent.mkdir(parents=True, exist_ok=True)
        new.replace(old)
    return WrittenFiles(files=targets, is_new=True)


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _is_same(new: Path, old: Path) -> bool:
    return old.is_file() and filecmp.cmp(new, old, shallow=False)
