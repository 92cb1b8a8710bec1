"""Fetches nets from the Hub: pinned to a commit, checked before they are kept, kept for good."""

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
from zoo.errors import HubContentError, HubError, RegistryError, WeightsError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress
from zoo.hub.cache import HUB_CARD_FILE, HUB_FOLDER, HubLocation
from zoo.hub.client import hub_api, hub_errors
from zoo.hub.snapshots import look_up
from zoo.store.home import home_folder
from zoo.store.model_folder import LoadedNet, load_net
from zoo.store.registry import RegisteredNet
from zoo.store.weights import MAX_WEIGHTS_BYTES

if TYPE_CHECKING:
    from huggingface_hub import HfApi

FetchStage = Literal["look up", "card", "weights", "checks", "register"]

# Told what begins now, and how many bytes that is where it is known.
FetchProgress = Callable[[FetchStage, int | None], None]

# Files that hold pickled Python objects, whose opening runs code.
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")


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


def load_registered(net: RegisteredNet, access: HubAccess | None = None) -> LoadedNet:
    """Load a net of the registry with every check; one of the Hub is fetched if it is not here.

    Raises
    ------
    CardError, WeightsError
        Its files fail a check.
    RegistryError
        It is another net than the registered one, or it is not here and cannot be fetched.
    """
    if net.is_on_hub:
        try:
            loaded = fetch_net(net.hub_location, access or HubAccess.own())
        except HubError as error:
            raise RegistryError(
                "The net {model_id} {whereabouts}. {error}",
                model_id=net.model_id,
                whereabouts=net.whereabouts,
                error=error,
            ) from None
    else:
        net.card()
        loaded = load_net(net.folder)
    if not net.entry.is_entry_of(loaded.card):
        raise RegistryError(
            "The net {model_id} is not the one that was registered. Delete the net and "
            "fetch or save it anew.",
            model_id=net.model_id,
        )
    return loaded


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
            told = "of unknown size" if size is None else Message("{size} bytes large", size=size)
            raise HubContentError(
                "{repo_id}: {name} is {told}; {max_bytes} bytes at most are expected. "
                "It was not fetched.",
                repo_id=repo_id,
                name=name,
                told=told,
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
                "{repo_id} holds no net of Seizure Zoo: it has no {hub_card_file} with a card.",
                repo_id=repo_id,
                hub_card_file=HUB_CARD_FILE,
            )
        pickled = sorted(name for name in self._sizes if name.lower().endswith(_PICKLES))
        told = (
            Message(
                " Its {pickled} was not opened: such files can run programs when they are read.",
                pickled=pickled[0],
            )
            if pickled
            else ""
        )
        raise HubContentError(
            "{repo_id} holds no {weights_file}, so there is no net to be had from it.{told}",
            repo_id=repo_id,
            weights_file=WEIGHTS_FILE,
            told=told,
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
        "The net of {repo_id} cannot be kept here ({strerror}). Free some space, "
        "or let SEIZURE_ZOO_HOME name another folder.",
        repo_id=location.repo_id,
        strerror=error.strerror,
    )
