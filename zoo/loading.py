"""Loading of models: from an id, a Hub address or a folder to a detector."""

from __future__ import annotations

from pathlib import Path

from seizure_core.atomic import FileSignature, file_signature
from zoo.card.readme import model_files
from zoo.card.schema import CARD_FILE, ArchitectureCard
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
from zoo.store.model_folder import open_folder, read_registered_weights
from zoo.store.registry import Registry, card_of
from zoo.store.registry_file import RegistryEntry

# Loaded models with the signatures of their files; unchanged ones are not checked again.
_LOADED: dict[Path, tuple[FileSignature, FileSignature, Detector]] = {}
_MAX_CACHED = 8


def load_detector(model_id: str, *, access: HubAccess | None = None) -> Detector:
    """Load and check a model, unless it is loaded and its files are unchanged.

    Parameters
    ----------
    model_id : str
        Id of a model, or a Hub address: `hf://org/name`, optionally with `@revision`.
    access : HubAccess, optional
        Login for the Hub, if needed; None means this machine's user.

    Raises
    ------
    UnknownModelError
        No model has this id.
    CardError, WeightsError
        The model fails a check.
    RegistryError
        The model differs from its registry entry, or cannot be fetched.
    HubError
        The address cannot be fetched.
    """
    access = access or HubAccess.own()
    if is_hub_address(model_id):
        return load_from_hub(_locate(parse_address(model_id), access), access)
    return load_registered(Registry.load().get(model_id), access)


def load_registered(entry: RegistryEntry, access: HubAccess | None = None) -> Detector:
    """Load a registered model; fetch it from the Hub if necessary.

    Raises
    ------
    CardError, WeightsError, RegistryError
        See `load_detector`.
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
            "The model {model_id} is not the registered one. Delete the model, and fetch or save "
            "it again.",
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
    """Load a model of the Hub; fetch it unless it is stored locally.

    Parameters
    ----------
    snapshot : Snapshot, optional
        File list of the repository at that commit, if known.
    progress : callable, optional
        Called with the stage that begins.

    Raises
    ------
    HubError
        The model cannot be fetched or stored.
    CardError, WeightsError
        The model fails a check.
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


def model_contents(
    model_id: str, access: HubAccess | None = None
) -> tuple[ArchitectureCard, dict[str, bytes]]:
    """Return a model's card and its checked files by name; one on the Hub is fetched first.

    Raises
    ------
    UnknownModelError, CardError, WeightsError, RegistryError
        There is no such model, or it is damaged.
    """
    entry = Registry.load().get(model_id)
    if entry.location is not None:
        load_registered(entry, access)  # fetches it where it is not here yet
    card = card_of(entry)
    return card, model_files(card, read_registered_weights(entry.path, card).data)


def load_folder(folder: str | Path) -> Detector:
    """Load and check a model from its folder.

    Raises
    ------
    CardError
        The card cannot be read or contradicts itself.
    WeightsError
        The weights fail a check; subclasses tell which.
    """
    card, network = open_folder(folder)
    return Detector(card=card, network=network)


def _load(folder: Path) -> Detector:
    known = _LOADED.get(folder)
    if known is not None and known[:2] == _signatures(folder):
        return known[2]
    # Before the files are read, so that a change in between is noticed.
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
