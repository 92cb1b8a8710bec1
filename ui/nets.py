"""Loads nets for whoever asks; the server's own token of the Hub serves its own people only."""

from __future__ import annotations

from ui.permissions import check_may_write
from ui.settings import Settings
from zoo.detector import Detector, load_detector
from zoo.hub.access import HubAccess
from zoo.hub.addresses import is_hub_address


def hub_access(settings: Settings) -> HubAccess:
    """Return in whose name the Hub is asked: for strangers, in nobody's."""
    return HubAccess.own() if settings.may_write else HubAccess.anonymous()


def load_net(settings: Settings, model_id: str) -> Detector:
    """Load a net of the zoo, or one on the Hub by its address where writing is allowed.

    Raises
    ------
    NotAllowedError
        A stranger named an address on the Hub: fetching it would fill the server's disk.
    SeizureZooError
        There is no such net, or it cannot be fetched or used.
    """
    if is_hub_address(model_id):
        check_may_write(settings)
    return load_detector(model_id, access=hub_access(settings))
