"""The recordings in the server's folder, for those who need not upload what is there already."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from seizure_core.io.opening import PACKED_SUFFIX, TEXT_SUFFIXES

MAX_LISTED = 5000
_SUFFIXES = (".edf", ".bdf", *TEXT_SUFFIXES)


def recording_names(root: Path) -> list[str]:
    """Return the names of files that may be recordings, as `data:NAME` takes them, sorted.

    Parameters
    ----------
    root : Path
        The folder; its subfolders are looked through, links to places outside are not.
        At most `MAX_LISTED` files are listed.
    """
    real_root = root.resolve()
    return sorted(islice(_names(real_root), MAX_LISTED), key=str.casefold)


def _names(root: Path) -> Iterator[str]:
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for file in sorted(files):
            path = Path(folder) / file
            plain = file.casefold().removesuffix(PACKED_SUFFIX)
            if plain.endswith(_SUFFIXES) and path.resolve().is_relative_to(root):
                yield path.relative_to(root).as_posix()
