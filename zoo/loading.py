"""The one place that makes of an id, or of an address on the Hub, a loaded net or its detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seizure_core.errors import ParameterError
from zoo.card.schema import ArchitectureCard
from zoo.detector import Detector
from zoo.errors import HubUnreachableError
from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubAddress, is_hub_address, parse_address
from zoo.hub.cache import HubLocation, remembered_commit
from zoo.hub.fetching import fetch_net, is_fetched, load_registered
from zoo.hub.snapshots import look_up
from zoo.inference.compare import ComparedNet, check_number
from zoo.store.home import home_folder
from zoo.store.registry import Registry, Source
from zoo.store.registry_file import RegistryEntry

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, kw_only=True, eq=False)
class LoadedModel:
    """A net whose every check has passed, with its place in the registry.

    Attributes
    ----------
    card : ArchitectureCard
        What the net is.
    network : torch.nn.Module
        In eval mode, with its weights; ends in two logits.
    entry : RegistryEntry
        As registered.
    source : str
        "shipped", "user" or "hub".
    """

    card: ArchitectureCard
    network: nn.Module
    entry: RegistryEntry
    source: Source


def load_model(model_id: str, *, access: HubAccess | None = None) -> LoadedModel:
    """Load a net with every check.

    Parameters
    ----------
    model_id : str
        Id of a net of the registry, or the address of one on the Hub, `hf://org/name@revision`.
    access : HubAccess, optional
        Who asks the Hub, if it must be asked; None means this machine's user.

    Raises
    ------
    UnknownModelError
        No such net; the message names near ones.
    CardError, RegistryError
        The card is damaged, or not the registered one.
    WeightsError
        The weights are missing, altered, of another net, or compute something else.
    HubError
        A net named by its address cannot be fetched.
    """
    if is_hub_address(model_id):
        return _load_from_hub(model_id, access or HubAccess.own())
    net = Registry.load().get(model_id)
    loaded = load_registered(net, access)
    return LoadedModel(card=loaded.card, network=loaded.network, entry=net.entry, source=net.source)


def load_detector(model_id: str, *, access: HubAccess | None = None) -> Detector:
    """Load a net with every check and make it ready to detect.

    Parameters
    ----------
    model_id : str
        A net as `list_models` names it, or one on the Hub by its address:
        `hf://org/name@revision`.
    access : HubAccess, optional
        Who asks the Hub, if it must be asked; None means this machine's user.

    Raises
    ------
    UnknownModelError
        No such net; the message names near ones.
    CardError, WeightsError
        The net's folder is damaged.
    HubError, RegistryError
        A net of the Hub cannot be fetched.
    """
    model = load_model(model_id, access=access)
    return Detector(
        card=model.card, network=model.network, weights_sha256=model.card.weights.sha256
    )


def load_nets(
    model_ids: Sequence[str], thresholds: Sequence[float | None] | None = None
) -> tuple[ComparedNet, ...]:
    """Load the nets of a comparison; the same net is loaded once.

    Parameters
    ----------
    model_ids : sequence of str
        2 to 12 ids or addresses; one may stand there twice.
    thresholds : sequence of float or None, optional
        One for each net; None means its card's.

    Raises
    ------
    ParameterError
        Too few or too many nets, or another number of thresholds.
    UnknownModelError, CardError, WeightsError, RegistryError, HubError
        A net cannot be loaded.
    """
    check_number(len(model_ids))
    levels = list(thresholds) if thresholds else [None] * len(model_ids)
    if len(levels) != len(model_ids):
        raise ParameterError(
            "{n_levels} thresholds were given for {n_model_ids} nets; give one each.",
            n_levels=len(levels),
            n_model_ids=len(model_ids),
        )
    detectors = {model_id: load_detector(model_id) for model_id in dict.fromkeys(model_ids)}
    return tuple(
        ComparedNet.of(detectors[model_id], level)
        for model_id, level in zip(model_ids, levels, strict=True)
    )


def _load_from_hub(text: str, access: HubAccess) -> LoadedModel:
    """Load a net by its address `hf://org/name@revision`, without registering it.

    Without connection, what was fetched before serves: a commit as itself, a branch or tag as
    the commit it was when the Hub was last asked.

    Raises
    ------
    HubError
        It cannot be fetched, or is no net.
    CardError, WeightsError
        Its files fail a check.
    """
    location = _locate(parse_address(text), access)
    net = fetch_net(location, access)
    entry = RegistryEntry.of(
        net.card, folder=None, repo_id=location.repo_id, revision=location.revision
    )
    return LoadedModel(card=net.card, network=net.network, entry=entry, source="hub")


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
