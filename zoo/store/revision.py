"""New versions of user models: same weights, changed card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from seizure_core.errors import ParameterError
from zoo.card.schema import ArchitectureCard
from zoo.errors import RegistryError
from zoo.store.model_folder import read_registered_weights
from zoo.store.registry import Registry, card_of
from zoo.store.sealing import seal_again
from zoo.store.user_models import add_sealed


def revise_model(
    model_id: str,
    *,
    version: str | None = None,
    note: str,
    results: Sequence[Mapping[str, Any]] = (),
) -> ArchitectureCard:
    """Give a user model a new version with a changelog note.

    The tensors stay the same; the weights file is rewritten because it contains the hash of the
    card.

    Parameters
    ----------
    version : str, optional
        Higher than the current one, such as "1.1.0"; None increments the last number.
    note : str
        What has changed.
    results : sequence of mapping
        Results to append to the card.

    Raises
    ------
    ParameterError
        The version is not higher, or the note is empty.
    RegistryError
        The model is not one of the user's.
    UnknownModelError, CardError, WeightsError
        There is no such model, it is damaged, or the version is not valid.
    """
    model = Registry.load().get(model_id)
    if model.source != "user":
        raise RegistryError(
            "The model {model_id} is not your own; only its authors give it new versions.",
            model_id=model_id,
        )
    card = card_of(model)
    if not note.strip():
        raise ParameterError("A new version needs a note that says what is new.")
    version = _next(card.version) if version is None else version
    if _numbers(version) <= _numbers(card.version):
        raise ParameterError(
            "{model_id} has version {version}; the new one must be higher, not {version_2}.",
            model_id=model_id,
            version=card.version,
            version_2=version,
        )
    document = card.to_document()
    today = date.today().isoformat()
    training = dict(document["training"])
    notes = list(training.get("versions", ()))
    if not notes:
        notes.append({"version": card.version, "created": card.created, "note": "First version."})
    training["versions"] = [*notes, {"version": version, "created": today, "note": note.strip()}]
    document |= {"version": version, "created": today, "training": training}
    document["results"] = [*document["results"], *results]
    weights = read_registered_weights(model.path, card)
    revised, data = seal_again(document, card.golden, weights.tensors())
    add_sealed(revised, data, replace=True)
    return revised


def _next(version: str) -> str:
    *first, last = _numbers(version)
    return ".".join(str(number) for number in (*first, last + 1))


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ParameterError("{version!r} is not a version; write it as 1.2.0.", version=version)
    return tuple(int(part) for part in parts)
