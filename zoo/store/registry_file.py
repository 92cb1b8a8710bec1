"""The file `registry.json`: models with their places and hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, PrivateAttr, ValidationError, field_validator, model_validator

from seizure_core.errors import shown
from seizure_core.json_document import JsonError, parse_json, write_json
from seizure_core.messages import Message
from zoo.card.history import ModelId, ShortText
from zoo.card.validation import faults_of
from zoo.errors import RegistryError
from zoo.hub.addresses import HubLocation
from zoo.layers.base import Sha256, StrictModel, fault

Source = Literal["shipped", "user", "hub"]
SOURCES: tuple[Source, ...] = get_args(Source)

REGISTRY_FILE = "registry.json"
SCHEMA_VERSION = 1
# Names on the Hub are ASCII. Listed explicitly, because \w takes pydantic 0.1 s at every start.
_REPO_ID = r"^[A-Za-z0-9_.-]{1,96}/[A-Za-z0-9_.-]{1,96}$"


class RegistryEntry(StrictModel):
    """One model of a registry file.

    Attributes
    ----------
    model_id, title, version : str
        As on the model's card.
    name : str or None
        What people call the model; None if its title is its name.
    folder : str or None
        Relative to the registry file, with forward slashes.
    repo_id, revision : str or None
        Hub repository and full commit, both or neither.
    card_sha256 : str
        Of the canonical card without `weights`.
    weights_sha256 : str
        Of the weights file.
    """

    model_id: ModelId
    title: ShortText
    version: ShortText
    name: ShortText | None = None
    folder: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    repo_id: Annotated[str, Field(pattern=_REPO_ID)] | None = None
    revision: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")] | None = None
    card_sha256: Sha256
    weights_sha256: Sha256
    _base: Path = PrivateAttr(Path())
    _source: Source = PrivateAttr("user")
    _registry: str | None = PrivateAttr(None)
    _location: HubLocation | None = PrivateAttr(None)

    @field_validator("folder")
    @classmethod
    def _stays_inside(cls, folder: str | None) -> str | None:
        if folder is None:
            return None
        parts = PurePosixPath(folder).parts
        odd = any(char in folder for char in "\\:\0")
        if odd or folder.startswith("/") or not parts or ".." in parts:
            raise fault(
                "{folder!r} must be a relative folder with forward slashes and without '..'.",
                folder=folder,
            )
        return folder

    @model_validator(mode="after")
    def _has_a_place(self) -> RegistryEntry:
        if (self.repo_id is None) != (self.revision is None):
            raise fault("repo_id and revision go together.")
        if self.folder is None and self.repo_id is None:
            raise fault("an entry needs a folder, or a repo_id with a revision.")
        return self

    @property
    def identity(self) -> tuple[str, str, str]:
        """Id and hashes, see `ArchitectureCard.identity`."""
        return self.model_id, self.card_sha256, self.weights_sha256

    def placed(
        self,
        base: Path,
        source: Source,
        *,
        registry: str | None = None,
        location: HubLocation | None = None,
    ) -> RegistryEntry:
        """Return the entry with the place of its registry.

        Parameters
        ----------
        base : Path
            Folder that `folder` is relative to.
        source : str
            "shipped", "user" or "hub".
        registry : str, optional
            Repository of the team's registry that lists it.
        location : HubLocation, optional
            Location on the Hub, if any.
        """
        placed = self.model_copy()
        placed._base, placed._source = base, source
        placed._registry, placed._location = registry, location
        return placed

    @property
    def source(self) -> Source:
        """Whether the model is shipped, the user's own, or of the Hub."""
        return self._source

    @property
    def registry(self) -> str | None:
        """Repository of the team's registry that lists it, if any."""
        return self._registry

    @property
    def location(self) -> HubLocation | None:
        """Location on the Hub to fetch it from; None for local models."""
        if self._location is not None or self.folder is not None:
            return self._location
        # An entry has a folder or both of these.
        assert self.repo_id is not None
        assert self.revision is not None
        return HubLocation(repo_id=self.repo_id, revision=self.revision)

    @property
    def path(self) -> Path:
        """Local folder of the model; may not exist yet for models of the Hub.

        Raises
        ------
        RegistryError
            The folder is outside the zoo, for instance by a link.
        """
        if self.location is not None:
            return self.location.folder_in(self._base)
        folder = (self._base / (self.folder or "")).resolve()
        if not folder.is_relative_to(self._base.resolve()):
            raise RegistryError(
                "The folder of the model {model_id} leads out of the zoo; it is not opened.",
                model_id=self.model_id,
            )
        return folder

    @property
    def whereabouts(self) -> str:
        """Location of a model that is only on the Hub, as text."""
        place = self.location
        assert place is not None
        return Message(
            "is not on this machine; it is at {repo_id} on the Hub (commit {revision})",
            repo_id=place.repo_id,
            revision=place.revision,
        )

    def to_document(self) -> dict[str, Any]:
        """Return the entry as plain JSON data."""
        return self.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryContent:
    """Contents of a registry file.

    Attributes
    ----------
    entries : tuple of RegistryEntry
        Valid entries in order, with unique ids.
    faults : tuple of str
        Faults of the file or of entries, as sentences.
    readable : bool
        False if the whole file is damaged.
    """

    entries: tuple[RegistryEntry, ...] = ()
    faults: tuple[str, ...] = ()
    readable: bool = True


def read_registry_file(path: Path) -> RegistryContent:
    """Read a registry file; a missing file is empty, damaged entries are reported.

    Raises
    ------
    RegistryError
        The file needs a newer version of this program.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return RegistryContent()
    except OSError as error:
        return _damaged(Message("it cannot be read ({strerror}).", strerror=error.strerror))
    return parse_registry(data, file_name=path.name)


def parse_registry(data: bytes, *, file_name: str = REGISTRY_FILE) -> RegistryContent:
    """Parse the bytes of a registry file; damaged entries are reported.

    Raises
    ------
    RegistryError
        The file needs a newer version of this program.
    """
    try:
        document = parse_json(data)
    except JsonError as error:
        return _damaged(error.message)
    if not isinstance(document, dict) or not isinstance(document.get("models"), list):
        return _damaged("it must be an object with schema_version and a list of models.")
    version = document.get("schema_version")
    if type(version) is int and version > SCHEMA_VERSION:
        raise RegistryError(
            "{file_name}: it has schema_version {version}, this program knows {schema_version}. "
            "Update Seizure Zoo.",
            file_name=file_name,
            version=version,
            schema_version=SCHEMA_VERSION,
        )
    if version != SCHEMA_VERSION:
        return _damaged(
            Message(
                "its schema_version is {dumps}, not {schema_version}.",
                dumps=json.dumps(version)[:40],
                schema_version=SCHEMA_VERSION,
            )
        )
    return _entries(document["models"])


def write_registry_file(path: Path, entries: Sequence[RegistryEntry]) -> None:
    """Write a registry file, atomically."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "models": [entry.to_document() for entry in entries],
    }
    write_json(path, document, durable=True)


def _damaged(reason: str) -> RegistryContent:
    return RegistryContent(faults=(reason,), readable=False)


def _entries(models: Sequence[Any]) -> RegistryContent:
    entries: dict[str, RegistryEntry] = {}
    faults: list[str] = []
    for index, model in enumerate(models):
        try:
            entry = RegistryEntry.model_validate(model)
        except ValidationError as error:
            first = faults_of(error)[0]
            faults.append(
                Message(
                    "models[{index}].{location}: {reason}"
                    if first.location
                    else "models[{index}]: {reason}",
                    index=index,
                    location=first.location,
                    reason=first.reason,
                )
            )
            continue
        except (ArithmeticError, ValueError, RecursionError) as error:
            faults.append(
                Message(
                    "models[{index}]: it cannot be read ({error}).",
                    index=index,
                    error=shown(str(error)),
                )
            )
            continue
        if entry.model_id in entries:
            faults.append(
                Message(
                    "models[{index}]: the id {model_id!r} occurs twice.",
                    index=index,
                    model_id=entry.model_id,
                )
            )
            continue
        entries[entry.model_id] = entry
    return RegistryContent(entries=tuple(entries.values()), faults=tuple(faults))
