"""Files that are either whole or not there: written aside, then renamed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Give a temporary file in the target's folder; on success it takes the target's name.

    If the block raises, the temporary file is removed and the target stays as it was.

    Parameters
    ----------
    path : str or Path
        Where the file shall stand in the end. Its folder must exist.

    Yields
    ------
    Path
        An existing, empty file to be written, with the target's suffix.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(6)}{target.suffix}")
    temporary.touch(exist_ok=False)
    try:
        yield temporary
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
