"""Folders of results that `predict --out` has filled, noted in the home folder for the app."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from seizure_core.batch.ledger import Ledger
from seizure_core.batch.status import ledgers_in
from seizure_core.errors import ParameterError
from seizure_core.json_document import JsonError, read_json, sha256_of, write_json
from zoo.store.home import home_folder, make_private

RESULTS_FOLDER = "results"


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
