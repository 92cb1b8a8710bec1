"""All models of the zoo with the facts by which people look for one."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from seizure_core.recording import Finding
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import CardError, RegistryError
from zoo.store.registry import Registry, card_of
from zoo.store.registry_file import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A model as the list shows and finds it.

    Attributes
    ----------
    card : ArchitectureCard
        Its card.
    source : str
        "shipped", "user" or "hub".
    registry : str or None
        Repository of the team registry that names it.
    is_here : bool
        Whether its weights are on this machine; else they are fetched at first use.
    """

    card: ArchitectureCard
    source: Source
    registry: str | None = None
    is_here: bool = True

    @property
    def model_id(self) -> str:
        """As on the card."""
        return self.card.model_id

    @property
    def can_be_deleted(self) -> bool:
        """Whether it lies in the user's own folder."""
        return self.source != "shipped" and self.registry is None

    @property
    def searched(self) -> str:
        """All its texts, folded for searching."""
        card = self.card
        texts = (
            card.model_id,
            card.title,
            card.license,
            self.registry or "",
            *card.authors,
            card.intended_use,
            card.limitations,
            *(data.name for data in card.training.data),
            *(result.dataset for result in card.results),
            *(str(layer.type) for layer in card.network),
        )
        return "\n".join(texts).casefold()

    def result_on(self, dataset: str | None) -> Result | None:
        """Return what was measured on a body of EEG.

        Without one, that with most seizures to find, of recordings that also could give false
        alarms: single windows say less.
        """
        results = self.card.results
        if dataset is not None:
            return next((one for one in results if one.dataset == dataset), None)

        def weight(result: Result) -> tuple[bool, int]:
            figures = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
            return None not in figures, result.n_seizures

        return max(results, key=weight, default=None)


def figure(result: Result | None, name: str) -> float | None:
    """Return a figure of a card's result; None where nothing says it."""
    metric = None if result is None else result.metrics.get(name)
    return None if metric is None else metric.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The models at one moment.

    Attributes
    ----------
    models : tuple of ListedModel
        Those that are whole, in the registry's order.
    findings : tuple of Finding
        What is wrong with others.
    """

    models: tuple[ListedModel, ...] = ()
    findings: tuple[Finding, ...] = ()

    def find(self, model_id: str | None) -> ListedModel | None:
        """Return a model by its id; None if it is not there."""
        return next((one for one in self.models if one.model_id == model_id), None)

    def choices(self) -> list[tuple[str, str]]:
        """Return (id and title shown, id) of every model; long titles are cut off."""
        return [
            (
                f"{one.model_id}: {textwrap.shorten(one.card.title, 44, placeholder=' ...')}",
                one.model_id,
            )
            for one in self.models
        ]


def read_catalogue() -> Catalogue:
    """Return the models as the registry names them now."""
    registry = Registry.load()
    models, findings = [], list(registry.findings)
    for entry in registry:
        try:
            models.append(
                ListedModel(
                    card=card_of(entry),
                    source=entry.source,
                    registry=entry.registry,
                    is_here=entry.location is None or (entry.path / WEIGHTS_FILE).is_file(),
                )
            )
        except (CardError, RegistryError) as error:
            said = "The model {model_id} cannot be used. {error}"
            findings.append(Finding.error(said, model_id=entry.model_id, error=error))
    return Catalogue(models=tuple(models), findings=tuple(findings))
