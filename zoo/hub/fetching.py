"""Fetches nets from the Hub: pinned to a commit, checked before they are kept, kept for good."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import HubContentError, HubError, WeightsError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, is_commit
from zoo.hub.cache import HUB_FOLDER, HubLocation, remember_commit
from zoo.hub.client import ask, hub_api, hub_errors
from zoo.hub.readme import HUB_CARD_FILE
from zoo.json_document import MAX_BYTES
from zoo.store.home import home_folder
from zoo.store.model_folder import LoadedNet, load_net
from zoo.store.weights import MAX_WEIGHTS_BYTES

if TYPE_CHECKING:
    from huggingface_hub import HfApi

FetchStage = Literal["look up", "card", "weights", "checks", "register"]

# Told what begins now, and how many bytes that is where it is known.
FetchProgress = Callable[[FetchStage, int | None], None]

# Files that hold pickled Python objects, whose opening runs code.
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a repository held at one commit.

    Attributes
    ----------
    repo_id, revision : str
        The repository and the full commit.
    sizes : mapping of str to int or None
        Size in bytes of every file, by its path in the repository.
    """

    repo_id: str
    revision: str
    sizes: Mapping[str, int | None]


def look_up(address: HubAddress, access: HubAccess) -> Snapshot:
    """Ask the Hub which commit a revision is now, and which files it holds.

    Raises
    ------
    HubError
        No such repository or revision, no right to see it, or no connection.
    """
    with hub_errors(address.repo_id, doing="look up the repository"):
        api = hub_api(access)
        info = ask(
            lambda: api.model_info(address.repo_id, revision=address.revision, files_metadata=True)
        )
    if not is_commit(info.sha):
        raise HubContentError(f"The repository {address.repo_id} has no commit yet.")
    snapshot = Snapshot(
        repo_id=address.repo_id,
        revision=str(info.sha),
        sizes={one.rfilename: one.size for one in info.siblings or ()},
    )
    if not is_commit(address.revision):
        with hub_errors(address.repo_id, doing="note the commit of the repository"):
            remember_commit(home_folder(), address, snapshot.revision)
    return snapshot


def fetch_card(location: HubLocation, access: HubAccess) -> ArchitectureCard:
    """Return the card of a net on the Hub, from here if it has been fetched before.

    Raises
    ------
    HubError
        It cannot be fetched.
    CardError
        It is no valid card.
    """
    kept = location.folder_in(home_folder())
    if (kept / CARD_FILE).is_file():
        return read_card(kept / CARD_FILE)
    with _staging(location) as staged:
        card = _download_card(_Source(location, access), staged)
        _keep(staged, kept, (CARD_FILE,), location)
    return card


def fetch_net(
    location: HubLocation, access: HubAccess, *, progress: FetchProgress | None = None
) -> LoadedNet:
    """Return a net of the Hub after every check, from here if it has been fetched before.

    A file that was damaged here is fetched again.

    Parameters
    ----------
    location : HubLocation
        Which net.
    access : HubAccess
        Who asks.
    progress : callable, optional
        Told what begins.

    Raises
    ------
    HubError
        It cannot be fetched, or the repository holds no net of Seizure Zoo.
    CardError, WeightsError
        Its files fail a check; nothing is kept.
    """
    kept, tell = location.folder_in(home_folder()), progress or _tell_nobody
    if is_fetched(location):
        tell("checks", None)
        try:
            return load_net(kept)
        except WeightsError:
            (kept / WEIGHTS_FILE).unlink(missing_ok=True)
    with _staging(location) as staged:
        tell("card", None)
        source = _Source(location, access)
        card = _download_card(source, staged)
        tell("weights", card.weights.size_bytes)
        most = min(card.weights.size_bytes, MAX_WEIGHTS_BYTES)
        source.download(WEIGHTS_FILE, staged, max_bytes=most)
        tell("checks", None)
        net = load_net(staged)
        # The weights last: a folder that has them is whole.
        _keep(staged, kept, (CARD_FILE, WEIGHTS_FILE), location)
    return net


def is_fetched(location: HubLocation) -> bool:
    """Return whether a net of the Hub can be loaded without asking the Hub."""
    kept = location.folder_in(home_folder())
    return (kept / CARD_FILE).is_file() and (kept / WEIGHTS_FILE).is_file()


def _tell_nobody(*_: object) -> None:
    pass


class _Source:
    """One net on the Hub and what may be taken of it."""

    def __init__(self, location: HubLocation, access: HubAccess) -> None:
        self.location = location
        self._api: HfApi = hub_api(access)
        self._sizes = look_up(
            HubAddress(repo_id=location.repo_id, revision=location.revision), access
        ).sizes
        self._check()

    def holds(self, name: str) -> bool:
        """Return whether the net's folder has a file."""
        return self.location.file(name) in self._sizes

    def download(self, name: str, folder: Path, *, max_bytes: int) -> Path:
        """Fetch a file into a folder, unless it is larger than it may be."""
        path, repo_id = self.location.file(name), self.location.repo_id
        size = self._sizes.get(path)
        if size is None or size > max_bytes:
            told = "of unknown size" if size is None else f"{size} bytes large"
            raise HubContentError(
                f"{repo_id}: {name} is {told}; {max_bytes} bytes at most are expected. "
                "It was not fetched."
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
                f"{repo_id} holds no net of Seizure Zoo: it has no {HUB_CARD_FILE} with a card."
            )
        pickled = sorted(name for name in self._sizes if name.lower().endswith(_PICKLES))
        told = (
            f" Its {pickled[0]} was not opened: such files can run programs when they are read."
            if pickled
            else ""
        )
        raise HubContentError(
            f"{repo_id} holds no {WEIGHTS_FILE}, so there is no net to be had from it.{told}"
        )


def _download_card(source: _Source, folder: Path) -> ArchitectureCard:
    name = HUB_CARD_FILE if source.holds(HUB_CARD_FILE) else CARD_FILE
    fetched = source.download(name, folder, max_bytes=MAX_BYTES)
    card = read_card(fetched)
    fetched.replace(folder / CARD_FILE)
    return card


@contextmanager
def _staging(location: HubLocation) -> Iterator[Path]:
    """Give an empty folder beside the kept nets; it is gone afterwards."""
    folder = home_folder() / HUB_FOLDER / f".new-{secrets.token_hex(6)}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise _not_kept(location, error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _keep(staged: Path, kept: Path, names: tuple[str, ...], location: HubLocation) -> None:
    """Move checked files to where they stay; another process may do the same at once."""
    try:
        kept.mkdir(parents=True, exist_ok=True)
        for name in names:
            (staged / name).replace(kept / name)
    except OSError as error:
        raise _not_kept(location, error) from None


def _not_kept(location: HubLocation, error: OSError) -> HubError:
    return HubError(
        f"The net of {location.repo_id} cannot be kept here ({error.strerror}). Free some space, "
        "or let SEIZURE_ZOO_HOME name another folder."
    )
