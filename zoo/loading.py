"""The one place that makes a detector of an id, or of an address on the Hub."""

from __future__ import annotations

from pathlib import Path

from seizure_core.atomic import FileSignature, file_signature
from zoo.card.schema import CARD_FILE
from zoo.card.sections import WEIGHTS_FILE
from zoo.detector import Detector
from zoo.errors import HubError, HubUnreachableError, RegistryError, WeightsError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import (
    HubAddress,
    HubLocation,
    is_hub_address,
    parse_address,
    remembered_commit,
)
from zoo.hub.fetching import FetchProgress, fetched, is_fetched
from zoo.hub.snapshots import Snapshot, look_up
from zoo.store.home import home_folder
from zoo.store.model_folder import open_folder
from zoo.store.registry import Registry, card_of
from zoo.store.registry_file import RegistryEntry

# Models that were loaded, with the state of their files then: the next use checks nothing again.
_LOADED: dict[Path, tuple[FileSignature, FileSignature, Detector]] = {}
_MAX_CACHED = 8


def load_detector(model_id: str, *, access: HubAccess | None = None) -> Detector:
    """Load a model with every check, unless it is loaded already and its files are unchanged.

    Parameters
    ----------
    model_id : str
        Id of a model of the zoo, or the address of one on the Hub: `hf://org/name`, optionally
        with `@revision`.
    access : HubAccess, optional
        Who asks the Hub where that is needed; None means this machine's user.

    Raises
    ------
    UnknownModelError
        No model has this id.
    CardError, WeightsError
        A check fails.
    RegistryError
        The model is not the one that was registered, or it is on the Hub and cannot be fetched.
    HubError
        The address names nothing that can be fetched.
    """
    access = access or HubAccess.own()
    if is_hub_address(model_id):
        return load_from_hub(_locate(parse_address(model_id), access), access)
    return load_registered(Registry.load().get(model_id), access)


def load_registered(entry: RegistryEntry, access: HubAccess | None = None) -> Detector:
    """Load a model of the registry; one of the Hub is fetched if it is not here.

    Raises
    ------
    CardError, WeightsError, RegistryError
        As `load_detector`.
    """
    if entry.location is None:
        card_of(entry)
        detector = _load(entry.path)
    else:
        try:
            detector = load_from_hub(entry.location, access or HubAccess.own())
        except HubError as error:
            raise RegistryError(
                "The model {model_id} {whereabouts}. {error}",
                model_id=entry.model_id,
                whereabouts=entry.whereabouts,
                error=error,
            ) from None
    if entry.identity != detector.card.identity:
        raise RegistryError(
            "The model {model_id} is not the one that was registered. Delete the model and "
            "fetch or save it anew.",
            model_id=entry.model_id,
        )
    return detector


def load_from_hub(
    location: HubLocation,
    access: HubAccess,
    *,
    snapshot: Snapshot | None = None,
    progress: FetchProgress | None = None,
) -> Detector:
    """Load a model of the Hub, from here if it has been fetched before.

    Parameters
    ----------
    location : HubLocation
        Which model.
    access : HubAccess
        Who asks the Hub.
    snapshot : Snapshot, optional
        What the repository holds at that commit, if the Hub has been asked.
    progress : callable, optional
        Told what begins now.

    Raises
    ------
    HubError
        The model cannot be fetched or kept.
    CardError, WeightsError
        It fails a check.
    """
    kept, tell = location.folder_in(home_folder()), progress or (lambda *_: None)
    if is_fetched(location):
        tell("checks", None)
        try:
            return _load(kept)
        except WeightsError:
            (kept / WEIGHTS_FILE).unlink(missing_ok=True)
    with fetched(location, access, snapshot=snapshot, progress=tell) as staged:
        tell("checks", None)
        detector = load_folder(staged)
    _remember(kept, detector)
    return detector


def load_folder(folder: str | Path) -> Detector:
    """Load a model from its folder with every check.

    Raises
    ------
    CardError
        The card cannot be read or contradicts itself.
    WeightsError
        The weights fail a check; subclasses say which.
    """
    card, network = open_folder(folder)
    return Detector(card=card, network=network)


def _load(folder: Path) -> Detector:
    known = _LOADED.get(folder)
    if known is not None and known[:2] == _signatures(folder):
        return known[2]
    # Before the files are read: a change in between must be noticed.
    before = _signatures(folder)
    detector = load_folder(folder)
    if before is not None and before == _signatures(folder):
        _remember(folder, detector)
    return detector


def _remember(folder: Path, detector: Detector) -> None:
    signatures = _signatures(folder)
    _LOADED.pop(folder, None)
    while len(_LOADED) >= _MAX_CACHED:
        _LOADED.pop(next(iter(_LOADED)), None)
    if signatures is not None:
        _LOADED[folder] = (*signatures, detector)


def _signatures(folder: Path) -> tuple[FileSignature, FileSignature] | None:
    try:
        return file_signature(folder / CARD_FILE), file_signature(folder / WEIGHTS_FILE)
    except OSError:
        return None


def _locate(address: HubAddress, access: HubAccess) -> HubLocation:
    commit = remembered_commit(home_folder(), address)
    known = None if commit is None else HubLocation(repo_id=address.repo_id, revision=commit)
    if known is not None and commit == address.revision and is_fetched(known):
        return known
    try:
        snapshot = look_up(address, access)
    except HubUnreachableError:
        if known is None or not is_fetched(known):
            raise
        return known
    return HubLocation(repo_id=snapshot.repo_id, revision=snapshot.revision)
