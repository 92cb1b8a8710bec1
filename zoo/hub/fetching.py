"""Download of models from the Hub, pinned to a commit and checked before they are stored."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from seizure_core.json_document import MAX_BYTES
from seizure_core.messages import Message
from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import HubContentError, HubError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HUB_CARD_FILE, HUB_FOLDER, HubAddress, HubLocation
from zoo.hub.client import hub_api, hub_errors
from zoo.hub.snapshots import Snapshot, look_up
from zoo.store.home import check_room, home_folder, make_private
from zoo.store.weights import MAX_WEIGHTS_BYTES

if TYPE_CHECKING:
    from huggingface_hub import HfApi

FetchStage = Literal["look up", "card", "weights", "checks", "register"]

# Called with the next stage and its size in bytes, if known.
FetchProgress = Callable[[FetchStage, int | None], None]

# Pickle-based formats: reading them can run code.
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")


def fetch_card(
    location: HubLocation, access: HubAccess, *, snapshot: Snapshot | None = None
) -> ArchitectureCard:
    """Return the card of a model on the Hub, from the local copy if there is one.

    Parameters
    ----------
    snapshot : Snapshot, optional
        File list of a repository, if known; ignored if it is of another one.

    Raises
    ------
    HubError
        The card cannot be fetched or stored.
    CardError
        The card is not valid.
    """
    kept = location.folder_in(home_folder())
    if (kept / CARD_FILE).is_file():
        return read_card(kept / CARD_FILE)
    with _staging(location) as staged:
        _download_card(_Source(location, access, snapshot), staged)
        _keep(staged, kept, (CARD_FILE,), location)
    return read_card(kept / CARD_FILE)


@contextmanager
def fetched(
    location: HubLocation,
    access: HubAccess,
    *,
    snapshot: Snapshot | None = None,
    progress: FetchProgress,
) -> Iterator[Path]:
    """Yield the folder of a downloaded model; store it if the block succeeds.

    Raises
    ------
    HubError
        The model cannot be fetched or stored.
    CardError
        The card is not valid.
    """
    with _staging(location) as staged:
        progress("card", None)
        source = _Source(location, access, snapshot)
        card = _download_card(source, staged)
        progress("weights", card.weights.size_bytes)
        most = min(card.weights.size_bytes, MAX_WEIGHTS_BYTES)
        source.download(WEIGHTS_FILE, staged, max_bytes=most)
        yield staged
        # Weights last: a folder with weights is complete.
        kept = location.folder_in(home_folder())
        _keep(staged, kept, (CARD_FILE, WEIGHTS_FILE), location)


def is_fetched(location: HubLocation) -> bool:
    """Return whether a model of the Hub is stored locally."""
    kept = location.folder_in(home_folder())
    return (kept / CARD_FILE).is_file() and (kept / WEIGHTS_FILE).is_file()


class _Source:
    """Access to the files of one model on the Hub."""

    def __init__(self, location: HubLocation, access: HubAccess, snapshot: Snapshot | None) -> None:
        self.location = location
        self._api: HfApi = hub_api(access)
        place = HubAddress(repo_id=location.repo_id, revision=location.revision)
        if snapshot is None or (snapshot.repo_id, snapshot.revision) != (
            place.repo_id,
            place.revision,
        ):
            snapshot = look_up(place, access)
        self._sizes = snapshot.sizes
        self._check()

    def holds(self, name: str) -> bool:
        """Return whether the model's folder has a file."""
        return self.location.file(name) in self._sizes

    def download(self, name: str, folder: Path, *, max_bytes: int) -> Path:
        """Download a file into a folder, unless it is too large."""
        path, repo_id = self.location.file(name), self.location.repo_id
        size = self._sizes.get(path)
        if size is None or size > max_bytes:
            stated = "of unknown size" if size is None else Message("{size} bytes large", size=size)
            raise HubContentError(
                "{repo_id}: {name} is {stated}; {max_bytes} bytes at most are expected. "
                "It was not fetched.",
                repo_id=repo_id,
                name=name,
                stated=stated,
                max_bytes=max_bytes,
            )
        with hub_errors(repo_id, doing=f"fetch {name}"):
            fetched = Path(
                self._api.hf_hub_download(
                    repo_id, path, revision=self.location.revision, local_dir=folder / "download"
                )
            )
            fetched.replace(folder / name)
        return folder / name

    def _check(self) -> None:
        if self.holds(WEIGHTS_FILE) and (self.holds(HUB_CARD_FILE) or self.holds(CARD_FILE)):
            return
        repo_id = self.location.repo_id
        if self.holds(WEIGHTS_FILE):
            raise HubContentError(
                "{repo_id} does not contain a model of Seizure Zoo: it has no {hub_card_file} "
                "with a card.",
                repo_id=repo_id,
                hub_card_file=HUB_CARD_FILE,
            )
        pickled = sorted(name for name in self._sizes if name.lower().endswith(_PICKLES))
        stated = (
            Message(
                " Its {pickled} was not opened: such files can run programs when they are read.",
                pickled=pickled[0],
            )
            if pickled
            else ""
        )
        raise HubContentError(
            "{repo_id} has no {weights_file}, so it does not contain a model.{stated}",
            repo_id=repo_id,
            weights_file=WEIGHTS_FILE,
            stated=stated,
        )


def _download_card(source: _Source, folder: Path) -> ArchitectureCard:
    name = HUB_CARD_FILE if source.holds(HUB_CARD_FILE) else CARD_FILE
    source.download(name, folder, max_bytes=MAX_BYTES).replace(folder / CARD_FILE)
    return read_card(folder / CARD_FILE, file_name=name)


@contextmanager
def _staging(location: HubLocation) -> Iterator[Path]:
    """Yield a temporary folder next to the stored models."""
    home = home_folder()
    check_room()
    folder = home / HUB_FOLDER / f".new-{secrets.token_hex(6)}"
    try:
        make_private(home)
        folder.mkdir(parents=True)
    except OSError as error:
        raise _not_kept(location, error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(staged: Path, kept: Path, names: tuple[str, ...], location: HubLocation) -> None:
    """Move checked files to their final folder; safe if several processes do so at once."""
    try:
        kept.mkdir(parents=True, exist_ok=True)
        for name in names:
            (staged / name).replace(kept / name)
    except OSError as error:
        raise _not_kept(location, error) from None


def _not_kept(location: HubLocation, error: OSError) -> HubError:
    return HubError(
        "The model of {repo_id} cannot be kept here ({strerror}). Free some space, "
        "or let SEIZURE_ZOO_HOME name another folder.",
        repo_id=location.repo_id,
        strerror=error.strerror,
    )
