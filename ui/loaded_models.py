"""Loading of models, with the login of the Hub that the visitor may use."""

from __future__ import annotations

import gradio as gr

from ui.server.access import check_may_write, may_write
from ui.server.settings import Settings
from zoo.detector import Detector
from zoo.hub.access import HubAccess, HubToken
from zoo.hub.addresses import is_hub_address
from zoo.loading import load_detector
from zoo.store.registry import Registry


def hub_access(settings: Settings, visitor: gr.OAuthToken | None = None) -> HubAccess:
    """Return the login with which the Hub is asked.

    On a Space that is the visitor's, if they have signed in; elsewhere this machine's, but no
    login at all where strangers can reach the app.

    Parameters
    ----------
    settings : Settings
        Where the app runs, and who reaches it.
    visitor : gr.OAuthToken, optional
        As Gradio hands it in when the visitor has signed in.
    """
    if settings.on_space:
        return _visitors_access(visitor)
    return HubAccess.own() if may_write(settings) else HubAccess.anonymous()


def publishing_access(settings: Settings, visitor: gr.OAuthToken | None = None) -> HubAccess:
    """Return the login with which a model is published: as `hub_access`, or refuse.

    On a Space nothing of the server changes when visitors publish to their own account, so
    they may; elsewhere it is this machine's login, which is not lent to strangers.

    Raises
    ------
    NotAllowedError
        The app is no Space, can be reached from other machines, and has no login.
    """
    if not settings.on_space:
        check_may_write(settings)
    return hub_access(settings, visitor)


def check_may_export(settings: Settings, model_id: str) -> None:
    """Refuse strangers copies of models other than the shipped ones.

    Raises
    ------
    NotAllowedError
        A stranger asked for a model that users keep here, or that would have to be fetched from
        the Hub in this server's name.
    UnknownModelError
        There is no such model.
    """
    if Registry.load().get(model_id).source != "shipped":
        check_may_write(settings)


def load_model(settings: Settings, model_id: str) -> Detector:
    """Load a model of the zoo, or one on the Hub by its address where writing is allowed.

    Raises
    ------
    NotAllowedError
        A stranger named an address on the Hub: fetching it would fill the server's disk.
    SeizureZooError
        There is no such model, or it cannot be fetched or used.
    """
    if is_hub_address(model_id):
        check_may_write(settings)
    return load_detector(model_id, access=hub_access(settings))


def _visitors_access(visitor: gr.OAuthToken | None) -> HubAccess:
    # Gradio also takes a token that a caller writes into the body of a request, and marks it
    # with no end of its life. Only what came from the sign-in counts here.
    if visitor is None or visitor.expires_at <= 0:
        return HubAccess.anonymous()
    return HubAccess.signed_in(HubToken(visitor.token))
