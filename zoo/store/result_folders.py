"""Folders of results that `predict --out` fills, noted in the home folder for the app.

Those that the app asked for lie in the home folder, in the folder of the process that fills them.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.process_folder import PROGRAM, ProcessFolder
from seizure_core.batch.status import ledgers_in
from seizure_core.errors import ParameterError
from seizure_core.json_document import JsonError, read_json, sha256_of, write_json
from zoo.store.home import HOME_VARIABLE, check_room, home_folder, make_private

RESULTS_FOLDER = "results"
_COMMAND_FILE = "command.json"


def note_results(out: Path) -> None:
    """Note a folder of results; where the home folder cannot be written, it is not noted."""
    place = str(out.absolute())
    folder = home_folder() / RESULTS_FOLDER
    with suppress(OSError):
        make_private(home_folder())
        folder.mkdir(exist_ok=True)
        write_json(folder / f"{sha256_of(place.encode())[:16]}.json", {"folder": place})


def noted_ledgers() -> dict[str, Ledger]:
    """Return the ledgers of `predict` that are still there by their ids, the latest noted first."""
    notes = (home_folder() / RESULTS_FOLDER).glob("*.json")
    found = {}
    for note in sorted(notes, key=_noted, reverse=True):
        with suppress(OSError, JsonError, KeyError, TypeError, ParameterError):
            for ledger in ledgers_in(Path(read_json(note)["folder"])):
                if ledger.kind.startswith("predict"):
                    found[f"{note.stem}/{ledger.kind}"] = ledger
    return found


def _noted(note: Path) -> float:
    try:
        return note.stat().st_mtime
    except FileNotFoundError:
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderSearch(ProcessFolder):
    """The process that fills a folder of results, one level below its own."""

    @classmethod
    def new(cls, tree: Path) -> FolderSearch:
        """Make the folder of a search over a tree of recordings.

        Raises
        ------
        OSError
            It cannot be written.
        ParameterError
            The home folder is full.
        """
        check_room()
        make_private(home_folder())
        name = f"search-{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        search = cls(folder=home_folder() / RESULTS_FOLDER / name)
        (search.folder / tree.name).mkdir(parents=True)
        return search

    @classmethod
    def of(cls, ledger: Ledger) -> FolderSearch | None:
        """Return the search that fills the folder of a ledger; None if the app began none."""
        search = cls(folder=ledger.out.parent)
        return search if (search.folder / _COMMAND_FILE).is_file() else None

    def begin(self, tree: Path, model_id: str, *, n_processes: int) -> None:
        """Keep the command of the search, and start its process.

        Raises
        ------
        OSError
            The folder cannot be written, or the process not be started.
        """
        options = ["--model", model_id, "--jobs", str(n_processes), "--resume", "--quiet"]
        words = ["predict", str(tree), "--out", str(self.folder / tree.name), *options]
        write_json(self.folder / _COMMAND_FILE, {"words": words})
        self.resume()

    @property
    def is_at_work(self) -> bool:
        """Whether its process lives."""
        return self.is_locked() or self.is_starting()

    def resume(self) -> None:
        """Start the process, unless it lives.

        Raises
        ------
        OSError
            It cannot be started.
        """
        if self.is_at_work:
            return
        self.forget_stop()
        words = read_json(self.folder / _COMMAND_FILE)["words"]
        self.launch(
            [PROGRAM, str(self.folder), *words],
            environment={HOME_VARIABLE: str(home_folder())},
        )
