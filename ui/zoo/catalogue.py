"""All models of the zoo with the facts by which people look for one."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from seizure_core.recording import Finding
from ui.i18n.translation import tr
from zoo.card.evidence import teaching_reason
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.store.registry import Registry
from zoo.store.registry_file import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedModel:
    """A model as the list shows and finds it.

    Attributes
    ----------
    card : ArchitectureCard
        Its card.
    entry_name : str or None
        What people call it, where its registry says so.
    source : str
        "shipped", "user" or "hub".
    registry : str or None
        Repository of the team registry that names it.
    is_here : bool
        Whether its weights are on this machine; else they are fetched at first use.
    """

    card: ArchitectureCard
    source: Source
    entry_name: str | None = None
    registry: str | None = None
    is_here: bool = True

    @property
    def model_id(self) -> str:
        """As on the card."""
        return self.card.model_id

    @property
    def name(self) -> str:
        """The name people use: its title, unless its registry has a name for it."""
        return self.card.title if self.entry_name is None else tr(self.entry_name)

    @property
    def subtitle(self) -> str:
        """Id and version, and the title where that is not its name."""
        own = f"{self.model_id} {self.card.version}"
        return own if self.entry_name is None else f"{own} \u00b7 {self.card.title}"

    @property
    def label(self) -> str:
        """Name and id, and whether it is for teaching only, as pickers show it."""
        name = textwrap.shorten(self.name, 44, placeholder=" ...")
        said = name if name == self.model_id else f"{name} ({self.model_id})"
        return tr("{name} - for teaching", name=said) if teaching_reason(self.card) else said

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
            self.name,
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
            return next((result for result in results if result.dataset == dataset), None)

        def weight(result: Result) -> tuple[bool, int]:
            figures = figure(result, "sensitivity"), figure(result, "false_alarms_per_24h")
            return None not in figures, result.n_seizures

        return max(results, key=weight, default=None)


def figure(result: Result | None, name: str) -> float | None:
    """Return a figure of a card's result; None where nothing says it."""
    return None if result is None else result.figure(name)


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
        return next((model for model in self.models if model.model_id == model_id), None)

    def choices(self) -> list[tuple[str, str]]:
        """Return (name and id, id) of every model."""
        return [(model.label, model.model_id) for model in self.models]


def read_catalogue() -> Catalogue:
    """Return the models as the registry names them now."""
    whole, findings = Registry.load().whole()
    models = tuple(
        ListedModel(
            card=card,
            source=entry.source,
            entry_name=entry.name,
            registry=entry.registry,
            is_here=entry.location is None or (entry.path / WEIGHTS_FILE).is_file(),
        )
        for entry, card in whole
    )
    return Catalogue(models=models, findings=tuple(findings))
