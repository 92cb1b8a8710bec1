"""All nets of the zoo with the facts by which people look for one."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from seizure_core.messages import Message
from seizure_core.recording import Finding
from zoo.card.history import Result
from zoo.card.schema import ArchitectureCard
from zoo.card.sections import WEIGHTS_FILE
from zoo.errors import CardError, RegistryError
from zoo.store.registry import RegisteredNet, Registry, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScore:
    """What a card says was measured on one body of EEG; None where it says nothing.

    Attributes
    ----------
    dataset : str
        What was measured on.
    n_seizures : int
        How many there were to find.
    hours : float
        Length of the recordings together.
    sensitivity, false_alarms_per_24h, f1 : float or None
        The figures.
    """

    dataset: str
    n_seizures: int
    hours: float
    sensitivity: float | None
    false_alarms_per_24h: float | None
    f1: float | None

    @property
    def is_whole(self) -> bool:
        """Whether it says both how much is found and how much is false."""
        return self.sensitivity is not None and self.false_alarms_per_24h is not None

    @classmethod
    def of(cls, result: Result) -> ModelScore:
        """Return the figures of a card's result."""

        def figure(name: str) -> float | None:
            metric = result.metrics.get(name)
            return None if metric is None else metric.value

        return cls(
            dataset=result.dataset,
            n_seizures=result.n_seizures,
            hours=result.hours,
            sensitivity=figure("sensitivity"),
            false_alarms_per_24h=figure("false_alarms_per_24h"),
            f1=figure("f1"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NetFacts:
    """A net as the list shows and finds it.

    Attributes
    ----------
    model_id, title, version, created, license : str
        As on the card.
    source : str
        "shipped", "user" or "hub".
    registry : str or None
        Repository of the team registry that names it.
    is_here : bool
        Whether its weights are on this machine; else they are fetched at first use.
    n_parameters : int
        Size.
    window_s, stride_s, sampling_rate_hz : float
        What it is fed with.
    channels : tuple of str or None
        In order; None for any montage.
    min_channels : int or None
        How few will do for any montage.
    min_coverage : float
        Lowest acceptable fraction of `channels`, 0 to 1.
    parent_id : str or None
        The net it was trained further from.
    scores : tuple of ModelScore
        What was measured, in the card's order.
    searched : str
        All its texts, folded for searching.
    """

    model_id: str
    title: str
    version: str
    created: str
    license: str
    source: Source
    registry: str | None
    is_here: bool
    n_parameters: int
    window_s: float
    stride_s: float
    sampling_rate_hz: float
    channels: tuple[str, ...] | None
    min_channels: int | None
    min_coverage: float
    parent_id: str | None
    scores: tuple[ModelScore, ...]
    searched: str

    @property
    def can_be_deleted(self) -> bool:
        """Whether it lies in the user's own folder."""
        return self.source != "shipped" and self.registry is None

    def score_on(self, dataset: str | None) -> ModelScore | None:
        """Return the figures on a body of EEG.

        Without one, those with most seizures to find, of recordings that also could give false
        alarms: single windows say less.
        """
        if dataset is not None:
            return next((one for one in self.scores if one.dataset == dataset), None)
        return max(self.scores, key=lambda one: (one.is_whole, one.n_seizures), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The nets at one moment.

    Attributes
    ----------
    nets : tuple of NetFacts
        Those that are whole, in the registry's order.
    findings : tuple of Finding
        What is wrong with others.
    """

    nets: tuple[NetFacts, ...] = ()
    findings: tuple[Finding, ...] = ()

    def find(self, model_id: str | None) -> NetFacts | None:
        """Return a net by its id; None if it is not there."""
        return next((one for one in self.nets if one.model_id == model_id), None)

    def choices(self) -> list[tuple[str, str]]:
        """Return (id and title shown, id) of every net; long titles are cut off."""
        return [
            (f"{one.model_id}: {textwrap.shorten(one.title, 44, placeholder=' ...')}", one.model_id)
            for one in self.nets
        ]


def read_catalogue() -> Catalogue:
    """Return the nets as the registry names them now."""
    registry = Registry.load()
    nets, findings = [], list(registry.findings)
    for net in registry:
        try:
            nets.append(_facts(net, net.card()))
        except (CardError, RegistryError) as error:
            message = Message(
                "The net {model_id} cannot be used. {error}", model_id=net.model_id, error=error
            )
            findings.append(Finding.error(message))
    return Catalogue(nets=tuple(nets), findings=tuple(findings))


def _facts(net: RegisteredNet, card: ArchitectureCard) -> NetFacts:
    contract = card.input
    return NetFacts(
        model_id=card.model_id,
        title=card.title,
        version=card.version,
        created=card.created,
        license=card.license,
        source=net.source,
        registry=net.registry,
        is_here=not net.is_on_hub or (net.folder / WEIGHTS_FILE).is_file(),
        n_parameters=card.weights.n_parameters,
        window_s=contract.window_s,
        stride_s=contract.stride_s,
        sampling_rate_hz=contract.sampling_rate_hz,
        channels=contract.channels,
        min_channels=contract.min_channels,
        min_coverage=contract.min_coverage,
        parent_id=None if card.parent is None else card.parent.model_id,
        scores=tuple(ModelScore.of(result) for result in card.results),
        searched=_folded(
            (
                card.model_id,
                card.title,
                card.license,
                net.registry or "",
                *card.authors,
                card.intended_use,
                card.limitations,
                *(data.name for data in card.training.data),
                *(result.dataset for result in card.results),
                *(str(layer.type) for layer in card.network),
            )
        ),
    )


def _folded(texts: Sequence[str]) -> str:
    return "\n".join(texts).casefold()
