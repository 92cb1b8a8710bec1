"""All available models, shipped and the user's own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from seizure_core.messages import Message
from seizure_core.recording import Finding
from zoo.card.schema import CARD_FILE, ArchitectureCard, read_card
from zoo.errors import CardError, RegistryError, UnknownModelError
from zoo.hub.registry_store import location_of, read_store, registry_content
from zoo.store.home import SHIPPED_FOLDER, home_folder
from zoo.store.registry_file import (
    REGISTRY_FILE,
    SOURCES,
    RegistryContent,
    RegistryEntry,
    Source,
    read_registry_file,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSummary:
    """Facts to choose a model by; `n_channels` is None for any montage.

    `name` is what people call it: for models of the user's own, their title.
    """

    model_id: str
    name: str
    title: str
    version: str
    source: Source
    n_parameters: int
    window_s: float
    stride_s: float
    sampling_rate_hz: float
    n_channels: int | None


@dataclass(frozen=True, kw_only=True, eq=False)
class Registry:
    """A snapshot of all models.

    Attributes
    ----------
    models : mapping of str to RegistryEntry
        By id: shipped models first, each group in the order of its file.
    findings : tuple of Finding
        Faults of the registry files; `models` has the valid entries regardless.
    """

    models: Mapping[str, RegistryEntry]
    findings: tuple[Finding, ...]

    @classmethod
    def load(cls, *, shipped: Path | None = None, home: Path | None = None) -> Registry:
        """Read the shipped and the user's registries.

        Parameters
        ----------
        shipped, home : Path, optional
            Folders of the two registry files; None means the program's and `home_folder()`.

        Raises
        ------
        RegistryError
            The shipped registry is damaged.
        """
        shipped = SHIPPED_FOLDER if shipped is None else shipped
        home = home_folder() if home is None else home
        own = read_registry_file(shipped / REGISTRY_FILE)
        if own.faults:
            raise RegistryError(
                "The registry of the shipped models is damaged: {faults} Reinstall Seizure Zoo.",
                faults=own.faults[0],
            )
        users = _users_part(home / REGISTRY_FILE)
        models = {entry.model_id: entry.placed(shipped, "shipped") for entry in own.entries}
        faults = list(users.faults)
        for entry in users.entries:
            if entry.model_id in models:
                faults.append(
                    Message(
                        "the model {model_id!r} has the id of a shipped model and is left out.",
                        model_id=entry.model_id,
                    )
                )
                continue
            source: Source = "user" if entry.repo_id is None else "hub"
            models[entry.model_id] = entry.placed(home, source)
        told: list[str] = [
            Message("The registry of your own models: {one}", one=fault) for fault in faults
        ]
        told += _add_hub_registries(models, home)
        findings = tuple(Finding.warning(finding) for finding in told)
        return cls(models=MappingProxyType(models), findings=findings)

    def __iter__(self) -> Iterator[RegistryEntry]:
        return iter(self.models.values())

    def get(self, model_id: str) -> RegistryEntry:
        """Return a model by its id.

        Raises
        ------
        UnknownModelError
            There is no such model; the message suggests similar ids.
        """
        model = self.models.get(model_id)
        if model is None:
            raise UnknownModelError(str(model_id), self.models)
        return model

    def summaries(self) -> tuple[list[ModelSummary], list[Finding]]:
        """Return the facts of all valid models, and findings on the others."""
        whole, findings = self.whole()
        return [_summary(model, card) for model, card in whole], findings

    def whole(self) -> tuple[list[tuple[RegistryEntry, ArchitectureCard]], list[Finding]]:
        """Return all valid models with their cards, and findings on the others."""
        whole, findings = [], list(self.findings)
        for model in self:
            try:
                whole.append((model, card_of(model)))
            except (CardError, RegistryError) as error:
                message = Message(
                    "The model {model_id} cannot be used. {error}",
                    model_id=model.model_id,
                    error=error,
                )
                findings.append(Finding.error(message))
        return whole, findings

    def cards(self, sources: Collection[Source] = SOURCES) -> dict[str, ArchitectureCard]:
        """Return the cards of the models that can be used, by id."""
        return {one.model_id: card for one, card in self.whole()[0] if one.source in sources}


def list_models() -> list[ModelSummary]:
    """Return the facts of all usable models; damaged ones are left out.

    `Registry.load().summaries()` also returns findings on the damaged ones.
    """
    return Registry.load().summaries()[0]


def model_card(model_id: str) -> ArchitectureCard:
    """Return the card of a model, without loading its weights.

    Raises
    ------
    UnknownModelError
        There is no such model.
    CardError, RegistryError
        The card is damaged, or not the registered one.
    """
    return card_of(Registry.load().get(model_id))


def card_of(entry: RegistryEntry) -> ArchitectureCard:
    """Read a model's card and check its hash against the registry.

    Raises
    ------
    CardError
        It cannot be read or is not valid.
    RegistryError
        It is a different card, or was not fetched.
    """
    path = entry.path / CARD_FILE
    if entry.location is not None and not path.is_file():
        raise RegistryError(
            "The model {model_id} {whereabouts}; its card was not fetched.",
            model_id=entry.model_id,
            whereabouts=entry.whereabouts,
        )
    card = read_card(path)
    if card.model_id != entry.model_id or card.sha256 != entry.card_sha256:
        raise RegistryError(
            "The card of the model {model_id} is not the registered one: it was changed or "
            "replaced. Delete the model, and fetch or save it again.",
            model_id=entry.model_id,
        )
    if card.weights.sha256 != entry.weights_sha256:
        raise RegistryError(
            "The card of the model {model_id} names other weights than the registered ones. "
            "Delete the model, and fetch or save it again.",
            model_id=entry.model_id,
        )
    return card


def _add_hub_registries(models: dict[str, RegistryEntry], home: Path) -> list[str]:
    """Add the models of the added Hub registries; return findings on them."""
    registries, faults = read_store(home)
    told: list[str] = [Message("The registries on the Hub: {one}", one=fault) for fault in faults]
    for registry in registries:
        content = registry_content(home, registry)
        told += [
            Message("The registry {repo_id}: {one}", repo_id=registry.repo_id, one=fault)
            for fault in content.faults
        ]
        for entry in content.entries:
            known = models.get(entry.model_id)
            if known is None:
                models[entry.model_id] = entry.placed(
                    home,
                    "hub",
                    registry=registry.repo_id,
                    location=location_of(registry, entry),
                )
            elif known.identity != entry.identity:
                told.append(
                    Message(
                        "The registry {repo_id}: its model {model_id!r} has the id of "
                        "another model here and is left out.",
                        repo_id=registry.repo_id,
                        model_id=entry.model_id,
                    )
                )
    return told


def _users_part(path: Path) -> RegistryContent:
    try:
        return read_registry_file(path)
    except RegistryError as error:
        return RegistryContent(faults=(error.message,), readable=False)


def _summary(model: RegistryEntry, card: ArchitectureCard) -> ModelSummary:
    return ModelSummary(
        model_id=card.model_id,
        name=model.name or card.title,
        title=card.title,
        version=card.version,
        source=model.source,
        n_parameters=card.weights.n_parameters,
        window_s=card.input.window_s,
        stride_s=card.input.stride_s,
        sampling_rate_hz=card.input.sampling_rate_hz,
        n_channels=card.input.n_channels,
    )
