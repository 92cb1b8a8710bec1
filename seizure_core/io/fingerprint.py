"""Recognition of a recording by its bytes, however its file is called."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

_PIECE_BYTES, _N_PIECES = 1 << 16, 16


def fingerprint(path: Path) -> str:
    """Return a hash that identifies a recording: of its size and of pieces spread over it.

    Raises
    ------
    OSError
        It cannot be read.
    """
    size = path.stat().st_size
    sha = hashlib.sha256(str(size).encode())
    with path.open("rb", buffering=0) as file:
        for start in _starts(size):
            file.seek(start)
            sha.update(file.read(_PIECE_BYTES))
    return sha.hexdigest()[:16]


def _starts(size: int) -> Iterator[int]:
    last = max(size - _PIECE_BYTES, 0)
    yield from sorted({last * number // (_N_PIECES - 1) for number in range(_N_PIECES)})
