"""Whose login it is with which the Hub is asked; the login itself is never returned."""

from __future__ import annotations

from seizure_core.plain_text import printable
from zoo.errors import HubContentError
from zoo.hub.access import HubAccess
from zoo.hub.client import ask, has_token, hub_api, hub_errors

_MAX_NAME = 100


def who_is(access: HubAccess) -> str | None:
    """Return the name of the account that the Hub knows the asker under.

    Parameters
    ----------
    access : HubAccess
        Who asks.

    Returns
    -------
    str or None
        None if no login goes with the requests; then the Hub is not even asked.

    Raises
    ------
    HubError
        The Hub cannot be asked, or does not accept the login.
    """
    if not has_token(access):
        return None
    with hub_errors("the Hub", doing="ask whose login this is"):
        api = hub_api(access)
        answer = ask(api.whoami)
    name = answer.get("name")
    if not isinstance(name, str) or not name:
        raise HubContentError("The Hub did not say whose login this is.")
    return printable(name)[:_MAX_NAME]
