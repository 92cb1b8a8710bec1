"""Exceptions of models, cards, weights, registries and the Hub."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from seizure_core.errors import FileError, SeizureZooError
from seizure_core.messages import (
    MAX_QUOTED_CHARS,
    Message,
    either,
    near_names,
    sentences,
    shortened,
    some,
)


class CardError(SeizureZooError):
    """An architecture card cannot be read or contradicts itself.

    `location` is the place in the card, e.g. ``input.window_s``; empty for the whole card.
    """

    def __init__(
        self, file_name: str, template: str, /, *, location: str = "", **values: Any
    ) -> None:
        reason = Message(template, **values)
        place = {"location": location} if location else {}
        super().__init__(
            "{file_name}: {location}: {reason}" if location else "{file_name}: {reason}",
            file_name=file_name,
            reason=reason,
            **place,
        )
        self.file_name = file_name
        self.location = location
        self.reason = reason


class NetworkError(SeizureZooError):
    """A list of layers is not a valid network.

    Parameters
    ----------
    index : int or None
        Position of the layer in the list, from 0; None for the network as a whole.
    where : str
        Path to a layer inside a composite one, counted from 1, e.g. ``layer 3 (residual),
        shortcut, layer 1 (conv1d)``.
    fix : str
        The smallest change that would help.
    """

    def __init__(
        self,
        reason: str,
        *,
        index: int | None = None,
        layer_type: str | None = None,
        where: str = "",
        fix: str = "",
    ) -> None:
        place = where or Message("network")
        super().__init__("{place}: {reason}", place=place, reason=sentences(reason, fix))
        self.index = index
        self.layer_type = layer_type
        self.where = where
        self.reason = reason
        self.fix = fix


class UnknownModelError(SeizureZooError):
    """No model has this id.

    Parameters
    ----------
    known : iterable of str
        Existing ids, for suggestions.
    """

    def __init__(self, model_id: str, known: Iterable[str]) -> None:
        ids = sorted(known)
        asked = shortened(model_id, MAX_QUOTED_CHARS)
        self.model_id = model_id
        self.suggestions = tuple(near_names(asked.lower(), ids, cutoff=0.4))
        if self.suggestions:
            hint = Message("Did you mean {models}?", models=either(self.suggestions))
        elif ids:
            hint = Message("The models are: {models}.", models=some(ids, at_most=20))
        else:
            hint = Message("The zoo has no models yet.")
        super().__init__("There is no model called {asked!r}. {hint}", asked=asked, hint=hint)


class WeightsError(FileError):
    """The weights are damaged or do not fit the card; subclasses tell which."""


class WeightsFileError(WeightsError):
    """The weights file is missing, not safetensors, or has tensors of the wrong kind."""


class WeightsAlteredError(WeightsError):
    """The sha256 of the weights file differs from the card or registry."""


class CardAlteredError(WeightsError):
    """The card was edited after the weights were saved: its hash differs."""


class WeightsMismatchError(WeightsError):
    """The tensors do not fit the card's network.

    Parameters
    ----------
    missing, unexpected : sequence of str
        Names of tensors that only the network has, and that only the file has.
    wrong_shape : sequence of str
        Sentences such as ``0.weight is 10x22x10, the network needs 10x23x10``.
    """

    def __init__(
        self,
        file_name: str,
        *,
        missing: Sequence[str] = (),
        unexpected: Sequence[str] = (),
        wrong_shape: Sequence[str] = (),
    ) -> None:
        faults = [
            Message(template, names=some(names))
            for template, names in (
                ("Missing: {names}.", missing),
                ("Not in the network: {names}.", unexpected),
                ("Of the wrong shape: {names}.", wrong_shape),
            )
            if names
        ]
        super().__init__(
            file_name,
            "the weights do not fit the network of the card. {faults} Card and weights belong to "
            "different models.",
            faults=sentences(*faults),
        )
        self.missing = tuple(missing)
        self.unexpected = tuple(unexpected)
        self.wrong_shape = tuple(wrong_shape)


class GoldenError(WeightsError):
    """The loaded model does not reproduce its golden output."""


class RegistryError(SeizureZooError):
    """A registry cannot be read or changed."""


class BundleError(FileError):
    """A bundle cannot be imported or written."""


class HubError(SeizureZooError):
    """The Hub cannot do what was asked; subclasses tell why."""


class HubAccessError(HubError):
    """The repository does not exist, or the login does not permit this."""


class HubUnreachableError(HubError):
    """The Hub cannot be reached or is busy; trying again may help."""


class HubContentError(HubError):
    """A repository does not hold a model or registry of Seizure Zoo."""


class PublicationError(HubError):
    """A model must not be published in this state."""


class HomeFullError(SeizureZooError):
    """The home folder holds as much as it may."""
