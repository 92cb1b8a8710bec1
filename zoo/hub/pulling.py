"""Pulling models from the Hub into the user's models."""

from __future__ import annotations

from typing import Any

from zoo.hub.access import HubAccess
from zoo.hub.addresses import HubLocation, parse_address
from zoo.hub.fetching import FetchProgress
from zoo.hub.snapshots import look_up
from zoo.loading import load_from_hub
from zoo.store.home import home_folder
from zoo.store.registry import Registry
from zoo.store.user_models import add_model


def pull_model(
    repo_id: str,
    revision: str | None = None,
    *,
    access: HubAccess | None = None,
    progress: FetchProgress | None = None,
) -> dict[str, Any]:
    """Fetch a model from the Hub, check it, and register it among the user's models.

    Parameters
    ----------
    repo_id : str
        `org/name`, optionally with an `hf://` prefix or an `@revision` suffix.
    revision : str, optional
        Branch, tag or commit; None means the newest. The model is stored at the commit found.
    access : HubAccess, optional
        Login; None means this machine's user.
    progress : callable, optional
        Called with the stage that begins.

    Returns
    -------
    dict
        `model_id`, `repo_id` and `revision`, the full commit.

    Raises
    ------
    HubError
        The model cannot be fetched.
    CardError, WeightsError
        The model fails a check.
    RegistryError
        Its id is taken, or the home folder is not writable.
    """
    address, access = parse_address(repo_id, revision=revision), access or HubAccess.own()
    tell = progress or (lambda *_: None)
    tell("look up", None)
    snapshot = look_up(address, access)
    location = HubLocation(repo_id=snapshot.repo_id, revision=snapshot.revision)
    card = load_from_hub(location, access, snapshot=snapshot, progress=progress).card
    tell("register", None)
    known = Registry.load().models.get(card.model_id)
    # Models of a team's registry can still be pulled as the user's own.
    own = None if known is None or known.registry is not None else known
    if own is None or own.repo_id is not None or own.identity != card.identity:
        add_model(
            location.folder_in(home_folder()),
            replace=own is not None and own.repo_id == location.repo_id,
            repo_id=location.repo_id,
            revision=location.revision,
        )
    return {"model_id": card.model_id, "revision": location.revision, "repo_id": location.repo_id}
