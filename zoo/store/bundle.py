"""Bundles: a model as one reproducible .zip file, validated on import."""

from __future__ import annotations

import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from seizure_core.atomic import atomic_path
from seizure_core.json_document import MAX_BYTES
from seizure_core.messages import Message
from zoo.card.schema import CARD_FILE, parse_card
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import BundleError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HUB_CARD_FILE
from zoo.loading import model_contents
from zoo.store.user_models import add_model
from zoo.store.weights import MAX_WEIGHTS_BYTES

BUNDLE_SUFFIX = ".zip"


MAX_ENTRIES = 100
_MAX_BUNDLE_BYTES = MAX_WEIGHTS_BYTES + 2 * MAX_BYTES
_LIMITS = {CARD_FILE: MAX_BYTES, HUB_CARD_FILE: MAX_BYTES, WEIGHTS_FILE: MAX_WEIGHTS_BYTES}
_COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

# The earliest time in a zip file, so that equal models give equal bytes.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_ENCRYPTED = 0x1

# What `zipfile` raises for archives that are damaged, or made to do damage.
_ZIP_FAULTS = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    OverflowError,
    MemoryError,
)


def export_bundle(model_id: str, folder: str | Path, *, access: HubAccess | None = None) -> Path:
    """Write a model of the zoo as `MODEL_ID-VERSION.zip`.

    The bytes are the same on every machine: no times, no compression, README generated from the
    card.

    Parameters
    ----------
    model_id : str
        A model that is only on the Hub is fetched first.
    folder : str or Path
        Created if missing.
    access : HubAccess, optional
        Login for the Hub, if needed; None means this machine's user.

    Raises
    ------
    UnknownModelError, CardError, WeightsError, RegistryError
        There is no such model, or it is damaged.
    BundleError
        The file cannot be written.
    """
    card, contents = model_contents(model_id, access)
    name = f"{card.model_id}-{card.version}{BUNDLE_SUFFIX}"
    target = Path(folder) / name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with atomic_path(target) as temporary:
            _write(temporary, contents)
    except OSError as error:
        raise BundleError(
            name, "it cannot be written ({strerror}).", strerror=error.strerror
        ) from None
    return target


def import_model(bundle: str | Path, *, file_name: str | None = None) -> dict[str, Any]:
    """Import a model from a bundle, a model folder, or a folder of the Hub client's cache.

    Parameters
    ----------
    file_name : str, optional
        Name for messages, if not that of the path.

    Returns
    -------
    dict
        The registered `model_id`.

    Raises
    ------
    BundleError
        It is not a bundle, or has contents that are not allowed.
    CardError, WeightsError
        The model fails a check.
    RegistryError
        The id is taken, or the home folder is not writable.
    """
    source = Path(bundle)
    name = file_name or source.name
    with tempfile.TemporaryDirectory(prefix="seizure-zoo-") as made:
        folder = Path(made)
        if source.is_dir():
            _copy_folder(source, folder, name)
        else:
            _unpack(source, folder, name)
        if (folder / HUB_CARD_FILE).exists() and not (folder / CARD_FILE).exists():
            (folder / HUB_CARD_FILE).replace(folder / CARD_FILE)
        _check_whole(folder, name)
        return {"model_id": add_model(folder).model_id}


def _write(path: Path, contents: Mapping[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, date_time=_TIME)
            info.create_system = _UNIX
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data)


def _check_whole(folder: Path, name: str) -> None:
    for wanted, what in ((CARD_FILE, "card"), (WEIGHTS_FILE, "weights")):
        if not (folder / wanted).is_file():
            raise BundleError(
                name,
                Message(
                    "it is not a model of Seizure Zoo: {what} are missing ({wanted}). Weights in "
                    "other formats, such as pickle, are never opened.",
                    what=what,
                    wanted=wanted,
                )
                if wanted == WEIGHTS_FILE
                else Message(
                    "it is not a model of Seizure Zoo: {what} is missing ({wanted}).",
                    what=what,
                    wanted=wanted,
                ),
            )
    # A card that is none is named before the weights are looked at.
    parse_card((folder / CARD_FILE).read_bytes())


# --- bundles ---


def _unpack(source: Path, folder: Path, name: str) -> None:
    """Write the model's files from a bundle, under their plain names."""
    with _opened(source, name) as archive:
        for plain, info in _members(archive, name).items():
            (folder / plain).write_bytes(_content(archive, info, plain, name))


@contextmanager
def _opened(source: Path, name: str) -> Iterator[zipfile.ZipFile]:
    try:
        if source.stat().st_size > _MAX_BUNDLE_BYTES:
            raise BundleError(
                name,
                "it is larger than {max_bundle_bytes} bytes; no bundle is, so it was not opened.",
                max_bundle_bytes=_MAX_BUNDLE_BYTES,
            )
        with zipfile.ZipFile(source) as archive:
            yield archive
    except OSError as error:
        raise BundleError(
            name, "it cannot be read ({strerror}).", strerror=error.strerror
        ) from None
    except _ZIP_FAULTS:
        raise BundleError(
            name, "it is not a zip file, or it is damaged. Bundles are written by 'export'."
        ) from None


def _members(archive: zipfile.ZipFile, name: str) -> dict[str, zipfile.ZipInfo]:
    """Return the members of the model by plain name; refuse unsafe ones."""
    # Not `is_dir`, which raises for a member without a name.
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    if len(infos) > MAX_ENTRIES:
        raise BundleError(
            name, "it holds {n_infos} files; a bundle holds three.", n_infos=len(infos)
        )
    members: dict[str, zipfile.ZipInfo] = {}
    folders = set()
    for info in infos:
        _refuse_foul(info, name)
        path = PurePosixPath(info.filename)
        if path.name not in _LIMITS:
            continue
        if path.name in members or len(path.parts) > 2:
            raise BundleError(name, "it holds {name} twice or too deep inside.", name=path.name)
        members[path.name] = info
        folders.add(path.parent)
    if len(folders) > 1:
        raise BundleError(name, "its files lie in several folders; a bundle holds one model.")
    return members


def _refuse_foul(info: zipfile.ZipInfo, name: str) -> None:
    path = info.filename
    if not PurePosixPath(path).name:
        raise BundleError(name, "it holds a file without a name; nothing was unpacked.")
    if "\\" in path or ":" in path or path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise BundleError(
            name, "it holds a file whose name leads out of the bundle; nothing was unpacked."
        )
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise BundleError(
            name, "it holds a link or a device instead of a file; nothing was unpacked."
        )
    if info.flag_bits & _ENCRYPTED:
        raise BundleError(name, "it is encrypted; unpack it yourself and import the folder.")


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, plain: str, name: str) -> bytes:
    limit = _LIMITS[plain]
    if info.compress_type not in _COMPRESSIONS:
        raise BundleError(
            name, "{plain} is compressed in a way that is not read here.", plain=plain
        )
    # What the archive claims is no more than a claim: the reading is bounded too.
    if info.file_size <= limit:
        with archive.open(info) as file:
            data = file.read(limit + 1)
        if len(data) <= limit:
            return data
    raise BundleError(
        name,
        "{plain} would unpack to more than the {limit} bytes it may have; it was not read.",
        plain=plain,
        limit=limit,
    )


# --- folders ---


def _copy_folder(source: Path, folder: Path, name: str) -> None:
    for plain, limit in _LIMITS.items():
        path = source / plain
        if not path.exists():
            if path.is_symlink():
                raise BundleError(name, "{plain} is a link that leads nowhere.", plain=plain)
            continue
        _check_place(source, path, name)
        if path.stat().st_size > limit:
            raise BundleError(
                name,
                "{plain} has more than the {limit} bytes it may have.",
                plain=plain,
                limit=limit,
            )
        shutil.copyfile(path, folder / plain)


def _check_place(source: Path, path: Path, name: str) -> None:
    """Refuse links, except those of the Hub client's cache to its `blobs`."""
    if path.is_symlink():
        blobs = source.resolve().parents[1] / "blobs"
        inside = path.resolve().is_relative_to(blobs) and source.resolve().parent.name == (
            "snapshots"
        )
        if not inside:
            raise BundleError(
                name, "{name} is a link to somewhere else; copy the file.", name=path.name
            )
    if not path.is_file():
        raise BundleError(name, "{name} is not a file.", name=path.name)
