"""Private folders for what users upload and what the app makes for them."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFolders:
    """Makes folders with unguessable names and deletes old ones.

    Attributes
    ----------
    root : Path
        Where they are made; not a folder that Gradio serves.
    keep_s : float
        Age in seconds after which a folder is deleted when the next one is made.
    """

    root: Path
    keep_s: float

    @contextlib.contextmanager
    def filled(self) -> Iterator[Path]:
        """Make a folder, which only this process can name, for what the block puts into it.

        It is deleted if the block fails, so that a full disk is not kept full by half a result.
        """
        self._delete_old()
        folder = self.root / secrets.token_urlsafe(24)
        folder.mkdir(parents=True, mode=0o700)
        try:
            yield folder
        except BaseException:
            self.delete(folder)
            raise

    def delete(self, folder: Path) -> None:
        """Delete one of the folders; nothing happens if it is gone already."""
        if folder.parent == self.root:
            shutil.rmtree(folder, ignore_errors=True)

    def _delete_old(self) -> None:
        oldest = time.time() - self.keep_s
        with contextlib.suppress(FileNotFoundError):
            for folder in self.root.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    if folder.stat().st_mtime < oldest:
                        self.delete(folder)
